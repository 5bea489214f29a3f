//! Sorts failures of the database: a full disk is named, whatever the database calls it.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::authority::repository::StoreError;

/// Blocks below which a file system counts as full: a write of a page or two no longer fits.
const FEW: u64 = 16;

/// Sorts a failure of the database at `path`.
pub(super) fn of(error: &Error, path: &Path) -> StoreError {
    let code = error.sqlite_error_code();
    // A log or its index that cannot grow is reported as an I/O error.
    let full = code == Some(ErrorCode::DiskFull) || code == Some(ErrorCode::SystemIoFailure) && is_full(path);
    if full {
        return StoreError::NoSpace { place: path.display().to_string() };
    }
    StoreError::Failed(error.to_string())
}

fn is_full(path: &Path) -> bool {
    let directory = path.parent().unwrap_or(path);
    rustix::fs::statvfs(directory).is_ok_and(|system| system.f_bavail < FEW)
}
