//! Everything that was found, in order, and the summary.

use std::collections::{BTreeMap, HashSet};

use super::{Plan, View, check::Worst, examine::Examined, json};
use crate::{
    commands::stdout::written,
    evidence::input,
    failure::{Exit, Failure},
    output::{Ui, count},
};

/// Prints and counts.
pub(super) struct Report<'a> {
    plan: &'a Plan,
    ui: &'a Ui,
    worst: Worst,
    shown: usize,
    failed: usize,
    /// Directories among the arguments in which no item was found yet.
    barren: BTreeMap<usize, String>,
    said: HashSet<String>,
    closed: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, ui: &'a Ui) -> Self {
        let inputs = plan.inputs.iter().enumerate();
        let directories = inputs.filter(|(_, input)| input::is_directory(input));
        Self {
            plan,
            ui,
            worst: Worst::default(),
            shown: 0,
            failed: 0,
            barren: directories.map(|(number, input)| (number, input.to_string_lossy().into_owned())).collect(),
            said: HashSet::new(),
            closed: false,
        }
    }

    /// The reader is gone.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn add(&mut self, argument: usize, examined: Examined) -> Result<(), Failure> {
        if examined.items > 0 || !examined.failures.is_empty() {
            self.barren.remove(&argument);
        }
        self.worst.join(examined.worst);
        for warning in examined.warnings {
            // The same authority stands beside every device of a fleet.
            if !self.said.contains(&warning) {
                self.ui.warn(&warning);
                self.said.insert(warning);
            }
        }
        if examined.items > 0 {
            let apart = matches!(self.plan.view, View::Text { .. }) && self.shown > 0;
            self.shown += examined.items;
            let shown = examined.shown.trim_end_matches('\n');
            self.data(&if apart { format!("\n{shown}") } else { shown.to_owned() })?;
        }
        for (named, why, hint) in examined.failures {
            self.failure(&named, &why, hint)?;
        }
        Ok(())
    }

    fn failure(&mut self, named: &str, why: &str, hint: Option<&str>) -> Result<(), Failure> {
        self.failed += 1;
        if self.plan.view == View::Json {
            return self.data(&json::failure(named, why, hint));
        }
        let failure = Failure::failed(format!("{named}: {why}"));
        self.ui.failure(&match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        });
        Ok(())
    }

    /// Reports directories without content; returns the exit code.
    pub(super) fn finish(mut self) -> Result<Exit, Failure> {
        for directory in std::mem::take(&mut self.barren).into_values() {
            self.worst.unreadable();
            let why = "no certificate, request, revocation list or public key is in this directory";
            let hint = (!self.plan.recursive).then_some("add -r to look into the directories below it");
            self.failure(&directory, why, hint)?;
        }
        let total = self.shown + self.failed;
        if total > 1 && self.plan.view != View::Json {
            let unread = match self.failed {
                0 => String::new(),
                failed => format!(", {failed} could not be read"),
            };
            self.ui.note(&format!("{} shown{unread}", count(self.shown, "item")));
        }
        Ok(self.worst.exit(self.plan.check))
    }

    fn data(&mut self, text: &str) -> Result<(), Failure> {
        let result = self.ui.data(text);
        // The exit code may still be wanted, but further output is not.
        self.closed |= result.is_err();
        written(result)
    }
}
