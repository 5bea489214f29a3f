//! Certificate records.

use rusqlite::{Connection, OptionalExtension, Result, Row, types::Value};
use x509_cert::ext::pkix::CrlReason;

use super::{devices, revocations};
use crate::{
    authority::repository::{CertificateQuery, Device, Field, FieldValue, StoredCertificate, Test},
    pki::{fingerprint::Fingerprint, time::Time},
};

const COLUMNS: &str = "tenant, fingerprint, serial, der, subject_dn, not_before, not_after, created_at, \
                       modified_at, issued_here, auto_registered, device, ca_fingerprint";

pub(super) fn add(db: &Connection, certificate: &StoredCertificate, register: bool) -> Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO certificates (tenant, fingerprint, serial, der, subject_dn, not_before, not_after,
                 created_at, modified_at, issued_here, auto_registered, device, ca_fingerprint)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (fingerprint) DO NOTHING",
        )?
        .execute((
            &certificate.tenant,
            certificate.fingerprint.as_bytes(),
            &certificate.serial,
            &certificate.der,
            &certificate.subject_dn,
            certificate.not_before.unix(),
            certificate.not_after.unix(),
            certificate.created_at.unix(),
            certificate.modified_at.unix(),
            certificate.issued_here,
            certificate.auto_registered,
            &certificate.device,
            certificate.ca.as_ref().map(Fingerprint::as_bytes),
        ))?;
    if let (true, Some(device)) = (register && added == 1, &certificate.device) {
        let device = Device { id: device.clone(), label: device.clone(), created: certificate.created_at };
        devices::add(db, &certificate.tenant, &device)?;
    }
    Ok(added == 1)
}

pub(super) fn get(
    db: &Connection,
    tenant: &str,
    fingerprint: &Fingerprint,
) -> Result<Option<StoredCertificate>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM certificates WHERE fingerprint = ?1 AND tenant = ?2"))?
        .query_row((fingerprint.as_bytes(), tenant), record)
        .optional()
}

pub(super) fn list(
    db: &Connection,
    tenant: &str,
    query: &CertificateQuery,
) -> Result<(Vec<StoredCertificate>, u64)> {
    let (condition, mut values) = condition(tenant, &query.tests);
    let count = format!("SELECT count(*) FROM certificates WHERE {condition}");
    let total: i64 =
        db.prepare_cached(&count)?.query_row(rusqlite::params_from_iter(&values), |row| row.get(0))?;
    values.push(query.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1).into());
    values.push(i64::try_from(query.offset).unwrap_or(i64::MAX).into());
    // The slice is found in an index alone; only then rows, certificates and all, are read.
    let mut select = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM certificates WHERE id IN (
             SELECT id FROM certificates WHERE {condition} ORDER BY id LIMIT ? OFFSET ?) ORDER BY id"
    ))?;
    let records = select.query_map(rusqlite::params_from_iter(&values), record)?.collect::<Result<_>>()?;
    Ok((records, u64::try_from(total).unwrap_or(0)))
}

pub(super) fn set_device(
    db: &Connection,
    tenant: &str,
    fingerprint: &Fingerprint,
    device: Option<&str>,
    at: Time,
) -> Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE certificates SET device = ?3, modified_at = ?4 WHERE fingerprint = ?1 AND tenant = ?2",
        )?
        .execute((fingerprint.as_bytes(), tenant, device, at.unix()))?;
    Ok(changed == 1)
}

pub(super) fn remove(
    db: &Connection,
    tenant: &str,
    fingerprint: &Fingerprint,
    at: Time,
    reason: CrlReason,
) -> Result<bool> {
    let removed: Option<(Vec<u8>, bool, i64)> = db
        .prepare_cached(
            "DELETE FROM certificates WHERE fingerprint = ?1 AND tenant = ?2
             RETURNING serial, issued_here, not_after",
        )?
        .query_row((fingerprint.as_bytes(), tenant), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((serial, issued_here, not_after)) = removed else { return Ok(false) };
    if issued_here {
        revocations::add(db, &serial, at, reason, Time::from_unix(not_after))?;
    }
    Ok(true)
}

fn condition(tenant: &str, tests: &[(Field, Test)]) -> (String, Vec<Value>) {
    let mut sql = String::from("tenant = ?");
    let mut values = vec![Value::from(tenant.to_owned())];
    for (field, test) in tests {
        sql.push_str(" AND ");
        sql.push_str(column(*field));
        match test {
            Test::Missing => sql.push_str(" IS NULL"),
            Test::Is(value) => {
                sql.push_str(" = ?");
                values.push(sql_value(value));
            }
            Test::IsNot(value) => {
                sql.push_str(" IS NOT ?");
                values.push(sql_value(value));
            }
        }
    }
    (sql, values)
}

fn column(field: Field) -> &'static str {
    match field {
        Field::Fingerprint => "fingerprint",
        Field::CaFingerprint => "ca_fingerprint",
        Field::SubjectDn => "subject_dn",
        Field::IssuedHere => "issued_here",
        Field::AutoRegistered => "auto_registered",
        Field::Device => "device",
        Field::Application => "application",
        Field::NotBefore => "not_before",
        Field::NotAfter => "not_after",
        Field::CreatedAt => "created_at",
        Field::ModifiedAt => "modified_at",
    }
}

fn sql_value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) => Value::from(text.clone()),
        FieldValue::Bytes(bytes) => Value::from(bytes.clone()),
        FieldValue::Flag(flag) => Value::from(*flag),
        FieldValue::Time(time) => Value::from(time.unix()),
    }
}

fn record(row: &Row<'_>) -> Result<StoredCertificate> {
    let ca: Option<[u8; 32]> = row.get(12)?;
    Ok(StoredCertificate {
        tenant: row.get(0)?,
        fingerprint: Fingerprint::from_bytes(row.get(1)?),
        serial: row.get(2)?,
        der: row.get(3)?,
        subject_dn: row.get(4)?,
        not_before: Time::from_unix(row.get(5)?),
        not_after: Time::from_unix(row.get(6)?),
        created_at: Time::from_unix(row.get(7)?),
        modified_at: Time::from_unix(row.get(8)?),
        issued_here: row.get(9)?,
        auto_registered: row.get(10)?,
        device: row.get(11)?,
        ca: ca.map(Fingerprint::from_bytes),
    })
}
