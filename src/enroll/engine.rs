//! Many devices at once.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use tokio::sync::{Notify, Semaphore};

use super::{
    device,
    outcome::{DeviceFailure, Outcome},
    pace::Pace,
    recovery::Recovery,
};
use crate::{
    failure::Exit,
    fleet::{
        device_id::DeviceId,
        vault::{Occupied, Vault},
    },
    pki::{
        certificate::Certificate,
        key::{KeySpec, PrivateKey},
        time::Time,
    },
    platform::Platform,
};

/// One device to enrol.
#[derive(Debug)]
pub struct Work {
    pub device: DeviceId,
    /// The key an earlier run left, already on disk; `None` makes a new one.
    pub key: Option<PrivateKey>,
    pub occupied: Occupied,
}

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most requests in flight.
    pub jobs: usize,
    /// Further attempts for one device after the first.
    pub retries: usize,
    /// Stop the run when the platform gave no answer for this long.
    pub give_up_after: Duration,
}

/// Everything a batch needs besides its devices.
#[derive(Debug)]
pub struct Batch<P> {
    pub platform: Arc<P>,
    pub vault: Vault,
    pub anchors: Vec<Certificate>,
    pub key: KeySpec,
    pub limits: Limits,
    /// The clock.
    pub now: fn() -> Time,
    pub stop: Arc<Stop>,
}

/// Asks a running batch to start no new device.
#[derive(Debug, Default)]
pub struct Stop {
    stopped: AtomicBool,
    notify: Notify,
}

impl Stop {
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.notify.notify_waiters();
    }

    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Returns once [`Self::stop`] was called.
    pub async fn stopped(&self) {
        let notified = self.notify.notified();
        if !self.is_stopped() {
            notified.await;
        }
    }
}

/// What every device of a batch shares.
pub(super) struct Context<P> {
    pub(super) platform: Arc<P>,
    pub(super) vault: Vault,
    pub(super) anchors: Vec<Certificate>,
    pub(super) key: KeySpec,
    pub(super) limits: Limits,
    pub(super) now: fn() -> Time,
    pub(super) pace: Pace,
    pub(super) cores: Semaphore,
    pub(super) recovery: Recovery,
    pub(super) reachable: Reachable,
    stop: Arc<Stop>,
}

/// Notices a platform that is gone, as opposed to one that refuses now and then.
pub(super) struct Reachable {
    silent_since: Mutex<Option<Instant>>,
    patience: Duration,
    stop: Arc<Stop>,
    gone: AtomicBool,
}

impl Reachable {
    /// An answer came, whatever it said.
    pub(super) fn seen(&self) {
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// No usable answer.
    pub(super) fn missed(&self) {
        let mut since = self.silent_since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.get_or_insert_with(Instant::now).elapsed() > self.patience {
            self.gone.store(true, Ordering::Relaxed);
            self.stop.stop();
        }
    }
}

/// Runs `work` and calls `report` once for every device, in the order in which they finish.
///
/// Returns whether the platform was given up. After [`Stop::stop`], devices that were not begun are reported as not
/// reached and those in flight get ten seconds.
pub async fn run<P: Platform + 'static>(
    batch: Batch<P>,
    work: Vec<Work>,
    mut report: impl FnMut(Outcome),
) -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let window = batch.limits.jobs.saturating_mul(4).max(8);
    let context = Arc::new(Context {
        platform: batch.platform,
        vault: batch.vault,
        anchors: batch.anchors,
        key: batch.key,
        limits: batch.limits,
        now: batch.now,
        pace: Pace::new(batch.limits.jobs),
        cores: Semaphore::new(cores),
        recovery: Recovery::default(),
        reachable: Reachable {
            silent_since: Mutex::new(None),
            patience: batch.limits.give_up_after,
            stop: Arc::clone(&batch.stop),
            gone: AtomicBool::new(false),
        },
        stop: batch.stop,
    });
    let mut outcomes = stream::iter(work)
        .map(|item| {
            let context = Arc::clone(&context);
            let device = item.device.clone();
            let task = tokio::spawn(async move { one(&context, item).await });
            async move {
                let result = task.await.unwrap_or_else(|error| {
                    Err(DeviceFailure::new(Exit::Failed, format!("a defect in certreq: {error}")))
                });
                Outcome { device, result }
            }
        })
        .buffer_unordered(window);
    while let Some(outcome) = outcomes.next().await {
        report(outcome);
    }
    context.reachable.gone.load(Ordering::Relaxed)
}

/// How long devices in flight may take once the run was stopped.
const GRACE: Duration = Duration::from_secs(10);

async fn one<P: Platform>(context: &Context<P>, work: Work) -> Result<super::Issued, DeviceFailure> {
    let exit =
        || if context.reachable.gone.load(Ordering::Relaxed) { Exit::Unavailable } else { Exit::Interrupted };
    if context.stop.is_stopped() {
        return Err(DeviceFailure::not_reached(exit()));
    }
    let too_late = async {
        context.stop.stopped().await;
        if !context.reachable.gone.load(Ordering::Relaxed) {
            tokio::time::sleep(GRACE).await;
        }
    };
    tokio::select! {
        biased;
        result = device::enroll(context, work) => result,
        () = too_late => Err(DeviceFailure::not_reached(exit())),
    }
}
