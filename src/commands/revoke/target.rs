//! Targets of a revocation, resolved with the files on disk.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Plan, report::Report};
use crate::{
    device_id::DeviceId,
    evidence::password::Password,
    evidence::{beside, read},
    failure::{Exit, Failure},
    fleet::layout::{CERTIFICATE_FILE, Layout},
    pki::{
        certificate::Certificate,
        fingerprint::Fingerprint,
        sniff::{self, Item, SniffError},
    },
};

/// Something that was named.
#[derive(Clone, Debug)]
pub enum Target {
    Fingerprint(Fingerprint),
    /// A device directory, or a file with a certificate.
    Path(PathBuf),
    Device(DeviceId),
}

/// One certificate that was named.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) fingerprint: Fingerprint,
    /// The device it must be for.
    pub(super) device: Option<DeviceId>,
    /// From the disk.
    pub(super) certificate: Option<Certificate>,
}

/// The named targets, resolved.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) certificates: Vec<Wanted>,
    /// Devices of which the platform's records name the certificates.
    pub(super) devices: Vec<DeviceId>,
}

/// The fleets with evidence about the targets: the one of the journal, and those of device directories.
pub(super) fn fleets(plan: &Plan) -> BTreeSet<PathBuf> {
    let beside = plan.targets.iter().filter_map(|target| {
        let Target::Path(path) = target else { return None };
        let directory = if path.is_dir() { path.clone() } else { beside::directory(path)? };
        beside::device_id(&directory)?;
        // `cert_a1998e` has an empty parent, which is the working directory.
        let fleet = match directory.file_name() {
            Some(_) => directory.parent()?.to_path_buf(),
            None => directory.join(".."),
        };
        Some(if fleet.as_os_str().is_empty() { PathBuf::from(".") } else { fleet })
    });
    std::iter::once(plan.dir.clone()).chain(beside).collect()
}

/// Leaves the devices of the plan's shard.
///
/// # Errors
/// A target whose shard cannot be told.
pub(super) fn of_shard(plan: &mut Plan) -> Result<(), Failure> {
    let Some(shard) = plan.shard else { return Ok(()) };
    let mut left = Vec::with_capacity(plan.targets.len());
    for target in std::mem::take(&mut plan.targets) {
        let device = match &target {
            Target::Device(id) => Some(id.clone()),
            Target::Path(path) => beside::device_id(path),
            Target::Fingerprint(_) => None,
        };
        let device = device.ok_or_else(|| {
            Failure::usage("--shard works with device ids and device directories only")
                .hint("revoke files and fingerprints in a run of their own")
        })?;
        if shard.holds(device.as_str()) {
            left.push(target);
        }
    }
    plan.targets = left;
    Ok(())
}

/// Reads directories and files; those that cannot be read are reported.
pub(super) fn look_up(plan: &Plan, layout: &Layout, report: &mut Report<'_>) -> Named {
    let mut named = Named::default();
    for target in &plan.targets {
        let found = match target {
            Target::Fingerprint(fingerprint) => {
                Ok(Wanted { fingerprint: *fingerprint, device: None, certificate: None })
            }
            Target::Path(path) => at(path, &plan.password),
            Target::Device(id) => {
                let directory = layout.device(id);
                if plan.all || std::fs::symlink_metadata(&directory).is_err() {
                    named.devices.push(id.clone());
                    continue;
                }
                in_directory(&directory, &plan.password)
            }
        };
        match found {
            Ok(wanted) => named.certificates.push(wanted),
            Err(why) => report.unreadable(&shown(target), &why),
        }
    }
    named
}

fn shown(target: &Target) -> String {
    match target {
        Target::Fingerprint(fingerprint) => fingerprint.to_string(),
        Target::Path(path) => path.display().to_string(),
        Target::Device(id) => id.to_string(),
    }
}

fn at(path: &Path, password: &Password) -> Result<Wanted, Unread> {
    if path.is_dir() {
        return in_directory(path, password);
    }
    in_file(path, password)
}

fn in_directory(directory: &Path, password: &Password) -> Result<Wanted, Unread> {
    let file = directory.join(CERTIFICATE_FILE);
    if std::fs::symlink_metadata(&file).is_err() {
        return Err(Unread {
            exit: Exit::Failed,
            why: format!("there is no {CERTIFICATE_FILE} in it"),
            hint: Some("name the directories of devices (cert_<id>), or the devices with -i"),
        });
    }
    in_file(&file, password)
}

/// The first certificate that is no authority's: a device's own comes before its issuers.
fn in_file(path: &Path, password: &Password) -> Result<Wanted, Unread> {
    let bytes = read::file(path).map_err(|error| Unread::new(error.to_string()))?;
    let mut found = sniff::sniff(&bytes, password.given());
    let needs_password = |found: &[Result<sniff::Found, SniffError>]| {
        found.iter().any(|one| matches!(one, Err(SniffError::PasswordNeeded)))
    };
    if needs_password(&found)
        && let Some(asked) = password.ask(&path.display().to_string())
    {
        found = sniff::sniff(&bytes, Some(asked));
    }
    let mut error = None;
    let mut authority = false;
    for one in found {
        match one {
            Ok(sniff::Found { item: Item::Certificate { facts, der }, .. }) => {
                if facts.is_ca {
                    authority = true;
                    continue;
                }
                let certificate = Certificate::from_der(der).map_err(|error| Unread::new(error.to_string()))?;
                let device = beside::directory(path).and_then(|directory| beside::device_id(&directory));
                return Ok(Wanted {
                    fingerprint: certificate.fingerprint(),
                    device,
                    certificate: Some(certificate),
                });
            }
            Ok(_) => {}
            Err(problem) => error = error.or(Some(problem)),
        }
    }
    Err(match error {
        Some(SniffError::PasswordNeeded) => Unread {
            hint: Some("give it with --password-file FILE or the variable CERTREQ_PASSWORD"),
            ..Unread::new(SniffError::PasswordNeeded.to_string())
        },
        Some(error) => Unread::new(error.to_string()),
        None if authority => Unread {
            hint: Some("trusted CAs are changed with certreq ca trust"),
            ..Unread::new("it holds only certificates of authorities, and no device's".to_owned())
        },
        None => Unread::new("no certificate is in it".to_owned()),
    })
}

/// Why something that was named gives no certificate.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) exit: Exit,
    pub(super) why: String,
    pub(super) hint: Option<&'static str>,
}

impl Unread {
    fn new(why: String) -> Self {
        Self { exit: Exit::Failed, why, hint: None }
    }
}
