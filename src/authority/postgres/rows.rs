//! Rows of any table, for a copy.

use tokio_postgres::{
    Client, Row, Transaction,
    types::{ToSql, Type},
};

use super::fault::Fault;
use crate::authority::copy::{Cell, Kind, TABLES, Table, UNFINISHED};

/// Texts are in the order of their octets, independent of the database's own order.
fn ordered(table: &Table) -> String {
    let column = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text => format!("{name} COLLATE \"C\""),
        _ => (*name).to_owned(),
    };
    table.columns[..table.key].iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Rows after a key, in the order of their keys.
pub(super) async fn read(
    client: &Client,
    table: &Table,
    after: Option<&[Cell]>,
    limit: u32,
) -> Result<Vec<Vec<Cell>>, Fault> {
    let all: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let (all, key) = (all.join(", "), ordered(table));
    let values: Vec<Value<'_>> = after
        .unwrap_or_default()
        .iter()
        .zip(table.columns)
        .map(|(cell, (_, kind))| Value::of(cell, *kind))
        .collect();
    let condition = match values.len() {
        0 => String::new(),
        number => {
            let places: Vec<String> = (1..=number).map(|place| format!("${place}")).collect();
            format!("WHERE ({key}) > ({})", places.join(", "))
        }
    };
    let sql = format!("SELECT {all} FROM {} {condition} ORDER BY {key} LIMIT {limit}", table.name);
    let rows = client.query_typed(&sql, &values.iter().map(Value::typed).collect::<Vec<_>>()).await?;
    rows.iter().map(|row| cells(row, table)).collect()
}

/// Adds those that are not there.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    table: &Table,
    rows: &[Vec<Cell>],
) -> Result<(), Fault> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let arrays: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, (_, kind))| format!("${}::{}[]", at + 1, kind_name(*kind)))
        .collect();
    let sql = format!(
        "INSERT INTO {} ({names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest({}) ON CONFLICT DO NOTHING",
        table.name,
        arrays.join(", "),
        names = names.join(", ")
    );
    let columns: Vec<Column<'_>> =
        table.columns.iter().enumerate().map(|(at, (_, kind))| Column::of(rows, at, *kind)).collect();
    transaction.execute_typed(&sql, &columns.iter().map(Column::typed).collect::<Vec<_>>()).await?;
    Ok(())
}

/// Numbers go on after the last one, and the mark goes.
pub(super) async fn end(transaction: &Transaction<'_>) -> Result<(), Fault> {
    for table in TABLES.iter().filter(|table| table.is_numbered) {
        let name = table.name;
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {name}"
        );
        transaction.query_typed(&sql, &[]).await?;
    }
    transaction.execute_typed("DELETE FROM meta WHERE key = $1", &[(&UNFINISHED, Type::TEXT)]).await?;
    Ok(())
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::Flag => "boolean",
    }
}

enum Value<'a> {
    Number(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    Flag(Option<bool>),
}

impl<'a> Value<'a> {
    fn of(cell: &'a Cell, kind: Kind) -> Self {
        match (cell, kind) {
            (Cell::Number(number), _) => Self::Number(Some(*number)),
            (Cell::Text(text), _) => Self::Text(Some(text)),
            (Cell::Bytes(bytes), _) => Self::Bytes(Some(bytes)),
            (Cell::Flag(flag), _) => Self::Flag(Some(*flag)),
            (Cell::Null, Kind::Number) => Self::Number(None),
            (Cell::Null, Kind::Text) => Self::Text(None),
            (Cell::Null, Kind::Bytes) => Self::Bytes(None),
            (Cell::Null, Kind::Flag) => Self::Flag(None),
        }
    }

    fn typed(&self) -> (&(dyn ToSql + Sync), Type) {
        match self {
            Self::Number(number) => (number, Type::INT8),
            Self::Text(text) => (text, Type::TEXT),
            Self::Bytes(bytes) => (bytes, Type::BYTEA),
            Self::Flag(flag) => (flag, Type::BOOL),
        }
    }
}

/// A column of many rows.
enum Column<'a> {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<&'a str>>),
    Bytes(Vec<Option<&'a [u8]>>),
    Flags(Vec<Option<bool>>),
}

impl<'a> Column<'a> {
    fn of(rows: &'a [Vec<Cell>], at: usize, kind: Kind) -> Self {
        let cells = rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Null));
        match kind {
            Kind::Number => Self::Numbers(
                cells.map(|cell| if let Cell::Number(number) = cell { Some(*number) } else { None }).collect(),
            ),
            Kind::Text => Self::Texts(
                cells
                    .map(|cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None })
                    .collect(),
            ),
            Kind::Bytes => Self::Bytes(
                cells
                    .map(|cell| if let Cell::Bytes(bytes) = cell { Some(bytes.as_slice()) } else { None })
                    .collect(),
            ),
            Kind::Flag => Self::Flags(
                cells.map(|cell| if let Cell::Flag(flag) = cell { Some(*flag) } else { None }).collect(),
            ),
        }
    }

    fn typed(&self) -> (&(dyn ToSql + Sync), Type) {
        match self {
            Self::Numbers(numbers) => (numbers, Type::INT8_ARRAY),
            Self::Texts(texts) => (texts, Type::TEXT_ARRAY),
            Self::Bytes(bytes) => (bytes, Type::BYTEA_ARRAY),
            Self::Flags(flags) => (flags, Type::BOOL_ARRAY),
        }
    }
}

fn cells(row: &Row, table: &Table) -> Result<Vec<Cell>, Fault> {
    let cell = |(at, (_, kind)): (usize, &(&str, Kind))| -> Result<Cell, Fault> {
        Ok(match kind {
            // Some numbers are short ones here.
            Kind::Number if *row.columns()[at].type_() == Type::INT4 => {
                row.try_get::<_, Option<i32>>(at)?.map_or(Cell::Null, |number| Cell::Number(number.into()))
            }
            Kind::Number => row.try_get::<_, Option<i64>>(at)?.map_or(Cell::Null, Cell::Number),
            Kind::Text => row.try_get::<_, Option<String>>(at)?.map_or(Cell::Null, Cell::Text),
            Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(at)?.map_or(Cell::Null, Cell::Bytes),
            Kind::Flag => row.try_get::<_, Option<bool>>(at)?.map_or(Cell::Null, Cell::Flag),
        })
    };
    table.columns.iter().enumerate().map(cell).collect()
}
