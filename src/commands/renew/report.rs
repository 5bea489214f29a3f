//! What a renewal says: a line for each device, and a summary.

use std::time::Instant;

use serde::Serialize;

use super::{
    Plan,
    aftermath::Paid,
    cycle::{End, Next},
    due::Why,
};
use crate::{
    commands::{
        batch::{self, FEW, Failures, Problem},
        stdout::Lines,
    },
    enroll::{DeviceFailure, Issued},
    failure::{Exit, Failure},
    fleet::{device_id::DeviceId, layout::Layout},
    output::{Progress, Ui, count, escape},
    pki::{certificate::Certificate, time::Time},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.renew/1";

/// One line of `--format json`.
#[derive(Default, Serialize)]
struct Record<'a> {
    schema: &'static str,
    device: &'a str,
    state: &'static str,
    directory: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Time>,
    /// When it becomes due.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Time>,
    /// Why it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// Fingerprints that were deleted on the platform, or were gone already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deleted: Vec<&'a str>,
    /// Of a failed device, of a command that failed, or of an old certificate that is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

/// Counts and speaks.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    json: bool,
    watch: bool,
    every_device: bool,
    total: usize,
    progress: Progress,
    began: Instant,
    pub(super) renewed: Vec<(DeviceId, Issued)>,
    later: usize,
    /// Left out.
    revoked: usize,
    would_renew: usize,
    settled: usize,
    /// Pairs that are in use, and something after that went wrong.
    unsettled: usize,
    failures: Failures,
    /// Nobody can say whether devices were revoked.
    undetermined: bool,
    lines: Lines<'a>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &Plan, total: usize, ui: &'a Ui) -> Self {
        Self {
            ui,
            json: plan.json,
            watch: plan.watch,
            every_device: plan.dry_run || ui.is_verbose() || (total <= FEW && !plan.watch),
            total,
            progress: ui.progress(if plan.watch { 0 } else { total }),
            began: Instant::now(),
            renewed: Vec::new(),
            later: 0,
            revoked: 0,
            would_renew: 0,
            settled: 0,
            unsettled: 0,
            failures: Failures::default(),
            undetermined: false,
            lines: Lines::new(ui),
        }
    }

    /// Nothing to do for this one yet. Who stays says nothing of it: it would be the same in every cycle.
    pub(super) fn later(&mut self, device: &DeviceId, due_at: Time, leaf: &Certificate) {
        self.progress.advance();
        self.later += 1;
        if self.watch {
            return;
        }
        if self.json {
            self.lines.json(&Record { due_at: Some(due_at), ..of_leaf(device, "not_due", leaf) });
        } else if self.every_device {
            self.lines.text(&format!("{device}  not due before {due_at}  valid until {}", leaf.not_after));
        }
    }

    /// Its certificate was revoked, and `--revoked` was not said: it is left out.
    pub(super) fn revoked(&mut self, device: &DeviceId, words: &str, leaf: &Certificate) {
        self.progress.advance();
        self.revoked += 1;
        if self.watch {
            return;
        }
        if self.json {
            let reason = Some(words.to_owned());
            self.lines.json(&Record { reason, ..of_leaf(device, "revoked", leaf) });
        } else {
            self.lines.text(&format!("{device}  left out: {words}"));
        }
    }

    pub(super) fn would_renew(&mut self, device: &DeviceId, why: &Why, leaf: &Certificate) {
        self.would_renew += 1;
        if self.json {
            self.lines.json(&Record { reason: Some(why.to_string()), ..of_leaf(device, "would_renew", leaf) });
        } else {
            self.lines.text(&format!("{device}  would renew: {why}  valid until {}", leaf.not_after));
        }
    }

    /// A pair was replaced.
    pub(super) fn renewed(&mut self, device: &DeviceId, issued: Issued, after: &Paid) {
        self.progress.advance();
        let state = if issued.recovered { "recovered" } else { "renewed" };
        self.say(device, state, &issued, after);
        batch::surplus(device, &issued, self.ui);
        self.renewed.push((device.clone(), issued));
    }

    /// What an earlier run owed was done, or not.
    pub(super) fn settled(&mut self, device: &DeviceId, pair: &Issued, after: &Paid) {
        self.settled += 1;
        self.say(device, "settled", pair, after);
    }

    fn say(&mut self, device: &DeviceId, state: &'static str, pair: &Issued, after: &Paid) {
        let name = Layout::device_name(device);
        let trouble = trouble(after);
        if self.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device: device.as_str(),
                state,
                directory: name,
                fingerprint: Some(pair.fingerprint.to_string()),
                serial: Some(&pair.serial),
                not_before: Some(pair.not_before),
                not_after: Some(pair.not_after),
                request_id: pair.request_id.as_deref(),
                deleted: after.deleted.iter().map(|old| old.fingerprint.as_str()).collect(),
                error: trouble
                    .as_ref()
                    .map(|(message, _)| Problem::new(Exit::Partly, message, None).resumable(true)),
                ..Record::default()
            });
        } else if self.every_device {
            self.lines.text(&format!("{device}  {state}  valid until {}  {name}/", pair.not_after));
        }
        if let Some((message, hint)) = trouble {
            self.unsettled += 1;
            self.ui.device_failure(device.as_str(), &message, Some(hint));
        }
    }

    pub(super) fn failure(&mut self, device: &DeviceId, failure: &DeviceFailure) {
        self.progress.advance();
        self.failures.add(failure);
        if self.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device: device.as_str(),
                state: "failed",
                directory: Layout::device_name(device),
                error: Some(Problem::of(failure).resumable(failure.resumable)),
                ..Record::default()
            });
        } else if !failure.not_reached || self.every_device {
            self.ui.device_failure(device.as_str(), &failure.message, failure.hint.as_deref());
        }
    }

    /// `--revoked` was asked for, and nobody can say.
    pub(super) fn not_determinable(&mut self, why: &str) {
        self.undetermined = true;
        self.ui.warn(&format!("whether devices were revoked cannot be determined: {why}"));
    }

    /// The summary, and the exit code.
    pub(super) fn finish(
        self,
        place: Option<&str>,
        next: Vec<Next>,
        cause: Option<Exit>,
    ) -> Result<End, Failure> {
        self.progress.finish();
        let next = next.into_iter().min_by_key(|next| next.due_at);
        if !self.watch {
            self.summary(place, next.as_ref(), cause);
        }
        self.lines.end()?;
        let done = self.renewed.len() + self.later + self.revoked + self.settled + self.would_renew;
        let exit = match self.failures.exit(done, cause) {
            Exit::Done if self.unsettled > 0 => Exit::Partly,
            Exit::Done if self.undetermined => Exit::Indeterminate,
            exit => exit,
        };
        let failed = self.failures.number() + self.unsettled + usize::from(self.undetermined);
        Ok(End { exit, failed, renewed: self.renewed, next })
    }

    fn summary(&self, place: Option<&str>, next: Option<&Next>, cause: Option<Exit>) {
        let recovered = self.renewed.iter().filter(|(_, issued)| issued.recovered).count();
        let nothing = self.later == self.total;
        let parts = batch::parts([
            (self.would_renew, "would be renewed"),
            (self.renewed.len() - recovered, "renewed"),
            (recovered, "recovered"),
            (self.settled, "settled"),
            (self.later - self.settled.min(self.later), "not due"),
            (self.revoked, "revoked, left out"),
            (self.failures.number() - self.failures.not_reached, "failed"),
            (self.failures.not_reached, "not reached"),
        ]);
        let devices = count(self.total, "device");
        if nothing && self.settled == 0 && self.failures.number() == 0 {
            self.ui.note(&format!("nothing is due: {devices} looked at"));
        } else {
            let seconds = self.began.elapsed().as_secs_f64();
            let by = place.map(|place| format!(" (by {})", escape::line(place))).unwrap_or_default();
            self.ui.note(&format!("{devices} in {seconds:.1} s: {}{by}", parts.join(", ")));
        }
        if self.revoked > 0 {
            self.ui.hint("certreq renew --revoked gets new pairs for revoked ones");
        }
        if let Some(next) = next {
            let Next { device, due_at, not_after } = next;
            self.ui.note(&format!("next: {device} is due at {due_at}, and expires at {not_after}"));
        }
        if let Some(place) = place {
            batch::stopped(place, cause, self.ui);
        }
        if self.failures.resumable > 0 {
            self.ui.hint(&format!(
                "{} can be finished: run the same command again",
                count(self.failures.resumable, "device")
            ));
        }
    }
}

fn of_leaf<'a>(device: &'a DeviceId, state: &'static str, leaf: &'a Certificate) -> Record<'a> {
    Record {
        schema: SCHEMA,
        device: device.as_str(),
        state,
        directory: Layout::device_name(device),
        fingerprint: Some(leaf.fingerprint().to_string()),
        serial: Some(&leaf.serial),
        not_before: Some(leaf.not_before),
        not_after: Some(leaf.not_after),
        ..Record::default()
    }
}

/// What went wrong after the pair was replaced, and what happens next.
fn trouble(after: &Paid) -> Option<(String, &'static str)> {
    if let Some(Err(reason)) = &after.exec {
        return Some((
            format!("the new pair is in use, but {reason}"),
            "the next run with --exec runs it again; an old certificate is not deleted before",
        ));
    }
    let (old, reason) = after.kept.first()?;
    Some((
        format!(
            "the new pair is in use, but the old certificate was not deleted: {reason}\n  serial {}, fingerprint {}",
            old.serial, old.fingerprint
        ),
        "the next run with --revoke-old tries again; the platform may have revoked it all the same",
    ))
}
