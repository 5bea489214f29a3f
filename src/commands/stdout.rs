//! End of a command whose stdout cannot be written.

use std::io;

use serde::Serialize;

use crate::{failure::Failure, output::Ui};

/// A closed pipe is not an error: the answer is in the exit code as well. A full disk is one.
///
/// # Errors
/// Every error but a closed pipe.
pub(crate) fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// The lines of a run, which goes on when stdout cannot be written, and says at its end why not.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    ui: &'a Ui,
    outcome: io::Result<()>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        Self { ui, outcome: Ok(()) }
    }

    /// Text that was escaped before; see [`Ui::data`].
    pub(super) fn data(&mut self, text: &str) {
        self.write(|ui| ui.data(text));
    }

    /// For a person; see [`Ui::text`].
    pub(super) fn text(&mut self, text: &str) {
        self.write(|ui| ui.text(text));
    }

    /// See [`Ui::json`].
    pub(super) fn json(&mut self, record: &impl Serialize) {
        self.write(|ui| ui.json(record));
    }

    /// Writes, unless an earlier write failed.
    pub(super) fn write(&mut self, write: impl FnOnce(&Ui) -> io::Result<()>) {
        if self.outcome.is_ok() {
            self.outcome = write(self.ui);
        }
    }

    /// Whether a write failed; later lines are not written then.
    pub(super) fn is_over(&self) -> bool {
        self.outcome.is_err()
    }

    /// Whether all of them could be written.
    ///
    /// # Errors
    /// See [`written`].
    pub(super) fn end(self) -> Result<(), Failure> {
        written(self.outcome)
    }
}
