//! The two changes that come in crowds, new certificates and revocations: each has one task that takes every one that
//! waits, applies them in one statement, makes them durable once, and only then answers each.

use std::fmt;

use tokio::sync::{mpsc, oneshot};

use super::{additions::Addition, pool::Pool, removals::Removal};
use crate::authority::repository::{Reply, StoreError};

/// Changes in one transaction, at most.
const BATCH: usize = 512;

/// What comes in crowds.
pub(super) trait Crowd: Sized + Clone + Send + Sync + 'static {
    /// Applies all of them, durably, and says of each what it came to.
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>>;
}

/// The collector of the changes of one kind.
pub(super) struct Writer<C> {
    queue: mpsc::UnboundedSender<(C, oneshot::Sender<Result<bool, StoreError>>)>,
}

impl<C> fmt::Debug for Writer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer(..)")
    }
}

impl<C: Crowd> Writer<C> {
    /// It ends when nobody can add to it any more, and what was queued is done.
    pub(super) fn start(pool: std::sync::Arc<Pool>) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(pool, waiting));
        Self { queue }
    }

    /// Queues a change; resolves when it is durable or has failed. There are as many in the queue as there are requests.
    pub(super) fn submit(&self, change: C) -> Reply<'_, bool> {
        let (tell, told) = oneshot::channel();
        let queued = self.queue.send((change, tell)).is_ok();
        Box::pin(async move {
            if queued { told.await.unwrap_or(Err(StoreError::Closed)) } else { Err(StoreError::Closed) }
        })
    }
}

async fn run<C: Crowd>(
    pool: std::sync::Arc<Pool>,
    mut waiting: mpsc::UnboundedReceiver<(C, oneshot::Sender<Result<bool, StoreError>>)>,
) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (changes, askers): (Vec<C>, Vec<_>) = batch.drain(..).unzip();
        let done = C::apply(&pool, changes).await;
        for (at, asker) in askers.into_iter().enumerate() {
            let answer = match &done {
                Ok(answers) => answers.get(at).copied().ok_or(StoreError::Closed),
                Err(error) => Err(error.clone()),
            };
            // Whoever asked may have gone; the change stands all the same.
            let _ = asker.send(answer);
        }
    }
}

impl Crowd for Addition {
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>> {
        let batch = std::sync::Arc::new(batch);
        pool.change(move |transaction, before| {
            let batch = std::sync::Arc::clone(&batch);
            Box::pin(async move { super::additions::add(transaction, &batch, before > 0).await })
        })
    }
}

impl Crowd for Removal {
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>> {
        let batch = std::sync::Arc::new(batch);
        pool.change(move |transaction, before| {
            let batch = std::sync::Arc::clone(&batch);
            Box::pin(async move { super::removals::remove(transaction, &batch, before > 0).await })
        })
    }
}
