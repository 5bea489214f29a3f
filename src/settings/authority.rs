//! Settings of `certreq authority copy`.

use std::{path::Path, path::PathBuf};

use super::database;
use crate::{
    cli::authority::CopyArgs,
    commands::authority::{Place, Plan},
    failure::Failure,
    output::Ui,
};

/// # Errors
/// Usage failures, and files that cannot be read.
pub fn copy(args: &CopyArgs, ui: &Ui) -> Result<Plan, Failure> {
    let place = |text: &str, file: Option<&Path>| {
        if text.contains("://") {
            database::resolve(Some(text), file, ui).map(Place::Database)
        } else {
            Ok(Place::Directory(PathBuf::from(text)))
        }
    };
    let file = args.database_password_file.as_deref();
    Ok(Plan { from: place(&args.from, file)?, to: place(&args.to, file)? })
}
