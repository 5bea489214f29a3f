//! One way to report a run over devices: a row for each, the counts by state, and the exit code.

use std::{collections::BTreeMap, time::Instant};

use serde::Serialize;

use crate::{
    commands::stdout::Lines,
    device_id::DeviceId,
    enroll::{DeviceFailure, Extra, Fate, Issued, LastLook},
    failure::{Exit, Failure},
    fleet::shard::Shard,
    output::{Progress, Ui, count, escape},
    pki::facts::Brief,
};

/// Runs of up to this many devices name every device on a terminal.
const FEW: usize = 20;

/// How a device of a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Issued,
    WouldIssue,
    WouldReplace,
    Renewed,
    WouldRenew,
    /// Its certificate had been issued before, and only the answer was lost.
    Recovered,
    /// Tasks of an earlier renewal were done.
    Settled,
    NotDue,
    /// It has what was requested.
    Skipped,
    Revoked,
    WouldRevoke,
    Unlinked,
    WouldUnlink,
    /// Of another authority's certificate: the platform removed its record.
    Removed,
    /// The platform has no record of the certificate.
    Gone,
    /// The device has no certificate.
    None,
    Ownerless,
    /// The platform may have revoked the certificate, or not.
    Open,
    Made,
    /// A key was there already.
    Kept,
    Written,
    Joined,
    Exported,
    /// The platform has the request, and has to approve it first; the next run sends it again.
    Pending,
    Failed,
    /// The run was stopped in the middle of it; the next run continues.
    Interrupted,
    /// The run was stopped before it.
    NotReached,
}

impl State {
    /// As people read it.
    pub(super) fn words(self) -> String {
        match self {
            Self::Removed => "record removed".to_owned(),
            Self::Gone => "already gone".to_owned(),
            Self::None => "without a certificate".to_owned(),
            Self::Ownerless => "has no owner".to_owned(),
            _ => name(self).replace('_', " "),
        }
    }

    /// Words before the reason why the request of a device was not fulfilled.
    fn label(self) -> String {
        match self {
            Self::Pending | Self::Interrupted | Self::NotReached => self.words(),
            _ => Self::Failed.words(),
        }
    }
}

impl From<Fate> for State {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Failed => Self::Failed,
            Fate::Pending => Self::Pending,
            Fate::Interrupted => Self::Interrupted,
            Fate::NotReached => Self::NotReached,
        }
    }
}

/// The name of a unit variant in JSON.
pub(super) fn name(variant: impl Serialize) -> String {
    serde_json::to_value(variant).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Result for one device. `X` holds the verb's own fields.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a, X = ()> {
    pub(super) device: &'a str,
    /// Name of the device in text, where that differs from `device`.
    #[serde(skip)]
    pub(super) shown: Option<&'a str>,
    pub(super) state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) directory: Option<String>,
    /// File that is carried elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    #[serde(flatten)]
    pub(super) facts: Option<Brief<'a>>,
    #[serde(flatten)]
    pub(super) extra: Option<X>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<&'a str>,
}

impl<'a, X> Row<'a, X> {
    pub(super) fn new(device: &'a str, state: State) -> Self {
        let (directory, file, facts, extra, request_id) = (None, None, None, None, None);
        Self { device, shown: None, state, directory, file, facts, extra, request_id }
    }
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Record<'a, R> {
    schema: &'static str,
    #[serde(flatten)]
    row: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Shard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

/// Why a device has not all that was asked for.
#[derive(Serialize)]
struct Problem<'a> {
    /// The exit code if everything ended like this.
    code: u8,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    /// The next run continues with it. Only verbs that issue say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumable: Option<bool>,
}

/// The version of the last line of a shard.
pub(super) const END: &str = "certreq.run/1";

/// The last line of a shard's `--format json`: it came to its end, and how.
#[derive(Serialize)]
struct End<'a> {
    schema: &'static str,
    /// The schema of the lines before.
    of: &'static str,
    shard: Shard,
    total: usize,
    states: &'a BTreeMap<State, usize>,
    /// Exit code of the process.
    exit: u8,
}

/// Counts the rows and writes each as it comes.
pub(super) struct Run<'a> {
    pub(super) ui: &'a Ui,
    schema: &'static str,
    shard: Option<Shard>,
    pub(super) json: bool,
    /// Every device gets a line of text.
    pub(super) every_device: bool,
    is_few: bool,
    pub(super) total: usize,
    progress: Progress,
    began: Instant,
    states: BTreeMap<State, usize>,
    failed: Vec<Exit>,
    /// The next run continues with them.
    resumable: Option<usize>,
    pub(super) lines: Lines<'a>,
}

impl<'a> Run<'a> {
    pub(super) fn new(schema: &'static str, json: bool, total: usize, ui: &'a Ui) -> Self {
        let is_few = total <= FEW || ui.is_verbose();
        Self {
            ui,
            schema,
            shard: None,
            json,
            every_device: is_few,
            is_few,
            total,
            progress: ui.progress(0),
            began: Instant::now(),
            states: BTreeMap::new(),
            failed: Vec::new(),
            resumable: None,
            lines: Lines::new(ui),
        }
    }

    /// Says of every failure whether the next run can finish the device.
    pub(super) fn resuming(self) -> Self {
        Self { resumable: Some(0), ..self }
    }

    /// It is for a part of the devices only.
    pub(super) fn of_shard(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// Says how it went, and for which shard.
    pub(super) fn note(&self, text: &str) {
        match self.shard {
            Some(shard) => self.ui.note(&format!("shard {shard}: {text}")),
            None => self.ui.note(text),
        }
    }

    /// Shows on a terminal how many rows of so many are there.
    pub(super) fn watch_progress(&mut self, total: usize) {
        self.progress = self.ui.progress(total);
    }

    /// Counts and prints a device whose request was fulfilled; `text` is its line for people.
    pub(super) fn done<X: Serialize>(&mut self, row: &Row<'_, X>, text: impl FnOnce() -> String) {
        self.count(row.state);
        self.write(row, None, text);
    }

    /// Counts and prints a device whose request was not fulfilled.
    pub(super) fn failed<X: Serialize>(&mut self, row: &Row<'_, X>, failure: &DeviceFailure) {
        self.count(row.state);
        self.failed.push(failure.exit);
        if let Some(resumable) = &mut self.resumable {
            *resumable += usize::from(failure.resumable);
        }
        if self.json {
            return self.write(row, Some(failure), String::new);
        }
        // A run of many that was stopped says how many are left, not which.
        if row.state != State::NotReached || (self.is_few && self.every_device) {
            self.explain(row.shown.unwrap_or(row.device), row.state, failure);
        }
    }

    /// The same, without any other fact about the device.
    pub(super) fn failure(&mut self, device: &str, failure: &DeviceFailure) {
        self.failed(&Row::<()>::new(device, failure.fate.into()), failure);
    }

    /// Counts and prints a device whose request was fulfilled, and for which a later step failed. The verb decides how
    /// the failure counts.
    pub(super) fn troubled<X: Serialize>(
        &mut self,
        row: &Row<'_, X>,
        trouble: Option<&DeviceFailure>,
        text: impl FnOnce() -> String,
    ) {
        self.count(row.state);
        // The next step is for people: programs have the state.
        let bare = trouble.map(|trouble| DeviceFailure { hint: None, ..trouble.clone() });
        self.write(row, bare.as_ref(), text);
        if let Some(trouble) = trouble {
            self.explain(row.device, State::Failed, trouble);
        }
    }

    fn explain(&self, device: &str, state: State, failure: &DeviceFailure) {
        self.ui.device_trouble(device, &state.label(), &failure.message, failure.hint.as_deref());
    }

    /// One more in this state.
    pub(super) fn count(&mut self, state: State) {
        *self.states.entry(state).or_default() += 1;
        if !matches!(state, State::Interrupted | State::NotReached | State::Settled) {
            self.progress.advance();
        }
    }

    fn write<X: Serialize>(
        &mut self,
        row: &Row<'_, X>,
        failure: Option<&DeviceFailure>,
        text: impl FnOnce() -> String,
    ) {
        if self.json {
            let error = failure.map(|failure| Problem {
                code: failure.exit as u8,
                message: &failure.message,
                hint: failure.hint.as_deref(),
                resumable: self.resumable.map(|_| failure.resumable),
            });
            let (schema, shard) = (self.schema, self.shard);
            self.lines.json(&Record { schema, row, shard, error });
        } else if self.every_device {
            self.lines.text(text().trim_end());
        }
    }

    /// How many ended so.
    pub(super) fn number(&self, state: State) -> usize {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// How many there were.
    pub(super) fn rows(&self) -> usize {
        self.states.values().sum()
    }

    /// Number of devices whose request was not fulfilled.
    pub(super) fn number_failed(&self) -> usize {
        self.failed.len()
    }

    /// `3 issued, 1 skipped, 2 failed`: every number but 0, and those that all verbs have at the end.
    pub(super) fn parts(&self, first: Option<String>, numbers: &[(usize, &str)]) -> String {
        let common = [State::Pending, State::Failed, State::Interrupted, State::NotReached];
        let common = common.map(|state| (self.number(state), state.words()));
        let own = numbers.iter().map(|(number, words)| (*number, (*words).to_owned()));
        let some = own.chain(common).filter(|(number, _)| *number > 0);
        let some = some.map(|(number, words)| format!("{number} {words}"));
        first.into_iter().chain(some).collect::<Vec<_>>().join(", ")
    }

    /// `3 devices in 0.4 s`
    pub(super) fn devices_in(&self) -> String {
        format!("{} in {:.1} s", count(self.total, "device"), self.began.elapsed().as_secs_f64())
    }

    /// All rows are there: takes the bar away.
    pub(super) fn rest(&self) {
        self.progress.finish();
    }

    /// Why the run ended early, if it did, and whether another one continues.
    pub(super) fn say_stopped(&self, place: &str, cause: Option<Exit>, reason: Option<&str>) {
        let place = escape::line(place);
        match cause {
            Some(Exit::Unavailable) => {
                let reason = reason.unwrap_or("gave no usable answer for as long as --give-up-after says");
                self.ui.warn(&format!("stopped: {place} {reason}"));
            }
            Some(Exit::Refused) => self.ui.warn(&format!("stopped: {place} does not accept our credentials")),
            _ => {}
        }
        if let Some(number) = self.resumable.filter(|number| *number > 0) {
            let interrupted = if cause == Some(Exit::Interrupted) { "interrupted; " } else { "" };
            self.ui.hint(&format!(
                "{interrupted}{} can be finished: run the same command again",
                count(number, "device")
            ));
        }
    }

    /// The exit code of a run that was stopped for this cause, or not at all. One that was told to stop when
    /// everything was done was not stopped.
    ///
    /// # Errors
    /// When stdout could not be written.
    pub(super) fn end(self, cause: Option<Exit>) -> Result<Exit, Failure> {
        self.end_as(cause, |exit| exit)
    }

    /// The same, where the verb knows more than the rows tell.
    ///
    /// # Errors
    /// When stdout could not be written.
    pub(super) fn end_as(
        mut self,
        cause: Option<Exit>,
        known: impl FnOnce(Exit) -> Exit,
    ) -> Result<Exit, Failure> {
        let total = self.rows();
        let ended = Exit::of_batch(total - self.failed.len(), &self.failed);
        let exit = known(cause.filter(|_| !self.failed.is_empty()).unwrap_or(ended));
        if let Some(shard) = self.shard.filter(|_| self.json) {
            let (of, states, exit) = (self.schema, &self.states, exit as u8);
            self.lines.json(&End { schema: END, of, shard, total, states, exit });
        }
        self.lines.end()?;
        Ok(exit)
    }
}

/// Reports further certificates of the same keys, in use nowhere, which a last look at the platform found.
pub(super) fn say_last_look(looked: &LastLook, ui: &Ui) {
    for Extra { device, fingerprint, revoked } in &looked.extras {
        match revoked {
            Ok(()) => ui.note(&format!(
                "{device}: the platform had one more certificate for its key, {fingerprint}; it was revoked"
            )),
            Err(error) => ui.warn(&format!(
                "{device}: the platform has one more certificate for its key, which could not be revoked: \
                 {fingerprint}: {error}"
            )),
        }
    }
    if let Some(error) = &looked.failed {
        ui.warn(&format!("further certificates of the same keys could not be looked for: {error}"));
    }
}

/// Warns of certificates that an earlier run lost, and that this one has no use for.
pub(super) fn warn_of_surplus(device: &DeviceId, issued: &Issued, ui: &Ui) {
    if !issued.surplus.is_empty() {
        ui.warn(&format!(
            "{device}: the platform has {} for this key that no device uses: {}",
            count(issued.surplus.len(), "more certificate"),
            issued.surplus.join(", "),
        ));
    }
}
