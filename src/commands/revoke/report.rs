//! Report of a revoking run: a line for each certificate, a summary, and the next step.

use serde::Serialize;

use super::{
    Candidate, Plan,
    records::{OpenRevocation, end_of},
    target::{Unread, Wanted},
    work::{End, Outcome},
};
use crate::{
    commands::outcomes::{Row, Run, State},
    device_id::{DeviceId, DeviceName},
    enroll::DeviceFailure,
    failure::{Exit, Failure},
    fleet::{
        journal::{Event, RevocationStep},
        ledger::Entry,
        shard::Shard,
    },
    output::{Ui, columns, count, escape},
    pki::time::Time,
    platform::{Platform, PlatformError},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.revoke/1";

/// Subject of a line: the known facts of one certificate.
#[derive(Clone, Default, Serialize)]
struct About<'a> {
    /// The owner, or the name in the certificate, or the target as it was named.
    #[serde(skip)]
    device: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Time>,
}

impl<'a> About<'a> {
    fn row(&self, state: State) -> Row<'a, Self> {
        // A certificate that names no device is called by its fingerprint.
        let shown = self.fingerprint.filter(|_| self.device == "-");
        Row { shown, extra: Some(self.clone()), ..Row::new(self.device, state) }
    }

    fn of_platform(&self, state: State, error: &'a PlatformError) -> Row<'a, Self> {
        Row { request_id: error.request_id.as_deref(), ..self.row(state) }
    }
}

/// Counts the results and prints them.
pub(super) struct Report<'a> {
    run: Run<'a>,
    columns: Option<usize>,
    unlink: bool,
    /// Journal entries for revocations that earlier runs left open and this run settled.
    settled: Vec<Entry>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &Plan, shard: Option<Shard>, ui: &'a Ui) -> Self {
        let mut run = Run::new(SCHEMA, plan.json, plan.targets.len(), ui).of_shard(shard);
        run.every_device = true;
        Self { run, columns: plan.columns, unlink: plan.unlink, settled: Vec::new() }
    }

    /// Starts the progress bar for this number of certificates.
    pub(super) fn announce(&mut self, number: usize) {
        self.run.watch_progress(number);
    }

    /// Reports a target that gives no certificate.
    pub(super) fn unreadable(&mut self, named: &str, why: &Unread) {
        let failure =
            DeviceFailure { hint: why.hint.map(str::to_owned), ..DeviceFailure::new(why.exit, &why.why) };
        self.run.failure(named, &failure);
    }

    /// Reports a device that the platform has no certificate for.
    pub(super) fn has_none(&mut self, device: &DeviceId) {
        self.done(State::None, &About { device: device.as_str(), ..About::default() });
    }

    pub(super) fn gone(&mut self, wanted: &Wanted) {
        of_wanted(wanted, |about| self.done(State::Gone, about));
    }

    pub(super) fn not_fetched(&mut self, wanted: &Wanted, error: &PlatformError) {
        of_wanted(wanted, |about| self.failed(&about.of_platform(State::Failed, error), &error.clone().into()));
    }

    /// An earlier attempt was never answered, and the revocation list shows that it was carried out.
    pub(super) fn found_revoked(&mut self, wanted: &Wanted, open: &OpenRevocation, words: &str) {
        self.run.ui.note(&format!("{}: {words}", open.device));
        self.settled.extend(open.key.map(|key| Entry {
            device: open.device.clone(),
            key,
            event: Event::Revocation {
                fingerprint: open.fingerprint.clone(),
                serial: open.serial.clone(),
                step: RevocationStep::Done,
                request_id: None,
                error: None,
            },
        }));
        self.done(State::Revoked, &of_open(wanted, open));
    }

    pub(super) fn take_settled(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.settled)
    }

    /// Reports an earlier attempt that was never answered, and whose result cannot be told.
    pub(super) fn left_open(&mut self, wanted: &Wanted, open: &OpenRevocation, why: &str) {
        let failure = DeviceFailure::new(Exit::Unavailable, why)
            .hint("the list may be older than the attempt: ask again when there is a new one");
        self.failed(&of_open(wanted, open).row(State::Open), &failure);
    }

    /// Reports an earlier attempt that was never answered, when a list that was made after it shows that it failed.
    pub(super) fn not_revoked(&mut self, wanted: &Wanted, open: &OpenRevocation, made: Time, issuer: &str) {
        let message = format!(
            "it was NOT revoked: its record is gone, and the revocation list of {made}, newer than the attempt, \
             does not name it"
        );
        let serial = &open.serial;
        let failure = DeviceFailure::new(Exit::Failed, message)
            .hint(format!("have serial {serial} revoked at the CA, {issuer}; this platform cannot any more"));
        self.failed(&of_open(wanted, open).row(State::Failed), &failure);
    }

    /// Reports a certificate without a record on the platform and without proof that it is revoked.
    pub(super) fn no_record(&mut self, wanted: &Wanted, exit: Exit, why: &str, hint: &str) {
        let failure = DeviceFailure::new(exit, why).hint(hint);
        of_wanted(wanted, |about| self.failed(&about.row(State::Failed), &failure));
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) {
        let Outcome { candidate, end } = outcome;
        of_candidate(&candidate, |about| match end {
            End::Revoked => self.done(State::Revoked, about),
            End::Unlinked => self.done(State::Unlinked, about),
            End::Removed => self.done(State::Removed, about),
            End::Gone => self.done(State::Gone, about),
            End::NoRecord(message) => {
                self.failed(&about.row(State::Failed), &DeviceFailure::new(Exit::Failed, message));
            }
            End::Ownerless => self.done(State::Ownerless, about),
            End::Open(error) => {
                let message = format!("{error}\nserial {}", about.serial.unwrap_or_default());
                let failure = DeviceFailure::new(error.kind.into(), message)
                    .hint("see the journal: certreq status --journal; then revoke again");
                self.failed(&about.of_platform(State::Open, &error), &failure);
            }
            End::Failed(error) => {
                self.failed(&about.of_platform(State::Failed, &error), &error.clone().into());
            }
            End::Interrupted(cause, error) => {
                let failure = DeviceFailure::from(error.clone()).interrupted(cause);
                self.failed(&about.of_platform(failure.fate.into(), &error), &failure);
            }
            End::NotReached(exit) => {
                let failure = DeviceFailure::not_reached(exit);
                self.failed(&about.row(failure.fate.into()), &failure);
            }
            End::Unwritten(why) => {
                let message = format!("it was revoked, but the journal cannot be written: {why}");
                self.failed(&about.row(State::Revoked), &DeviceFailure::new(Exit::Failed, message));
            }
        });
    }

    fn done(&mut self, state: State, about: &About<'_>) {
        let columns = self.columns;
        self.run.done(&about.row(state), || {
            let start = format!("{}  {}  ", escape::line(about.device), state.words());
            let fingerprint = about.fingerprint.unwrap_or_default();
            match columns.map(|all| all.saturating_sub(columns::width(&start)).max(20)) {
                Some(room) => format!("{start}{}", columns::cut(fingerprint, room)),
                None => start + fingerprint,
            }
        });
    }

    fn failed(&mut self, row: &Row<'_, About<'_>>, failure: &DeviceFailure) {
        self.run.failed(row, failure);
    }

    /// Reports the planned changes, for `--dry-run`.
    pub(super) fn plan(mut self, candidates: &[Candidate]) -> Result<Exit, Failure> {
        let state = if self.unlink { State::WouldUnlink } else { State::WouldRevoke };
        for candidate in candidates {
            of_candidate(candidate, |about| self.done(state, about));
        }
        self.run.rest();
        let what = count(candidates.len(), "certificate");
        let verb = if self.unlink { "lose its owner" } else { "be revoked" };
        self.run.note(&format!("dry run: nothing was done, {what} would {verb}"));
        self.run.end(None)
    }

    /// Prints the summary and the next step; returns the exit code of the run.
    pub(super) fn finish(self, platform: &dyn Platform, cause: Option<Exit>) -> Result<Exit, Failure> {
        let run = self.run;
        run.rest();
        let states = [
            State::Revoked,
            State::Unlinked,
            State::Removed,
            State::Gone,
            State::None,
            State::Ownerless,
            State::Open,
        ];
        let words = states.map(State::words);
        let numbers: Vec<(usize, &str)> =
            states.iter().zip(&words).map(|(state, words)| (run.number(*state), words.as_str())).collect();
        let (certificates, place) = (count(run.rows(), "certificate"), platform.display_name());
        run.note(&format!("{certificates}: {} (by {})", run.parts(None, &numbers), escape::line(&place)));
        run.say_stopped(&place, cause, None);
        if run.number(State::Revoked) > 0 {
            say_what_is_next(platform, run.ui);
        }
        if run.number(State::Removed) > 0 {
            run.ui.hint(
                "the record is gone, and only the CA itself can still revoke the certificate: ask its operator",
            );
        }
        let left = [State::Interrupted, State::NotReached].into_iter().filter(|state| run.number(*state) > 0);
        let left: Vec<String> = left.map(State::words).collect();
        if !left.is_empty() {
            run.ui.hint(&format!("run the same command again for those that were {}", left.join(" or ")));
        }
        run.end(cause)
    }
}

fn say_what_is_next(platform: &dyn Platform, ui: &Ui) {
    let Some(delay) = platform.list_delay() else {
        ui.note("the revocation list has them from now on");
        return ui.hint(&format!(
            "fetch it for your brokers: certreq ca crl --authority {}",
            platform.display_name()
        ));
    };
    let hours = delay.as_secs() / 3600;
    ui.note(&format!(
        "until the platform's revocation list names them it may take {hours} h, and 2 h more\n\
         until its broker reads that list; an open session may last 30 min"
    ));
    ui.hint("for brokers of your own, fetch the list then: certreq ca crl");
}

fn of_wanted(wanted: &Wanted, say: impl FnOnce(&About<'_>)) {
    let fingerprint = wanted.fingerprint.to_string();
    let named = || wanted.certificate.as_ref().and_then(DeviceName::of).map(|named| named.name);
    let device = wanted.device.as_ref().map(DeviceId::as_str).or_else(named);
    say(&About {
        device: device.unwrap_or("-"),
        owner: None,
        fingerprint: Some(&fingerprint),
        serial: wanted.certificate.as_ref().map(|certificate| certificate.serial.as_str()),
        not_after: end_of(wanted),
    });
}

fn of_open<'a>(wanted: &Wanted, open: &'a OpenRevocation) -> About<'a> {
    About {
        device: &open.device,
        owner: None,
        fingerprint: Some(&open.fingerprint),
        serial: Some(&open.serial),
        not_after: end_of(wanted),
    }
}

fn of_candidate(candidate: &Candidate, say: impl FnOnce(&About<'_>)) {
    let fingerprint = candidate.certificate.fingerprint().to_string();
    say(&About {
        device: candidate.device(),
        owner: candidate.owner.as_deref(),
        fingerprint: Some(&fingerprint),
        serial: Some(&candidate.certificate.serial),
        not_after: Some(candidate.certificate.not_after),
    });
}
