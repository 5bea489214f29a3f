//! `certreq oob`: the tasks of an operator of an IDProv server; and `certreq discover`.

mod add;
mod discover;
mod show;

use serde::Serialize;

pub use add::{Add, Given, Show, add};
pub use discover::{Discover, discover};

use crate::{
    commands::{
        outcomes::{Row, Run, State},
        stdout::written,
    },
    device_id::DeviceId,
    enroll::DeviceFailure,
    failure::{Exit, Failure},
    output::{Table, Ui, columns},
    pki::idprov::hub::{Approval, Ledger, SecretEntry, WaitingDevice},
    platform::{
        Holder, PlatformError,
        idprov::{Operator, Options},
    },
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.oob/1";

/// Server of an operator, and the operator's certificate and key.
#[derive(Debug)]
pub struct Door {
    pub options: Options,
    pub holder: Holder,
}

impl Door {
    async fn open(&self) -> Result<Operator, Failure> {
        Ok(Operator::open(&self.options, &self.holder).await?)
    }
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    device: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failures: Option<u32>,
    /// Of a device that waits, as the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(device: &'a str, state: &'static str) -> Self {
        Self {
            schema: SCHEMA,
            device,
            state,
            created_at: None,
            valid_until: None,
            failures: None,
            public_key: None,
            address: None,
            first_seen: None,
            last_seen: None,
        }
    }

    fn of_secret(entry: &'a SecretEntry) -> Self {
        Self {
            created_at: Some(&entry.created_at),
            valid_until: Some(&entry.valid_until),
            failures: Some(entry.failures),
            ..Self::new(&entry.device_id, entry.state.word())
        }
    }

    fn of_waiting(entry: &'a WaitingDevice) -> Self {
        Self {
            public_key: Some(&entry.fingerprint),
            address: Some(&entry.address),
            first_seen: Some(&entry.first_seen),
            last_seen: Some(&entry.last_seen),
            ..Self::new(&entry.device_id, if entry.approved { "approved" } else { "waiting" })
        }
    }
}

/// Secrets, without the secrets, and devices that wait.
///
/// # Errors
/// When the server refuses or does not answer.
pub async fn list(door: Door, json: bool, ui: &Ui) -> Result<Exit, Failure> {
    let Ledger { secrets, waiting } = door.open().await?.ledger().await?;
    if json {
        for entry in &secrets {
            written(ui.json(&Line::of_secret(entry)))?;
        }
        for entry in &waiting {
            written(ui.json(&Line::of_waiting(entry)))?;
        }
        return Ok(Exit::Done);
    }
    if secrets.is_empty() && waiting.is_empty() {
        ui.note("there is no secret and no pending device");
    }
    if !secrets.is_empty() {
        let mut table = Table::new(["DEVICE", "SECRET", "GOOD UNTIL", "WRONG"], columns::of_stdout());
        for entry in &secrets {
            let wrong = entry.failures.to_string();
            table.row([entry.device_id.as_str(), entry.state.word(), &entry.valid_until, &wrong]);
        }
        written(ui.text(&table.finish()))?;
    }
    if !waiting.is_empty() {
        let mut table = Table::new(["WAITS", "FROM", "LAST ASKED", "KEY"], None);
        for entry in &waiting {
            let key = if entry.approved { "approved" } else { entry.fingerprint.as_str() };
            table.row([entry.device_id.as_str(), &entry.address, &entry.last_seen, key]);
        }
        written(ui.text(&table.finish()))?;
    }
    Ok(Exit::Done)
}

/// Takes secrets back.
///
/// # Errors
/// When the server cannot be reached.
pub async fn remove(door: Door, devices: Vec<DeviceId>, json: bool, ui: &Ui) -> Result<Exit, Failure> {
    let operator = door.open().await?;
    let mut run = Run::new(SCHEMA, json, devices.len(), ui);
    for device in &devices {
        match operator.remove(device).await {
            Ok(()) => done(&mut run, device, State::Removed, "secret removed"),
            Err(error) => run.failure(device.as_str(), &error.into()),
        }
    }
    run.end(None)
}

/// Says yes to one key of one device.
///
/// # Errors
/// When the server refuses or does not answer.
pub async fn approve(door: Door, device: &DeviceId, approval: &Approval, ui: &Ui) -> Result<Exit, Failure> {
    let operator = door.open().await?;
    operator.approve(device, approval).await?;
    ui.note(&format!("approved: {device} gets a certificate for this key when it asks next"));
    Ok(Exit::Done)
}

fn done(run: &mut Run<'_>, device: &DeviceId, state: State, words: &str) {
    run.done(&Row::<()>::new(device.as_str(), state), || format!("{device}  {words}"));
}

fn failure(error: PlatformError) -> DeviceFailure {
    DeviceFailure { resumable: false, ..error.into() }
}
