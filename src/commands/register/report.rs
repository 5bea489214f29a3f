//! Report of a registration, rule by rule.

use std::io;

use serde::Serialize;

use super::{Plan, rules::Chain};
use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    output::{
        Ui,
        checks::{Check, Spelled, Spelling, Tone, headline},
        columns,
    },
    pki::facts::Brief,
};

/// The version of the JSON object; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.register/1";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Registered,
    /// It was registered for this device before.
    Already,
    WouldRegister,
    /// A rule fails; no request was sent.
    Refused,
}

/// Names of a rule's parts in JSON.
const SPELLING: Spelling = Spelling {
    name: "rule",
    tone: "verdict",
    message: "text",
    tones: ["good", "doubtful", "bad", "skipped"],
    has_null: false,
};

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    state: State,
    device: &'a str,
    #[serde(flatten)]
    facts: Brief<'a>,
    checks: Vec<Spelled<'a>>,
}

/// Prints the rules and the verdict; its exit code.
pub(super) fn finish(
    plan: &Plan,
    chain: &Chain,
    state: State,
    findings: &[Check],
    ui: &Ui,
) -> Result<Exit, Failure> {
    written(if plan.json { json(plan, chain, state, findings, ui) } else { text(plan, state, findings, ui) })?;
    if state != State::Refused {
        return Ok(Exit::Done);
    }
    for hint in findings.iter().filter_map(|finding| finding.hint.as_ref()) {
        ui.hint(hint);
    }
    Ok(Exit::Failed)
}

fn text(plan: &Plan, state: State, findings: &[Check], ui: &Ui) -> io::Result<()> {
    let (verdict, tone) = match state {
        State::Registered => (format!("registered for {}", plan.device), Tone::Good),
        State::Already => (format!("already registered for {}", plan.device), Tone::Good),
        State::WouldRegister => (format!("would be registered for {}", plan.device), Tone::Good),
        State::Refused => ("not registered".to_owned(), Tone::Bad),
    };
    ui.text(&headline(&plan.certificate.display().to_string(), &verdict, tone))?;
    findings.iter().try_for_each(|finding| ui.data(&finding.line(columns::of_stdout())))
}

fn json(plan: &Plan, chain: &Chain, state: State, findings: &[Check], ui: &Ui) -> io::Result<()> {
    ui.json(&Line {
        schema: SCHEMA,
        state,
        device: plan.device.as_str(),
        facts: (&chain.leaf).into(),
        checks: findings.iter().map(|finding| finding.spelled(&SPELLING)).collect(),
    })
}
