//! The state that the devices of one batch share.

use std::{future::Future, sync::Arc};

use tokio::sync::Semaphore;

use super::{
    doubt::Doubts,
    first::First,
    limiter::RequestLimiter,
    outcome::DeviceFailure,
    recovery::Recovery,
    search_barrier::SearchBarrier,
    stop::{Reachable, Stop},
    trial::Trial,
    work::Limits,
};
use crate::{
    fleet::vault::Vault,
    pki::{certificate::Certificate, time::Time},
    platform::Platform,
};

/// Everything a batch needs besides its devices.
#[derive(Debug)]
pub struct Batch {
    pub platform: Arc<dyn Platform>,
    pub vault: Vault,
    pub anchors: Vec<Certificate>,
    pub limits: Limits,
    /// The clock.
    pub now: fn() -> Time,
    pub stop: Arc<Stop>,
    /// The trial that a pair has to pass before it gets its final name.
    pub trial: Option<Trial>,
    /// The step that is done once, before the first pair gets its final name.
    pub first: Option<First>,
}

/// The state that every device of a batch shares.
pub(super) struct Context {
    pub(super) platform: Arc<dyn Platform>,
    pub(super) vault: Vault,
    pub(super) anchors: Vec<Certificate>,
    pub(super) trial: Option<Trial>,
    pub(super) first: Option<First>,
    pub(super) limits: Limits,
    pub(super) now: fn() -> Time,
    pub(super) limiter: RequestLimiter,
    pub(super) cores: Semaphore,
    pub(super) recovery: Recovery,
    pub(super) doubts: Doubts,
    pub(super) reachable: Reachable,
    pub(super) stop: Arc<Stop>,
    pub(super) barrier: SearchBarrier,
}

impl Context {
    pub(super) fn new(batch: Batch, devices: usize) -> Self {
        let doubts = Doubts::new(batch.platform.longest_request());
        doubts.adopt(batch.vault.in_doubt());
        Self {
            doubts,
            platform: batch.platform,
            vault: batch.vault,
            anchors: batch.anchors,
            trial: batch.trial,
            first: batch.first,
            limits: batch.limits,
            now: batch.now,
            limiter: RequestLimiter::new(batch.limits.jobs),
            cores: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
            recovery: Recovery::new(),
            reachable: Reachable::new(batch.limits.give_up_after),
            stop: batch.stop,
            barrier: SearchBarrier::new(devices),
        }
    }

    /// The result of `work`, or the failure of a stopped run if the stop comes first.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, DeviceFailure> {
        tokio::select! {
            biased;
            cause = self.stop.stopped() => Err(DeviceFailure::not_reached(cause)),
            done = work => Ok(done),
        }
    }
}
