//! Look-ups of devices, which every certificate needs one of: those that wait share one question.

use std::{fmt, sync::Arc};

use tokio::sync::{mpsc, oneshot};

use super::{devices, pool::Pool};
use crate::authority::repository::{Device, Reply, StoreError};

/// Look-ups in one question, at most.
const BATCH: usize = 512;

type Key = (String, String);
type Asker = oneshot::Sender<Result<Option<Device>, StoreError>>;

pub(super) struct Lookups {
    queue: mpsc::UnboundedSender<(Key, Asker)>,
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookups(..)")
    }
}

impl Lookups {
    pub(super) fn start(pool: Arc<Pool>) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(pool, waiting));
        Self { queue }
    }

    pub(super) fn device(&self, tenant: &str, id: &str) -> Reply<'_, Option<Device>> {
        let (tell, told) = oneshot::channel();
        let queued = self.queue.send(((tenant.to_owned(), id.to_owned()), tell)).is_ok();
        Box::pin(async move {
            if queued { told.await.unwrap_or(Err(StoreError::Closed)) } else { Err(StoreError::Closed) }
        })
    }
}

async fn run(pool: Arc<Pool>, mut waiting: mpsc::UnboundedReceiver<(Key, Asker)>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (keys, askers): (Vec<Key>, Vec<Asker>) = batch.drain(..).unzip();
        let keys = Arc::new(keys);
        let found = pool
            .run(move |client, _| {
                let keys = Arc::clone(&keys);
                Box::pin(async move { devices::get(client, &keys).await })
            })
            .await;
        match found {
            Ok(found) => {
                for (asker, device) in askers.into_iter().zip(found) {
                    // Whoever asked may have gone.
                    let _ = asker.send(Ok(device));
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
