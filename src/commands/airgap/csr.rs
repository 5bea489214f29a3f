//! `certreq csr`: requests for the keys that wait, to be carried to where the network is.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    key::dir_flag,
    report::{finish, of_key},
};
use crate::{
    commands::{
        outcomes::{Row, Run, State},
        stdout::written,
        workspace::{lock, open_vault, unfinished},
    },
    device_id::DeviceId,
    enroll::DeviceFailure,
    failure::{Exit, Failure},
    fleet::{
        carried,
        journal::Event,
        layout::Layout,
        vault::{Subject, Vault},
    },
    output::Ui,
    pki::{alt_name::AltName, csr, fingerprint::Fingerprint, key::PrivateKey},
};

/// Every decision that does not need the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `None`: every device whose key waits.
    pub ids: Option<Vec<DeviceId>>,
    pub dir: PathBuf,
    /// `None`: stdout.
    pub out: Option<PathBuf>,
    /// Of the one server it is for; then there is exactly one id.
    pub names: Vec<AltName>,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
}

/// Writes a request for every device of the plan.
///
/// # Errors
/// A failure that stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run(plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    if !plan.dir.is_dir() {
        return Err(Failure::failed(format!("there is no directory {}", plan.dir.display()))
            .hint("give the directory with the keys: --dir DIR"));
    }
    let _lock = lock(&layout, plan.wait, ui).await?;
    let mut keys: BTreeMap<DeviceId, PrivateKey> =
        unfinished(&layout, ui)?.into_iter().map(|left| (left.device, left.key)).collect();
    if keys.is_empty() && plan.ids.is_none() {
        return Err(Failure::failed(format!(
            "there is no new key without a certificate in {}",
            plan.dir.display()
        ))
        .hint(format!("make keys first: certreq key ID...{}", dir_flag(&plan.dir))));
    }
    let ids = plan.ids.clone().unwrap_or_else(|| keys.keys().cloned().collect());
    if let Some(out) = &plan.out {
        carried::prepare(out)
            .map_err(|error| Failure::failed(format!("the requests cannot be written: {error}")))?;
    }
    let vault = open_vault(layout.clone())?;
    let mut run = Run::new("certreq.csr/1", plan.json, ids.len(), ui);
    for id in &ids {
        let result = match keys.remove(id) {
            Some(key) => request(&plan, &vault, id, &key, ui),
            None => Err(without_key(&layout, id, &plan.dir)),
        };
        match result {
            Ok(Made { file: Some(file), key }) => {
                let file = file.display().to_string();
                let row = Row { file: Some(file.clone()), ..of_key(id.as_str(), State::Written, key) };
                run.done(&row, || format!("{id}  written  {file}"));
            }
            // Stdout holds the request itself.
            Ok(Made { file: None, .. }) => run.count(State::Written),
            Err(failure) => run.failure(id.as_str(), &failure),
        }
    }
    vault.compact().await.map_err(|error| Failure::failed(format!("the journal: {error}")))?;
    let made = run.number(State::Written);
    let exit = finish(run, made, "request", "written", None)?;
    if let Some(out) = plan.out.filter(|_| made > 0) {
        ui.hint(&format!(
            "copy {} to a machine with a network, and run there:\ncertreq issue --csr DIR --out DIR -h HOST -u USER",
            out.display()
        ));
    }
    Ok(exit)
}

struct Made {
    file: Option<PathBuf>,
    key: Fingerprint,
}

fn request(
    plan: &Plan,
    vault: &Vault,
    id: &DeviceId,
    key: &PrivateKey,
    ui: &Ui,
) -> Result<Made, DeviceFailure> {
    let failed = |error: String| DeviceFailure::new(Exit::Failed, error);
    let mut pem = csr::request_for(key, id.as_str(), &plan.names).map_err(|error| failed(error.to_string()))?;
    pem.push('\n');
    let key = Fingerprint::of(&key.public_key_info());
    vault.note(Subject { device: id.clone(), key }, Event::Sent);
    let Some(out) = &plan.out else {
        written(ui.data(pem.trim_end())).map_err(|failure| failed(failure.message))?;
        return Ok(Made { file: None, key });
    };
    carried::write_request(out, id, &pem)
        .map_err(|error| failed(format!("the request cannot be written: {error}")))?;
    Ok(Made { file: Some(carried::request(out, id)), key })
}

fn without_key(layout: &Layout, id: &DeviceId, dir: &Path) -> DeviceFailure {
    if layout.device(id).is_dir() {
        return DeviceFailure::new(Exit::Failed, "it has a pair, and no new key")
            .hint(format!("for a new pair make a new key: certreq key --force {id}{}", dir_flag(dir)));
    }
    DeviceFailure::new(Exit::Failed, "it has no key for a new certificate")
        .hint(format!("make the key first: certreq key {id}{}", dir_flag(dir)))
}
