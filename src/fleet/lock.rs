//! One run at a time in a fleet directory.

use std::{
    fs::{self, TryLockError},
    io,
    path::PathBuf,
};

use super::{
    layout::Layout,
    write::{self, DiskError},
};
use crate::{custody, lock::FileLock};

/// Why the directory could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another certreq is working in {0}")]
    Busy(String),
    /// The directory is not this user's alone: another user may have put keys there.
    #[error("{}: {why}", path.display())]
    Exposed { path: PathBuf, why: String },
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Holds a fleet directory for this process.
#[derive(Debug)]
pub struct FleetLock {
    _held: FileLock,
}

impl FleetLock {
    /// Makes `.certreq` when it is missing and takes the lock; with `wait`, blocks until the other run is over.
    ///
    /// # Errors
    /// [`LockError::Busy`] when another process holds it and `wait` is off.
    pub fn take(layout: &Layout, wait: bool) -> Result<Self, LockError> {
        write::create_directory(layout.root(), 0o755)?;
        own(layout)?;
        let path = layout.lock();
        let held =
            if wait { FileLock::wait(&path).map_err(TryLockError::Error) } else { FileLock::take(&path) };
        match held {
            Ok(held) => Ok(Self { _held: held }),
            Err(TryLockError::WouldBlock) => Err(LockError::Busy(layout.root().display().to_string())),
            Err(TryLockError::Error(error)) => Err(write::at(&path)(error).into()),
        }
    }
}

/// Makes `.certreq`, or checks that it is this user's alone: a run takes up keys from it.
fn own(layout: &Layout) -> Result<(), LockError> {
    let own = layout.own();
    match write::create_directory(&own, 0o700) {
        // The name is a file, or a link that leads to no directory; the checks below tell it.
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    for directory in [own, layout.staging()] {
        if fs::metadata(&directory).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(LockError::Exposed { path: directory, why: "it is not a directory".to_owned() });
        }
        match custody::own(&directory, 0o077) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(LockError::Exposed { path: directory, why: error.to_string() });
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(write::at(&directory)(error).into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Held while `ca/crl.pem` is compared and written: a watcher keeps it fresh while another run holds the fleet.
#[derive(Debug)]
pub struct ListLock {
    _held: FileLock,
}

impl ListLock {
    /// Waits for the lock; each holder keeps it only as long as it takes to write a file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(layout: &Layout) -> Result<Self, LockError> {
        own(layout)?;
        let path = layout.list_lock();
        Ok(Self { _held: FileLock::wait(&path).map_err(write::at(&path))? })
    }
}
