//! Users.

use rusqlite::{Connection, OptionalExtension, Result};

use crate::authority::repository::{Group, User};

pub(super) fn add(db: &Connection, user: &User) -> Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO users (name, tenant, is_admin, secret_hash) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO NOTHING",
        )?
        .execute((&user.name, &user.tenant, user.group == Group::Admin, &user.secret_hash))?;
    Ok(added == 1)
}

pub(super) fn set_secret(db: &Connection, name: &str, secret_hash: &str) -> Result<bool> {
    let changed =
        db.prepare_cached("UPDATE users SET secret_hash = ?2 WHERE name = ?1")?.execute((name, secret_hash))?;
    Ok(changed == 1)
}

pub(super) fn get(db: &Connection, name: &str) -> Result<Option<User>> {
    db.prepare_cached("SELECT id, name, tenant, is_admin, secret_hash FROM users WHERE name = ?1")?
        .query_row([name], |row| {
            let is_admin: bool = row.get(3)?;
            Ok(User {
                id: row.get(0)?,
                name: row.get(1)?,
                tenant: row.get(2)?,
                group: if is_admin { Group::Admin } else { Group::User },
                secret_hash: row.get(4)?,
            })
        })
        .optional()
}
