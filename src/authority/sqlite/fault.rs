//! Sorts failures of the database into kinds; a full disk is named as one, also where the database reports an I/O
//! error.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::authority::repository::{Fault, StoreError};

/// Blocks below which a file system counts as full: a write of a page or two no longer fits.
const FEW: u64 = 16;

/// Sorts a failure of the database at `path`.
pub(super) fn of(error: &Error, path: &Path) -> StoreError {
    let code = error.sqlite_error_code();
    // A log or its index that cannot grow is reported as an I/O error.
    let full = code == Some(ErrorCode::DiskFull) || code == Some(ErrorCode::SystemIoFailure) && is_full(path);
    let place = path.display().to_string();
    if full {
        return StoreError::NoSpace { place };
    }
    tracing::debug!("{place}: {error}");
    StoreError::Faulty { place, fault: kind(code) }
}

fn kind(code: Option<ErrorCode>) -> Fault {
    match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            Fault::Locked
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Fault::Damaged,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::ReadOnly,
        Some(ErrorCode::CannotOpen) => Fault::CannotOpen,
        Some(ErrorCode::SystemIoFailure) => Fault::Disk,
        _ => Fault::Other,
    }
}

fn is_full(path: &Path) -> bool {
    let directory = path.parent().unwrap_or(path);
    rustix::fs::statvfs(directory).is_ok_and(|system| system.f_bavail < FEW)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::*;

    fn said(change: &str, error: &Error) -> String {
        let text = of(error, Path::new("lab/authority.db")).to_string();
        let library = error.to_string();
        assert!(!text.contains(&library), "{change}: {text} has the library's {library:?}");
        text
    }

    #[test]
    fn each_kind_is_said_in_plain_words() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("t.db");
        let one = Connection::open(&path).unwrap();
        one.execute_batch("CREATE TABLE t (x); BEGIN EXCLUSIVE").unwrap();
        let other = Connection::open(&path).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        let locked = other.execute("INSERT INTO t VALUES (1)", []).unwrap_err();
        assert!(
            said("locked", &locked).starts_with("the database lab/authority.db is locked by another program")
        );
        one.execute_batch("COMMIT; PRAGMA query_only = ON").unwrap();
        let read_only = one.execute("INSERT INTO t VALUES (1)", []).unwrap_err();
        assert!(said("read-only", &read_only).contains("cannot be changed"));
        fs::write(home.path().join("junk.db"), [b'x'; 4096]).unwrap();
        let junk = Connection::open(home.path().join("junk.db")).unwrap();
        let damaged = junk.query_row("SELECT * FROM t", [], |_| Ok(())).unwrap_err();
        assert!(said("damaged", &damaged).contains("is damaged: restore it from a backup"));
        let missing = one.query_row("SELECT y FROM z", [], |_| Ok(())).unwrap_err();
        assert!(said("another", &missing).contains("CERTREQ_LOG=debug shows it"));
    }
}
