//! The list, for people and for programs.

use std::path::Path;

use serde::Serialize;

use super::check::{self, Area, area};
use crate::{
    commands::stdout::written,
    failure::Failure,
    output::{
        Ui,
        checks::{Check, Spelled, Spelling, Tone},
        columns, count, escape,
    },
    pki::time::Time,
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.doctor/1";
const SPELLING: Spelling = Spelling {
    name: "name",
    tone: "state",
    message: "message",
    tones: ["ok", "warn", "fail", "skipped"],
    has_null: true,
};
/// Where texts begin.
const INDENT: usize = 20;

/// Head of the report: platform, directory, and time.
pub(super) struct Heads<'a> {
    /// URL or directory.
    pub(super) place: String,
    pub(super) directory: &'a Path,
    pub(super) now: Time,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    at: Time,
    /// The worst of all checks.
    state: &'static str,
    /// The code the program ends with.
    exit: u8,
    platform: &'a str,
    directory: String,
    checks: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    area: Area,
    #[serde(flatten)]
    check: Spelled<'a>,
}

/// # Errors
/// When stdout cannot be written; a closed pipe is no error.
pub(super) fn print(
    heads: &Heads<'_>,
    checks: &[Check],
    json: bool,
    width: Option<usize>,
    ui: &Ui,
) -> Result<(), Failure> {
    written(if json {
        ui.json(&Document {
            schema: SCHEMA,
            at: heads.now,
            state: SPELLING.word(worst(checks)),
            exit: check::exit(checks) as u8,
            platform: &heads.place,
            directory: heads.directory.display().to_string(),
            checks: checks
                .iter()
                .map(|check| Line { area: area(check), check: check.spelled(&SPELLING) })
                .collect(),
        })
    } else {
        ui.text(&text(heads, checks, width))
    })
}

fn worst(checks: &[Check]) -> Tone {
    let is = |tone| checks.iter().any(|check| check.tone == tone);
    [Tone::Bad, Tone::Doubtful].into_iter().find(|tone| is(*tone)).unwrap_or(Tone::Good)
}

fn text(heads: &Heads<'_>, checks: &[Check], width: Option<usize>) -> String {
    let mut lines = Vec::new();
    let mut part = None;
    for check in checks {
        let area = area(check);
        if part != Some(area) {
            part = Some(area);
            let title = match area {
                Area::Machine => "This machine".to_owned(),
                Area::Platform => format!("Platform {}", heads.place),
                Area::Fleet => format!("Fleet {}", heads.directory.display()),
            };
            lines.extend(columns::wrap(&escape::line(&title), width.unwrap_or(usize::MAX)));
        }
        lines.push(check.line(width));
        if let Some(hint) = &check.hint {
            lines.extend(next(hint, width));
        }
    }
    lines.push(summary(checks));
    lines.join("\n")
}

/// The next step, below what it is for.
fn next(hint: &str, width: Option<usize>) -> Vec<String> {
    const MARK: &str = "-> ";
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT + MARK.len()));
    let lines = columns::wrap(&escape::line(hint), room).into_iter();
    lines
        .enumerate()
        .map(|(number, line)| {
            let mark = if number == 0 { MARK } else { "" };
            format!("{:INDENT$}{mark:3}{line}", "")
        })
        .collect()
}

fn summary(checks: &[Check]) -> String {
    let number = |tone| checks.iter().filter(|check| check.tone == tone).count();
    let made = checks.len() - number(Tone::Silent);
    let mut parts = Vec::new();
    for (tone, words) in [(Tone::Bad, "FAIL"), (Tone::Doubtful, "WARN"), (Tone::Good, "ok")] {
        if number(tone) > 0 {
            parts.push(format!("{} {words}", number(tone)));
        }
    }
    let skipped = match number(Tone::Silent) {
        0 => String::new(),
        number => format!("; {number} skipped"),
    };
    format!("{}: {}{skipped}", count(made, "check"), parts.join(", "))
}
