//! `certreq completions` and `certreq man`: texts for packagers, on stdout or as files.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::Command,
};

use crate::{
    commands::stdout::written,
    custody,
    failure::{Exit, Failure},
    output::{self, Ui, count},
};

/// A text, and the name of its file.
#[derive(Debug)]
pub struct Page {
    pub name: String,
    pub text: String,
}

/// Pages to write, and their place.
#[derive(Debug)]
pub struct Plan {
    pub pages: Vec<Page>,
    /// A directory; stdout without it.
    pub out: Option<PathBuf>,
}

/// Opens one page in `man` when stdout is a terminal and `man` is there; else as [`run`].
///
/// # Errors
/// As [`run`].
pub fn open(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    if let (None, [page]) = (&plan.out, plan.pages.as_slice())
        && ui.prints_for_a_person()
        && shown(page).is_ok()
    {
        return Ok(Exit::Done);
    }
    run(plan, ui)
}

/// `man` reads a page from a file; `-l` says that it is one.
fn shown(page: &Page) -> io::Result<()> {
    let mut file = tempfile::Builder::new().suffix(".1").tempfile()?;
    file.write_all(page.text.as_bytes())?;
    let ended = Command::new("man").arg("-l").arg(file.path()).status()?;
    if ended.success() { Ok(()) } else { Err(io::Error::other("man does not show it")) }
}

/// Writes it. Files of the same names are replaced, others stay.
///
/// # Errors
/// When stdout or the directory cannot be written.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    let Some(out) = &plan.out else {
        for page in &plan.pages {
            written(ui.data(page.text.trim_end_matches('\n')))?;
        }
        return Ok(Exit::Done);
    };
    let failed = |error: io::Error| Failure::failed(format!("{} cannot be written: {error}", out.display()));
    custody::create_directory(out).map_err(failed)?;
    for page in &plan.pages {
        output::file::replace(&out.join(&page.name), page.text.as_bytes()).map_err(failed)?;
    }
    ui.note(&format!("{} written to {}", count(plan.pages.len(), "file"), out.display()));
    Ok(Exit::Done)
}
