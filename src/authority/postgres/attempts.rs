//! Attempts to log in, counted by all instances together.

use tokio_postgres::{Transaction, types::Type};

use super::fault::Fault;
use crate::authority::repository::{Counting, Tally};

/// Changes the states of these keys in one step. No other instance sees them meanwhile, so ten attempts at ten
/// instances are ten attempts.
pub(super) async fn count(
    transaction: &Transaction<'_>,
    keys: &[[u8; 32]],
    change: &Counting,
) -> Result<(), Fault> {
    // Always in the same order: two that need both never wait for each other.
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by_key(|place| keys[*place]);
    let mut states = vec![Tally::default(); keys.len()];
    for place in &places {
        let key = keys[*place].as_slice();
        let sql = "INSERT INTO login_attempts (key, state, used_at) VALUES ($1, '', 0)
                   ON CONFLICT (key) DO UPDATE SET used_at = login_attempts.used_at RETURNING state";
        let row = transaction.query_typed_one(sql, &[(&key, Type::BYTEA)]).await?;
        states[*place] = Tally::read(row.try_get(0)?);
    }
    let at = change(&mut states);
    for place in &places {
        let (key, state) = (keys[*place].as_slice(), states[*place].written());
        let sql = "UPDATE login_attempts SET state = $2, used_at = $3 WHERE key = $1";
        transaction
            .execute_typed(sql, &[(&key, Type::BYTEA), (&state, Type::BYTEA), (&at.unix(), Type::INT8)])
            .await?;
    }
    // A state that is older than an hour counts no more.
    let old = at.plus(-3600).unix();
    let sql = "DELETE FROM login_attempts WHERE key IN (
                   SELECT key FROM login_attempts WHERE used_at < $1 LIMIT 100 FOR UPDATE SKIP LOCKED)";
    transaction.execute_typed(sql, &[(&old, Type::INT8)]).await?;
    Ok(())
}
