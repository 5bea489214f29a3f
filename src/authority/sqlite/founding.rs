//! What an authority is born with.

use rusqlite::{Connection, OptionalExtension, Result};
use zeroize::Zeroizing;

use crate::authority::repository::Founding;

pub(super) fn read(db: &Connection) -> Result<Option<Founding>> {
    let value = |key: &str| -> Result<Option<Vec<u8>>> {
        db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
    };
    let root = value("root")?;
    let token_key = value("token_key")?.map(Zeroizing::new);
    Ok(root.zip(token_key).map(|(root, token_key)| Founding { root, token_key }))
}

pub(super) fn write(db: &Connection, founding: &Founding) -> Result<()> {
    let mut insert = db.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(("root", &founding.root))?;
    insert.execute(("token_key", founding.token_key.as_slice())).map(|_| ())
}
