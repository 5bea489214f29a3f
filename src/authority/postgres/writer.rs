//! The two changes that come in crowds, new certificates and revocations: each has one task that takes every one that
//! waits, applies them in one statement, makes them durable once, and only then answers each.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{additions::Addition, pool::Pool, queue::Queue, removals::Removal};
use crate::authority::repository::{Reply, StoreError};

/// A change that comes in crowds.
pub(super) trait Crowd: Sized + Clone + Send + Sync + 'static {
    /// Applies all of them, durably, and returns the outcome of each.
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>>;
}

/// The collector of the changes of one kind.
#[derive(Debug)]
pub(super) struct Writer<C>(Queue<C, bool>);

impl<C: Crowd> Writer<C> {
    pub(super) fn start(pool: Arc<Pool>) -> Self {
        let work = |pool: Arc<Pool>, batch: Vec<C>| -> BoxFuture<'static, Result<Vec<bool>, StoreError>> {
            Box::pin(async move { C::apply(&pool, batch).await })
        };
        Self(Queue::start(pool, Box::new(work)))
    }

    /// Hands in a change; resolves when it is durable or has failed.
    pub(super) fn submit(&self, change: C) -> Reply<'_, bool> {
        self.0.submit(change)
    }
}

impl Crowd for Addition {
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>> {
        let batch = Arc::new(batch);
        pool.change(move |transaction, before| {
            let batch = Arc::clone(&batch);
            Box::pin(async move { super::additions::add(transaction, &batch, before > 0).await })
        })
    }
}

impl Crowd for Removal {
    fn apply(pool: &Pool, batch: Vec<Self>) -> Reply<'_, Vec<bool>> {
        let batch = Arc::new(batch);
        pool.change(move |transaction, before| {
            let batch = Arc::clone(&batch);
            Box::pin(async move { super::removals::remove(transaction, &batch, before > 0).await })
        })
    }
}
