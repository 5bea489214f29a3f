//! A platform that is opened when it is needed.

use std::{fmt, sync::Arc};

use crate::{failure::Failure, platform::Platform};

/// Opens a platform, and keeps it open unless that locks others out.
pub struct LazyPlatform<O> {
    open: O,
    held: Option<Arc<dyn Platform>>,
}

impl<O: AsyncFnMut() -> Result<Arc<dyn Platform>, Failure>> LazyPlatform<O> {
    /// `open` is asked for the first time when something is due.
    pub fn new(open: O) -> Self {
        Self { open, held: None }
    }

    /// The platform. A session over HTTP is kept for the next time; an authority in a directory is not, because no
    /// other process could use it meanwhile.
    pub(super) async fn get(&mut self) -> Result<Arc<dyn Platform>, Failure> {
        if let Some(held) = &self.held {
            return Ok(Arc::clone(held));
        }
        let platform = (self.open)().await?;
        if !platform.locks_others_out() {
            self.held = Some(Arc::clone(&platform));
        }
        Ok(platform)
    }

    /// The next time begins with the settings: files may hold something else by now.
    pub(super) fn forget(&mut self) {
        self.held = None;
    }
}

impl<O> fmt::Debug for LazyPlatform<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyPlatform").field("held", &self.held).finish_non_exhaustive()
    }
}
