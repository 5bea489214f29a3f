//! Trusted CAs.

use tokio_postgres::{
    Client, Row, Transaction,
    types::{ToSql, Type},
};

use super::{certificates::fingerprint, fault::Fault};
use crate::{
    authority::repository::{Removal, TrustedCa},
    pki::{fingerprint::Fingerprint, time::Time},
};

const COLUMNS: &str = "tenant, fingerprint, der, subject_dn, not_before, not_after, created_at, modified_at, \
                       allow_auto_registration";

pub(super) async fn add(transaction: &Transaction<'_>, ca: &TrustedCa) -> Result<bool, Fault> {
    let sql = "
        INSERT INTO trusted_cas (tenant, fingerprint, der, subject_dn, not_before, not_after, created_at,
            modified_at, allow_auto_registration)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let added = transaction
        .execute_typed(
            sql,
            &[
                (&ca.tenant, Type::TEXT),
                (&ca.fingerprint.as_bytes().as_slice(), Type::BYTEA),
                (&ca.der, Type::BYTEA),
                (&ca.subject_dn, Type::TEXT),
                (&ca.not_before.unix(), Type::INT8),
                (&ca.not_after.unix(), Type::INT8),
                (&ca.created_at.unix(), Type::INT8),
                (&ca.modified_at.unix(), Type::INT8),
                (&ca.allow_auto_registration, Type::BOOL),
            ],
        )
        .await?;
    Ok(added == 1)
}

pub(super) async fn get(
    client: &Client,
    tenant: &str,
    fingerprint: &Fingerprint,
) -> Result<Option<TrustedCa>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM trusted_cas WHERE tenant = $1 AND fingerprint = $2");
    client
        .query_typed_opt(&sql, &key(&tenant, &fingerprint.as_bytes().as_slice()))
        .await?
        .as_ref()
        .map(record)
        .transpose()
}

pub(super) async fn list(client: &Client, tenant: &str) -> Result<Vec<TrustedCa>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM trusted_cas WHERE tenant = $1 ORDER BY id");
    client.query_typed(&sql, &[(&tenant, Type::TEXT)]).await?.iter().map(record).collect()
}

pub(super) async fn allow(
    transaction: &Transaction<'_>,
    tenant: &str,
    fingerprint: &Fingerprint,
    allow: bool,
    at: Time,
) -> Result<bool, Fault> {
    let sql = "UPDATE trusted_cas SET allow_auto_registration = $3, modified_at = $4
               WHERE tenant = $1 AND fingerprint = $2";
    let changed = transaction
        .execute_typed(
            sql,
            &[
                (&tenant, Type::TEXT),
                (&fingerprint.as_bytes().as_slice(), Type::BYTEA),
                (&allow, Type::BOOL),
                (&at.unix(), Type::INT8),
            ],
        )
        .await?;
    Ok(changed == 1)
}

pub(super) async fn remove(
    transaction: &Transaction<'_>,
    tenant: &str,
    fingerprint: &Fingerprint,
) -> Result<Removal, Fault> {
    let bytes = fingerprint.as_bytes().as_slice();
    let key = key(&tenant, &bytes);
    // Two that remove it wait for each other.
    let there = "SELECT FROM trusted_cas WHERE tenant = $1 AND fingerprint = $2 FOR UPDATE";
    if transaction.query_typed_opt(there, &key).await?.is_none() {
        return Ok(Removal::Missing);
    }
    let needed =
        "SELECT FROM certificates WHERE tenant = $1 AND ca_fingerprint = $2 AND NOT auto_registered LIMIT 1";
    if transaction.query_typed_opt(needed, &key).await?.is_some() {
        return Ok(Removal::Needed);
    }
    let automatic = "DELETE FROM certificates WHERE tenant = $1 AND ca_fingerprint = $2 AND auto_registered";
    transaction.execute_typed(automatic, &key).await?;
    transaction.execute_typed("DELETE FROM trusted_cas WHERE tenant = $1 AND fingerprint = $2", &key).await?;
    Ok(Removal::Removed)
}

fn key<'a>(tenant: &'a &str, fingerprint: &'a &[u8]) -> [(&'a (dyn ToSql + Sync), Type); 2] {
    [(tenant, Type::TEXT), (fingerprint, Type::BYTEA)]
}

fn record(row: &Row) -> Result<TrustedCa, Fault> {
    let time = |column: usize| row.try_get(column).map(Time::from_unix);
    Ok(TrustedCa {
        tenant: row.try_get(0)?,
        fingerprint: fingerprint(row.try_get(1)?)?,
        der: row.try_get(2)?,
        subject_dn: row.try_get(3)?,
        not_before: time(4)?,
        not_after: time(5)?,
        created_at: time(6)?,
        modified_at: time(7)?,
        allow_auto_registration: row.try_get(8)?,
    })
}
