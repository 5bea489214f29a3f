//! Report of an issue run: a line for each device, and a summary.

use std::path::Path;

use super::{Plan, decide::Decision};
use crate::{
    commands::outcomes::{Row, Run, State, warn_of_surplus},
    device_id::DeviceId,
    enroll::{DeviceFailure, Issued, Outcome, Stop},
    failure::{Exit, Failure},
    fleet::{carried, layout::Layout, shard::Shard, vault::Occupied},
    output::{Ui, count, escape},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.issue/1";

/// Counts the results and prints them.
pub(super) struct Report<'a> {
    run: Run<'a>,
    /// Where certificates for requests of other machines go.
    out: Option<&'a Path>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, shard: Option<Shard>, total: usize, ui: &'a Ui) -> Self {
        let mut run = Run::new(SCHEMA, plan.json, total, ui).resuming().of_shard(shard);
        run.every_device |= plan.dry_run;
        run.watch_progress(total);
        Self { run, out: plan.requests.as_ref().map(|requests| requests.out.as_path()) }
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) {
        let Outcome { device, result } = outcome;
        match result {
            Ok(issued) => {
                let state = if issued.recovered { State::Recovered } else { State::Issued };
                self.say(&device, state, &issued);
                warn_of_surplus(&device, &issued, self.run.ui);
            }
            Err(failure) => self.failure(device.as_str(), &failure),
        }
    }

    /// Reports a failure. `device` may be no id, but a name that the platform or a request has for it.
    pub(super) fn failure(&mut self, device: &str, failure: &DeviceFailure) {
        self.run.failure(device, failure);
    }

    pub(super) fn skipped(&mut self, device: &DeviceId, held: &Issued) {
        self.say(device, State::Skipped, held);
    }

    /// Its pair was revoked, and the device was not named.
    pub(super) fn left_out(&mut self, device: &DeviceId, held: &Issued, words: &str) {
        self.run.ui.detail(&format!("{device}: {words}"));
        let row = Row { facts: Some(held.brief()), ..self.row(device, State::Revoked) };
        let place = self.place(device);
        self.run.done(&row, || format!("{device}  revoked, left out  {place}"));
    }

    fn say(&mut self, device: &DeviceId, state: State, issued: &Issued) {
        let facts = Some(issued.brief());
        let row = Row { facts, request_id: issued.request_id.as_deref(), ..self.row(device, state) };
        let (until, place) = (issued.not_after, self.place(device));
        self.run.done(&row, || format!("{device}  {}  valid until {}  {place}", state.words(), until.moment()));
    }

    fn row<'d>(&self, device: &'d DeviceId, state: State) -> Row<'d> {
        let file = self.out.map(|out| carried::certificate(out, device).display().to_string());
        let directory = file.is_none().then(|| Layout::device_name(device));
        Row { directory, file, ..Row::new(device.as_str(), state) }
    }

    /// Where its certificate is, for a line of text.
    fn place(&self, device: &DeviceId) -> String {
        match self.out {
            Some(out) => carried::certificate(out, device).display().to_string(),
            None => format!("{}/", Layout::device_name(device)),
        }
    }

    /// Some device has its certificate.
    pub(super) fn brought_any(&self) -> bool {
        [State::Issued, State::Recovered, State::Skipped].into_iter().any(|state| self.run.number(state) > 0)
    }

    /// Reports the planned actions, for `--dry-run`.
    pub(super) fn plan(mut self, decisions: Vec<(DeviceId, Decision)>) -> Result<Exit, Failure> {
        for (device, decision) in decisions {
            let state = match decision {
                Decision::Skip(held) => {
                    self.skipped(&device, &held);
                    continue;
                }
                Decision::LeaveOut(held, words) => {
                    self.left_out(&device, &held, &words);
                    continue;
                }
                Decision::Refuse(failure) => {
                    self.failure(device.as_str(), &failure);
                    continue;
                }
                Decision::Issue { occupied: Occupied::Refuse, .. } => State::WouldIssue,
                Decision::Issue { occupied: Occupied::Archive, .. } => State::WouldReplace,
            };
            let (row, place) = (self.row(&device, state), self.place(&device));
            self.run.done(&row, || format!("{device}  {}  {place}", state.words()));
        }
        self.run.rest();
        let number = self.run.number(State::WouldIssue) + self.run.number(State::WouldReplace);
        let devices = count(number, "device");
        self.run.note(&format!("dry run: nothing was written, {devices} would be issued"));
        self.run.end(None)
    }

    /// The summary, and the exit code of the run.
    pub(super) fn finish(self, place: &str, stop: &Stop) -> Result<Exit, Failure> {
        let (run, cause) = (self.run, stop.cause());
        run.rest();
        let issued = format!("{} issued", run.number(State::Issued));
        let revoked = run.number(State::Revoked);
        let others = [
            (run.number(State::Recovered), "recovered"),
            (run.number(State::Skipped), "already valid, skipped"),
            (revoked, "revoked, left out"),
        ];
        let parts = run.parts(Some(issued), &others);
        run.note(&format!("{}: {parts} (by {})", run.devices_in(), escape::line(place)));
        run.say_stopped(place, cause, stop.reason());
        if revoked > 0 {
            run.ui.hint("revoked devices get new pairs with certreq renew --revoked, or by name with --force");
        }
        run.end(cause)
    }
}
