//! The root and the token key of a new authority.

use rusqlite::{Connection, OptionalExtension, Result};
use zeroize::Zeroizing;

use crate::authority::{
    partition::{self, Partitions},
    repository::Genesis,
};

pub(super) fn read(db: &Connection) -> Result<Option<Genesis>> {
    let value = |key: &str| -> Result<Option<Vec<u8>>> {
        db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
    };
    let root = value("root")?;
    let token_key = value("token_key")?.map(Zeroizing::new);
    Ok(root.zip(token_key).map(|(root, token_key)| Genesis { root, token_key }))
}

pub(super) fn has(db: &Connection, key: &str) -> Result<bool> {
    db.prepare_cached("SELECT 1 FROM meta WHERE key = ?1")?.exists([key])
}

/// In how many parts revocation lists are.
pub(super) fn partitions(db: &Connection) -> Result<Option<Vec<u8>>> {
    db.query_row("SELECT value FROM meta WHERE key = ?1", [partition::NAME], |row| row.get(0)).optional()
}

/// The directory is locked: there is no other one to be quicker.
pub(super) fn set_partitions(db: &Connection, partitions: Partitions) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING";
    db.execute(sql, (partition::NAME, partitions.count().to_string().into_bytes())).map(drop)
}

/// The directory is locked: there is never another one.
pub(super) fn write(db: &Connection, genesis: &Genesis) -> Result<bool> {
    let mut insert = db.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(("root", &genesis.root))?;
    insert.execute(("token_key", genesis.token_key.as_slice())).map(|_| true)
}
