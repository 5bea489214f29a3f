//! Revocation lists, and the revocations in them: all, or those of a part.

use tokio_postgres::{Client, Transaction, types::Type};

use super::{fault::Fault, pool::begin, revocations::reason};
use crate::{
    authority::{
        partition::Part,
        repository::{ListHead, Revocation, StoredCrl},
    },
    pki::time::Time,
};

/// The last octet of a serial number, as the index has it.
const OCTET: &str = "get_byte(serial, octet_length(serial) - 1)";

/// The table of a list, its number there, and the SQL for the number of URLs it names.
fn place(part: Part) -> (&'static str, i32, &'static str) {
    if part.is_whole() { ("crl", 1, "0::bigint") } else { ("crl_parts", part.number().into(), "urls") }
}

fn octets(part: Part) -> Vec<i32> {
    part.octets().map(i32::from).collect()
}

pub(super) async fn add_url(transaction: &Transaction<'_>, url: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO crl_urls (url) VALUES ($1) ON CONFLICT DO NOTHING";
    transaction.execute_typed(sql, &[(&url, Type::TEXT)]).await?;
    Ok(())
}

pub(super) async fn urls(client: &Client) -> Result<Vec<String>, Fault> {
    let rows = client.query_typed("SELECT url FROM crl_urls ORDER BY url", &[]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// SQL for the number of the latest revocation: the largest of those of a part's octets, each found in the index.
fn last(part: Part) -> String {
    if part.is_whole() {
        return "SELECT coalesce(max(id), 0) FROM revocations".to_owned();
    }
    format!(
        "SELECT coalesce(max(one.id), 0) FROM unnest($1::integer[]) AS wanted (octet)
         CROSS JOIN LATERAL (SELECT id FROM revocations WHERE {OCTET} = wanted.octet ORDER BY id DESC LIMIT 1) AS one"
    )
}

/// The number of the latest list, that of the latest revocation, and how many URLs there are.
pub(super) async fn head(client: &Client, part: Part) -> Result<ListHead, Fault> {
    let (table, id, _) = place(part);
    let (last, octets) = (last(part), octets(part));
    let urls = if part.is_whole() { "0::bigint" } else { "(SELECT count(*) FROM crl_urls)" };
    let sql = format!("SELECT coalesce((SELECT number FROM {table} WHERE id = {id}), 0), ({last}), {urls}");
    let row = if part.is_whole() {
        client.query_typed_one(&sql, &[]).await?
    } else {
        client.query_typed_one(&sql, &[(&octets, Type::INT4_ARRAY)]).await?
    };
    let number: i64 = row.try_get(0)?;
    Ok(ListHead {
        number: u64::try_from(number).unwrap_or(0),
        last_revocation: row.try_get(1)?,
        urls: row.try_get(2)?,
    })
}

pub(super) async fn revocations(
    client: &mut Client,
    part: Part,
    since: Time,
) -> Result<(Vec<Revocation>, i64), Fault> {
    // The number first: a revocation that arrives in between is listed early, never forgotten.
    let last = head(client, part).await?.last_revocation;
    let transaction = begin(client).await?;
    let octets = octets(part);
    let sql = format!(
        "SELECT serial, revoked_at, reason FROM revocations WHERE not_after >= $1 AND ($2 OR {OCTET} = ANY($3)) ORDER BY id"
    );
    let all = part.is_whole();
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] =
        [(&since.unix(), Type::INT8), (&all, Type::BOOL), (&octets, Type::INT4_ARRAY)];
    let rows = transaction.query_typed(&sql, &values).await?;
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

pub(super) async fn get(client: &Client, part: Part) -> Result<Option<StoredCrl>, Fault> {
    let (table, id, urls) = place(part);
    let sql =
        format!("SELECT number, der, this_update, next_update, covers, {urls} FROM {table} WHERE id = {id}");
    let Some(row) = client.query_typed_opt(&sql, &[]).await? else { return Ok(None) };
    let number: i64 = row.try_get(0)?;
    Ok(Some(StoredCrl {
        number: u64::try_from(number).unwrap_or(0),
        der: row.try_get(1)?,
        this_update: Time::from_unix(row.try_get(2)?),
        next_update: Time::from_unix(row.try_get(3)?),
        covers: row.try_get(4)?,
        urls: row.try_get(5)?,
    }))
}

/// Puts a list in the place of the one before it; false when another one is there by now.
pub(super) async fn save(transaction: &Transaction<'_>, part: Part, crl: &StoredCrl) -> Result<bool, Fault> {
    let (table, id, _) = place(part);
    let sql = format!(
        "INSERT INTO {table} (id, number, der, this_update, next_update, covers) VALUES ({id}, $1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, der = excluded.der,
            this_update = excluded.this_update, next_update = excluded.next_update, covers = excluded.covers
        WHERE {table}.number = excluded.number - 1 OR {table}.der = excluded.der"
    );
    let number = i64::try_from(crl.number).unwrap_or(i64::MAX);
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 5] = [
        (&number, Type::INT8),
        (&crl.der, Type::BYTEA),
        (&crl.this_update.unix(), Type::INT8),
        (&crl.next_update.unix(), Type::INT8),
        (&crl.covers, Type::INT8),
    ];
    let saved = transaction.execute_typed(&sql, &values).await?;
    if saved == 1 && !part.is_whole() {
        let sql = "UPDATE crl_parts SET urls = $2 WHERE id = $1";
        transaction.execute_typed(sql, &[(&id, Type::INT4), (&crl.urls, Type::INT8)]).await?;
    }
    Ok(saved == 1)
}
