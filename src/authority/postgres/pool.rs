//! Connections to the database: few, kept, and made anew when they are lost; the work on a lost one is tried again.
//!
//! A session keeps no state that we rely on: no prepared statement, no setting, no lock outlives its transaction. So
//! a pooler between us and the database may hand each transaction to another connection.

use std::{
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use backon::{ExponentialBuilder, Retryable};
use futures_util::future::BoxFuture;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{sleep, timeout},
};
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::{
    address::{self, Address, said},
    fault::{self, Fault},
    tls::Tls,
};
use crate::authority::repository::{Fault as Kind, Reply, StoreError};

/// Connections of one server: for reads, changes, and the writers, which take a turn like all others.
const MOST: usize = 8;

/// How long a request waits for a database that is lost, before it is told to come again.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How long the database is waited for where the outcome of a change is open, and at the start: it may be restarted, or
/// another host takes over.
const LONG_PATIENCE: Duration = Duration::from_secs(20);

/// Time after which a waiting job looks whether the database is lost.
pub(super) const TICK: Duration = Duration::from_millis(200);

/// The longest that one attempt may take. Reading a million revocations takes some seconds.
const ATTEMPT: Duration = Duration::from_secs(60);

pub(super) struct Pool {
    address: Address,
    tls: Tls,
    idle: Mutex<Vec<Client>>,
    turns: Semaphore,
    /// Questions about readiness take turns of their own: every client may ask them, and each may need a connection.
    readiness: Semaphore,
    /// Since when it cannot be reached, and why.
    lost: Mutex<Option<(Instant, String)>>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.address.place())
    }
}

impl Pool {
    pub(super) fn new(address: &Address) -> Result<Self, StoreError> {
        let tls = Tls::new(address::root(address)).map_err(StoreError::Failed)?;
        Ok(Self {
            address: address.clone(),
            tls,
            idle: Mutex::default(),
            turns: Semaphore::new(MOST),
            readiness: Semaphore::new(1),
            lost: Mutex::default(),
        })
    }

    /// The place as people read it.
    pub(super) fn place(&self) -> String {
        self.address.place()
    }

    /// A new connection.
    pub(super) async fn connect(&self) -> Result<Client, Fault> {
        let connected = self.address.config.connect(self.tls.clone()).await;
        let (client, connection) = connected.map_err(|error| match error.code() {
            // A wrong password does not become right.
            Some(code) if code.code().starts_with("28") => {
                tracing::debug!("{}: {}", self.place(), said(&error));
                Fault::Decided(StoreError::Faulty { place: self.place(), fault: Kind::Login })
            }
            _ if fault::is_untrusted(&error) => {
                tracing::debug!("{}: {}", self.place(), said(&error));
                Fault::Decided(StoreError::Faulty { place: self.place(), fault: Kind::Untrusted })
            }
            _ => {
                tracing::debug!("{}: {}", self.place(), said(&error));
                Fault::Connect(fault::connection(&error).to_owned())
            }
        })?;
        // It ends with its client, or tells the client why not.
        tokio::spawn(connection);
        Ok(client)
    }

    fn kept(&self) -> Option<Client> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(client) = idle.pop() {
            if !client.is_closed() {
                return Some(client);
            }
        }
        None
    }

    /// Why a request need not wait: the database is lost for longer than one waits for it.
    pub(super) fn gone(&self) -> Option<StoreError> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, why) = lost.as_ref().filter(|(since, _)| since.elapsed() >= PATIENCE)?;
        Some(StoreError::Unreachable { place: self.place(), why: why.clone() })
    }

    /// Remembers whether the database was reached, and lets go of connections to one that is lost.
    fn note<T>(&self, done: &Result<T, Fault>) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Err(fault) if fault.is_loss() => {
                let why = fault.to_string();
                lost.get_or_insert_with(|| (Instant::now(), why));
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            _ => *lost = None,
        }
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        let mut turn = std::pin::pin!(self.turns.acquire());
        loop {
            tokio::select! {
                turn = &mut turn => return turn.map_err(|_| StoreError::Closed),
                () = sleep(TICK) => if let Some(gone) = self.gone() { return Err(gone) },
            }
        }
    }

    async fn attempt<T>(
        &self,
        work: &(impl for<'c> Fn(&'c mut Client, usize) -> BoxFuture<'c, Result<T, Fault>> + Sync),
        before: &AtomicUsize,
    ) -> Result<T, Fault> {
        let mut client = match self.kept() {
            Some(client) => client,
            None => self.connect().await?,
        };
        let done = work(&mut client, before.fetch_add(1, Ordering::Relaxed));
        let done = timeout(ATTEMPT, done).await.map_err(|_| Fault::Silent(ATTEMPT))?;
        if done.is_ok() || !client.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
        }
        done
    }

    /// Runs `work` on a connection; on another one when that is lost. `work` gets the number of earlier attempts, one
    /// of which may have been committed. `is_open` says that one may have been.
    fn until_settled<'a, T: Send + 'a>(
        &'a self,
        patience: Duration,
        is_open: std::sync::Arc<AtomicBool>,
        work: impl for<'c> Fn(&'c mut Client, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'a,
    ) -> Reply<'a, T> {
        Box::pin(async move {
            let _turn = self.turn().await?;
            let (before, started) = (AtomicUsize::new(0), Instant::now());
            let attempt = || async {
                let done = self.attempt(&work, &before).await;
                self.note(&done);
                done
            };
            let is_worth_it = |fault: &Fault| {
                let gone = patience == PATIENCE && self.gone().is_some() || started.elapsed() >= patience;
                fault.may_pass() && (is_open.load(Ordering::Relaxed) || !gone)
            };
            let settled = attempt.retry(pauses()).when(is_worth_it).await;
            settled.map_err(|fault| match fault.store(&self.place()) {
                StoreError::Unreachable { place, why } if is_open.load(Ordering::Relaxed) => {
                    StoreError::Unsettled { place, why }
                }
                error => error,
            })
        })
    }

    /// Runs `work`, which changes nothing, or nothing that is not known again.
    pub(super) fn run<'a, T: Send + 'a>(
        &'a self,
        work: impl for<'c> Fn(&'c mut Client, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'a,
    ) -> Reply<'a, T> {
        self.until_settled(PATIENCE, std::sync::Arc::default(), work)
    }

    /// The same at the start, when the database may start, too.
    pub(super) fn run_first<'a, T: Send + 'a>(
        &'a self,
        work: impl for<'c> Fn(&'c mut Client, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'a,
    ) -> Reply<'a, T> {
        self.until_settled(LONG_PATIENCE, std::sync::Arc::default(), work)
    }

    /// The same in a transaction of its own, which is durable when this resolves.
    pub(super) fn change<'a, T: Send + 'a>(
        &'a self,
        work: impl for<'c> Fn(&'c Transaction<'c>, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'static,
    ) -> Reply<'a, T> {
        let (work, is_open) = (std::sync::Arc::new(work), std::sync::Arc::new(AtomicBool::new(false)));
        let opened = std::sync::Arc::clone(&is_open);
        self.until_settled(PATIENCE, is_open, move |client, before| {
            let (work, opened) = (std::sync::Arc::clone(&work), std::sync::Arc::clone(&opened));
            Box::pin(async move {
                let transaction = begin(client).await?;
                let done = work(&transaction, before).await?;
                // From here on the change may be durable, even if no answer to the commit arrives.
                opened.store(true, Ordering::Relaxed);
                transaction.commit().await?;
                Ok(done)
            })
        })
    }

    /// Whether the database answers now, without waiting for it.
    pub(super) async fn answers(&self) -> Result<(), StoreError> {
        const NOW: Duration = Duration::from_secs(2);
        let asked = async {
            let _turn = self.readiness.acquire().await;
            let client = match self.kept() {
                Some(client) => client,
                None => self.connect().await?,
            };
            client.simple_query("SELECT 1").await?;
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < MOST {
                idle.push(client);
            }
            Ok(())
        };
        let answered = timeout(NOW, asked).await.unwrap_or(Err(Fault::Silent(NOW)));
        answered.map_err(|fault: Fault| fault.store(&self.place()))
    }
}

/// The database's own default may be another level.
pub(super) async fn begin(client: &mut Client) -> Result<Transaction<'_>, Fault> {
    Ok(client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?)
}

/// Waits that grow, until the database was waited for long enough.
fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_millis(250))
        .with_jitter()
        .with_total_delay(Some(LONG_PATIENCE))
        .without_max_times()
}
