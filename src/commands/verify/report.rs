//! What a verify run says about each certificate.

use std::io;

use serde::Serialize;

use super::check::{Asked, Check, Outcome, Verdict};
use crate::{
    failure::Exit,
    output::{
        Ui, Verbosity,
        checks::{self, Tone},
    },
    pki::{fingerprint::Fingerprint, revocation::State, time::Time},
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.verify/1";

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    input: &'a str,
    verdict: &'static str,
    /// The exit code if this were the only certificate.
    code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Facts<'a>>,
    checks: &'a [Check],
    revocation: &'a [Asked],
    /// Fingerprints, leaf to anchor.
    path: Vec<Fingerprint>,
    /// Certificate policies the path is valid under (RFC 5280 §6.1.6).
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    policies: &'a [String],
}

#[derive(Serialize)]
struct Facts<'a> {
    fingerprint: Fingerprint,
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    not_before: Time,
    not_after: Time,
}

pub(super) fn show(label: &str, verdict: &Verdict, json: bool, ui: &Ui) -> io::Result<()> {
    if json {
        return ui.json(&record(label, verdict));
    }
    if ui.verbosity() == Verbosity::Quiet && verdict.exit == Exit::Done {
        return Ok(());
    }
    let (_, words, tone) = naming(verdict);
    let words = if verdict.exit == Exit::Revoked && is_only_on_hold(verdict) { "ON HOLD" } else { words };
    ui.text(&checks::headline(label, words, tone))?;
    for check in &verdict.checks {
        let tone = match check.outcome {
            Outcome::Passed => Tone::Good,
            Outcome::Warning => Tone::Doubtful,
            Outcome::Failed => Tone::Bad,
            Outcome::Skipped => Tone::Silent,
        };
        ui.data(&checks::line(tone, check.name, &check.message))?;
    }
    Ok(())
}

/// A hold can be lifted: whoever reads should not throw the certificate away yet.
fn is_only_on_hold(verdict: &Verdict) -> bool {
    !verdict.revocation.iter().any(|asked| matches!(asked.revocation.state, State::Revoked { .. }))
}

fn record<'a>(label: &'a str, verdict: &'a Verdict) -> Record<'a> {
    let (name, _, _) = naming(verdict);
    Record {
        schema: SCHEMA,
        input: label,
        verdict: name,
        code: verdict.exit as u8,
        certificate: verdict.leaf.as_ref().map(|leaf| Facts {
            fingerprint: leaf.fingerprint(),
            subject: &leaf.subject,
            issuer: &leaf.issuer,
            serial: &leaf.serial,
            not_before: leaf.not_before,
            not_after: leaf.not_after,
        }),
        checks: &verdict.checks,
        revocation: &verdict.revocation,
        path: verdict.path.iter().map(crate::pki::certificate::Certificate::fingerprint).collect(),
        policies: &verdict.policies,
    }
}

/// For programs, for people, and how it is meant. Good is only what passed every check; where revocation was not
/// demanded and nobody can say, nothing is wrong, but that is another word.
fn naming(verdict: &Verdict) -> (&'static str, &'static str, Tone) {
    let has_passed = verdict.checks.iter().all(|check| check.outcome == Outcome::Passed);
    match verdict.exit {
        Exit::Done if has_passed => ("good", "GOOD", Tone::Good),
        Exit::Done => ("valid", "VALID, NOT ALL CHECKED", Tone::Doubtful),
        Exit::ExpiresSoon => ("expires_soon", "EXPIRES SOON", Tone::Doubtful),
        Exit::Expired => ("expired", "EXPIRED", Tone::Bad),
        Exit::Revoked => ("revoked", "REVOKED", Tone::Bad),
        Exit::NotYetValid => ("not_yet_valid", "NOT YET VALID", Tone::Bad),
        Exit::NotTrusted => ("not_trusted", "NOT TRUSTED", Tone::Bad),
        Exit::Indeterminate => ("indeterminate", "REVOCATION NOT DETERMINABLE", Tone::Bad),
        _ => ("unreadable", "UNREADABLE", Tone::Bad),
    }
}
