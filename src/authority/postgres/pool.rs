//! Connections to the database: few, kept, made anew when they are lost, and what is done on them tried again.
//!
//! Nothing of a session is relied on: no prepared statement, no setting, no lock outlives its transaction. So a pooler
//! between us and the database may hand each transaction to another connection.

use std::{
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable};
use futures_util::future::BoxFuture;
use tokio::{sync::Semaphore, time::timeout};
use tokio_postgres::{Client, IsolationLevel, Transaction};

use super::{
    address::{self, Address, said},
    fault::{self, Fault},
    tls::Tls,
};
use crate::authority::repository::{Fault as Kind, Reply, StoreError};

/// Connections of one server: for reads, changes, and the writers, which take a turn like all others.
const MOST: usize = 8;

/// How long the database is waited for: it may be restarted, or another host takes over.
const PATIENCE: Duration = Duration::from_secs(20);

/// The longest that one attempt may take. Reading a million revocations takes some seconds.
const ATTEMPT: Duration = Duration::from_secs(60);

pub(super) struct Pool {
    address: Address,
    tls: Tls,
    idle: Mutex<Vec<Client>>,
    turns: Semaphore,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({})", self.address.place())
    }
}

impl Pool {
    pub(super) fn new(address: &Address) -> Result<Self, StoreError> {
        let tls = Tls::new(address::root(address)).map_err(StoreError::Failed)?;
        Ok(Self { address: address.clone(), tls, idle: Mutex::default(), turns: Semaphore::new(MOST) })
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

    /// Runs `work` on a connection; on another one when that is lost. What `work` is told is how often it was tried
    /// before: what an earlier attempt committed may be there.
    pub(super) fn run<'a, T: Send + 'a>(
        &'a self,
        work: impl for<'c> Fn(&'c mut Client, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'a,
    ) -> Reply<'a, T> {
        Box::pin(async move {
            let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
            let before = AtomicUsize::new(0);
            let attempt = || async {
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
            };
            attempt.retry(patience()).when(Fault::may_pass).await.map_err(|fault| fault.store(&self.place()))
        })
    }

    /// The same in a transaction of its own, which is durable when this resolves.
    pub(super) fn change<'a, T: Send + 'a>(
        &'a self,
        work: impl for<'c> Fn(&'c Transaction<'c>, usize) -> BoxFuture<'c, Result<T, Fault>> + Send + Sync + 'static,
    ) -> Reply<'a, T> {
        let work = std::sync::Arc::new(work);
        self.run(move |client, before| {
            let work = std::sync::Arc::clone(&work);
            Box::pin(async move {
                let transaction = begin(client).await?;
                let done = work(&transaction, before).await?;
                transaction.commit().await?;
                Ok(done)
            })
        })
    }

    /// Whether the database answers now, without waiting for it.
    pub(super) async fn answers(&self) -> Result<(), StoreError> {
        const NOW: Duration = Duration::from_secs(2);
        let asked = async {
            let client = match self.kept() {
                Some(client) => client,
                None => self.connect().await?,
            };
            client.simple_query("SELECT 1").await?;
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
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
pub(super) fn patience() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(20))
        .with_max_delay(Duration::from_secs(1))
        .with_jitter()
        .with_total_delay(Some(PATIENCE))
        .without_max_times()
}
