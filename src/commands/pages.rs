//! `certreq completions` and `certreq man`: texts for packagers, on stdout or as files.

use std::{io, path::PathBuf};

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

/// What to write.
#[derive(Debug)]
pub struct Plan {
    pub pages: Vec<Page>,
    /// A directory; stdout without it.
    pub out: Option<PathBuf>,
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
