//! Neighbours of a certificate file: the directory it lies in, and the device id in the name of that directory.

use std::path::{Path, PathBuf};

use crate::{device_id::DeviceId, fleet::layout::Layout};

/// The directory a file lies in; `None` when it has no place, as a removed working directory.
#[must_use]
pub fn directory(file: &Path) -> Option<PathBuf> {
    match file.parent()? {
        empty if empty.as_os_str().is_empty() => Some(PathBuf::from(".")),
        parent => Some(parent.to_owned()),
    }
}

/// The device id a directory is named after: `cert_<id>`.
#[must_use]
pub fn device_id(directory: &Path) -> Option<DeviceId> {
    let named = directory.file_name().is_some_and(|name| name != ".." && name != ".");
    let name = if named { directory.to_owned() } else { directory.canonicalize().ok()? };
    Layout::device_of(name.file_name()?.to_str()?)
}
