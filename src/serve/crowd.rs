//! The open connections: how many there may be, and which one is closed when there are more.
//!
//! A new connection is always let in. When all places are taken, one is closed: of those that never made a request, or
//! else of all, the one without progress for the longest time. A client that sends nothing, or reads nothing, cannot keep
//! others out.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// The connections of one server.
#[derive(Debug)]
pub(super) struct Crowd {
    places: Arc<Semaphore>,
    members: Mutex<Members>,
    began: Instant,
}

#[derive(Debug, Default)]
struct Members {
    next: u64,
    open: HashMap<u64, Member>,
}

#[derive(Debug)]
struct Member {
    activity: Arc<Activity>,
    /// Taken when the connection is told to close.
    close: Option<oneshot::Sender<()>>,
}

/// Activity of a connection, which decides which one has to close first.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Microseconds from the server's begin to the last octet in or out.
    progress: AtomicU64,
    made_requests: AtomicBool,
}

impl Activity {
    /// A whole request came.
    pub(super) fn made_request(&self) {
        self.made_requests.store(true, Ordering::Relaxed);
    }

    /// Orders those that have to go first.
    fn rank(&self) -> (bool, u64) {
        (self.made_requests.load(Ordering::Relaxed), self.progress.load(Ordering::Relaxed))
    }
}

/// One open connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    id: u64,
    activity: Arc<Activity>,
    closed: oneshot::Receiver<()>,
    _permit: OwnedSemaphorePermit,
}

impl Crowd {
    /// Places for `most` connections.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(most)),
            members: Mutex::default(),
            began: Instant::now(),
        })
    }

    /// A place; when all are taken, as soon as the connection that was closed for it gives its own back.
    pub(super) async fn enter(self: &Arc<Self>) -> Option<Place> {
        let places = || Arc::clone(&self.places);
        let permit = if let Ok(permit) = places().try_acquire_owned() {
            permit
        } else {
            self.close_stalest();
            places().acquire_owned().await.ok()?
        };
        let activity = Arc::new(Activity { progress: AtomicU64::new(self.now()), ..Activity::default() });
        let (close, closed) = oneshot::channel();
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.next += 1;
        let id = members.next;
        members.open.insert(id, Member { activity: Arc::clone(&activity), close: Some(close) });
        Some(Place { crowd: Arc::clone(self), id, activity, closed, _permit: permit })
    }

    fn close_stalest(&self) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let open = members.open.values_mut().filter(|member| member.close.is_some());
        let stalest = open.min_by_key(|member| member.activity.rank());
        if let Some(close) = stalest.and_then(|member| member.close.take()) {
            // A connection that ended by itself needs no telling.
            let _ = close.send(());
        }
    }

    /// Microseconds since the server began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Place {
    /// Bytes went in or out.
    pub(super) fn progressed(&self) {
        self.activity.progress.store(self.crowd.now(), Ordering::Relaxed);
    }

    /// Where the connection's requests are noted.
    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }

    /// Resolves when the connection has to close.
    pub(super) fn closed(&mut self) -> &mut oneshot::Receiver<()> {
        &mut self.closed
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.members.lock().unwrap_or_else(PoisonError::into_inner).open.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_connection_without_progress_makes_room() {
        let crowd = Crowd::new(2);
        let mut silent = crowd.enter().await.unwrap();
        let mut busy = crowd.enter().await.unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1));
        busy.progressed();
        let (third, ()) = tokio::join!(crowd.enter(), async {
            assert!(silent.closed().await.is_ok(), "the silent one is told to close");
            drop(silent);
        });
        assert!(third.is_some() && busy.closed().try_recv().is_err());
    }
}
