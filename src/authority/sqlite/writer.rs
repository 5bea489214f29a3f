//! The one thread that changes the database. It takes every change that waits, applies them in one transaction,
//! makes it durable once, and only then answers each: many callers share the price of one flush.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::fault;
use crate::authority::repository::StoreError;

/// Changes in one transaction, at most.
const BATCH: usize = 1024;

/// Tells the caller, once the fate of the transaction is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Answer + Send>;

pub(super) struct Writer {
    queue: Option<Sender<Job>>,
    path: Arc<Path>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer(..)")
    }
}

impl Writer {
    /// `path` is where the database lies: failures name it.
    pub(super) fn start(connection: Connection, path: &Path) -> Result<Self, StoreError> {
        let (queue, jobs) = channel();
        let path: Arc<Path> = path.into();
        let place = Arc::clone(&path);
        let thread = std::thread::Builder::new()
            .name("authority-writer".to_owned())
            .spawn(move || run(&connection, &jobs, &place))
            .map_err(|error| StoreError::Failed(format!("threads cannot be started: {error}")))?;
        Ok(Self { queue: Some(queue), path, thread: Some(thread) })
    }

    /// Queues a change; resolves when it is durable or has failed. A failed change leaves nothing behind.
    pub(super) fn submit<T, F>(
        &self,
        change: F,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let path = Arc::clone(&self.path);
        let job: Job = Box::new(move |connection| {
            let outcome = guarded(connection, change);
            Box::new(move |committed| {
                // The asking side may be gone; the change stands all the same.
                let _ = tell.send(committed.and(outcome.map_err(|error| fault::of(&error, &path))));
            })
        });
        let queued = self.queue.as_ref().is_some_and(|queue| queue.send(job).is_ok());
        async move { if queued { told.await.unwrap_or(Err(StoreError::Closed)) } else { Err(StoreError::Closed) } }
    }
}

impl Drop for Writer {
    /// Waits until all queued jobs are done.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, jobs: &Receiver<Job>, path: &Path) {
    let mut answers: Vec<Answer> = Vec::new();
    while let Ok(first) = jobs.recv() {
        let outcome = transaction(connection, first, jobs, &mut answers);
        let outcome = outcome.map_err(|error| fault::of(&error, path));
        for answer in answers.drain(..) {
            answer(outcome.clone());
        }
    }
}

/// Applies `first` and all jobs that wait, and commits.
fn transaction(
    connection: &Connection,
    first: Job,
    jobs: &Receiver<Job>,
    answers: &mut Vec<Answer>,
) -> rusqlite::Result<()> {
    let begun = statement(connection, "BEGIN IMMEDIATE");
    answers.push(first(connection));
    while answers.len() < BATCH {
        let Ok(job) = jobs.try_recv() else { break };
        answers.push(job(connection));
    }
    let outcome = begun.and_then(|()| statement(connection, "COMMIT"));
    if outcome.is_err() && !connection.is_autocommit() {
        // When this fails too, the next BEGIN says so.
        let _ = statement(connection, "ROLLBACK");
    }
    outcome
}

/// One change in its own savepoint: when it fails, its neighbours in the transaction do not notice.
fn guarded<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // Without a transaction a savepoint would be one of its own, and durable by itself.
    if connection.is_autocommit() {
        return Err(rusqlite::Error::InvalidQuery);
    }
    statement(connection, "SAVEPOINT change")?;
    let outcome = change(connection);
    if outcome.is_err() {
        statement(connection, "ROLLBACK TO change")?;
    }
    statement(connection, "RELEASE change")?;
    outcome
}

fn statement(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_that_fails_takes_nothing_else_with_it() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x INTEGER UNIQUE)").unwrap();
        let writer = Writer::start(connection, Path::new("t.db")).unwrap();
        let add = |x: i64| {
            writer.submit(move |db| {
                db.execute("INSERT INTO t VALUES (?1)", [x])?;
                if x == 2 { Err(rusqlite::Error::InvalidQuery) } else { Ok(x) }
            })
        };
        let (one, two, again, three) = tokio::join!(add(1), add(2), add(1), add(3));
        assert!(one.is_ok() && two.is_err() && again.is_err() && three.is_ok());
        let left =
            writer.submit(|db| db.query_row("SELECT group_concat(x) FROM t", [], |r| r.get::<_, String>(0)));
        assert_eq!(left.await.unwrap(), "1,3");
    }
}
