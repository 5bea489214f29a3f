//! What an export says: the files, and what has to be known about them.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{Exported, Plan, devices::Device};
use crate::{
    commands::{batch::Problem, stdout::Lines},
    failure::{Exit, Failure},
    fleet::export::{Content, Made, Written},
    output::{Table, Ui, Verbosity, columns, count},
    pki::{fingerprint::Fingerprint, pkcs12::Encryption, time::Time},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.export/1";

/// One line of `--format json`.
#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    device: &'a str,
    state: &'static str,
    #[serde(flatten)]
    certificate: Option<Facts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a [Made]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem<'a>>,
}

#[derive(Serialize)]
struct Facts<'a> {
    fingerprint: Fingerprint,
    serial: &'a str,
    not_before: Time,
    not_after: Time,
    expired: bool,
}

/// Counts and speaks.
pub(super) struct Report<'a> {
    ui: &'a Ui,
    plan: &'a Plan,
    now: Time,
    table: Table,
    devices: usize,
    files: usize,
    unchanged: usize,
    passwords: Vec<Zeroizing<String>>,
    failed: Vec<Exit>,
    alone: bool,
    lines: Lines<'a>,
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &'a Plan, total: usize, now: Time, ui: &'a Ui) -> Self {
        Self {
            ui,
            plan,
            now,
            table: Table::new(["FILE", "MODE", "CONTENT"], columns::of_stdout()),
            devices: 0,
            files: 0,
            unchanged: 0,
            passwords: Vec::new(),
            failed: Vec::new(),
            alone: total == 1,
            lines: Lines::new(ui),
        }
    }

    pub(super) fn outcome(&mut self, device: &Device, result: Result<Exported, Failure>) {
        match result {
            Ok(exported) => self.exported(&exported),
            Err(failure) => self.failure(&device.label, &failure),
        }
    }

    fn exported(&mut self, exported: &Exported) {
        let (leaf, id) = (&exported.material.leaf, exported.material.id.as_str());
        self.devices += 1;
        self.files += exported.files.len();
        self.unchanged += exported.files.iter().filter(|made| made.written == Written::Unchanged).count();
        if self.plan.json {
            self.lines.json(&Record {
                schema: SCHEMA,
                device: id,
                state: "exported",
                certificate: Some(Facts {
                    fingerprint: leaf.fingerprint(),
                    serial: &leaf.serial,
                    not_before: leaf.not_before,
                    not_after: leaf.not_after,
                    expired: leaf.not_after < self.now,
                }),
                files: Some(&exported.files),
                error: None,
            });
        } else {
            for made in &exported.files {
                self.row(made);
            }
        }
        if leaf.not_after < self.now {
            self.ui.warn(&format!("{id}: exported, but its certificate expired at {}", leaf.not_after));
        }
        if self.plan.form.has(Content::Crl) && exported.material.revocation_list.is_none() {
            self.ui.note(&format!("{id}: without a revocation list: there is no crl.pem beside the root"));
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
        self.failed.push(failure.exit);
        let hint = failure.hints.first().map(String::as_str);
        if self.plan.json {
            let error = Some(Problem::new(failure.exit, &failure.message, hint));
            self.lines.json(&Record {
                schema: SCHEMA,
                device,
                state: "failed",
                certificate: None,
                files: None,
                error,
            });
        }
        self.ui.device_failure(device, &failure.message, hint);
    }

    /// Files on stdout; passwords and what else has to be known on stderr.
    pub(super) fn finish(mut self) -> Result<Exit, Failure> {
        if !self.plan.json && self.files > 0 && self.ui.verbosity() > Verbosity::Quiet {
            let table = std::mem::replace(&mut self.table, Table::new([], None));
            self.lines.data(&table.finish());
        }
        self.tell_passwords();
        if self.files > 0 && self.plan.form.has(Content::P12) && self.plan.encryption == Encryption::Modern {
            self.ui.hint("if Windows before 2019 or a macOS keychain calls the password wrong: --legacy");
        }
        if !self.alone {
            let failed =
                if self.failed.is_empty() { String::new() } else { format!(", {} failed", self.failed.len()) };
            let unchanged =
                if self.unchanged > 0 { format!(", {} unchanged", self.unchanged) } else { String::new() };
            let (devices, files) = (count(self.devices, "device"), count(self.files, "file"));
            self.ui.note(&format!("{devices} exported{failed}: {files}{unchanged}"));
        }
        self.lines.end()?;
        Ok(Exit::of_batch(self.devices, &self.failed))
    }

    /// The one time they can be read; `--quiet` does not swallow them.
    fn tell_passwords(&self) {
        if self.passwords.is_empty() {
            return;
        }
        let them = if self.passwords.len() == 1 { "It is" } else { "They are" };
        let say = |text: &str| {
            if self.ui.verbosity() == Verbosity::Quiet { self.ui.warn(text) } else { self.ui.note(text) }
        };
        self.passwords.iter().for_each(|password| say(password));
        say(&format!("{them} shown only now."));
    }
}
