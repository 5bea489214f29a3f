//! A lock on a file (flock(2)), by which processes keep out of each other's way.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

use crate::custody;

/// Held until dropped. The operating system releases it when the process ends, however it ends, so there is never a
/// stale one.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes the lock on `path`, making the file with mode 0600 when it is missing.
    ///
    /// # Errors
    /// [`TryLockError::WouldBlock`] when another process holds it.
    pub fn take(path: &Path) -> Result<Self, TryLockError> {
        let file = custody::append(path).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self(file))
    }

    /// The same, after the present holder has released it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn wait(path: &Path) -> io::Result<Self> {
        let file = custody::append(path)?;
        file.lock()?;
        Ok(Self(file))
    }
}

impl Drop for FileLock {
    /// Closing the file is not enough: a program that another thread is starting just now has a copy of it until its
    /// exec, and the lock with it.
    fn drop(&mut self) {
        // After a failure to unlock, the closing of the file that follows releases the lock.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_and_lets_go_of_it_although_a_program_being_started_has_a_copy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = FileLock::take(&path).unwrap();
        assert!(matches!(FileLock::take(&path), Err(TryLockError::WouldBlock)));
        let copy = held.0.try_clone().unwrap();
        drop(held);
        FileLock::take(&path).unwrap();
        drop(copy);
    }
}
