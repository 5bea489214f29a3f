//! Revocations, one by one.

use rusqlite::{Connection, OptionalExtension, Result};
use x509_cert::ext::pkix::CrlReason;

use crate::{authority::repository::Status, pki::time::Time};

pub(super) fn add(db: &Connection, serial: &[u8], at: Time, reason: CrlReason, not_after: Time) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO revocations (serial, revoked_at, reason, not_after) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (serial) DO NOTHING",
    )?
    .execute((serial, at.unix(), reason as u32, not_after.unix()))
    .map(|_| ())
}

pub(super) fn status(db: &Connection, serial: &[u8]) -> Result<Status> {
    let revoked = db
        .prepare_cached("SELECT revoked_at, reason FROM revocations WHERE serial = ?1")?
        .query_row([serial], |row| {
            Ok(Status::Revoked { at: Time::from_unix(row.get(0)?), reason: reason(row.get(1)?) })
        })
        .optional()?;
    if let Some(revoked) = revoked {
        return Ok(revoked);
    }
    let issued = db
        .prepare_cached("SELECT 1 FROM certificates WHERE serial = ?1 AND issued_here = 1")?
        .exists([serial])?;
    Ok(if issued { Status::Good } else { Status::Unknown })
}

pub(super) fn last(db: &Connection) -> Result<i64> {
    db.prepare_cached("SELECT coalesce(max(id), 0) FROM revocations")?.query_row([], |row| row.get(0))
}

pub(super) fn reason(code: u32) -> CrlReason {
    CrlReason::try_from(code).unwrap_or(CrlReason::Unspecified)
}
