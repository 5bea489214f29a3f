//! Jobs that wait to be done together: gathered by one task, and given up while the database is lost.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

use super::pool::{Pool, TICK};
use crate::authority::repository::{Reply, StoreError};

/// Jobs done at once, at most.
const BATCH: usize = 512;

/// Does all jobs, and returns the outcome of each.
pub(super) type Work<J, A> =
    dyn Fn(Arc<Pool>, Vec<J>) -> BoxFuture<'static, Result<Vec<A>, StoreError>> + Send + Sync;

/// Where jobs of one kind are handed in.
pub(super) struct Queue<J, A> {
    pool: Arc<Pool>,
    jobs: mpsc::UnboundedSender<Waiting<J, A>>,
}

struct Waiting<J, A> {
    job: J,
    /// Set by the first that takes the job: the task that does it, or the asking side that gives it up.
    taken: Arc<AtomicBool>,
    tell: oneshot::Sender<Result<A, StoreError>>,
}

impl<J, A> fmt::Debug for Queue<J, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queue(..)")
    }
}

impl<J: Send + 'static, A: Send + 'static> Queue<J, A> {
    /// Starts its task, which ends when no job can be handed in any more and all jobs are done.
    pub(super) fn start(pool: Arc<Pool>, work: Box<Work<J, A>>) -> Self {
        let (jobs, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(Arc::clone(&pool), waiting, work));
        Self { pool, jobs }
    }

    /// Hands in a job; resolves when it is done or has failed. There are as many in the queue as there are requests.
    pub(super) fn submit(&self, job: J) -> Reply<'_, A> {
        let (tell, mut told) = oneshot::channel();
        let taken = Arc::new(AtomicBool::new(false));
        let waiting = Waiting { job, taken: Arc::clone(&taken), tell };
        let queued = self.jobs.send(waiting).is_ok();
        Box::pin(async move {
            if !queued {
                return Err(StoreError::Closed);
            }
            loop {
                tokio::select! {
                    answer = &mut told => return answer.unwrap_or(Err(StoreError::Closed)),
                    () = sleep(TICK) => if let Some(gone) = self.pool.gone()
                        && !taken.swap(true, Ordering::Relaxed)
                    {
                        return Err(gone);
                    },
                }
            }
        })
    }
}

async fn run<J, A>(
    pool: Arc<Pool>,
    mut waiting: mpsc::UnboundedReceiver<Waiting<J, A>>,
    work: Box<Work<J, A>>,
) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let taken = batch.drain(..).filter(|one| !one.taken.swap(true, Ordering::Relaxed));
        let (jobs, askers): (Vec<J>, Vec<_>) = taken.map(|one| (one.job, one.tell)).unzip();
        if jobs.is_empty() {
            continue;
        }
        match work(Arc::clone(&pool), jobs).await {
            Ok(answers) => {
                for (asker, answer) in askers.into_iter().zip(answers) {
                    // The asking side may be gone; the work stands all the same.
                    let _ = asker.send(Ok(answer));
                }
            }
            Err(error) => {
                for asker in askers {
                    let _ = asker.send(Err(error.clone()));
                }
            }
        }
    }
}
