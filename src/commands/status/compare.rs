//! Comparison of the fleet on disk with the platform's records.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

use super::fleet::Fleet;
use crate::{
    commands::living::Living,
    device_id::DeviceId,
    evidence::{self, platform::ListError, witness::Witness},
    failure::{Exit, Failure},
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::{CertificateRecord, ErrorKind, Platform, PlatformError, Registry, registry_of},
};

/// Facts that the platform knows and the disk does not.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    /// URL or directory.
    pub(super) place: String,
    pub(super) root: Root,
    /// Certificates it has a record of.
    pub(super) certificates: usize,
    /// Certificates without an owner.
    pub(super) orphans: Vec<Orphan>,
    /// Revoked by its list, and still in use here.
    pub(super) revoked_in_use: Vec<DeviceId>,
    /// In use here, issued by its root, and without a record there: deleting a record revokes.
    pub(super) without_record: Vec<DeviceId>,
    /// Its devices that own no certificate; unchecked text.
    pub(super) devices_without_certificate: Vec<String>,
    /// Devices with several live certificates, and how many.
    pub(super) several: Vec<Several>,
    /// The same for keys: one of them was issued to an answer that was lost.
    pub(super) several_for_one_key: Vec<Several>,
    /// Devices here that the platform does not have.
    pub(super) unknown_devices: Vec<DeviceId>,
    /// Why its list could not be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) list_error: Option<String>,
}

/// Its root beside ours.
#[derive(Debug, Serialize)]
pub(super) struct Root {
    pub(super) state: RootState,
    pub(super) fingerprint: Fingerprint,
    pub(super) subject: String,
    pub(super) not_after: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RootState {
    Same,
    /// `ca/ca.pem` does not have it.
    Changed,
    /// There is no root here yet.
    NotHere,
}

/// More certificates than one.
#[derive(Debug, Serialize)]
pub(super) struct Several {
    /// Owner; `-` for certificates without an owner.
    pub(super) device: String,
    pub(super) certificates: usize,
}

fn several(found: Vec<(String, usize)>) -> Vec<Several> {
    found.into_iter().map(|(device, certificates)| Several { device, certificates }).collect()
}

#[derive(Debug, Serialize)]
pub(super) struct Orphan {
    pub(super) fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
}

impl Comparison {
    /// Exit codes that count for `--check`.
    pub(super) fn exits(&self) -> impl Iterator<Item = Exit> {
        let revoked = !self.revoked_in_use.is_empty() || !self.without_record.is_empty();
        let changed = self.root.state == RootState::Changed;
        [(revoked, Exit::Revoked), (changed, Exit::NotTrusted)]
            .into_iter()
            .filter_map(|(is_so, exit)| is_so.then_some(exit))
    }
}

/// Asks the platform; no file and no record is changed.
///
/// # Errors
/// When it does not answer a question. Having no list is an answer.
pub(super) async fn compare(
    platform: &dyn Platform,
    fleet: &Fleet,
    pin: Option<Fingerprint>,
) -> Result<Comparison, Failure> {
    let registry = registry_of(platform, "status --platform")?;
    let doing = |what: &'static str| move |error| Failure::from(error).context(what);
    let found = evidence::platform::look(platform, pin).await?;
    let list_error = match &found.list {
        Ok(_) => None,
        Err(ListError::Platform(error)) if error.kind != ErrorKind::NotFound => {
            return Err(doing("fetching the revocation list")(error.clone()));
        }
        Err(error) => Some(error.to_string()),
    };
    let root = found.root.clone();
    let list = found.into_witness();
    let lives = |leaf: &Certificate| leaf.not_after >= fleet.at && !list.names(&leaf.serial);
    let records = records(registry, &lives).await.map_err(doing("reading the platform's certificates"))?;
    let devices = registry.devices().await.map_err(doing("reading the platform's devices"))?;
    let known_devices: HashSet<&str> = devices.iter().map(String::as_str).collect();
    // A platform that lists no device at all does not keep devices.
    let here = fleet.devices.iter().filter(|_| !known_devices.is_empty());
    let unknown_devices =
        here.filter(|device| !known_devices.contains(device.id.as_str())).map(|device| device.id.clone());
    let unknown_devices = unknown_devices.collect();
    let mut comparison = Comparison {
        several: several(records.living.devices_with_several()),
        several_for_one_key: several(records.living.keys_with_several()),
        unknown_devices,
        place: platform.display_name(),
        root: Root {
            state: root_state(fleet, &root),
            fingerprint: root.fingerprint(),
            subject: root.subject.clone(),
            not_after: root.not_after,
        },
        certificates: records.known.len(),
        orphans: records.orphans,
        revoked_in_use: Vec::new(),
        without_record: Vec::new(),
        devices_without_certificate: devices.into_iter().filter(|id| !records.owners.contains(id)).collect(),
        list_error,
    };
    comparison.use_here(fleet, &root, &list, &records.known);
    Ok(comparison)
}

impl Comparison {
    fn use_here(&mut self, fleet: &Fleet, root: &Certificate, list: &Witness, known: &HashSet<Fingerprint>) {
        for device in &fleet.devices {
            let Some(leaf) = device.leaf.as_ref().filter(|leaf| *leaf.issuer == *root.subject) else {
                continue;
            };
            // A certificate that ended needs no record, and no revocation.
            if leaf.not_after < fleet.at {
                continue;
            }
            if list.names(&leaf.serial) {
                self.revoked_in_use.push(device.id.clone());
            } else if !known.contains(&leaf.fingerprint) {
                self.without_record.push(device.id.clone());
            }
        }
    }
}

fn root_state(fleet: &Fleet, root: &Certificate) -> RootState {
    if fleet.roots.contains(root) {
        RootState::Same
    } else if fleet.roots.is_empty() {
        RootState::NotHere
    } else {
        RootState::Changed
    }
}

/// Facts from the records, without the records.
#[derive(Default)]
struct Records {
    known: HashSet<Fingerprint>,
    owners: HashSet<String>,
    orphans: Vec<Orphan>,
    living: Living,
}

async fn records(
    registry: &dyn Registry,
    lives: &(dyn Fn(&Certificate) -> bool + Sync),
) -> Result<Records, PlatformError> {
    let seen = Mutex::new(Records::default());
    let note = |record: &CertificateRecord| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.known.extend(record.fingerprint.parse::<Fingerprint>());
        seen.owners.extend(record.device.clone());
        let chain = record.pem.as_deref().and_then(|pem| Certificate::all_from_pem(pem).ok());
        if let Some(leaf) = chain.as_ref().and_then(|chain| chain.first()).filter(|leaf| lives(leaf)) {
            seen.living.take(record.device.as_deref(), leaf);
        }
        is_orphan(record)
    };
    let orphans = registry.certificates(&note).await?;
    let mut records = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let named = |record: CertificateRecord| Orphan { fingerprint: record.fingerprint, subject: record.subject };
    records.orphans = orphans.into_iter().map(named).collect();
    Ok(records)
}

fn is_orphan(record: &CertificateRecord) -> bool {
    record.device.is_none() && record.application.is_none()
}
