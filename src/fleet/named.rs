//! The meaning of a word on the command line where a device's directory is wanted.

use std::path::{Path, PathBuf};

use super::layout::{CERTIFICATE_FILE, KEY_FILE, Layout};
use crate::device_id::DeviceId;

/// The directory that a word names: a device id stands for its directory in the fleet, and a file of a pair for the
/// directory that holds it. A path that exists is taken as a path, even if it looks like an id. Every other word is
/// returned as it is, for the message that it is not there.
#[must_use]
pub fn directory(word: &Path, fleet: &Path) -> PathBuf {
    if let Some(directory) = of_file(word).filter(|_| !word.is_dir()) {
        return directory;
    }
    of_id(word, fleet).unwrap_or_else(|| word.to_owned())
}

/// The directory of the device with this id, when it is there and nothing else has that name.
#[must_use]
pub fn of_id(word: &Path, fleet: &Path) -> Option<PathBuf> {
    if word.symlink_metadata().is_ok() {
        return None;
    }
    let id: DeviceId = word.to_str()?.parse().ok()?;
    Some(Layout::new(fleet).device(&id)).filter(|directory| directory.is_dir())
}

/// The directory of `cert_ID/cert.pem` and `cert_ID/private.key`; `None` for every other name.
#[must_use]
pub fn of_file(word: &Path) -> Option<PathBuf> {
    let file = word.file_name()?;
    let directory = word.parent()?;
    if file != CERTIFICATE_FILE && file != KEY_FILE {
        return None;
    }
    Some(if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory.to_owned() })
}
