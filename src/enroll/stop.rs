//! Ending a batch before its last device.

use std::{
    collections::HashSet,
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use crate::{device_id::DeviceId, failure::Exit};

/// Asks a running batch to start no new device, and says why.
#[derive(Debug, Default)]
pub struct Stop {
    cause: OnceLock<Exit>,
    reason: OnceLock<&'static str>,
    notify: Notify,
}

impl Stop {
    /// Ends the run as interrupted.
    pub fn interrupt(&self) {
        self.halt(Exit::Interrupted);
    }

    /// Ends the run with `cause`, unless it is ending already.
    pub(crate) fn halt(&self, cause: Exit) {
        let _ = self.cause.set(cause);
        self.notify.notify_waiters();
    }

    /// Ends the run as [`Self::halt`] does, where the exit code does not say why: `reason` tells how the platform
    /// behaves.
    pub(crate) fn halt_because(&self, cause: Exit, reason: &'static str) {
        if self.cause().is_none() {
            let _ = self.reason.set(reason);
        }
        self.halt(cause);
    }

    /// The behaviour of the platform, where the cause alone does not say it.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        self.reason.get().copied()
    }

    /// Why the run ends early; `None` while it does not.
    #[must_use]
    pub fn cause(&self) -> Option<Exit> {
        self.cause.get().copied()
    }

    /// Returns once the run was asked to end, with the reason.
    pub async fn stopped(&self) -> Exit {
        loop {
            // Created before the flag is checked: it catches a wake-up that comes in between.
            let notified = self.notify.notified();
            if let Some(cause) = self.cause() {
                return cause;
            }
            notified.await;
        }
    }
}

/// Notices a platform that is gone, as opposed to one that refuses now and then.
#[derive(Debug)]
pub(crate) struct Reachable {
    silent_since: Mutex<Option<Instant>>,
    patience: Duration,
    /// The number of requests that failed on the platform, and their devices; `None` once an answer came.
    failures: Mutex<Option<(usize, HashSet<DeviceId>)>>,
}

/// The number of failures, and of devices among them, after which the platform counts as failing for all devices, if it
/// gave neither a certificate nor a refusal in this run.
const FAILURES: (usize, usize) = (12, 4);

impl Reachable {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { silent_since: Mutex::new(None), patience, failures: Mutex::new(Some((0, HashSet::new()))) }
    }

    /// Notes that the platform answered, with a certificate or with a refusal.
    pub(crate) fn seen(&self) {
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Notes that the platform answered with a failure of its own; true when it fails for all devices.
    pub(crate) fn failed(&self, device: &DeviceId) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((number, devices)) = failures.as_mut() else { return false };
        *number += 1;
        if devices.len() < FAILURES.1 && !devices.contains(device) {
            devices.insert(device.clone());
        }
        *number >= FAILURES.0 && devices.len() >= FAILURES.1
    }

    /// Notes that no usable answer came; `wait` is the pause that the platform asked for, if it did. True when the
    /// platform counts as gone.
    pub(crate) fn missed(&self, wait: Option<Duration>) -> bool {
        let mut since = self.silent_since.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = since.get_or_insert_with(Instant::now).elapsed();
        silent > self.patience || wait.is_some_and(|wait| wait > self.patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_cause_counts_and_nobody_sleeps_through_it() {
        let stop = Stop::default();
        let early = stop.stopped();
        stop.halt(Exit::Unavailable);
        stop.interrupt();
        assert_eq!(early.await, Exit::Unavailable);
        assert_eq!(stop.stopped().await, Exit::Unavailable);
    }

    #[test]
    fn a_platform_is_gone_after_the_patience_or_when_it_wants_more_than_that() {
        let patient = Reachable::new(Duration::from_secs(60));
        assert!(!patient.missed(None));
        assert!(!patient.missed(Some(Duration::from_secs(60))));
        assert!(patient.missed(Some(Duration::from_secs(61))));
        let hasty = Reachable::new(Duration::ZERO);
        hasty.missed(None);
        std::thread::sleep(Duration::from_millis(1));
        assert!(hasty.missed(None));
        hasty.seen();
        assert!(hasty.silent_since.lock().unwrap().is_none());
    }
}
