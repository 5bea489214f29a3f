//! The authority's directory: which users may look into it, and which process is using it.
//!
//! ```text
//! ca.key         the CA key, PKCS#8 PEM, perhaps encrypted      0600
//! openid.key     signs access tokens, made when first needed    0600
//! authority.db   the records (and authority.db-wal, -shm)       0600
//! lock           held while a process uses the directory        0600
//! ```

use std::{
    fs::{self, DirBuilder, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use super::error::AuthorityError;
use crate::{custody::Exposure, lock::FileLock};

/// An authority's directory, locked for this process until dropped.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: FileLock,
}

impl Directory {
    /// Creates the directory with mode 0700 when it is missing, and locks it.
    pub(super) fn open(path: &Path) -> Result<Self, AuthorityError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source: io::Error| AuthorityError::Io { path, source }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(at(path))?;
        let name = path.join("lock");
        match FileLock::take(&name) {
            Ok(lock) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(AuthorityError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(AuthorityError::Io { path: name, source }),
        }
    }

    /// Warnings about the directory and its lock: other users can read or change them.
    pub(super) fn concerns(&self) -> Vec<String> {
        let entries = [self.path.clone(), self.path.join("lock")];
        let exposed = |path: &PathBuf| {
            let exposure = Exposure::of(&fs::metadata(path).ok()?)?;
            Some(format!("{} {exposure}", path.display()))
        };
        entries.iter().filter_map(exposed).collect()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn key(&self) -> PathBuf {
        key_file(&self.path)
    }

    pub(super) fn openid_key(&self) -> PathBuf {
        self.path.join("openid.key")
    }
}

/// The CA key of the authority in a directory.
pub(super) fn key_file(path: &Path) -> PathBuf {
    path.join("ca.key")
}
