//! The list, for people and for programs.

use std::path::Path;

use serde::Serialize;

use super::check::{Area, Check, State};
use crate::{
    commands::stdout::written,
    failure::Failure,
    output::{
        Ui,
        checks::{self, Tone},
        columns, count, escape,
    },
    pki::time::Time,
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.doctor/1";
/// Where texts begin.
const INDENT: usize = 20;

/// What was looked at.
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
    state: State,
    /// The code the program ends with.
    exit: u8,
    platform: &'a str,
    directory: String,
    checks: &'a [Check],
}

/// # Errors
/// When stdout cannot be written; a closed pipe is none.
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
            state: worst(checks),
            exit: super::check::exit(checks) as u8,
            platform: &heads.place,
            directory: heads.directory.display().to_string(),
            checks,
        })
    } else {
        ui.text(&text(heads, checks, width))
    })
}

fn worst(checks: &[Check]) -> State {
    let is = |state| checks.iter().any(|check| check.state == state);
    [State::Fail, State::Warn].into_iter().find(|state| is(*state)).unwrap_or(State::Ok)
}

fn text(heads: &Heads<'_>, checks: &[Check], width: Option<usize>) -> String {
    let mut lines = Vec::new();
    let mut area = None;
    for check in checks {
        if area != Some(check.area) {
            area = Some(check.area);
            let title = match check.area {
                Area::Machine => "This machine".to_owned(),
                Area::Platform => format!("Platform {}", heads.place),
                Area::Fleet => format!("Fleet {}", heads.directory.display()),
            };
            lines.extend(columns::wrap(&escape::line(&title), width.unwrap_or(usize::MAX)));
        }
        lines.push(checks::wrapped(tone(check.state), check.name, &check.message, width));
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
    let number = |state| checks.iter().filter(|check| check.state == state).count();
    let made = checks.len() - number(State::Skipped);
    let mut parts = Vec::new();
    for (state, words) in [(State::Fail, "FAIL"), (State::Warn, "WARN"), (State::Ok, "ok")] {
        if number(state) > 0 {
            parts.push(format!("{} {words}", number(state)));
        }
    }
    let skipped = match number(State::Skipped) {
        0 => String::new(),
        number => format!("; {number} not made"),
    };
    format!("{}: {}{skipped}", count(made, "check"), parts.join(", "))
}

fn tone(state: State) -> Tone {
    match state {
        State::Ok => Tone::Good,
        State::Warn => Tone::Doubtful,
        State::Fail => Tone::Bad,
        State::Skipped => Tone::Silent,
    }
}
