//! Revocations and the list made of them.

use tokio_postgres::{Client, Transaction, types::Type};
use x509_cert::ext::pkix::CrlReason;

use super::{fault::Fault, pool::begin};
use crate::{
    authority::repository::{ListHead, Revocation, Status, StoredCrl},
    pki::time::Time,
};

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

/// The number of the latest list, and that of the latest revocation.
pub(super) async fn head(client: &Client) -> Result<ListHead, Fault> {
    let sql = "SELECT coalesce((SELECT number FROM crl), 0), coalesce((SELECT max(id) FROM revocations), 0)";
    let row = client.query_typed_one(sql, &[]).await?;
    let number: i64 = row.try_get(0)?;
    Ok(ListHead { number: u64::try_from(number).unwrap_or(0), last_revocation: row.try_get(1)? })
}

pub(super) async fn since(client: &mut Client, since: Time) -> Result<(Vec<Revocation>, i64), Fault> {
    let transaction = begin(client).await?;
    // The number first: a revocation that arrives in between is listed early, never forgotten.
    let last = "SELECT coalesce(max(id), 0) FROM revocations";
    let last: i64 = transaction.query_typed_one(last, &[]).await?.try_get(0)?;
    let sql = "SELECT serial, revoked_at, reason FROM revocations WHERE not_after >= $1 ORDER BY id";
    let rows = transaction.query_typed(sql, &[(&since.unix(), Type::INT8)]).await?;
    let revocation = |row: &tokio_postgres::Row| -> Result<Revocation, Fault> {
        Ok(Revocation {
            serial: row.try_get(0)?,
            at: Time::from_unix(row.try_get(1)?),
            reason: reason(row.try_get(2)?),
        })
    };
    let found = rows.iter().map(revocation).collect::<Result<_, _>>()?;
    transaction.commit().await?;
    Ok((found, last))
}

pub(super) async fn crl(client: &Client) -> Result<Option<StoredCrl>, Fault> {
    let sql = "SELECT number, der, this_update, next_update, covers FROM crl";
    let Some(row) = client.query_typed_opt(sql, &[]).await? else { return Ok(None) };
    let number: i64 = row.try_get(0)?;
    Ok(Some(StoredCrl {
        number: u64::try_from(number).unwrap_or(0),
        der: row.try_get(1)?,
        this_update: Time::from_unix(row.try_get(2)?),
        next_update: Time::from_unix(row.try_get(3)?),
        covers: row.try_get(4)?,
    }))
}

/// Puts a list in the place of the one before it; false when another one is there by now.
pub(super) async fn save_crl(transaction: &Transaction<'_>, crl: &StoredCrl) -> Result<bool, Fault> {
    let sql = "
        INSERT INTO crl (id, number, der, this_update, next_update, covers) VALUES (1, $1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, der = excluded.der,
            this_update = excluded.this_update, next_update = excluded.next_update, covers = excluded.covers
        WHERE crl.number = excluded.number - 1 OR crl.der = excluded.der";
    let number = i64::try_from(crl.number).unwrap_or(i64::MAX);
    let saved = transaction
        .execute_typed(
            sql,
            &[
                (&number, Type::INT8),
                (&crl.der, Type::BYTEA),
                (&crl.this_update.unix(), Type::INT8),
                (&crl.next_update.unix(), Type::INT8),
                (&crl.covers, Type::INT8),
            ],
        )
        .await?;
    Ok(saved == 1)
}

fn reason(code: i32) -> CrlReason {
    u32::try_from(code).ok().and_then(|code| CrlReason::try_from(code).ok()).unwrap_or(CrlReason::Unspecified)
}
