//! One run at a time in a fleet directory.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
};

use super::{
    layout::Layout,
    write::{self, DiskError},
};

/// Why the directory could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another certreq is working in {0}")]
    Busy(String),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Holds a fleet directory for this process. The operating system releases it when the process ends, however it
/// ends, so there is never a stale one.
#[derive(Debug)]
pub struct FleetLock {
    _file: File,
}

impl FleetLock {
    /// Makes `.certreq` when it is missing and takes the lock; with `wait`, blocks until the other run is over.
    ///
    /// # Errors
    /// [`LockError::Busy`] when another process holds it and `wait` is off.
    pub fn take(layout: &Layout, wait: bool) -> Result<Self, LockError> {
        write::create_directory(layout.root(), 0o777)?;
        write::create_directory(&layout.own(), 0o700)?;
        let path = layout.lock();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(write::at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if wait => file.lock().map_err(write::at(&path))?,
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy(layout.root().display().to_string())),
            Err(TryLockError::Error(error)) => return Err(write::at(&path)(error).into()),
        }
        Ok(Self { _file: file })
    }
}

/// Held while `ca/crl.pem` is compared and written: a watcher keeps it fresh while another run holds the fleet.
#[derive(Debug)]
pub struct ListLock {
    _file: File,
}

impl ListLock {
    /// Waits for its turn; nobody holds it for longer than a file takes to be written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(layout: &Layout) -> Result<Self, LockError> {
        write::create_directory(&layout.own(), 0o700)?;
        let path = layout.list_lock();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(write::at(&path))?;
        file.lock().map_err(write::at(&path))?;
        Ok(Self { _file: file })
    }
}
