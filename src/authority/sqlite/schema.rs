//! The tables, their version, and how a connection is set up.

use std::{io::ErrorKind, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::fault;
use crate::{authority::repository::StoreError, custody};

/// Marks the file as ours (`PRAGMA application_id`): "crtq".
const APPLICATION: i64 = 0x6372_7471;

/// The schema this code reads and writes (`PRAGMA user_version`).
const VERSION: i64 = 2;

const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE certificates (
    id INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    serial BLOB NOT NULL,
    der BLOB NOT NULL,
    subject_dn TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    issued_here INTEGER NOT NULL,
    auto_registered INTEGER NOT NULL,
    device TEXT,
    application TEXT,
    ca_fingerprint BLOB
) STRICT;
CREATE UNIQUE INDEX certificates_fingerprint ON certificates (fingerprint);
CREATE UNIQUE INDEX certificates_serial ON certificates (serial) WHERE issued_here = 1;
CREATE INDEX certificates_tenant ON certificates (tenant);
CREATE INDEX certificates_device ON certificates (device, tenant) WHERE device IS NOT NULL;
CREATE INDEX certificates_ca ON certificates (ca_fingerprint, tenant) WHERE ca_fingerprint IS NOT NULL;
CREATE TABLE revocations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    serial BLOB NOT NULL UNIQUE,
    revoked_at INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    not_after INTEGER NOT NULL
) STRICT;
CREATE TABLE crl (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    der BLOB NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    covers INTEGER NOT NULL
) STRICT;
CREATE TABLE devices (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    is_admin INTEGER NOT NULL,
    secret_hash TEXT NOT NULL
) STRICT;
CREATE TABLE trusted_cas (
    tenant TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    der BLOB NOT NULL,
    subject_dn TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    allow_auto_registration INTEGER NOT NULL,
    PRIMARY KEY (tenant, fingerprint)
) STRICT;
";

/// Revocation lists in parts came with version 2. A part is found by the last octets of serial numbers.
const PARTS: &str = "
CREATE TABLE crl_parts (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    der BLOB NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    covers INTEGER NOT NULL,
    urls INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE crl_urls (url TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_octet ON revocations (substr(serial, -1));
";

/// The writing connection; the file and its tables exist afterwards.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    // SQLite gives its log files the mode of the database; it has to be right from the start.
    custody::append(path).map_err(|error| match error.kind() {
        ErrorKind::StorageFull => StoreError::NoSpace { place: path.display().to_string() },
        _ => StoreError::Failed(format!("{}: {error}", path.display())),
    })?;
    let (connection, known) = connect(path).map_err(|error| fault::of(&error, path))?;
    let place = || path.display().to_string();
    match known {
        Known::Ours => Ok(connection),
        Known::Newer(found) => Err(StoreError::Newer { place: place(), found, known: VERSION }),
        Known::Foreign => Err(StoreError::Foreign { place: place() }),
    }
}

/// Kind of a database.
enum Known {
    Ours,
    Newer(i64),
    Foreign,
}

/// Opens the file; an empty one gets its tables.
fn connect(path: &Path) -> rusqlite::Result<(Connection, Known)> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    prepare(&connection)?;
    let (application, version) = (pragma(&connection, "application_id")?, pragma(&connection, "user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let known = match (application, version) {
        (APPLICATION, VERSION) => Known::Ours,
        (0, 0) if tables == 0 => {
            create(&connection)?;
            Known::Ours
        }
        (APPLICATION, 1) => {
            upgrade(&connection)?;
            Known::Ours
        }
        (APPLICATION, found) => Known::Newer(found),
        _ => Known::Foreign,
    };
    Ok((connection, known))
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // FULL: a commit returns after the log is on the disk, not only in the kernel.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA cache_size = -32768;
         PRAGMA wal_autocheckpoint = 8192;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA temp_store = MEMORY;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {TABLES} {PARTS}
         PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))
}

fn upgrade(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {PARTS} PRAGMA user_version = {VERSION}; COMMIT;"))
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_newer_schema_and_a_strange_file_are_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("authority.db");
        drop(open(&path).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        open(&path).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
        let message = open(&path).unwrap_err().to_string();
        assert!(message.ends_with("was written by a newer certreq (schema 7, this one knows 2)"), "{message}");

        let strange = dir.path().join("strange.db");
        Connection::open(&strange).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(matches!(open(&strange), Err(StoreError::Foreign { .. })));
    }
}
