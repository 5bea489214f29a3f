//! Records that are removed, many in one statement; certificates issued here are revoked by it.

use std::collections::HashSet;

use tokio_postgres::{Transaction, types::Type};
use x509_cert::ext::pkix::CrlReason;

use super::{fault::Fault, revocations};
use crate::pki::{fingerprint::Fingerprint, time::Time};

/// A certificate to be removed.
#[derive(Clone, Debug)]
pub(super) struct Removal {
    pub(super) tenant: String,
    pub(super) fingerprint: Fingerprint,
    pub(super) at: Time,
    pub(super) reason: CrlReason,
}

/// A revocation keeps the fingerprint, by which an attempt whose answer was lost is known again.
const DELETE: &str = "
WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::integer[]) WITH ORDINALITY
        AS w (tenant, fingerprint, at, reason, place)
), removed AS (
    DELETE FROM certificates c USING wanted w
    WHERE c.fingerprint = w.fingerprint AND c.tenant = w.tenant
    RETURNING w.place, w.at, w.reason, c.fingerprint, c.serial, c.issued_here, c.not_after
), revoked AS (
    INSERT INTO revocations (serial, revoked_at, reason, not_after, fingerprint)
    SELECT serial, at, reason, not_after, fingerprint FROM removed WHERE issued_here ORDER BY place
    ON CONFLICT DO NOTHING
)
SELECT place FROM removed";

/// Removes records that are there, and returns which were. With `again`, an earlier attempt may have been committed:
/// a certificate that was revoked at that very moment counts as removed now.
pub(super) async fn remove(
    transaction: &Transaction<'_>,
    batch: &[Removal],
    again: bool,
) -> Result<Vec<bool>, Fault> {
    revocations::number_one_after_the_other(transaction).await?;
    let tenants: Vec<&str> = batch.iter().map(|removal| removal.tenant.as_str()).collect();
    let fingerprints: Vec<&[u8]> =
        batch.iter().map(|removal| removal.fingerprint.as_bytes().as_slice()).collect();
    let moments: Vec<i64> = batch.iter().map(|removal| removal.at.unix()).collect();
    let reasons: Vec<i32> = batch.iter().map(|removal| removal.reason as i32).collect();
    let rows = transaction
        .query_typed(
            DELETE,
            &[
                (&tenants, Type::TEXT_ARRAY),
                (&fingerprints, Type::BYTEA_ARRAY),
                (&moments, Type::INT8_ARRAY),
                (&reasons, Type::INT4_ARRAY),
            ],
        )
        .await?;
    let mut removed: HashSet<usize> = HashSet::with_capacity(rows.len());
    for row in &rows {
        let place: i64 = row.try_get(0)?;
        removed.extend(usize::try_from(place - 1));
    }
    if again {
        let sql = "SELECT w.place FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS w (fingerprint, at, place)
                   JOIN revocations r ON r.fingerprint = w.fingerprint AND r.revoked_at = w.at";
        let known = [
            (&fingerprints as &(dyn tokio_postgres::types::ToSql + Sync), Type::BYTEA_ARRAY),
            (&moments, Type::INT8_ARRAY),
        ];
        for row in transaction.query_typed(sql, &known).await? {
            let place: i64 = row.try_get(0)?;
            removed.extend(usize::try_from(place - 1));
        }
    }
    Ok((0..batch.len()).map(|place| removed.contains(&place)).collect())
}
