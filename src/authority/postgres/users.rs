//! Users.

use tokio_postgres::{Client, Transaction, types::Type};

use super::fault::Fault;
use crate::authority::repository::{Group, User};

/// False when the name is taken; the very same record counts as added: an earlier attempt may have been committed.
pub(super) async fn add(transaction: &Transaction<'_>, user: &User) -> Result<bool, Fault> {
    let sql = "
        INSERT INTO users (name, tenant, is_admin, secret_hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET tenant = users.tenant WHERE users.secret_hash = excluded.secret_hash";
    let added = transaction
        .execute_typed(
            sql,
            &[
                (&user.name, Type::TEXT),
                (&user.tenant, Type::TEXT),
                (&(user.group == Group::Admin), Type::BOOL),
                (&user.secret_hash, Type::TEXT),
            ],
        )
        .await?;
    Ok(added == 1)
}

pub(super) async fn set_secret(
    transaction: &Transaction<'_>,
    name: &str,
    secret_hash: &str,
) -> Result<bool, Fault> {
    let sql = "UPDATE users SET secret_hash = $2 WHERE name = $1";
    let changed = transaction.execute_typed(sql, &[(&name, Type::TEXT), (&secret_hash, Type::TEXT)]).await?;
    Ok(changed == 1)
}

pub(super) async fn get(client: &Client, name: &str) -> Result<Option<User>, Fault> {
    let sql = "SELECT id, name, tenant, is_admin, secret_hash FROM users WHERE name = $1";
    let Some(row) = client.query_typed_opt(sql, &[(&name, Type::TEXT)]).await? else { return Ok(None) };
    let is_admin: bool = row.try_get(3)?;
    Ok(Some(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        tenant: row.try_get(2)?,
        group: if is_admin { Group::Admin } else { Group::User },
        secret_hash: row.try_get(4)?,
    }))
}
