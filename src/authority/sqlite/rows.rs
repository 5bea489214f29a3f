//! Rows of any table, for a copy.

use rusqlite::{Connection, Result, params_from_iter, types::Value};

use crate::authority::copy::{Cell, Kind, Table, UNFINISHED};

/// Rows after a key, in the order of their keys.
pub(super) fn read(
    db: &Connection,
    table: &Table,
    after: Option<&[Cell]>,
    limit: u32,
) -> Result<Vec<Vec<Cell>>> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let (all, key) = (names.join(", "), names[..table.key].join(", "));
    let condition = match after {
        Some(after) => format!("WHERE ({key}) > ({})", vec!["?"; after.len()].join(", ")),
        None => String::new(),
    };
    let sql = format!("SELECT {all} FROM {} {condition} ORDER BY {key} LIMIT {limit}", table.name);
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(after.unwrap_or_default().iter().map(value)), |row| {
        table.columns.iter().enumerate().map(|(at, (_, kind))| Ok(cell(row.get(at)?, *kind))).collect()
    })?;
    rows.collect()
}

/// Adds those that are not there.
pub(super) fn write(db: &Connection, table: &Table, rows: &[Vec<Cell>]) -> Result<()> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let places = vec!["?"; names.len()].join(", ");
    let sql =
        format!("INSERT INTO {} ({}) VALUES ({places}) ON CONFLICT DO NOTHING", table.name, names.join(", "));
    let mut insert = db.prepare_cached(&sql)?;
    for row in rows {
        insert.execute(params_from_iter(row.iter().map(value)))?;
    }
    Ok(())
}

pub(super) fn end(db: &Connection) -> Result<()> {
    db.execute("DELETE FROM meta WHERE key = ?1", [UNFINISHED]).map(|_| ())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Number(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Bytes(bytes) => Value::Blob(bytes.clone()),
        Cell::Flag(flag) => Value::Integer(i64::from(*flag)),
    }
}

fn cell(value: Value, kind: Kind) -> Cell {
    match value {
        Value::Integer(number) if kind == Kind::Flag => Cell::Flag(number != 0),
        Value::Integer(number) => Cell::Number(number),
        Value::Text(text) => Cell::Text(text),
        Value::Blob(bytes) => Cell::Bytes(bytes),
        Value::Null | Value::Real(_) => Cell::Null,
    }
}
