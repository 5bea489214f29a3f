//! Report of a renewal: a line for each device, and a summary.

use serde::Serialize;

use super::{
    Plan,
    due::Why,
    outcome::{AfterResult, End, Next},
};
use crate::{
    commands::outcomes::{Row, Run, State, warn_of_surplus},
    device_id::DeviceId,
    enroll::{DeviceFailure, Issued, Stop},
    failure::{Exit, Failure},
    fleet::{layout::Layout, shard::Shard},
    output::{Ui, count, escape},
    pki::{certificate::Certificate, facts::Brief, time::Time},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.renew/1";

/// Fields of a device that only a renewal has.
#[derive(Default, Serialize)]
struct Extra<'a> {
    /// When it becomes due.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Time>,
    /// Why it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Fingerprints that were deleted on the platform, or were gone already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deleted: Vec<&'a str>,
}

/// Counts the results and prints them.
pub(super) struct Report<'a> {
    run: Run<'a>,
    watch: bool,
    pub(super) renewed: Vec<(DeviceId, Issued)>,
    /// Pairs that are in use, and something after that went wrong.
    unsettled: usize,
    /// Whether devices were revoked cannot be determined.
    undetermined: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &Plan, shard: Option<Shard>, total: usize, ui: &'a Ui) -> Self {
        let mut run = Run::new(SCHEMA, plan.json, total, ui).resuming().of_shard(shard);
        run.every_device = plan.dry_run || ui.is_verbose() || (run.every_device && !plan.watch);
        run.watch_progress(if plan.watch { 0 } else { total });
        Self { run, watch: plan.watch, renewed: Vec::new(), unsettled: 0, undetermined: false }
    }

    /// Reports a device that is not due yet. A run with `--watch` only counts it: its line would be the same in every
    /// cycle.
    pub(super) fn later(&mut self, device: &DeviceId, due_at: Time, leaf: &Certificate) {
        if self.watch {
            return self.run.count(State::NotDue);
        }
        let extra = Extra { due_at: Some(due_at), ..Extra::default() };
        let until = leaf.not_after.moment();
        self.run.done(&row(device, State::NotDue, Some(leaf.into()), extra), || {
            format!("{device}  not due before {}  valid until {until}", due_at.moment())
        });
    }

    /// Reports a device that is left out: its certificate was revoked, and `--revoked` was not given.
    pub(super) fn revoked(&mut self, device: &DeviceId, words: &str, leaf: &Certificate) {
        if self.watch {
            return self.run.count(State::Revoked);
        }
        let extra = Extra { reason: Some(words.to_owned()), ..Extra::default() };
        self.run.done(&row(device, State::Revoked, Some(leaf.into()), extra), || {
            format!("{device}  left out: {words}")
        });
    }

    pub(super) fn would_renew(&mut self, device: &DeviceId, why: &Why, leaf: &Certificate) {
        let extra = Extra { reason: Some(why.to_string()), ..Extra::default() };
        let until = leaf.not_after.moment();
        self.run.done(&row(device, State::WouldRenew, Some(leaf.into()), extra), || {
            format!("{device}  would renew: {why}  valid until {until}")
        });
    }

    /// A pair was replaced.
    pub(super) fn renewed(&mut self, device: &DeviceId, issued: Issued, after: &AfterResult) {
        let state = if issued.recovered { State::Recovered } else { State::Renewed };
        self.say(device, state, &issued, after);
        warn_of_surplus(device, &issued, self.run.ui);
        self.renewed.push((device.clone(), issued));
    }

    /// The tasks that an earlier run left were done, or not.
    pub(super) fn settled(&mut self, device: &DeviceId, pair: &Issued, after: &AfterResult) {
        self.say(device, State::Settled, pair, after);
    }

    fn say(&mut self, device: &DeviceId, state: State, pair: &Issued, after: &AfterResult) {
        let deleted = after.deleted.iter().map(|old| old.fingerprint.as_str()).collect();
        let row = Row {
            request_id: pair.request_id.as_deref(),
            ..row(device, state, Some(pair.brief()), Extra { deleted, ..Extra::default() })
        };
        let trouble = trouble(after);
        self.unsettled += usize::from(trouble.is_some());
        self.run.troubled(&row, trouble.as_ref(), || {
            let name = Layout::device_name(device);
            format!("{device}  {}  valid until {}  {name}/", state.words(), pair.not_after.moment())
        });
    }

    pub(super) fn failure(&mut self, device: &DeviceId, failure: &DeviceFailure) {
        self.run.failed(&row(device, failure.fate.into(), None, Extra::default()), failure);
    }

    /// `--revoked` was asked for, and there is no answer.
    pub(super) fn not_determinable(&mut self, why: &str) {
        self.undetermined = true;
        self.run.ui.warn(&format!("whether devices were revoked cannot be determined: {why}"));
    }

    /// The summary, and the exit code.
    pub(super) fn finish(self, place: Option<&str>, next: Vec<Next>, stop: &Stop) -> Result<End, Failure> {
        let cause = stop.cause();
        self.run.rest();
        let next = next.into_iter().min_by_key(|next| next.due_at);
        if !self.watch {
            self.summary(place, next.as_ref(), stop);
        }
        let failed = self.run.number_failed() + self.unsettled + usize::from(self.undetermined);
        let exit = self.run.end_as(cause, |exit| match exit {
            Exit::Done if self.unsettled > 0 => Exit::Partly,
            Exit::Done if self.undetermined => Exit::Indeterminate,
            exit => exit,
        })?;
        Ok(End { exit, failed, renewed: self.renewed, next })
    }

    fn summary(&self, place: Option<&str>, next: Option<&Next>, stop: &Stop) {
        let run = &self.run;
        let (later, settled) = (run.number(State::NotDue), run.number(State::Settled));
        let revoked = run.number(State::Revoked);
        if later == run.total && settled == 0 && run.number_failed() == 0 {
            run.note(&format!("nothing is due: {} checked", count(run.total, "device")));
        } else {
            let others = [
                (run.number(State::WouldRenew), "would be renewed"),
                (run.number(State::Renewed), "renewed"),
                (run.number(State::Recovered), "recovered"),
                (settled, "settled"),
                // A device whose tasks were done has two rows, and is counted once.
                (later.saturating_sub(settled), "not due"),
                (revoked, "revoked, left out"),
            ];
            let parts = run.parts(None, &others);
            let by = place.map(|place| format!(" (by {})", escape::line(place))).unwrap_or_default();
            run.note(&format!("{}: {parts}{by}", run.devices_in()));
        }
        if revoked > 0 {
            run.ui.hint("certreq renew --revoked gets new pairs for revoked ones");
        }
        if let Some(Next { device, due_at, not_after }) = next {
            let (due, end) = (due_at.moment(), not_after.moment());
            run.ui.note(&format!("next: {device} is due at {due}, and expires at {end}"));
        }
        if let Some(place) = place {
            run.say_stopped(place, stop.cause(), stop.reason());
        }
    }
}

fn row<'a>(
    device: &'a DeviceId,
    state: State,
    facts: Option<Brief<'a>>,
    extra: Extra<'a>,
) -> Row<'a, Extra<'a>> {
    let directory = Some(Layout::device_name(device));
    Row { directory, facts, extra: Some(extra), ..Row::new(device.as_str(), state) }
}

/// Failure of a task after the pair was replaced, with the next step as its hint.
fn trouble(after: &AfterResult) -> Option<DeviceFailure> {
    let (message, hint) = if let Some(Err(reason)) = &after.exec {
        (
            format!("the new pair is in use, but {reason}"),
            "the next run with --exec runs it again; the old certificate stays until then",
        )
    } else {
        let (old, reason) = after.kept.first()?;
        (
            format!(
                "the new pair is in use, but the old certificate was not deleted: {reason}\n  serial {}, \
                 fingerprint {}",
                old.serial, old.fingerprint
            ),
            "the next run with --revoke-old tries again; the platform may have revoked it all the same",
        )
    };
    Some(DeviceFailure { resumable: true, ..DeviceFailure::new(Exit::Partly, message).hint(hint) })
}
