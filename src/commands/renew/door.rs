//! The way to the platform, opened when it is needed.

use std::{fmt, sync::Arc};

use crate::{failure::Failure, platform::any::AnyPlatform};

/// Opens a platform, and keeps it open while that costs nobody anything.
pub struct Door<O> {
    open: O,
    held: Option<Arc<AnyPlatform>>,
}

impl<O: AsyncFnMut() -> Result<AnyPlatform, Failure>> Door<O> {
    /// `open` is asked for the first time when something is due.
    pub fn new(open: O) -> Self {
        Self { open, held: None }
    }

    /// The platform. A session over HTTP is kept for the next time; an authority in a directory is not, for nobody
    /// else could use it meanwhile.
    pub(super) async fn platform(&mut self) -> Result<Arc<AnyPlatform>, Failure> {
        if let Some(held) = &self.held {
            return Ok(Arc::clone(held));
        }
        let platform = Arc::new((self.open)().await?);
        if matches!(*platform, AnyPlatform::Dojot(_)) {
            self.held = Some(Arc::clone(&platform));
        }
        Ok(platform)
    }

    /// The next time begins with the settings: files may hold something else by now.
    pub(super) fn forget(&mut self) {
        self.held = None;
    }
}

impl<O> fmt::Debug for Door<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("held", &self.held).finish_non_exhaustive()
    }
}
