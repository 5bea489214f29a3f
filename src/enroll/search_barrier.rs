//! Devices that wait for a search, and the moment it may begin.
//!
//! A search reads the platform's whole list, so it should serve many devices, and the list should not move while it
//! is read: it has no order, and each new record may push another one to a page that was read already. So devices
//! whose outcome is open step aside, the others go on, and the search begins when no device is at work any more: at
//! the end of the run, or after [`MOST_PARKED`] have gathered.

use tokio::sync::{OwnedSemaphorePermit, watch};

/// Devices that wait for a search before the run pauses for it; bounds memory and the time to the first answer.
const MOST_PARKED: usize = 1024;

/// The counts of the devices of a batch.
#[derive(Debug)]
pub(super) struct SearchBarrier {
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Debug)]
struct Counts {
    /// Devices that have not begun.
    coming: usize,
    active: usize,
    parked: usize,
}

impl Counts {
    /// True when no request of ours is in flight, and none will be before the search.
    fn is_calm(self) -> bool {
        self.active == 0 && (self.coming == 0 || self.parked >= MOST_PARKED)
    }
}

impl SearchBarrier {
    pub(super) fn new(coming: usize) -> Self {
        Self { counts: watch::Sender::new(Counts { coming, active: 0, parked: 0 }) }
    }

    /// True when too many devices wait for a search: no other device may begin before it.
    pub(super) fn is_gathering(&self) -> bool {
        self.counts.borrow().parked >= MOST_PARKED
    }

    /// A device begins; it keeps `slot` while it is at work.
    pub(super) fn begin(&self, slot: OwnedSemaphorePermit) -> Participant<'_> {
        self.change(|counts| {
            counts.coming = counts.coming.saturating_sub(1);
            counts.active += 1;
        });
        Participant { barrier: self, parked: false, slot: Some(slot) }
    }

    /// Wakes waiting devices only once the search may begin.
    fn change(&self, change: impl FnOnce(&mut Counts)) {
        self.counts.send_if_modified(|counts| {
            change(counts);
            counts.is_calm()
        });
    }
}

/// A device that was begun; counted until it is dropped.
#[derive(Debug)]
pub(super) struct Participant<'a> {
    barrier: &'a SearchBarrier,
    parked: bool,
    slot: Option<OwnedSemaphorePermit>,
}

impl Participant<'_> {
    /// Steps aside, lets another device begin, and returns when the platform's list stands still.
    pub(super) async fn wait_for_quiet(&mut self) {
        self.slot = None;
        let mut counts = self.barrier.counts.subscribe();
        if !std::mem::replace(&mut self.parked, true) {
            self.barrier.change(|counts| {
                counts.active -= 1;
                counts.parked += 1;
            });
        }
        // The sender is the barrier itself, which outlives its participants.
        let _ = counts.wait_for(|counts| counts.is_calm()).await;
    }

    /// Counts the device as active again.
    pub(super) fn resume(&mut self) {
        if std::mem::take(&mut self.parked) {
            self.barrier.change(|counts| {
                counts.parked -= 1;
                counts.active += 1;
            });
        }
    }
}

impl Drop for Participant<'_> {
    fn drop(&mut self) {
        let parked = self.parked;
        self.barrier.change(|counts| {
            *(if parked { &mut counts.parked } else { &mut counts.active }) -= 1;
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use tokio::{sync::Semaphore, time::timeout};

    use super::*;

    async fn slot() -> OwnedSemaphorePermit {
        Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap()
    }

    #[tokio::test]
    async fn a_search_waits_until_nobody_is_at_work_and_nobody_is_coming() {
        let barrier = SearchBarrier::new(3);
        let (mut waiting, at_work) = (barrier.begin(slot().await), barrier.begin(slot().await));
        let short = Duration::from_millis(5);
        assert!(timeout(short, waiting.wait_for_quiet()).await.is_err(), "one is at work");
        drop(at_work);
        assert!(timeout(short, waiting.wait_for_quiet()).await.is_err(), "one is still to come");
        drop(barrier.begin(slot().await));
        timeout(Duration::from_secs(5), waiting.wait_for_quiet()).await.unwrap();
        waiting.resume();
        assert_eq!(barrier.counts.borrow().active, 1);
    }

    #[tokio::test]
    async fn a_thousand_waiting_devices_pauses_the_run() {
        let barrier = SearchBarrier::new(MOST_PARKED + 1);
        let mut waiting = Vec::new();
        for _ in 0..MOST_PARKED {
            let mut participant = barrier.begin(slot().await);
            let _ = timeout(Duration::ZERO, participant.wait_for_quiet()).await;
            waiting.push(participant);
        }
        assert!(barrier.is_gathering());
        timeout(Duration::from_secs(5), waiting[0].wait_for_quiet()).await.unwrap();
        waiting.pop();
        assert!(!barrier.is_gathering());
    }
}
