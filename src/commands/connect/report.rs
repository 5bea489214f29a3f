//! What a connect run says: each step as it is done, or a line for each of many directories.

use std::{collections::BTreeMap, path::Path, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{
    Plan, Target,
    cause::Cause,
    step::{Proof, State, Step},
};
use crate::{
    commands::stdout::written,
    connection::mqtt::Message,
    failure::{Exit, Failure},
    output::{
        Ui, Verbosity,
        checks::{self, Tone},
        columns, count, escape,
    },
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.connect/1";

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    directory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    server: String,
    /// `accepted` or `failed`.
    state: &'static str,
    /// The exit code if this were the only directory.
    code: u8,
    milliseconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Agreed<'a>>,
    /// As the server presented it, leaf first.
    chain: Vec<Presented<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    messages: Vec<Received<'a>>,
    steps: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Serialize)]
struct Agreed<'a> {
    version: &'a str,
    cipher: &'a str,
}

#[derive(Serialize)]
struct Presented<'a> {
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    fingerprint: Fingerprint,
    not_before: Time,
    not_after: Time,
}

#[derive(Serialize)]
struct Received<'a> {
    topic: &'a str,
    /// When it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_base64: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    step: &'a str,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<f64>,
    text: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    step: &'a str,
    cause: Cause,
    message: &'a str,
    hint: &'a str,
}

/// What many have in common is said once; more than this would only scroll by.
const FEW: usize = 5;

/// Counts and speaks.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    target: &'a Target,
    json: bool,
    total: usize,
    width: Option<usize>,
    accepted: usize,
    failed: Vec<Exit>,
    causes: BTreeMap<String, usize>,
    /// In the order in which they came up.
    hints: Vec<String>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, total: usize, ui: &'a Ui) -> Self {
        Self {
            ui,
            target: &plan.target,
            json: plan.json,
            total,
            width: columns::of_stdout(),
            accepted: 0,
            failed: Vec::new(),
            causes: BTreeMap::new(),
            hints: Vec::new(),
        }
    }

    fn hint(&self, hint: &str) {
        self.ui.hint(&escape::line(hint));
    }

    fn is_quiet(&self) -> bool {
        self.ui.verbosity() == Verbosity::Quiet
    }

    /// The one directory's way begins.
    pub(super) fn begin(&self, directory: &Path) -> Result<(), Failure> {
        if self.json || self.is_quiet() {
            return Ok(());
        }
        written(self.ui.text(&escape::line(&format!("{} to {}", directory.display(), self.target))))
    }

    /// A step of the one directory's way. A reader who has left is told of at the end.
    pub(super) fn step(&self, step: &Step) {
        if !self.json && (!self.is_quiet() || step.state == State::Failed) {
            let _ = self.ui.text(&line(step, self.width));
        }
    }

    /// The end of the one directory's way.
    pub(super) fn one(&self, proof: &Proof) -> Result<Exit, Failure> {
        if self.json {
            written(self.ui.json(&record(self.target, proof)))?;
        } else if !self.is_quiet() || proof.trouble.is_some() {
            written(self.ui.text(&headline(proof)))?;
        }
        if let Some(trouble) = &proof.trouble {
            self.hint(&trouble.next);
        }
        Ok(proof.exit())
    }

    /// One of many is done.
    pub(super) fn another(&mut self, proof: &Proof) -> Result<(), Failure> {
        match &proof.trouble {
            None => self.accepted += 1,
            Some(trouble) => {
                self.failed.push(proof.exit());
                *self.causes.entry(name(trouble.cause)).or_default() += 1;
                if !self.hints.contains(&trouble.next) {
                    self.hints.push(trouble.next.clone());
                }
            }
        }
        if self.json {
            return written(self.ui.json(&record(self.target, proof)));
        }
        if self.is_quiet() && proof.trouble.is_none() {
            return Ok(());
        }
        written(self.ui.text(&headline(proof)))?;
        for step in &proof.steps {
            if self.ui.is_verbose() || step.state == State::Failed {
                written(self.ui.text(&line(step, self.width)))?;
            }
        }
        Ok(())
    }

    /// The summary of many.
    pub(super) fn finish(&self) -> Exit {
        let causes: Vec<String> =
            self.causes.iter().map(|(cause, number)| format!("{number} {cause}")).collect();
        let failed = match self.failed.len() {
            0 => String::new(),
            number => format!(", {number} failed ({})", causes.join(", ")),
        };
        let directories = match self.total {
            1 => "1 directory".to_owned(),
            number => format!("{number} directories"),
        };
        self.ui.note(&format!("{directories} to {}: {} accepted{failed}", self.target, self.accepted));
        for hint in self.hints.iter().take(FEW) {
            self.hint(hint);
        }
        if self.hints.len() > FEW {
            self.ui.note(&format!("and {}; see --format json", count(self.hints.len() - FEW, "other hint")));
        }
        Exit::of_batch(self.accepted, &self.failed)
    }
}

/// `certificate_revoked`, as in the JSON.
fn name(cause: Cause) -> String {
    serde_json::to_value(cause).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn headline(proof: &Proof) -> String {
    match proof.trouble {
        None => checks::headline(&proof.label, "ACCEPTED", Tone::Good),
        Some(_) => checks::headline(&proof.label, "FAILED", Tone::Bad),
    }
}

fn line(step: &Step, width: Option<usize>) -> String {
    let tone = match step.state {
        State::Ok => Tone::Good,
        State::Warning => Tone::Doubtful,
        State::Failed => Tone::Bad,
    };
    let took = step.took.map(|took| format!(" ({} ms)", milliseconds(took))).unwrap_or_default();
    checks::wrapped(tone, step.name, &format!("{}{took}", step.text), width)
}

/// With one decimal.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

fn record<'a>(target: &Target, proof: &'a Proof) -> Record<'a> {
    Record {
        schema: SCHEMA,
        directory: &proof.label,
        device: proof.device.as_deref(),
        server: target.to_string(),
        state: if proof.trouble.is_none() { "accepted" } else { "failed" },
        code: proof.exit() as u8,
        milliseconds: milliseconds(proof.took),
        address: proof.address.map(|address| address.to_string()),
        tls: proof.agreed.as_ref().map(|(version, cipher)| Agreed { version, cipher }),
        chain: proof.chain.iter().map(presented).collect(),
        status: proof.status,
        messages: proof.messages.iter().map(received).collect(),
        steps: proof
            .steps
            .iter()
            .map(|step| Line {
                step: step.name,
                state: step.state,
                milliseconds: step.took.map(milliseconds),
                text: &step.text,
            })
            .collect(),
        error: proof.trouble.as_ref().map(|trouble| Problem {
            step: proof.steps.last().map_or("", |step| step.name),
            cause: trouble.cause,
            message: &trouble.message,
            hint: &trouble.next,
        }),
    }
}

fn presented(certificate: &Certificate) -> Presented<'_> {
    Presented {
        subject: &certificate.subject,
        issuer: &certificate.issuer,
        serial: &certificate.serial,
        fingerprint: certificate.fingerprint(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
    }
}

fn received(message: &Message) -> Received<'_> {
    let text = str::from_utf8(&message.payload).ok();
    Received {
        topic: &message.topic,
        payload: text,
        payload_base64: text.is_none().then(|| STANDARD.encode(&message.payload)),
    }
}
