//! Revocations and the list made of them.

use rusqlite::{Connection, OptionalExtension, Result};
use x509_cert::ext::pkix::CrlReason;

use crate::{
    authority::repository::{ListHead, Revocation, Status, StoredCrl},
    pki::time::Time,
};

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

pub(super) fn head(db: &Connection) -> Result<ListHead> {
    let number: Option<i64> =
        db.prepare_cached("SELECT number FROM crl")?.query_row([], |row| row.get(0)).optional()?;
    let number = number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Ok(ListHead { number, last_revocation: last(db)? })
}

pub(super) fn since(db: &Connection, since: Time) -> Result<(Vec<Revocation>, i64)> {
    // The number first: a revocation that arrives in between is listed early, never forgotten.
    let last = last(db)?;
    let mut select = db.prepare_cached(
        "SELECT serial, revoked_at, reason FROM revocations WHERE not_after >= ?1 ORDER BY id",
    )?;
    let revocations = select
        .query_map([since.unix()], |row| {
            Ok(Revocation {
                serial: row.get(0)?,
                at: Time::from_unix(row.get(1)?),
                reason: reason(row.get(2)?),
            })
        })?
        .collect::<Result<_>>()?;
    Ok((revocations, last))
}

pub(super) fn crl(db: &Connection) -> Result<Option<StoredCrl>> {
    db.query_row("SELECT number, der, this_update, next_update, covers FROM crl", [], |row| {
        let number: i64 = row.get(0)?;
        Ok(StoredCrl {
            number: u64::try_from(number).unwrap_or(0),
            der: row.get(1)?,
            this_update: Time::from_unix(row.get(2)?),
            next_update: Time::from_unix(row.get(3)?),
            covers: row.get(4)?,
        })
    })
    .optional()
}

pub(super) fn save_crl(db: &Connection, crl: &StoredCrl) -> Result<bool> {
    db.prepare_cached(
        "INSERT INTO crl (id, number, der, this_update, next_update, covers) VALUES (1, ?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, der = excluded.der,
             this_update = excluded.this_update, next_update = excluded.next_update, covers = excluded.covers
         WHERE crl.number = excluded.number - 1",
    )?
    .execute((
        i64::try_from(crl.number).unwrap_or(i64::MAX),
        &crl.der,
        crl.this_update.unix(),
        crl.next_update.unix(),
        crl.covers,
    ))
    .map(|saved| saved == 1)
}

fn reason(code: u32) -> CrlReason {
    CrlReason::try_from(code).unwrap_or(CrlReason::Unspecified)
}
