//! Revocations, one by one.

use tokio_postgres::{Client, Transaction, types::Type};
use x509_cert::ext::pkix::CrlReason;

use super::fault::Fault;
use crate::{authority::repository::Status, pki::time::Time};

/// Held by every transaction that revokes, until its end; "crtq", and 2.
const LOCK: i64 = 0x6372_7471_0000_0002;

/// A revocation gets its number when it is written and is seen when it is committed. Without this, one with a smaller
/// number could be seen after one with a larger, and a list that says it is complete up to that would lack it.
pub(super) async fn number_one_after_the_other(transaction: &Transaction<'_>) -> Result<(), Fault> {
    transaction.query_typed("SELECT pg_advisory_xact_lock($1)", &[(&LOCK, Type::INT8)]).await?;
    Ok(())
}

/// The status of each, in one question.
pub(super) async fn statuses(client: &Client, serials: &[Option<Vec<u8>>]) -> Result<Vec<Status>, Fault> {
    let sql = "
        SELECT r.revoked_at, r.reason, EXISTS (SELECT FROM certificates c WHERE c.serial = w.serial AND c.issued_here)
        FROM unnest($1::bytea[]) WITH ORDINALITY AS w (serial, place)
        LEFT JOIN revocations r ON r.serial = w.serial ORDER BY w.place";
    let rows = client.query_typed(sql, &[(&serials, Type::BYTEA_ARRAY)]).await?;
    let status = |row: &tokio_postgres::Row| -> Result<Status, Fault> {
        let (at, code): (Option<i64>, Option<i32>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(match (at, code, row.try_get(2)?) {
            (Some(at), Some(code), _) => Status::Revoked { at: Time::from_unix(at), reason: reason(code) },
            (_, _, true) => Status::Good,
            _ => Status::Unknown,
        })
    };
    rows.iter().map(status).collect()
}

pub(super) fn reason(code: i32) -> CrlReason {
    u32::try_from(code).ok().and_then(|code| CrlReason::try_from(code).ok()).unwrap_or(CrlReason::Unspecified)
}
