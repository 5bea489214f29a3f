//! Authorities whose certificates and revocation lists stand beside device directories.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{beside, bundle};
use crate::pki::{certificate::Certificate, crl::CrlSet};

/// Authorities, and the lists they may have signed.
#[derive(Debug, Default)]
pub struct Authorities {
    pub certificates: Vec<Certificate>,
    pub lists: CrlSet,
}

/// The authorities of fleet directories: `ca/ca.pem` and `ca/crl.pem` beside the device directories, each read once.
#[derive(Debug, Default)]
pub struct Fleets {
    known: Mutex<HashMap<PathBuf, Arc<Fleet>>>,
}

/// What a fleet's `ca` directory gave.
#[derive(Debug, Default)]
pub struct Fleet {
    pub authorities: Authorities,
    /// Why a file that is there cannot serve.
    pub error: Option<String>,
}

impl Fleets {
    /// Of the fleet a file in `directory` belongs to: a device directory's, or the `ca` directory itself.
    #[must_use]
    pub fn of(&self, directory: &Path) -> Option<Arc<Fleet>> {
        let root = match (beside::device_id(directory), directory.file_name()) {
            (None, _) => directory.to_owned(),
            // By its name, so that all device directories of a fleet share one entry.
            (Some(_), Some(_)) => directory.parent()?.join("ca"),
            (Some(_), None) => directory.join("..").join("ca"),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fleet) = known.get(&root) {
            return Some(Arc::clone(fleet));
        }
        let fleet = Arc::new(Fleet::read(&root));
        known.insert(root, Arc::clone(&fleet));
        Some(fleet)
    }
}

impl Fleet {
    fn read(directory: &Path) -> Self {
        let mut fleet = Self::default();
        let (ca, list) = (directory.join("ca.pem"), directory.join("crl.pem"));
        // A list without the root beside it is some other list.
        if !ca.is_file() {
            return fleet;
        }
        match bundle::certificates(&ca) {
            Ok(certificates) => fleet.authorities.certificates = certificates,
            Err(error) => fleet.error = Some(format!("{}: {error}", ca.display())),
        }
        if !list.is_file() {
            return fleet;
        }
        match bundle::lists(&list) {
            Ok(lists) => {
                let source = list.display().to_string();
                for one in lists {
                    fleet.authorities.lists.add(one, source.as_str());
                }
            }
            Err(error) => fleet.error = Some(format!("{}: {error}", list.display())),
        }
        fleet
    }
}
