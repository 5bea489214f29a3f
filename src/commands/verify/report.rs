//! Report of a verify run about each certificate.

use std::io;

use serde::Serialize;

use super::check::{Asked, Verdict};
use crate::{
    failure::Exit,
    fleet::shard::Shard,
    output::{
        Ui, Verbosity,
        checks::{Spelled, Spelling, Tone, headline},
        columns,
    },
    pki::{certificate::Certificate, facts::Identity, fingerprint::Fingerprint, revocation::State},
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.verify/1";
const SPELLING: Spelling = Spelling {
    name: "check",
    tone: "outcome",
    message: "message",
    tones: ["passed", "warning", "failed", "skipped"],
    has_null: false,
};

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Shard>,
    verdict: &'static str,
    /// The exit code if this were the only certificate.
    code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Identity<'a>>,
    checks: Vec<Spelled<'a>>,
    revocation: &'a [Asked],
    /// Fingerprints, leaf to anchor.
    path: Vec<Fingerprint>,
    /// Certificate policies the path is valid under (RFC 5280 §6.1.6).
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    policies: &'a [String],
}

pub(super) fn show(
    label: &str,
    verdict: &Verdict,
    shard: Option<Shard>,
    json: bool,
    ui: &Ui,
) -> io::Result<()> {
    if json {
        return ui.json(&Record { shard, ..record(label, verdict) });
    }
    if ui.verbosity() == Verbosity::Quiet && verdict.exit == Exit::Done {
        return Ok(());
    }
    let (_, words, tone) = naming(verdict);
    let words = if verdict.exit == Exit::Revoked && is_only_on_hold(verdict) { "ON HOLD" } else { words };
    ui.text(&headline(label, words, tone))?;
    verdict.checks.iter().try_for_each(|check| ui.data(&check.line(columns::of_stdout())))
}

/// A hold can be lifted: the certificate should not be thrown away yet.
fn is_only_on_hold(verdict: &Verdict) -> bool {
    !verdict.revocation.iter().any(|asked| matches!(asked.revocation.state, State::Revoked { .. }))
}

fn record<'a>(label: &'a str, verdict: &'a Verdict) -> Record<'a> {
    let (name, _, _) = naming(verdict);
    Record {
        schema: SCHEMA,
        input: label,
        shard: None,
        verdict: name,
        code: verdict.exit as u8,
        certificate: verdict.leaf.as_ref().map(Identity::from),
        checks: verdict.checks.iter().map(|check| check.spelled(&SPELLING)).collect(),
        revocation: &verdict.revocation,
        path: verdict.path.iter().map(Certificate::fingerprint).collect(),
        policies: &verdict.policies,
    }
}

/// The word for programs, the word for people, and its tone. GOOD means that every check passed; where revocation was
/// not demanded and is not known, the word is another.
fn naming(verdict: &Verdict) -> (&'static str, &'static str, Tone) {
    let has_passed = verdict.checks.iter().all(|check| check.tone == Tone::Good);
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
