//! An authority's records from one database to another: table by table, in pieces, verified by count and digest.
//!
//! A copy that was cut goes on where it stopped when it is started again. Until it is complete, the copy cannot be used.

use sha2::{Digest, Sha256};

use super::{
    database::Database,
    directory::Directory,
    error::AuthorityError,
    repository::{Repository, StoreError},
};

/// Rows in one piece.
const PIECE: u32 = 1000;

/// Name of a record that stands beside the root while a copy is not complete.
pub(super) const UNFINISHED: &str = "copying";

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    Flag(bool),
}

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    Bytes,
    Flag,
}

/// A table as every database has it.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// The first `key` of them are in the order in which rows are read, and tell one from the other.
    pub columns: &'static [(&'static str, Kind)],
    pub key: usize,
    /// The key is a number that the database gives.
    pub is_numbered: bool,
}

use Kind::{Bytes, Flag, Number, Text};

/// All tables; `meta`, with the root and the token key, comes last.
pub static TABLES: [Table; 9] = [
    Table {
        name: "certificates",
        columns: &[
            ("id", Number),
            ("tenant", Text),
            ("fingerprint", Bytes),
            ("serial", Bytes),
            ("der", Bytes),
            ("subject_dn", Text),
            ("not_before", Number),
            ("not_after", Number),
            ("created_at", Number),
            ("modified_at", Number),
            ("issued_here", Flag),
            ("auto_registered", Flag),
            ("device", Text),
            ("application", Text),
            ("ca_fingerprint", Bytes),
        ],
        key: 1,
        is_numbered: true,
    },
    Table {
        name: "revocations",
        columns: &[
            ("id", Number),
            ("serial", Bytes),
            ("revoked_at", Number),
            ("reason", Number),
            ("not_after", Number),
        ],
        key: 1,
        is_numbered: true,
    },
    Table {
        name: "devices",
        columns: &[("tenant", Text), ("id", Text), ("label", Text), ("created", Number)],
        key: 2,
        is_numbered: false,
    },
    Table {
        name: "users",
        columns: &[("id", Number), ("name", Text), ("tenant", Text), ("is_admin", Flag), ("secret_hash", Text)],
        key: 1,
        is_numbered: true,
    },
    Table {
        name: "trusted_cas",
        columns: &[
            ("tenant", Text),
            ("fingerprint", Bytes),
            ("der", Bytes),
            ("subject_dn", Text),
            ("not_before", Number),
            ("not_after", Number),
            ("created_at", Number),
            ("modified_at", Number),
            ("allow_auto_registration", Flag),
        ],
        key: 2,
        is_numbered: false,
    },
    Table {
        name: "crl",
        columns: &[
            ("id", Number),
            ("number", Number),
            ("der", Bytes),
            ("this_update", Number),
            ("next_update", Number),
            ("covers", Number),
        ],
        key: 1,
        is_numbered: false,
    },
    Table {
        name: "crl_parts",
        columns: &[
            ("id", Number),
            ("number", Number),
            ("der", Bytes),
            ("this_update", Number),
            ("next_update", Number),
            ("covers", Number),
            ("urls", Number),
        ],
        key: 1,
        is_numbered: false,
    },
    Table { name: "crl_urls", columns: &[("url", Text)], key: 1, is_numbered: false },
    Table { name: "meta", columns: &[("key", Text), ("value", Bytes)], key: 1, is_numbered: false },
];

/// One of the two ends: a database, and the directory it belongs to where it is in one.
#[derive(Debug)]
pub struct Store {
    place: String,
    repository: Box<dyn Repository>,
    // Dropped last: the directory stays ours until the database is closed.
    _directory: Option<Directory>,
}

/// Result of the copy of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub table: &'static str,
    pub rows: u64,
    /// Rows that were there before, from a copy that was interrupted.
    pub before: u64,
    /// SHA-256 over all rows, the same on both sides.
    pub digest: [u8; 32],
}

impl Store {
    /// The records in a directory, which is made when it is missing.
    ///
    /// # Errors
    /// When another process uses it, or they are not ours.
    pub async fn in_directory(dir: &std::path::Path) -> Result<Self, AuthorityError> {
        let directory = Directory::open(dir)?;
        let repository = Database::Embedded.open(directory.path()).await?;
        Ok(Self { place: dir.display().to_string(), repository, _directory: Some(directory) })
    }

    /// The records in a database.
    ///
    /// # Errors
    /// When it cannot be reached, or they are not ours.
    pub async fn in_database(database: &Database) -> Result<Self, AuthorityError> {
        let repository = database.open(std::path::Path::new(".")).await?;
        Ok(Self { place: database.place().unwrap_or_default(), repository, _directory: None })
    }
}

/// Copies everything, and reads both sides once more to compare them. `said` hears of each table.
///
/// # Errors
/// When one of them fails, the first holds no authority, the second holds another one, or both differ afterwards.
pub async fn copy(from: &Store, to: &Store, mut said: impl FnMut(&Copied)) -> Result<(), AuthorityError> {
    let failed = |why: String| AuthorityError::Store(StoreError::Failed(why));
    if from.repository.genesis().await?.is_none() {
        return Err(failed(format!("{} holds no authority", from.place)));
    }
    let meta = &TABLES[TABLES.len() - 1];
    let is_begun = |rows: &[Vec<Cell>]| rows.iter().any(|row| row[0] == Cell::Text(UNFINISHED.to_owned()));
    let there = to.repository.rows(meta, None, PIECE).await?;
    if !there.is_empty() && !is_begun(&there) {
        return Err(failed(format!("{} holds an authority already", to.place)));
    }
    let mark = vec![Cell::Text(UNFINISHED.to_owned()), Cell::Bytes(Vec::new())];
    to.repository.put_rows(meta, vec![mark]).await?;
    for table in &TABLES {
        let before = digest(&*to.repository, table).await?.0;
        // Rows of a numbered table come in the order of their numbers, and each piece is there whole.
        let mut after = if table.is_numbered { last(&*to.repository, table).await? } else { None };
        loop {
            let rows = from.repository.rows(table, after.clone(), PIECE).await?;
            let Some(end) = rows.last() else { break };
            after = Some(end[..table.key].to_vec());
            to.repository.put_rows(table, rows).await?;
        }
        let (ours, theirs) = (digest(&*from.repository, table).await?, digest(&*to.repository, table).await?);
        if ours != theirs {
            return Err(failed(format!(
                "{} of {} rows of {} are alike in both; is a server at work on {}?",
                theirs.0, ours.0, table.name, from.place
            )));
        }
        said(&Copied { table: table.name, rows: ours.0, before, digest: ours.1 });
    }
    to.repository.end_copy().await?;
    Ok(())
}

/// The key of the last row.
async fn last(repository: &dyn Repository, table: &'static Table) -> Result<Option<Vec<Cell>>, StoreError> {
    let mut after = None;
    loop {
        let rows = repository.rows(table, after.clone(), PIECE).await?;
        match rows.last() {
            Some(row) => after = Some(row[..table.key].to_vec()),
            None => return Ok(after),
        }
    }
}

/// How many rows there are, and SHA-256 over them; the mark of a copy is not one of them.
async fn digest(repository: &dyn Repository, table: &'static Table) -> Result<(u64, [u8; 32]), StoreError> {
    let (mut hash, mut number, mut after) = (Sha256::new(), 0, None);
    loop {
        let rows = repository.rows(table, after.clone(), PIECE).await?;
        let Some(end) = rows.last() else { return Ok((number, hash.finalize().into())) };
        after = Some(end[..table.key].to_vec());
        for row in rows.iter().filter(|row| row[0] != Cell::Text(UNFINISHED.to_owned())) {
            number += 1;
            for cell in row {
                absorb(&mut hash, cell);
            }
        }
    }
}

fn absorb(hash: &mut Sha256, cell: &Cell) {
    let (kind, bytes): (u8, &[u8]) = match cell {
        Cell::Null => (0, &[]),
        Cell::Number(number) => (1, &number.to_be_bytes()),
        Cell::Text(text) => (2, text.as_bytes()),
        Cell::Bytes(bytes) => (3, bytes),
        Cell::Flag(flag) => (4, &[u8::from(*flag)]),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
