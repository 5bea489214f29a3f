//! Key objects in tokens: which of them this directory made, and their removal once no file names them.
//!
//! The journal names every change of an object before it happens, so that a run that is cut anywhere leaves no object
//! unaccounted for: the next run checks whether a file names the object, and removes it if not.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use crate::{
    device_id::DeviceId,
    fleet::{
        archive,
        folder::Folder,
        journal::{self, Event, Journal, JournalError, ObjectStep},
        layout::Layout,
        pair::KeyFile,
        scan,
    },
    keys::{self, TokenError},
    pki::{fingerprint::Fingerprint, token_key::TokenKey, token_uri::TokenUri},
};

/// The objects that were made for this directory, by the URI in the journal.
#[derive(Debug, Default)]
pub(super) struct Objects(HashSet<String>);

impl Objects {
    /// Reads the objects from the journal, and finishes the changes that an earlier run began.
    pub(super) fn settle(layout: &Layout, journal: &mut Journal) -> Result<Self, JournalError> {
        let mut last: HashMap<String, (String, ObjectStep)> = HashMap::new();
        journal::each(&layout.journal(), |record| {
            if let Event::Object { uri, object } = record.event {
                last.insert(uri, (record.device, object));
            }
        })?;
        let mut objects = Self::default();
        for (text, (device, step)) in last {
            let is_open = matches!(step, ObjectStep::Planned | ObjectStep::Leaving);
            let (Ok(uri), Ok(device)) = (text.parse::<TokenUri>(), device.parse::<DeviceId>()) else {
                continue;
            };
            if step == ObjectStep::Removed {
                continue;
            }
            objects.0.insert(text);
            if !is_open {
                continue;
            }
            if is_named(layout, &device, &uri, &[]) {
                add(journal, &device, &uri, ObjectStep::Made);
            } else {
                let removed =
                    if step == ObjectStep::Planned { keys::destroy_begun(&uri) } else { keys::destroy(&uri) };
                objects.removed(journal, &device, &uri, removed);
            }
        }
        journal.append()?;
        Ok(objects)
    }

    /// Takes note of an event about an object; other events change nothing.
    pub(super) fn learn(&mut self, event: &Event) {
        match event {
            Event::Object { uri, object: ObjectStep::Removed } => drop(self.0.remove(uri)),
            Event::Object { uri, .. } => drop(self.0.insert(uri.clone())),
            _ => {}
        }
    }

    /// The object that a directory names, if it was made here.
    pub(super) fn in_directory(&self, directory: &Path) -> Option<TokenUri> {
        if self.0.is_empty() {
            return None;
        }
        named_in(directory).filter(|uri| self.0.contains(&uri.to_string()))
    }

    /// The objects that only these directories of a device name, all of which go, and that were made here.
    pub(super) fn only_in(&self, layout: &Layout, device: &DeviceId, going: &[PathBuf]) -> Vec<TokenUri> {
        let named = going.iter().filter_map(|path| self.in_directory(path));
        named.filter(|uri| !is_named(layout, device, uri, going)).collect()
    }

    /// Removes an object from its token. One that cannot be reached now is removed by a later run.
    pub(super) fn remove(&mut self, journal: &mut Journal, device: &DeviceId, uri: &TokenUri) {
        let removed = keys::destroy(uri);
        self.removed(journal, device, uri, removed);
    }

    fn removed(
        &mut self,
        journal: &mut Journal,
        device: &DeviceId,
        uri: &TokenUri,
        removed: Result<(), TokenError>,
    ) {
        match removed {
            Ok(()) => {
                self.0.remove(&uri.to_string());
                add(journal, device, uri, ObjectStep::Removed);
            }
            Err(error) => tracing::warn!(
                "a key of {device} that is not used any more stays in its token for now: {error}; the next run removes it"
            ),
        }
    }
}

/// Adds a line about an object.
pub(super) fn add(journal: &mut Journal, device: &DeviceId, uri: &TokenUri, object: ObjectStep) {
    let uri = uri.to_string();
    let key = Fingerprint::of(uri.as_bytes());
    journal.add(device, &key, &Event::Object { uri, object });
}

fn named_in(directory: &Path) -> Option<TokenUri> {
    key_in(directory).map(|named| named.uri)
}

/// The key in a token that a directory names.
pub(super) fn key_in(directory: &Path) -> Option<TokenKey> {
    KeyFile::of(&Folder::open(directory).ok()?).in_token()
}

/// True when a directory of the device names this object, other than those that go.
fn is_named(layout: &Layout, device: &DeviceId, uri: &TokenUri, going: &[PathBuf]) -> bool {
    let places = [layout.device(device), layout.staged(device)];
    places
        .into_iter()
        .chain(archive::kept(layout, device))
        .filter(|place| !going.contains(place))
        .any(|place| named_in(&place).is_some_and(|named| named.identity() == uri.identity()))
}

/// Every key in a token that a directory of the fleet names: in use, staged, or in the archive.
#[must_use]
pub fn named(layout: &Layout) -> Vec<TokenUri> {
    let devices = scan::devices(layout).unwrap_or_default();
    let staged = scan::staged_devices(layout).unwrap_or_default();
    let archived = scan::archived_devices(layout);
    let places = devices.iter().map(|device| layout.device(device));
    places
        .chain(staged.iter().map(|device| layout.staged(device)))
        .chain(archived.iter().flat_map(|device| archive::kept(layout, device)))
        .filter_map(|place| named_in(&place))
        .collect()
}
