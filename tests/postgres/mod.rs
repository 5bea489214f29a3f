//! The records in Postgres: one server, several servers, and what happens when one of them, or the database, is killed.

mod copied;
mod killed;
mod reached;
mod shared;
mod way_through;

/// There is no Postgres, and that was said.
fn missing(what: &str) -> bool {
    crate::support::postgres::shared(what).is_none()
}
