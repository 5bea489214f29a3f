//! Trying a pair before it replaces the one that works.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{
    command::{Facts, UserCommand},
    outcome::{DeviceFailure, Issued},
};
use crate::{device_id::DeviceId, failure::Exit, fleet::layout::Layout};

/// The most trials at the same time.
const AT_ONCE: usize = 8;

/// A command that says whether a complete pair is good, by its exit status.
#[derive(Clone, Debug)]
pub struct Trial {
    command: UserCommand,
    layout: Layout,
    slots: Arc<Semaphore>,
}

impl Trial {
    #[must_use]
    pub fn new(command: UserCommand, layout: Layout) -> Self {
        Self { command, layout, slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Runs the command on the staged pair of `device`.
    pub(super) async fn pass(&self, device: &DeviceId, pair: &Issued) -> Result<(), DeviceFailure> {
        // The error cannot occur, as the semaphore is never closed; a trial without a slot would do no harm.
        let _slot = self.slots.acquire().await;
        let facts = Facts {
            device,
            directory: self.layout.staged(device),
            fingerprint: pair.fingerprint,
            serial: &pair.serial,
            not_after: pair.not_after,
        };
        self.command.run(&self.layout, &facts).await.map_err(|fault| DeviceFailure {
            resumable: true,
            ..DeviceFailure::new(Exit::Failed, format!("the new pair was not installed: {fault}"))
                .hint("the old pair stays; the next run tries the same new certificate again")
        })
    }
}
