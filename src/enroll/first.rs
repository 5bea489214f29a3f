//! The step that is done once, before the first pair of a run gets its final name.

use std::fmt;

use tokio::{sync::OnceCell, task};

use super::outcome::DeviceFailure;
use crate::failure::Exit;

type Act = Box<dyn Fn() -> Result<(), String> + Send + Sync>;

/// A step that waits for the first answer that proves the platform: then its root is written to disk.
pub struct First {
    act: std::sync::Arc<Act>,
    done: OnceCell<()>,
}

impl First {
    #[must_use]
    pub fn new(act: Act) -> Self {
        Self { act: std::sync::Arc::new(act), done: OnceCell::new() }
    }

    /// Does the step, unless it was done.
    pub(super) async fn done(&self) -> Result<(), DeviceFailure> {
        let act = || async {
            let act = std::sync::Arc::clone(&self.act);
            task::spawn_blocking(move || act()).await.unwrap_or_else(|error| Err(error.to_string()))
        };
        self.done.get_or_try_init(act).await.copied().map_err(|why| DeviceFailure {
            resumable: true,
            ..DeviceFailure::new(Exit::Failed, why).hint(
                "nothing is lost: free disk space or repair the directory, then run the same command again",
            )
        })
    }
}

impl fmt::Debug for First {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("First").field("done", &self.done.initialized()).finish_non_exhaustive()
    }
}
