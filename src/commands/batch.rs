//! What runs over many devices say alike.

use serde::Serialize;

use crate::{
    device_id::DeviceId,
    enroll::{DeviceFailure, Issued},
    failure::Exit,
    output::{Ui, count, escape},
};

/// Runs of up to this many devices name every device on a terminal.
pub(super) const FEW: usize = 20;

/// Why something failed, in a line of `--format json`.
#[derive(Debug, Serialize)]
pub(super) struct Problem<'a> {
    /// The exit code if everything ended like this.
    code: u8,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    /// The next run goes on with it. Said by verbs that issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumable: Option<bool>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(exit: Exit, message: &'a str, hint: Option<&'a str>) -> Self {
        Self { code: exit as u8, message, hint, resumable: None }
    }

    pub(super) fn of(failure: &'a DeviceFailure) -> Self {
        Self::new(failure.exit, &failure.message, failure.hint.as_deref())
    }

    pub(super) fn resumable(self, resumable: bool) -> Self {
        Self { resumable: Some(resumable), ..self }
    }
}

/// The devices that failed.
#[derive(Debug, Default)]
pub(super) struct Failures {
    exits: Vec<Exit>,
    pub(super) not_reached: usize,
    /// The next run goes on with them.
    pub(super) resumable: usize,
}

impl Failures {
    pub(super) fn add(&mut self, failure: &DeviceFailure) {
        self.exits.push(failure.exit);
        self.not_reached += usize::from(failure.not_reached);
        self.resumable += usize::from(failure.resumable);
    }

    /// Those that were not reached, too.
    pub(super) fn number(&self) -> usize {
        self.exits.len()
    }

    /// The exit code of a run that was stopped for this cause, or not at all.
    pub(super) fn exit(&self, done: usize, cause: Option<Exit>) -> Exit {
        exit(done, &self.exits, cause)
    }
}

/// The exit code of a run. One that was told to stop when everything was done was not stopped.
pub(super) fn exit(done: usize, failed: &[Exit], cause: Option<Exit>) -> Exit {
    cause.filter(|_| !failed.is_empty()).unwrap_or_else(|| Exit::of_batch(done, failed))
}

/// What a platform did that ended the run early.
pub(super) fn stopped(place: &str, cause: Option<Exit>, ui: &Ui) {
    let place = escape::line(place);
    match cause {
        Some(Exit::Unavailable) => {
            ui.warn(&format!("stopped: {place} gave no usable answer for as long as --give-up-after says"));
        }
        Some(Exit::Refused) => ui.warn(&format!("stopped: {place} does not take our credentials")),
        _ => {}
    }
}

/// Certificates that an earlier run lost, and that this one has no use for.
pub(super) fn surplus(device: &DeviceId, issued: &Issued, ui: &Ui) {
    if !issued.surplus.is_empty() {
        ui.warn(&format!(
            "{device}: the platform has {} for this key that nobody uses: {}",
            count(issued.surplus.len(), "more certificate"),
            issued.surplus.join(", "),
        ));
    }
}

/// `1 skipped, 2 failed`: what there is any of.
pub(super) fn parts<'a>(numbers: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<String> {
    let some = numbers.into_iter().filter(|(number, _)| *number > 0);
    some.map(|(number, what)| format!("{number} {what}")).collect()
}
