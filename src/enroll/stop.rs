//! Ending a batch before its last device.

use std::{
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use crate::failure::Exit;

/// Asks a running batch to start no new device, and says why.
#[derive(Debug, Default)]
pub struct Stop {
    cause: OnceLock<Exit>,
    notify: Notify,
}

impl Stop {
    /// Somebody wants the run to end.
    pub fn interrupt(&self) {
        self.halt(Exit::Interrupted);
    }

    /// The run ends with `cause`, unless it is ending already.
    pub(crate) fn halt(&self, cause: Exit) {
        let _ = self.cause.set(cause);
        self.notify.notify_waiters();
    }

    /// Why the run ends early; `None` while it does not.
    #[must_use]
    pub fn cause(&self) -> Option<Exit> {
        self.cause.get().copied()
    }

    /// Returns once the run was asked to end, with the reason.
    pub async fn stopped(&self) -> Exit {
        loop {
            // The future is made before the flag is read: it catches a wake-up that comes in between.
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
}

impl Reachable {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { silent_since: Mutex::new(None), patience }
    }

    /// An answer came, whatever it said.
    pub(crate) fn seen(&self) {
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// No usable answer, and perhaps the wish to be left alone for `wait`: is the platform gone?
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
