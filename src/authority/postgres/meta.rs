//! The root and the token key of a new authority, and the secrets its instances share.

use tokio_postgres::{Client, Transaction, types::Type};
use zeroize::Zeroizing;

use super::fault::Fault;
use crate::authority::repository::Genesis;

pub(super) async fn get(client: &Client, key: &str) -> Result<Option<Vec<u8>>, Fault> {
    let found = client.query_typed_opt("SELECT value FROM meta WHERE key = $1", &[(&key, Type::TEXT)]).await?;
    Ok(found.map(|row| row.try_get(0)).transpose()?)
}

/// Keeps a value unless there is one; the one that is there afterwards.
pub(super) async fn keep(transaction: &Transaction<'_>, key: &str, value: &[u8]) -> Result<Vec<u8>, Fault> {
    let sql = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    transaction.execute_typed(sql, &[(&key, Type::TEXT), (&value, Type::BYTEA)]).await?;
    let kept = "SELECT value FROM meta WHERE key = $1";
    Ok(transaction.query_typed_one(kept, &[(&key, Type::TEXT)]).await?.try_get(0)?)
}

pub(super) async fn genesis(client: &Client) -> Result<Option<Genesis>, Fault> {
    let root = get(client, "root").await?;
    let token_key = get(client, "token_key").await?.map(Zeroizing::new);
    Ok(root.zip(token_key).map(|(root, token_key)| Genesis { root, token_key }))
}

/// False when another instance was quicker: its root stands.
pub(super) async fn found(transaction: &Transaction<'_>, genesis: &Genesis) -> Result<bool, Fault> {
    let root = keep(transaction, "root", &genesis.root).await?;
    if root != genesis.root {
        return Ok(false);
    }
    keep(transaction, "token_key", &genesis.token_key).await?;
    Ok(true)
}
