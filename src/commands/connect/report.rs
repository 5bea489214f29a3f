//! Report of a connect run: each step as it is done, or a line for each of many directories.

use std::{collections::BTreeMap, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{Plan, Target, cause::Cause, probe::ProbeResult};
use crate::{
    commands::{outcomes::name, stdout::written},
    connection::mqtt::Message,
    failure::{Exit, Failure},
    output::{
        Ui, Verbosity,
        checks::{Check, Spelled, Spelling, Tone, headline, milliseconds},
        columns, count, escape,
    },
    pki::facts::Identity,
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.connect/1";
const SPELLING: Spelling = Spelling {
    name: "step",
    tone: "state",
    message: "text",
    tones: ["ok", "warning", "failed", "skipped"],
    has_null: false,
};

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
    chain: Vec<Identity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    messages: Vec<Received<'a>>,
    steps: Vec<Spelled<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Serialize)]
struct Agreed<'a> {
    version: &'a str,
    cipher: &'a str,
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
struct Problem<'a> {
    step: &'a str,
    cause: Cause,
    message: &'a str,
    hint: &'a str,
}

/// Hints that are printed at the end, each once for all directories; more would only scroll by.
const FEW: usize = 5;

/// Counts the results and prints them.
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

    /// Prints the first line of the only directory.
    pub(super) fn begin(&self, directory: &Path) -> Result<(), Failure> {
        if self.json || self.is_quiet() {
            return Ok(());
        }
        written(self.ui.text(&escape::line(&format!("{} to {}", directory.display(), self.target))))
    }

    /// Prints a step of the only directory. A closed stdout is reported at the end.
    pub(super) fn step(&self, step: &Check) {
        if !self.json && (!self.is_quiet() || step.is_bad()) {
            let _ = self.ui.text(&step.line(self.width));
        }
    }

    /// The end of the one directory's way.
    pub(super) fn one(&self, result: &ProbeResult) -> Result<Exit, Failure> {
        if self.json {
            written(self.ui.json(&record(self.target, result)))?;
        } else if !self.is_quiet() || result.trouble.is_some() {
            written(self.ui.text(&verdict(result)))?;
        }
        if let Some(trouble) = &result.trouble {
            self.hint(&trouble.next);
        }
        Ok(result.exit())
    }

    /// One of many is done.
    pub(super) fn another(&mut self, result: &ProbeResult) -> Result<(), Failure> {
        match &result.trouble {
            None => self.accepted += 1,
            Some(trouble) => {
                self.failed.push(result.exit());
                *self.causes.entry(name(trouble.cause)).or_default() += 1;
                if !self.hints.contains(&trouble.next) {
                    self.hints.push(trouble.next.clone());
                }
            }
        }
        if self.json {
            return written(self.ui.json(&record(self.target, result)));
        }
        if self.is_quiet() && result.trouble.is_none() {
            return Ok(());
        }
        written(self.ui.text(&verdict(result)))?;
        for step in &result.steps {
            if self.ui.is_verbose() || step.is_bad() {
                written(self.ui.text(&step.line(self.width)))?;
            }
        }
        Ok(())
    }

    /// The summary of many.
    pub(super) fn finish(&self) -> Exit {
        let causes: Vec<String> =
            self.causes.iter().map(|(cause, number)| format!("{number} {}", cause.replace('_', " "))).collect();
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

fn verdict(result: &ProbeResult) -> String {
    match &result.trouble {
        None => headline(&result.label, "ACCEPTED", Tone::Good),
        Some(trouble) if trouble.cause == Cause::CertificateNotRequested => {
            headline(&result.label, "NOT PROVEN", Tone::Bad)
        }
        Some(_) => headline(&result.label, "FAILED", Tone::Bad),
    }
}

fn record<'a>(target: &Target, result: &'a ProbeResult) -> Record<'a> {
    Record {
        schema: SCHEMA,
        directory: &result.label,
        device: result.device.as_deref(),
        server: target.to_string(),
        state: if result.trouble.is_none() { "accepted" } else { "failed" },
        code: result.exit() as u8,
        milliseconds: milliseconds(result.took),
        address: result.address.map(|address| address.to_string()),
        tls: result.agreed.as_ref().map(|(version, cipher)| Agreed { version, cipher }),
        chain: result.chain.iter().map(Identity::from).collect(),
        status: result.status,
        messages: result.messages.iter().map(received).collect(),
        steps: result.steps.iter().map(|step| step.spelled(&SPELLING)).collect(),
        error: result.trouble.as_ref().map(|trouble| Problem {
            step: result.steps.last().map_or("", |step| step.name),
            cause: trouble.cause,
            message: &trouble.message,
            hint: &trouble.next,
        }),
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
