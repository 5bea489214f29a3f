//! Many devices at once.

use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use super::{
    crowd::Crowd,
    device,
    outcome::{DeviceFailure, Issued, Outcome},
    pace::Pace,
    recovery::Recovery,
    stop::{Reachable, Stop},
    trial::Trial,
};
use crate::{
    device_id::DeviceId,
    failure::Exit,
    fleet::{
        journal::Replaced,
        vault::{Occupied, Vault},
    },
    pki::{
        alt_name::AltName,
        certificate::Certificate,
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
        time::Time,
    },
    platform::Platform,
};

/// Devices under way for each request in flight: most of them wait for a disk flush, two before and after the request
/// each, and a flush costs the same for many.
const UNDER_WAY: usize = 16;

/// Devices under way at most; bounds the memory.
const MOST_UNDER_WAY: usize = 2048;

/// How long devices in flight may take once the run was stopped.
const GRACE: Duration = Duration::from_secs(10);

/// One device to enrol.
#[derive(Debug)]
pub struct Work {
    pub device: DeviceId,
    pub key: Key,
    pub occupied: Occupied,
    /// Names of the server it is for, if it is one.
    pub names: Vec<AltName>,
    /// The pair that is replaced, in a renewal.
    pub predecessor: Option<Predecessor>,
}

/// Where the key of a certificate comes from.
pub enum Key {
    /// A new one of this kind.
    New(KeySpec),
    /// An earlier run left it, already on disk: a certificate for it may exist.
    Left(PrivateKey),
    /// The one in use, and the text of its file.
    Reused(PrivateKey, Zeroizing<String>),
    /// Somebody else's, who carried a request for it here.
    Foreign(Foreign),
}

/// A checked request whose key is elsewhere, and where its certificate goes.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// As it is sent: PEM without a newline at the end.
    pub csr_pem: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_info: Vec<u8>,
    /// The directory of certificates that are carried back.
    pub out: PathBuf,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New(_) => "New(..)",
            Self::Left(_) => "Left(..)",
            Self::Reused(..) => "Reused(..)",
            Self::Foreign(_) => "Foreign(..)",
        })
    }
}

impl Work {
    /// A first certificate for a device, or a new one in place of whatever is there.
    #[must_use]
    pub fn new(
        device: DeviceId,
        left: Option<PrivateKey>,
        kind: KeySpec,
        occupied: Occupied,
        names: Vec<AltName>,
    ) -> Self {
        Self { device, key: left.map_or(Key::New(kind), Key::Left), occupied, names, predecessor: None }
    }
}

/// What a renewed certificate takes the place of.
#[derive(Clone, Debug)]
pub struct Predecessor {
    /// Certificates of this device that were in use before. One of them is never what a lost answer held, even where
    /// the key is the same.
    pub known: Vec<Fingerprint>,
    /// When the life of the one in use began; what began before is no news.
    pub not_before: Time,
    /// What is to be done once the pair has its final name.
    pub run_command: bool,
    /// Certificates to delete on the platform afterwards.
    pub delete: Vec<Replaced>,
    /// Replaced pairs that stay in the archive.
    pub keep: usize,
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
    pub limits: Limits,
    /// The clock.
    pub now: fn() -> Time,
    pub stop: Arc<Stop>,
    /// What a pair has to pass before it gets its final name.
    pub trial: Option<Trial>,
}

/// What every device of a batch shares.
pub(super) struct Context<P> {
    pub(super) platform: Arc<P>,
    pub(super) vault: Vault,
    pub(super) anchors: Vec<Certificate>,
    pub(super) trial: Option<Trial>,
    pub(super) limits: Limits,
    pub(super) now: fn() -> Time,
    pub(super) pace: Pace,
    pub(super) cores: Semaphore,
    pub(super) recovery: Recovery,
    pub(super) reachable: Reachable,
    pub(super) stop: Arc<Stop>,
    crowd: Crowd,
}

impl<P> Context<P> {
    /// What `work` brings, or the end of the run if that comes first.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, DeviceFailure> {
        tokio::select! {
            biased;
            cause = self.stop.stopped() => Err(DeviceFailure::not_reached(cause)),
            done = work => Ok(done),
        }
    }
}

/// Runs `work` and calls `report` once for every device, in the order in which they finish.
///
/// After [`Stop`] was told, devices that were not asked for yet are reported as not reached, and requests in flight
/// get ten seconds.
pub async fn run<P: Platform + 'static>(batch: Batch<P>, work: Vec<Work>, mut report: impl FnMut(Outcome)) {
    let slots = Arc::new(Semaphore::new(batch.limits.jobs.saturating_mul(UNDER_WAY).clamp(8, MOST_UNDER_WAY)));
    let context = Arc::new(context(batch, work.len()));
    let mut work = work.into_iter().peekable();
    let mut running = FuturesUnordered::new();
    loop {
        let may_begin = work.peek().is_some() && !context.crowd.is_gathering();
        tokio::select! {
            Ok(slot) = Arc::clone(&slots).acquire_owned(), if may_begin => {
                running.extend(work.next().map(|item| begin(&context, item, slot)));
            }
            Some(outcome) = running.next(), if !running.is_empty() => report(outcome),
            else => break,
        }
    }
}

fn context<P>(batch: Batch<P>, devices: usize) -> Context<P> {
    Context {
        platform: batch.platform,
        vault: batch.vault,
        anchors: batch.anchors,
        trial: batch.trial,
        limits: batch.limits,
        now: batch.now,
        pace: Pace::new(batch.limits.jobs),
        cores: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        recovery: Recovery::new(),
        reachable: Reachable::new(batch.limits.give_up_after),
        stop: batch.stop,
        crowd: Crowd::new(devices),
    }
}

/// Each device is a task of its own; one that breaks down is reported like any other failure.
fn begin<P: Platform + 'static>(
    context: &Arc<Context<P>>,
    work: Work,
    slot: OwnedSemaphorePermit,
) -> impl Future<Output = Outcome> + use<P> {
    let context = Arc::clone(context);
    let device = work.device.clone();
    let task = tokio::spawn(async move { one(&context, work, slot).await });
    async move {
        let result = task.await.unwrap_or_else(|error| {
            Err(DeviceFailure::new(Exit::Failed, format!("a defect in certreq: {error}")))
        });
        Outcome { device, result }
    }
}

async fn one<P: Platform>(
    context: &Context<P>,
    work: Work,
    slot: OwnedSemaphorePermit,
) -> Result<Issued, DeviceFailure> {
    let mut member = context.crowd.begin(slot);
    if let Some(cause) = context.stop.cause() {
        return Err(DeviceFailure::not_reached(cause));
    }
    let too_late = async {
        let cause = context.stop.stopped().await;
        if cause != Exit::Unavailable {
            tokio::time::sleep(GRACE).await;
        }
        cause
    };
    tokio::select! {
        biased;
        result = device::enroll(context, &mut member, work) => result,
        cause = too_late => Err(DeviceFailure::cut_off(cause)),
    }
}
