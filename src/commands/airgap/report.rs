//! What the verbs say: a line for each device, and a summary.

use serde::Serialize;

use crate::{
    commands::{
        batch::{self, FEW, Problem},
        stdout::Lines,
    },
    enroll::DeviceFailure,
    failure::{Exit, Failure},
    output::{Ui, count},
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
};

/// One line of `--format json`.
#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    device: &'a str,
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<&'a str>,
    /// SHA-256 of the SubjectPublicKeyInfo.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<Fingerprint>,
    #[serde(flatten)]
    certificate: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Serialize)]
struct Facts {
    fingerprint: Fingerprint,
    serial: String,
    not_before: Time,
    not_after: Time,
}

/// Of whom a report is: its schema, and how it counts.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    schema: &'static str,
    json: bool,
    every_device: bool,
    done: usize,
    skipped: usize,
    failed: Vec<Exit>,
    lines: Lines<'a>,
}

/// What became of one device that did not fail.
pub(super) struct Line<'a> {
    pub(super) device: &'a str,
    pub(super) state: &'static str,
    pub(super) file: Option<&'a str>,
    /// Of its pair.
    pub(super) directory: Option<&'a str>,
    pub(super) public_key: Option<Fingerprint>,
    pub(super) leaf: Option<&'a Certificate>,
    /// Behind the state, for people.
    pub(super) words: String,
}

impl<'a> Report<'a> {
    pub(super) fn new(schema: &'static str, json: bool, total: usize, ui: &'a Ui) -> Self {
        let every_device = total <= FEW || ui.is_verbose();
        Self { ui, schema, json, every_device, done: 0, skipped: 0, failed: Vec::new(), lines: Lines::new(ui) }
    }

    pub(super) fn done(&mut self, line: &Line<'_>) {
        self.done += 1;
        self.say(line);
    }

    /// Done, and said elsewhere.
    pub(super) fn counted(&mut self) {
        self.done += 1;
    }

    pub(super) fn skipped(&mut self, line: &Line<'_>) {
        self.skipped += 1;
        self.say(line);
    }

    pub(super) fn done_so_far(&self) -> usize {
        self.done
    }

    fn say(&mut self, line: &Line<'_>) {
        if self.json {
            self.lines.json(&Record {
                schema: self.schema,
                device: line.device,
                state: line.state,
                file: line.file,
                directory: line.directory,
                public_key: line.public_key,
                certificate: line.leaf.map(|leaf| Facts {
                    fingerprint: leaf.fingerprint(),
                    serial: leaf.serial.clone(),
                    not_before: leaf.not_before,
                    not_after: leaf.not_after,
                }),
                error: None,
            });
        } else if self.every_device {
            let Line { device, state, words, .. } = line;
            self.lines.text(format!("{device}  {state}  {words}").trim_end());
        }
    }

    pub(super) fn failed(&mut self, device: &str, failure: &DeviceFailure) {
        self.failed.push(failure.exit);
        if self.json {
            self.lines.json(&Record {
                schema: self.schema,
                device,
                state: "failed",
                file: None,
                directory: None,
                public_key: None,
                certificate: None,
                error: Some(Problem::of(failure)),
            });
        } else {
            self.ui.device_failure(device, &failure.message, failure.hint.as_deref());
        }
    }

    /// The summary (`3 keys made, 1 there already`), and the exit code.
    pub(super) fn finish(self, what: &str, verb: &str) -> Result<Exit, Failure> {
        let mut parts = vec![format!("{} {verb}", count(self.done, what))];
        parts.extend(batch::parts([(self.skipped, "there already"), (self.failed.len(), "failed")]));
        self.ui.note(&parts.join(", "));
        self.lines.end()?;
        Ok(Exit::of_batch(self.done + self.skipped, &self.failed))
    }
}
