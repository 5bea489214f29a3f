//! `certreq authority copy`: the records of an authority in another database.

use std::path::PathBuf;

use crate::{
    authority::{
        Database,
        copy::{self, Store},
    },
    commands::stdout::Lines,
    failure::{Exit, Failure},
    output::{Ui, count},
    pki::fingerprint::Fingerprint,
};

/// One side.
#[derive(Debug)]
pub enum Place {
    Directory(PathBuf),
    Database(Database),
}

/// Every decision of a copy.
#[derive(Debug)]
pub struct Plan {
    pub from: Place,
    pub to: Place,
}

/// Copies, and prints the number of rows of each table.
///
/// # Errors
/// When a side cannot be used, or both differ afterwards.
pub async fn copy(plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    if let Place::Directory(dir) = &plan.from
        && !Database::exists(dir)
    {
        return Err(Failure::failed(format!("there is no authority in {}", dir.display())));
    }
    let (from, to) = (open(&plan.from).await?, open(&plan.to).await?);
    let mut lines = Lines::new(ui);
    copy::copy(&from, &to, |copied| {
        let digest: String = Fingerprint::from_bytes(copied.digest).to_string().chars().take(23).collect();
        let before =
            if copied.before > 0 { format!(", {} there before", copied.before) } else { String::new() };
        let rows = count(usize::try_from(copied.rows).unwrap_or(usize::MAX), "row");
        lines.text(&format!("{}  {rows}{before}  SHA-256 {digest}..  the same on both sides", copied.table));
    })
    .await?;
    lines.end()?;
    ui.hint("the key is not in the records: copy ca.key to the directory of each server");
    Ok(Exit::Done)
}

async fn open(place: &Place) -> Result<Store, Failure> {
    Ok(match place {
        Place::Directory(dir) => Store::in_directory(dir).await?,
        Place::Database(database) => Store::in_database(database).await?,
    })
}
