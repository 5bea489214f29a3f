//! `certreq config`: where settings come from.

use std::io;

use serde::Serialize;

use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    output::{Table, Ui, columns, count, escape},
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.config/1";

/// One setting.
#[derive(Debug, Serialize)]
pub struct Setting {
    pub key: &'static str,
    /// `None` when it is not set.
    pub value: Option<String>,
    #[serde(flatten)]
    pub origin: Origin,
}

/// The source of a value.
#[derive(Debug, Serialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    Flag,
    Variable { name: String },
    Profile { profile: String, path: String, line: usize },
    Default,
}

/// A fault in a configuration file.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub path: String,
    /// From 1.
    pub line: usize,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

#[derive(Serialize)]
struct Line<'a, T> {
    schema: &'static str,
    #[serde(flatten)]
    record: &'a T,
}

/// Prints every setting.
///
/// # Errors
/// When stdout cannot be written.
pub fn show(settings: &[Setting], json: bool, ui: &Ui) -> Result<Exit, Failure> {
    if json {
        return print(settings, |setting| ui.json(&Line { schema: SCHEMA, record: setting }));
    }
    let mut table = Table::new(["SETTING", "VALUE", "FROM"], columns::of_stdout());
    for setting in settings {
        table.row([setting.key, setting.value.as_deref().unwrap_or("-"), &words(&setting.origin)]);
    }
    print(&[table.finish()], |text| ui.data(text))
}

fn words(origin: &Origin) -> String {
    match origin {
        Origin::Flag => "flag".to_owned(),
        Origin::Variable { name } => format!("variable {name}"),
        Origin::Profile { profile, path, line } => format!("profile {profile}, {path} line {line}"),
        Origin::Default => "default".to_owned(),
    }
}

/// Prints the faults that were found in the files.
///
/// # Errors
/// When stdout cannot be written.
pub fn check(looked_at: &[String], findings: &[Finding], json: bool, ui: &Ui) -> Result<Exit, Failure> {
    print(findings, |finding| {
        if json {
            return ui.json(&Line { schema: SCHEMA, record: finding });
        }
        let Finding { path, line, message, hint } = finding;
        ui.text(&escape::line(&format!("{path}, line {line}: {message}")))?;
        hint.as_ref().map_or(Ok(()), |hint| ui.text(&escape::line(&format!("  {hint}"))))
    })?;
    let files = count(looked_at.len(), "configuration file");
    match (looked_at, findings) {
        ([], _) => ui.note("there is no configuration file"),
        (_, []) => ui.note(&format!("{files} checked, no errors: {}", looked_at.join(", "))),
        _ => ui.note(&format!("{files} checked: {}", count(findings.len(), "error"))),
    }
    Ok(if findings.is_empty() { Exit::Done } else { Exit::Failed })
}

fn print<T>(items: &[T], write: impl FnMut(&T) -> io::Result<()>) -> Result<Exit, Failure> {
    written(items.iter().try_for_each(write))?;
    Ok(Exit::Done)
}
