//! What came of it, rule by rule.

use std::io;

use serde::Serialize;

use super::{
    Plan,
    rules::{Chain, Finding, Verdict},
};
use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    output::{
        Ui,
        checks::{self, Tone},
    },
    pki::time::Time,
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
    /// A rule fails; nothing was sent.
    Refused,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    state: State,
    device: &'a str,
    fingerprint: String,
    serial: &'a str,
    not_after: Time,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    rule: &'a str,
    verdict: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// Prints the rules and the verdict; its exit code.
pub(super) fn finish(
    plan: &Plan,
    chain: &Chain,
    state: State,
    findings: &[Finding],
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

fn text(plan: &Plan, state: State, findings: &[Finding], ui: &Ui) -> io::Result<()> {
    let (verdict, tone) = match state {
        State::Registered => (format!("registered for {}", plan.device), Tone::Good),
        State::Already => (format!("already registered for {}", plan.device), Tone::Good),
        State::WouldRegister => (format!("would be registered for {}", plan.device), Tone::Good),
        State::Refused => ("not registered".to_owned(), Tone::Bad),
    };
    ui.text(&checks::headline(&plan.certificate.display().to_string(), &verdict, tone))?;
    for finding in findings {
        let tone = match finding.verdict {
            Verdict::Good => Tone::Good,
            Verdict::Doubtful => Tone::Doubtful,
            Verdict::Bad => Tone::Bad,
        };
        ui.data(&checks::line(tone, finding.rule, &finding.text))?;
    }
    Ok(())
}

fn json(plan: &Plan, chain: &Chain, state: State, findings: &[Finding], ui: &Ui) -> io::Result<()> {
    let checks = findings
        .iter()
        .map(|finding| Check {
            rule: finding.rule,
            verdict: match finding.verdict {
                Verdict::Good => "good",
                Verdict::Doubtful => "doubtful",
                Verdict::Bad => "bad",
            },
            text: &finding.text,
            hint: finding.hint.as_deref(),
        })
        .collect();
    ui.json(&Line {
        schema: SCHEMA,
        state,
        device: plan.device.as_str(),
        fingerprint: chain.leaf.fingerprint().to_string(),
        serial: &chain.leaf.serial,
        not_after: chain.leaf.not_after,
        checks,
    })
}
