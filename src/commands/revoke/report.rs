//! What a revoking run says: a line for each certificate, a summary, and what happens next.

use serde::Serialize;

use super::{
    Candidate, Plan,
    records::{OpenRevocation, end_of},
    target::{Unread, Wanted},
    work::{End, Outcome},
};
use crate::{
    commands::{
        batch::{self, Problem},
        stdout::Lines,
    },
    failure::{Exit, Failure},
    fleet::{
        device_id::DeviceId,
        journal::{Event, RevocationStep},
        ledger::Entry,
    },
    output::{Progress, Ui, columns, count, escape},
    pki::time::Time,
    platform::{Platform, PlatformError},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.revoke/1";

/// One line of `--format json`.
#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    state: State,
    /// The owner, or the name in the certificate, or what was named.
    device: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Revoked,
    Unlinked,
    /// Of another authority's certificate: the platform forgot its record.
    Removed,
    Gone,
    /// A device without any certificate.
    None,
    Ownerless,
    /// Nobody knows whether it was revoked.
    Open,
    Failed,
    NotReached,
    WouldRevoke,
    WouldUnlink,
}

impl State {
    fn words(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Unlinked => "unlinked",
            Self::Removed => "record removed",
            Self::Gone => "already gone",
            Self::None => "without a certificate",
            Self::Ownerless => "has no owner",
            Self::Open => "open",
            Self::Failed => "failed",
            Self::NotReached => "not reached",
            Self::WouldRevoke => "would revoke",
            Self::WouldUnlink => "would unlink",
        }
    }
}

/// What a line is about.
#[derive(Default)]
struct About<'a> {
    device: &'a str,
    owner: Option<&'a str>,
    fingerprint: Option<&'a str>,
    serial: Option<&'a str>,
    not_after: Option<Time>,
}

/// Why a line tells of no success.
struct Trouble<'a> {
    exit: Exit,
    message: &'a str,
    hint: Option<&'a str>,
    request_id: Option<&'a str>,
}

/// Counts and speaks.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    json: bool,
    columns: Option<usize>,
    unlink: bool,
    progress: Progress,
    states: Vec<State>,
    failed: Vec<Exit>,
    /// What the journal left open and is settled now.
    settled: Vec<Entry>,
    lines: Lines<'a>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &Plan, ui: &'a Ui) -> Self {
        Self {
            ui,
            json: plan.json,
            columns: plan.columns,
            unlink: plan.unlink,
            progress: ui.progress(0),
            states: Vec::new(),
            failed: Vec::new(),
            settled: Vec::new(),
            lines: Lines::new(ui),
        }
    }

    /// So many certificates are coming.
    pub(super) fn announce(&mut self, number: usize) {
        self.progress = self.ui.progress(number);
    }

    /// What was named gives no certificate.
    pub(super) fn unreadable(&mut self, named: &str, why: &Unread) {
        let trouble = Trouble { exit: why.exit, message: &why.why, hint: why.hint, request_id: None };
        self.trouble(State::Failed, &About { device: named, ..About::default() }, &trouble);
    }

    /// The platform has nothing for a device.
    pub(super) fn has_none(&mut self, device: &DeviceId) {
        self.success(State::None, &About { device: device.as_str(), ..About::default() });
    }

    pub(super) fn gone(&mut self, wanted: &Wanted) {
        self.of_wanted(wanted, |report, about| report.success(State::Gone, about));
    }

    pub(super) fn not_fetched(&mut self, wanted: &Wanted, error: &PlatformError) {
        let message = error.to_string();
        let trouble = Trouble {
            exit: error.kind.into(),
            message: &message,
            hint: error.hint.as_deref(),
            request_id: error.request_id.as_deref(),
        };
        self.of_wanted(wanted, |report, about| report.trouble(State::Failed, about, &trouble));
    }

    /// An earlier attempt was never answered, and the revocation list shows that it was carried out.
    pub(super) fn found_revoked(&mut self, wanted: &Wanted, open: &OpenRevocation, words: &str) {
        self.ui.note(&format!("{}: {words}", open.device));
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
        self.of_open(wanted, open, |report, about| report.success(State::Revoked, about));
    }

    pub(super) fn take_settled(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.settled)
    }

    /// An earlier attempt was never answered, and nobody can tell what came of it.
    pub(super) fn left_open(&mut self, wanted: &Wanted, open: &OpenRevocation, why: &str) {
        let hint = "the list may be older than the attempt: ask again when there is a new one";
        let trouble = Trouble { exit: Exit::Unavailable, message: why, hint: Some(hint), request_id: None };
        self.of_open(wanted, open, |report, about| report.trouble(State::Open, about, &trouble));
    }

    /// An earlier attempt was never answered, and a list that was made after it shows that it failed.
    pub(super) fn not_revoked(&mut self, wanted: &Wanted, open: &OpenRevocation, made: Time, issuer: &str) {
        let OpenRevocation { serial, .. } = open;
        let message = format!(
            "it was NOT revoked: its record is gone, and the revocation list of {made}, newer than the attempt, \
             does not name it"
        );
        let hint = format!("have serial {serial} revoked at the CA, {issuer}; this platform cannot any more");
        let (exit, hint) = (Exit::Failed, Some(hint.as_str()));
        let trouble = Trouble { exit, message: &message, hint, request_id: None };
        self.of_open(wanted, open, |report, about| report.trouble(State::Failed, about, &trouble));
    }

    /// The platform has no record of it, and nothing proves that it is revoked.
    pub(super) fn no_record(&mut self, wanted: &Wanted, exit: Exit, why: &str, hint: &str) {
        let trouble = Trouble { exit, message: why, hint: Some(hint), request_id: None };
        self.of_wanted(wanted, |report, about| report.trouble(State::Failed, about, &trouble));
    }

    fn of_wanted(&mut self, wanted: &Wanted, say: impl FnOnce(&mut Self, &About<'_>)) {
        let fingerprint = wanted.fingerprint.to_string();
        let named = wanted.certificate.as_ref().and_then(|certificate| certificate.common_names.first());
        let device = wanted.device.as_ref().map(DeviceId::as_str).or(named.map(String::as_str));
        let about = About {
            device: device.unwrap_or("-"),
            owner: None,
            fingerprint: Some(&fingerprint),
            serial: wanted.certificate.as_ref().map(|certificate| certificate.serial.as_str()),
            not_after: end_of(wanted),
        };
        say(self, &about);
    }

    fn of_open(&mut self, wanted: &Wanted, open: &OpenRevocation, say: impl FnOnce(&mut Self, &About<'_>)) {
        let about = About {
            device: &open.device,
            owner: None,
            fingerprint: Some(&open.fingerprint),
            serial: Some(&open.serial),
            not_after: end_of(wanted),
        };
        say(self, &about);
    }

    pub(super) fn outcome(&mut self, outcome: Outcome) {
        let Outcome { candidate, end } = outcome;
        self.progress.advance();
        of_candidate(&candidate, |about| match end {
            End::Revoked => self.success(State::Revoked, about),
            End::Unlinked => self.success(State::Unlinked, about),
            End::Removed => self.success(State::Removed, about),
            End::Gone => self.success(State::Gone, about),
            End::NoRecord(message) => {
                let trouble = Trouble { exit: Exit::Failed, message: &message, hint: None, request_id: None };
                self.trouble(State::Failed, about, &trouble);
            }
            End::Ownerless => self.success(State::Ownerless, about),
            End::Open(error) => {
                let hint = "what is known of it is kept: certreq status --journal; then ask again";
                self.of_platform(State::Open, about, &error, Some(hint));
            }
            End::Failed(error) => self.of_platform(State::Failed, about, &error, error.hint.as_deref()),
            End::NotReached(exit) => {
                let message = "not reached before the run stopped";
                let trouble = Trouble { exit, message, hint: None, request_id: None };
                self.trouble(State::NotReached, about, &trouble);
            }
            End::Unwritten(why) => {
                let message = format!("it was revoked, and the journal cannot say so: {why}");
                let trouble = Trouble { exit: Exit::Failed, message: &message, hint: None, request_id: None };
                self.trouble(State::Revoked, about, &trouble);
            }
        });
    }

    fn of_platform(&mut self, state: State, about: &About<'_>, error: &PlatformError, hint: Option<&str>) {
        let mut message = error.to_string();
        if state == State::Open {
            message = format!("{message}\nserial {}", about.serial.unwrap_or_default());
        }
        let request_id = error.request_id.as_deref();
        self.trouble(state, about, &Trouble { exit: error.kind.into(), message: &message, hint, request_id });
    }

    fn success(&mut self, state: State, about: &About<'_>) {
        self.states.push(state);
        if self.json {
            return self.json(state, about, None);
        }
        let words = state.words();
        let start = format!("{}  {words}  ", escape::line(about.device));
        let room = self.columns.map(|all| all.saturating_sub(columns::width(&start)).max(20));
        let fingerprint = about.fingerprint.unwrap_or_default();
        let shown = room.map_or_else(|| fingerprint.to_owned(), |room| columns::cut(fingerprint, room));
        self.lines.text(format!("{start}{shown}").trim_end());
    }

    fn trouble(&mut self, state: State, about: &About<'_>, trouble: &Trouble<'_>) {
        self.states.push(state);
        self.failed.push(trouble.exit);
        if self.json {
            return self.json(state, about, Some(trouble));
        }
        if state == State::NotReached {
            // How many is said at the end.
            return;
        }
        let name = match (about.device, about.fingerprint) {
            ("-", Some(fingerprint)) => fingerprint,
            (device, _) => device,
        };
        self.ui.device_failure(name, trouble.message, trouble.hint);
    }

    fn json(&mut self, state: State, about: &About<'_>, trouble: Option<&Trouble<'_>>) {
        let record = Record {
            schema: SCHEMA,
            state,
            device: about.device,
            owner: about.owner,
            fingerprint: about.fingerprint,
            serial: about.serial,
            not_after: about.not_after,
            request_id: trouble.and_then(|trouble| trouble.request_id),
            error: trouble.map(|trouble| Problem::new(trouble.exit, trouble.message, trouble.hint)),
        };
        self.lines.json(&record);
    }

    /// What would be done, for `--dry-run`.
    pub(super) fn plan(mut self, candidates: &[Candidate]) -> Result<Exit, Failure> {
        self.progress.finish();
        let state = if self.unlink { State::WouldUnlink } else { State::WouldRevoke };
        for candidate in candidates {
            of_candidate(candidate, |about| self.success(state, about));
        }
        let what = count(candidates.len(), "certificate");
        let verb = if self.unlink { "lose its owner" } else { "be revoked" };
        self.ui.note(&format!("dry run: nothing was done, {what} would {verb}"));
        self.end(None)
    }

    /// The summary, what happens next, and the exit code of the run.
    pub(super) fn finish(self, platform: &dyn Platform, cause: Option<Exit>) -> Result<Exit, Failure> {
        self.progress.finish();
        let number = |state: State| self.states.iter().filter(|one| **one == state).count();
        let order = [
            State::Revoked,
            State::Unlinked,
            State::Removed,
            State::Gone,
            State::None,
            State::Ownerless,
            State::Open,
            State::Failed,
            State::NotReached,
        ];
        let parts = batch::parts(order.map(|state| (number(state), state.words())));
        let place = escape::line(&platform.display_name());
        self.ui.note(&format!(
            "{}: {} (by {place})",
            count(self.states.len(), "certificate"),
            parts.join(", ")
        ));
        batch::stopped(&platform.display_name(), cause, self.ui);
        if number(State::Revoked) > 0 {
            self.what_is_next(platform);
        }
        if number(State::Removed) > 0 {
            self.ui
                .hint("only the CA of a certificate whose record was removed can revoke it: ask its operator");
        }
        if number(State::NotReached) > 0 {
            self.ui.hint("run the same command again for those that were not reached");
        }
        self.end(cause)
    }

    fn what_is_next(&self, platform: &dyn Platform) {
        let Some(delay) = platform.list_delay() else {
            self.ui.note("the revocation list names them from now on");
            let place = platform.display_name();
            self.ui.hint(&format!("fetch it for your brokers: certreq ca crl --local {place}"));
            return;
        };
        let hours = delay.as_secs() / 3600;
        self.ui.note(&format!(
            "until the platform's revocation list names them it may take {hours} h, and 2 h more\n\
             until its broker reads that list; an open session may last 30 min"
        ));
        self.ui.hint("for brokers of your own, fetch the list then: certreq ca crl");
    }

    fn end(self, cause: Option<Exit>) -> Result<Exit, Failure> {
        self.lines.end()?;
        Ok(batch::exit(self.states.len() - self.failed.len(), &self.failed, cause))
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
