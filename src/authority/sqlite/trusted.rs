//! Trusted CAs.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::{
    authority::repository::{Removal, TrustedCa},
    pki::{fingerprint::Fingerprint, time::Time},
};

const COLUMNS: &str = "tenant, fingerprint, der, subject_dn, not_before, not_after, created_at, modified_at, \
                       allow_auto_registration";

pub(super) fn add(db: &Connection, ca: &TrustedCa) -> Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO trusted_cas (tenant, fingerprint, der, subject_dn, not_before, not_after, created_at,
                 modified_at, allow_auto_registration)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        )?
        .execute((
            &ca.tenant,
            ca.fingerprint.as_bytes(),
            &ca.der,
            &ca.subject_dn,
            ca.not_before.unix(),
            ca.not_after.unix(),
            ca.created_at.unix(),
            ca.modified_at.unix(),
            ca.allow_auto_registration,
        ))?;
    Ok(added == 1)
}

pub(super) fn get(db: &Connection, tenant: &str, fingerprint: &Fingerprint) -> Result<Option<TrustedCa>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM trusted_cas WHERE tenant = ?1 AND fingerprint = ?2"))?
        .query_row((tenant, fingerprint.as_bytes()), record)
        .optional()
}

pub(super) fn list(db: &Connection, tenant: &str) -> Result<Vec<TrustedCa>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM trusted_cas WHERE tenant = ?1 ORDER BY rowid"))?
        .query_map([tenant], record)?
        .collect()
}

pub(super) fn allow(
    db: &Connection,
    tenant: &str,
    fingerprint: &Fingerprint,
    allow: bool,
    at: Time,
) -> Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE trusted_cas SET allow_auto_registration = ?3, modified_at = ?4
             WHERE tenant = ?1 AND fingerprint = ?2",
        )?
        .execute((tenant, fingerprint.as_bytes(), allow, at.unix()))?;
    Ok(changed == 1)
}

pub(super) fn remove(db: &Connection, tenant: &str, fingerprint: &Fingerprint) -> Result<Removal> {
    let key = (tenant, fingerprint.as_bytes());
    let needed = db
        .prepare_cached(
            "SELECT 1 FROM certificates
             WHERE tenant = ?1 AND ca_fingerprint = ?2 AND auto_registered = 0 LIMIT 1",
        )?
        .exists(key)?;
    if get(db, tenant, fingerprint)?.is_none() {
        return Ok(Removal::Missing);
    }
    if needed {
        return Ok(Removal::Needed);
    }
    db.prepare_cached(
        "DELETE FROM certificates WHERE tenant = ?1 AND ca_fingerprint = ?2 AND auto_registered = 1",
    )?
    .execute(key)?;
    db.prepare_cached("DELETE FROM trusted_cas WHERE tenant = ?1 AND fingerprint = ?2")?.execute(key)?;
    Ok(Removal::Removed)
}

fn record(row: &Row<'_>) -> Result<TrustedCa> {
    Ok(TrustedCa {
        tenant: row.get(0)?,
        fingerprint: Fingerprint::from_bytes(row.get(1)?),
        der: row.get(2)?,
        subject_dn: row.get(3)?,
        not_before: Time::from_unix(row.get(4)?),
        not_after: Time::from_unix(row.get(5)?),
        created_at: Time::from_unix(row.get(6)?),
        modified_at: Time::from_unix(row.get(7)?),
        allow_auto_registration: row.get(8)?,
    })
}
