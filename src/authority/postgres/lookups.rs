//! Look-ups of devices, which every certificate needs one of: those that wait share one question.

use std::sync::Arc;

use super::{devices, pool::Pool, queue::Queue};
use crate::authority::repository::{Device, Reply};

/// Tenant and id.
type Key = (String, String);

#[derive(Debug)]
pub(super) struct Lookups(Queue<Key, Option<Device>>);

impl Lookups {
    pub(super) fn start(pool: Arc<Pool>) -> Self {
        let ask = |pool: Arc<Pool>, keys: Vec<Key>| -> futures_util::future::BoxFuture<'static, _> {
            Box::pin(async move {
                let keys = Arc::new(keys);
                pool.run(move |client, _| {
                    let keys = Arc::clone(&keys);
                    Box::pin(async move { devices::get(client, &keys).await })
                })
                .await
            })
        };
        Self(Queue::start(pool, Box::new(ask)))
    }

    pub(super) fn device(&self, tenant: &str, id: &str) -> Reply<'_, Option<Device>> {
        self.0.submit((tenant.to_owned(), id.to_owned()))
    }
}
