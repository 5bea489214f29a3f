//! Revocation lists, and the revocations in them: all, or those of a part.

use rusqlite::{Connection, OptionalExtension, Result};

use super::revocations;
use crate::{
    authority::{
        partition::Part,
        repository::{ListHead, Revocation, StoredCrl},
    },
    pki::time::Time,
};

/// The table of a list, its number there, and the SQL for the number of URLs it names.
fn place(part: Part) -> (&'static str, u16, &'static str) {
    if part.is_whole() { ("crl", 1, "0") } else { ("crl_parts", part.number(), "urls") }
}

/// The last octets of a part's serial numbers, as values of SQL; numbers of our own, nothing that was sent.
fn octets(part: Part) -> String {
    part.octets().map(|octet| format!("x'{octet:02x}'")).collect::<Vec<_>>().join(", ")
}

pub(super) fn add_url(db: &Connection, url: &str) -> Result<()> {
    db.execute("INSERT INTO crl_urls (url) VALUES (?1) ON CONFLICT DO NOTHING", [url]).map(drop)
}

pub(super) fn urls(db: &Connection) -> Result<Vec<String>> {
    db.prepare_cached("SELECT url FROM crl_urls ORDER BY url")?.query_map([], |row| row.get(0))?.collect()
}

/// The number of the latest revocation of a part: the largest of those of its octets, each found in the index.
fn last(db: &Connection, part: Part) -> Result<i64> {
    if part.is_whole() {
        return revocations::last(db);
    }
    let sql = "SELECT coalesce(max(id), 0) FROM revocations WHERE substr(serial, -1) = ?1";
    let mut select = db.prepare_cached(sql)?;
    part.octets().try_fold(0, |most, octet| {
        let one: i64 = select.query_row([[octet].as_slice()], |row| row.get(0))?;
        Ok(most.max(one))
    })
}

pub(super) fn head(db: &Connection, part: Part) -> Result<ListHead> {
    let (table, id, _) = place(part);
    let sql = format!("SELECT number FROM {table} WHERE id = ?1");
    let number: Option<i64> = db.prepare_cached(&sql)?.query_row([id], |row| row.get(0)).optional()?;
    let urls = if part.is_whole() {
        0
    } else {
        db.prepare_cached("SELECT count(*) FROM crl_urls")?.query_row([], |row| row.get(0))?
    };
    let number = number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    Ok(ListHead { number, last_revocation: last(db, part)?, urls })
}

pub(super) fn revocations(db: &Connection, part: Part, since: Time) -> Result<(Vec<Revocation>, i64)> {
    // The number first: a revocation that arrives in between is listed early, never forgotten.
    let last = last(db, part)?;
    let condition =
        if part.is_whole() { String::new() } else { format!("AND substr(serial, -1) IN ({})", octets(part)) };
    let sql = format!(
        "SELECT serial, revoked_at, reason FROM revocations WHERE not_after >= ?1 {condition} ORDER BY id"
    );
    let mut select = db.prepare(&sql)?;
    let revocations = select
        .query_map([since.unix()], |row| {
            Ok(Revocation {
                serial: row.get(0)?,
                at: Time::from_unix(row.get(1)?),
                reason: revocations::reason(row.get(2)?),
            })
        })?
        .collect::<Result<_>>()?;
    Ok((revocations, last))
}

pub(super) fn get(db: &Connection, part: Part) -> Result<Option<StoredCrl>> {
    let (table, id, urls) = place(part);
    let sql =
        format!("SELECT number, der, this_update, next_update, covers, {urls} FROM {table} WHERE id = ?1");
    db.query_row(&sql, [id], |row| {
        let number: i64 = row.get(0)?;
        Ok(StoredCrl {
            number: u64::try_from(number).unwrap_or(0),
            der: row.get(1)?,
            this_update: Time::from_unix(row.get(2)?),
            next_update: Time::from_unix(row.get(3)?),
            covers: row.get(4)?,
            urls: row.get(5)?,
        })
    })
    .optional()
}

pub(super) fn save(db: &Connection, part: Part, crl: &StoredCrl) -> Result<bool> {
    let (table, id, _) = place(part);
    let saved = db
        .prepare_cached(&format!(
            "INSERT INTO {table} (id, number, der, this_update, next_update, covers) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET number = excluded.number, der = excluded.der,
                 this_update = excluded.this_update, next_update = excluded.next_update, covers = excluded.covers
             WHERE {table}.number = excluded.number - 1"
        ))?
        .execute((
            id,
            i64::try_from(crl.number).unwrap_or(i64::MAX),
            &crl.der,
            crl.this_update.unix(),
            crl.next_update.unix(),
            crl.covers,
        ))?;
    if saved == 1 && !part.is_whole() {
        let sql = "UPDATE crl_parts SET urls = ?2 WHERE id = ?1";
        db.prepare_cached(sql)?.execute((id, crl.urls))?;
    }
    Ok(saved == 1)
}
