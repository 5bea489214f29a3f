//! New certificates, many in one statement.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio_postgres::{Transaction, types::Type};

use super::{certificates::fingerprint, fault::Fault};
use crate::{authority::repository::StoredCertificate, pki::fingerprint::Fingerprint};

/// A certificate to be added.
#[derive(Clone, Debug)]
pub(super) struct Addition {
    pub(super) certificate: Arc<StoredCertificate>,
    /// Its device enters the registry in the same step.
    pub(super) register: bool,
}

/// In the order of their keys, so that two instances that add the same wait for each other and do not lock each other
/// out. A clash of any kind leaves a row out, and no other.
const INSERT: &str = "
WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::boolean[], $11::boolean[], $12::text[], $13::bytea[], $14::boolean[])
        AS w (tenant, fingerprint, serial, der, subject_dn, not_before, not_after, created_at, modified_at,
            issued_here, auto_registered, device, ca_fingerprint, register)
), added AS (
    INSERT INTO certificates (tenant, fingerprint, serial, der, subject_dn, not_before, not_after, created_at,
        modified_at, issued_here, auto_registered, device, ca_fingerprint)
    SELECT tenant, fingerprint, serial, der, subject_dn, not_before, not_after, created_at, modified_at,
        issued_here, auto_registered, device, ca_fingerprint
    FROM wanted ORDER BY fingerprint
    ON CONFLICT DO NOTHING
    RETURNING fingerprint
), registered AS (
    INSERT INTO devices (tenant, id, label, created)
    SELECT DISTINCT ON (tenant, device) tenant, device, device, created_at
    FROM wanted JOIN added USING (fingerprint)
    WHERE register AND device IS NOT NULL ORDER BY tenant, device
    ON CONFLICT DO NOTHING
)
SELECT fingerprint FROM added";

/// Adds records that are not there, and returns which were new. With `again`, an earlier attempt may have been
/// committed: a record that is there and equals the one to be added counts as new.
pub(super) async fn add(
    transaction: &Transaction<'_>,
    batch: &[Addition],
    again: bool,
) -> Result<Vec<bool>, Fault> {
    let records = || batch.iter().map(|addition| &*addition.certificate);
    let tenants: Vec<&str> = records().map(|record| record.tenant.as_str()).collect();
    let fingerprints: Vec<&[u8]> = records().map(|record| record.fingerprint.as_bytes().as_slice()).collect();
    let serials: Vec<&[u8]> = records().map(|record| record.serial.as_slice()).collect();
    let ders: Vec<&[u8]> = records().map(|record| record.der.as_slice()).collect();
    let subjects: Vec<&str> = records().map(|record| record.subject_dn.as_str()).collect();
    let begins: Vec<i64> = records().map(|record| record.not_before.unix()).collect();
    let ends: Vec<i64> = records().map(|record| record.not_after.unix()).collect();
    let created: Vec<i64> = records().map(|record| record.created_at.unix()).collect();
    let modified: Vec<i64> = records().map(|record| record.modified_at.unix()).collect();
    let here: Vec<bool> = records().map(|record| record.issued_here).collect();
    let automatic: Vec<bool> = records().map(|record| record.auto_registered).collect();
    let devices: Vec<Option<&str>> = records().map(|record| record.device.as_deref()).collect();
    let cas: Vec<Option<&[u8]>> =
        records().map(|record| record.ca.as_ref().map(|ca| ca.as_bytes().as_slice())).collect();
    let register: Vec<bool> = batch.iter().map(|addition| addition.register).collect();
    let rows = transaction
        .query_typed(
            INSERT,
            &[
                (&tenants, Type::TEXT_ARRAY),
                (&fingerprints, Type::BYTEA_ARRAY),
                (&serials, Type::BYTEA_ARRAY),
                (&ders, Type::BYTEA_ARRAY),
                (&subjects, Type::TEXT_ARRAY),
                (&begins, Type::INT8_ARRAY),
                (&ends, Type::INT8_ARRAY),
                (&created, Type::INT8_ARRAY),
                (&modified, Type::INT8_ARRAY),
                (&here, Type::BOOL_ARRAY),
                (&automatic, Type::BOOL_ARRAY),
                (&devices, Type::TEXT_ARRAY),
                (&cas, Type::BYTEA_ARRAY),
                (&register, Type::BOOL_ARRAY),
            ],
        )
        .await?;
    let mut new: HashSet<Fingerprint> = HashSet::with_capacity(rows.len());
    for row in &rows {
        new.insert(fingerprint(row.try_get(0)?)?);
    }
    if again && new.len() < batch.len() {
        new.extend(committed_before(transaction, batch).await?);
    }
    // Of two alike in one batch the first one is new.
    Ok(batch.iter().map(|addition| new.remove(&addition.certificate.fingerprint)).collect())
}

/// Those of the batch that are there as they were to be added.
async fn committed_before(
    transaction: &Transaction<'_>,
    batch: &[Addition],
) -> Result<Vec<Fingerprint>, Fault> {
    let wanted: HashMap<Fingerprint, &StoredCertificate> =
        batch.iter().map(|addition| (addition.certificate.fingerprint, &*addition.certificate)).collect();
    let fingerprints: Vec<&[u8]> = wanted.keys().map(|fingerprint| fingerprint.as_bytes().as_slice()).collect();
    let sql =
        "SELECT fingerprint, tenant, device, created_at, der FROM certificates WHERE fingerprint = ANY($1)";
    let mut there = Vec::new();
    for row in transaction.query_typed(sql, &[(&fingerprints, Type::BYTEA_ARRAY)]).await? {
        let fingerprint = fingerprint(row.try_get(0)?)?;
        let Some(record) = wanted.get(&fingerprint) else { continue };
        let (tenant, device): (&str, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
        let (created, der): (i64, &[u8]) = (row.try_get(3)?, row.try_get(4)?);
        if tenant == record.tenant
            && device == record.device.as_deref()
            && created == record.created_at.unix()
            && der == record.der
        {
            there.push(fingerprint);
        }
    }
    Ok(there)
}
