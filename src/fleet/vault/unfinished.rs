//! Work that earlier runs left half done.

use std::{fs, io};

use super::VaultError;
use crate::{
    custody,
    device_id::DeviceId,
    fleet::{
        archive,
        journal::{self, Event, Journal},
        layout::{KEY_FILE, Layout},
        lock::ListLock,
        pair::{self, KeyFault},
        scan,
        write::{self, DiskError, at},
    },
    pki::{fingerprint::Fingerprint, key::PrivateKey},
};

/// Work that an earlier run left unfinished.
#[derive(Debug)]
pub struct Unfinished {
    pub device: DeviceId,
    /// The key whose certificate may exist already.
    pub key: PrivateKey,
}

/// The leftovers of earlier runs.
#[derive(Debug, Default)]
pub struct Left {
    pub found: Vec<Unfinished>,
    /// Staged directories that cannot be taken up, and the reasons; they stay where they are.
    pub stuck: Vec<DiskError>,
}

/// Tidies `.certreq/staged` and returns the keys that earlier runs left there. Call it under the lock.
///
/// # Errors
/// When the directory cannot be read or tidied.
pub fn unfinished(layout: &Layout) -> Result<Left, DiskError> {
    for path in [layout.journal(), layout.ca_certificate()] {
        write::forget_growing(&path)?;
    }
    // The revocation list has its own lock: a watcher may be writing it at the moment, without the fleet's lock.
    if let Ok(_turn) = ListLock::take(layout) {
        write::forget_growing(&layout.ca_revocation_list())?;
    }
    let staging = layout.staging();
    let mut left = Left::default();
    for device in scan::staged_devices(layout).map_err(at(&staging))? {
        match taken_up(layout, device) {
            Ok(Some(unfinished)) => left.found.push(unfinished),
            Ok(None) => {}
            Err(error) => left.stuck.push(error),
        }
    }
    Ok(left)
}

/// The staged key of one device; `None` when its directory only had to be tidied away.
fn taken_up(layout: &Layout, device: DeviceId) -> Result<Option<Unfinished>, DiskError> {
    let staged = layout.staged(&device);
    if archive::was_replaced(layout, &device)? {
        archive::put_away(layout, &device)?;
        return Ok(None);
    }
    custody::own(&staged, 0).map_err(at(&staged))?;
    let path = staged.join(KEY_FILE);
    match custody::own(&path, 0o077) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&path)(error)),
        _ => {}
    }
    match scan::key(&staged) {
        Ok(Some(key)) if archive::was_half_exchanged(layout, &device, &key)? => {
            archive::finish_exchange(layout, &device)?;
            Ok(None)
        }
        Ok(Some(key)) => Ok(Some(Unfinished { device, key })),
        // The key that cannot be read may be whole, and its certificate may exist.
        Err(fault @ (KeyFault::Denied | KeyFault::Unusable(_))) => {
            Err(at(&path)(io::Error::other(fault.to_string())))
        }
        // A key that is not whole was never flushed, so its CSR never left and no certificate can exist for it.
        Ok(None) | Err(_) => fs::remove_dir_all(&staged).map_err(at(&staged)).map(|()| None),
    }
}

/// The devices of which an earlier run left a key; changes nothing on disk.
///
/// # Errors
/// When the directory cannot be read.
pub fn begun(layout: &Layout) -> Result<Vec<DeviceId>, DiskError> {
    let staging = layout.staging();
    let mut found = Vec::new();
    for device in scan::staged_devices(layout).map_err(at(&staging))? {
        if !archive::was_replaced(layout, &device)? && matches!(scan::key(&layout.staged(&device)), Ok(Some(_)))
        {
            found.push(device);
        }
    }
    Ok(found)
}

/// Adds the records that are missing because a run was cut after a pair got its name, and before the journal said so.
pub(super) fn complete_journal(layout: &Layout, journal: &mut Journal) -> Result<(), VaultError> {
    for record in journal::unpublished(&layout.journal())? {
        let Event::Answered { fingerprint, serial, request_id, .. } = record.event else { continue };
        let (Ok(device), Ok(key)) = (DeviceId::wide(&record.device), record.key.parse::<Fingerprint>()) else {
            continue;
        };
        let there = pair::at(&layout.device(&device));
        if there.is_ok_and(|pair| pair.leaf.fingerprint().to_string() == fingerprint) {
            journal.add(&device, &key, &Event::Published { fingerprint, serial, request_id });
        }
    }
    journal.append()?;
    Ok(())
}
