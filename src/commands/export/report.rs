//! Report of an export: the files, and the facts that their user has to know.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{Exported, Plan, devices::Device};
use crate::{
    commands::outcomes::{Row, Run, State},
    enroll::DeviceFailure,
    failure::{Exit, Failure},
    fleet::{
        export::{Content, Made, Written},
        layout::KEY_FILE,
    },
    output::{Table, Ui, Verbosity, columns, count},
    pki::{pkcs12::Encryption, time::Time},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.export/1";

/// Fields of a device that only an export has.
#[derive(Serialize)]
struct Extra<'a> {
    expired: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    revoked: bool,
    files: &'a [Made],
}

/// Counts the results and prints them.
pub(super) struct Report<'a> {
    run: Run<'a>,
    plan: &'a Plan,
    now: Time,
    table: Table,
    files: usize,
    unchanged: usize,
    passwords: Vec<Zeroizing<String>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, total: usize, now: Time, ui: &'a Ui) -> Self {
        let mut run = Run::new(SCHEMA, plan.json, total, ui);
        // Text has a line for each file.
        run.every_device = false;
        let table = Table::new(["FILE", "MODE", "CONTENT"], columns::of_stdout());
        Self { run, plan, now, table, files: 0, unchanged: 0, passwords: Vec::new() }
    }

    pub(super) fn outcome(&mut self, device: &Device, result: Result<Exported, Failure>) {
        match result {
            Ok(exported) => self.exported(&exported),
            Err(failure) => self.failure(&device.label, &failure),
        }
    }

    fn exported(&mut self, exported: &Exported) {
        let (leaf, id) = (&exported.material.leaf, exported.material.id.as_str());
        self.files += exported.files.len();
        self.unchanged += exported.files.iter().filter(|made| made.written == Written::Unchanged).count();
        let extra = Extra {
            expired: leaf.not_after < self.now,
            revoked: exported.revoked.is_some(),
            files: &exported.files,
        };
        let row = Row { facts: Some(leaf.into()), extra: Some(extra), ..Row::new(id, State::Exported) };
        self.run.done(&row, String::new);
        exported.files.iter().for_each(|made| self.row(made));
        if leaf.not_after < self.now {
            self.run
                .ui
                .warn(&format!("{id}: exported, but its certificate expired at {}", leaf.not_after.moment()));
        }
        if let Some(mode) = exported.material.exposed {
            self.run.ui.warn(&format!("{id}: {KEY_FILE} has the mode {mode:04o}; chmod 600 it"));
        }
        if let Some(revoked) = &exported.revoked {
            self.run.ui.warn(&format!("{id}: exported, but its certificate is {revoked}"));
        }
        if self.plan.form.has(Content::Crl) && exported.material.revocation_list.is_none() {
            self.run.ui.note(&format!("{id}: without a revocation list: there is no crl.pem beside the root"));
        }
        if let Some(password) = &exported.password {
            for made in exported.files.iter().filter(|made| made.content == Content::P12) {
                self.passwords.push(Zeroizing::new(format!(
                    "password of {}: {}",
                    made.path.display(),
                    password.as_str()
                )));
            }
        }
    }

    fn row(&mut self, made: &Made) {
        let words = match made.written {
            Written::Written => made.content.words().to_owned(),
            Written::Replaced => format!("{} (replaced)", made.content.words()),
            Written::Unchanged => format!("{} (unchanged)", made.content.words()),
        };
        self.table.row([&*made.path.display().to_string(), &made.mode.to_string(), &words]);
    }

    fn failure(&mut self, device: &str, failure: &Failure) {
        let hint = failure.hints.first();
        let trouble =
            DeviceFailure { hint: hint.cloned(), ..DeviceFailure::new(failure.exit, &failure.message) };
        self.run.failure(device, &trouble);
        if self.plan.json {
            // Programs have the line; a person is told as well.
            self.run.ui.device_trouble(device, "failed", &failure.message, hint.map(String::as_str));
        }
    }

    /// Prints the files on stdout, and passwords and further facts on stderr.
    pub(super) fn finish(mut self) -> Result<Exit, Failure> {
        if !self.plan.json && self.files > 0 && self.run.ui.verbosity() > Verbosity::Quiet {
            let table = std::mem::replace(&mut self.table, Table::new([], None));
            self.run.lines.data(&table.finish());
        }
        self.tell_passwords();
        if self.files > 0 && self.plan.form.has(Content::P12) && self.plan.encryption == Encryption::Modern {
            self.run.ui.hint("if an old Windows or macOS rejects the password, export again with --legacy");
        }
        if self.run.total != 1 {
            let devices = count(self.run.number(State::Exported), "device");
            let parts = self.run.parts(Some(format!("{devices} exported")), &[]);
            let unchanged =
                if self.unchanged > 0 { format!(", {} unchanged", self.unchanged) } else { String::new() };
            self.run.ui.note(&format!("{parts}: {}{unchanged}", count(self.files, "file")));
        }
        self.run.end(None)
    }

    /// The one time they can be read; `--quiet` does not swallow them.
    fn tell_passwords(&self) {
        if self.passwords.is_empty() {
            return;
        }
        let them = if self.passwords.len() == 1 { "It is" } else { "They are" };
        let ui = self.run.ui;
        let say = |text: &str| if ui.verbosity() == Verbosity::Quiet { ui.warn(text) } else { ui.note(text) };
        self.passwords.iter().for_each(|password| say(password));
        say(&format!("{them} shown only now."));
    }
}
