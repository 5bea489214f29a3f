//! What an issue run says: a line for each device, and a summary.

use std::{path::Path, time::Instant};

use serde::Serialize;

use super::{Plan, decide::Decision};
use crate::{
    commands::{
        batch::{self, FEW, Failures, Problem},
        stdout::Lines,
    },
    enroll::{DeviceFailure, Issued, Outcome},
    failure::{Exit, Failure},
    fleet::{carried, device_id::DeviceId, layout::Layout},
    output::{Progress, Ui, count, escape},
    pki::time::Time,
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.issue/1";

/// One line of `--format json`.
#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    device: &'a str,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<String>,
    /// Of a certificate that is carried elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    certificate: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Serialize)]
struct Facts {
    fingerprint: String,
    serial: String,
    not_before: Time,
    not_after: Time,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Issued,
    Recovered,
    Skipped,
    /// Left out.
    Revoked,
    Failed,
    WouldIssue,
    WouldReplace,
}

impl State {
    fn words(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Recovered => "recovered",
            Self::Skipped => "skipped",
            Self::Revoked => "revoked, left out",
            Self::Failed => "failed",
            Self::WouldIssue => "would issue",
            Self::WouldReplace => "would replace",
        }
    }
}

/// Counts and speaks.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    json: bool,
    /// Where certificates for requests of other machines go.
    out: Option<&'a Path>,
    every_device: bool,
    total: usize,
    progress: Progress,
    began: Instant,
    issued: usize,
    recovered: usize,
    skipped: usize,
    /// Left out.
    revoked: usize,
    failures: Failures,
    lines: Lines<'a>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, total: usize, ui: &'a Ui) -> Self {
        Self {
            ui,
            json: plan.json,
            out: plan.requests.as_ref().map(|requests| requests.out.as_path()),
            every_device: plan.dry_run || total <= FEW || ui.is_verbose(),
            total,
            progress: ui.progress(total),
            began: Instant::now(),
            issued: 0,
            recovered: 0,
            skipped: 0,
            revoked: 0,
            failures: Failures::default(),
            lines: Lines::new(ui),
        }
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) {
        let Outcome { device, result } = outcome;
        match result {
            Ok(issued) => self.issued(&device, &issued),
            Err(failure) => self.failure(device.as_str(), &failure),
        }
    }

    /// A device of the platform whose id cannot become a directory.
    pub(super) fn unusable_id(&mut self, text: &str, failure: &DeviceFailure) {
        self.failure(text, failure);
    }

    pub(super) fn skipped(&mut self, device: &DeviceId, held: &Issued) {
        self.skipped += 1;
        self.say(device, State::Skipped, held);
    }

    /// Its pair was revoked, and nobody named the device.
    pub(super) fn left_out(&mut self, device: &DeviceId, held: &Issued, words: &str) {
        self.revoked += 1;
        self.ui.detail(&format!("{device}: {words}"));
        self.say(device, State::Revoked, held);
    }

    fn issued(&mut self, device: &DeviceId, issued: &Issued) {
        let state = if issued.recovered { State::Recovered } else { State::Issued };
        *(if issued.recovered { &mut self.recovered } else { &mut self.issued }) += 1;
        self.say(device, state, issued);
        batch::surplus(device, issued, self.ui);
    }

    fn say(&mut self, device: &DeviceId, state: State, issued: &Issued) {
        self.progress.advance();
        if self.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device: device.as_str(),
                state,
                directory: self.directory(device),
                file: self.file(device),
                certificate: Some(Facts {
                    fingerprint: issued.fingerprint.to_string(),
                    serial: issued.serial.clone(),
                    not_before: issued.not_before,
                    not_after: issued.not_after,
                }),
                request_id: issued.request_id.as_deref(),
                error: None,
            });
        } else if self.every_device {
            let place = self.place(device);
            let until = issued.not_after;
            self.lines.text(&format!("{device}  {}  valid until {until}  {place}", state.words()));
        }
    }

    fn directory(&self, device: &DeviceId) -> Option<String> {
        self.out.is_none().then(|| Layout::device_name(device))
    }

    fn file(&self, device: &DeviceId) -> Option<String> {
        self.out.map(|out| carried::certificate(out, device).display().to_string())
    }

    /// Where its certificate is, for a line of text.
    fn place(&self, device: &DeviceId) -> String {
        self.file(device).unwrap_or_else(|| format!("{}/", Layout::device_name(device)))
    }

    /// Some device has its certificate.
    pub(super) fn brought_any(&self) -> bool {
        self.issued + self.recovered + self.skipped > 0
    }

    fn failure(&mut self, device: &str, failure: &DeviceFailure) {
        self.progress.advance();
        self.failures.add(failure);
        if self.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device,
                state: State::Failed,
                directory: None,
                file: None,
                certificate: None,
                request_id: None,
                error: Some(Problem::of(failure).resumable(failure.resumable)),
            });
        } else if !failure.not_reached || self.every_device {
            // A run of many that ended early says how many are left, not which.
            self.ui.device_failure(device, &failure.message, failure.hint.as_deref());
        }
    }

    /// What would be done, for `--dry-run`.
    pub(super) fn plan(mut self, decisions: Vec<(DeviceId, Decision)>) -> Result<Exit, Failure> {
        for (device, decision) in decisions {
            match decision {
                Decision::Skip(held) => self.skipped(&device, &held),
                Decision::LeaveOut(held, words) => self.left_out(&device, &held, &words),
                Decision::Refuse(failure) => self.failure(device.as_str(), &failure),
                Decision::Issue { occupied, .. } => {
                    let state = match occupied {
                        crate::fleet::vault::Occupied::Refuse => State::WouldIssue,
                        crate::fleet::vault::Occupied::Archive => State::WouldReplace,
                    };
                    self.intention(&device, state);
                }
            }
        }
        self.progress.finish();
        self.ui
            .note(&format!("dry run: nothing was written, {} would be issued", count(self.issued, "device")));
        self.lines.end()?;
        Ok(self.failures.exit(self.total - self.failures.number(), None))
    }

    fn intention(&mut self, device: &DeviceId, state: State) {
        self.issued += 1;
        if self.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device: device.as_str(),
                state,
                directory: self.directory(device),
                file: self.file(device),
                certificate: None,
                request_id: None,
                error: None,
            });
        } else {
            self.lines.text(&format!("{device}  {}  {}", state.words(), self.place(device)));
        }
    }

    /// The summary, and the exit code of the run.
    pub(super) fn finish(self, place: &str, cause: Option<Exit>) -> Result<Exit, Failure> {
        self.progress.finish();
        let done = self.issued + self.recovered + self.skipped + self.revoked;
        let seconds = self.began.elapsed().as_secs_f64();
        let mut parts = vec![format!("{} issued", self.issued)];
        parts.extend(batch::parts([
            (self.recovered, "recovered"),
            (self.skipped, "already valid, skipped"),
            (self.revoked, "revoked, left out"),
            (self.failures.number() - self.failures.not_reached, "failed"),
            (self.failures.not_reached, "not reached"),
        ]));
        self.ui.note(&format!(
            "{} in {seconds:.1} s: {} (by {})",
            count(self.total, "device"),
            parts.join(", "),
            escape::line(place)
        ));
        batch::stopped(place, cause, self.ui);
        if self.revoked > 0 {
            self.ui.hint("revoked devices get new pairs with certreq renew --revoked, or by name with --force");
        }
        if self.failures.resumable > 0 {
            let verb = if cause == Some(Exit::Interrupted) { "interrupted; " } else { "" };
            self.ui.hint(&format!(
                "{verb}{} can be finished: run the same command again",
                count(self.failures.resumable, "device")
            ));
        }
        self.lines.end()?;
        Ok(self.failures.exit(done, cause))
    }
}
