//! The pairs on disk of the devices of a fleet.

use std::{fs, io, num::NonZero, path::Path, thread};

use super::{
    folder::{Folder, NoFolder},
    layout::Layout,
    pair::{KeyFault, KeyFile, Seen},
    write::{DiskError, at},
};
use crate::{device_id::DeviceId, pki::key::PrivateKey};

pub use super::pair::Pair;

/// The state of the place where a device's directory belongs.
#[derive(Debug)]
pub enum OnDisk {
    /// The place is empty.
    Absent,
    /// A private key and a certificate for it.
    Pair(Box<Pair>),
    /// A directory without a usable pair; `--force` may replace it.
    Broken(String),
    /// Something that is not ours to replace: a file, a symbolic link, a directory that cannot be read.
    Obstacle(String),
}

/// Looks at `cert_<id>`.
#[must_use]
pub fn device(layout: &Layout, id: &DeviceId) -> OnDisk {
    match Folder::open(&layout.device(id)) {
        Ok(folder) => match Seen::of(&folder).pair() {
            Ok(pair) => OnDisk::Pair(Box::new(pair)),
            Err(fault) => OnDisk::Broken(fault.to_string()),
        },
        Err(NoFolder::Missing) => OnDisk::Absent,
        Err(obstacle) => OnDisk::Obstacle(obstacle.to_string()),
    }
}

/// The private key in a directory under `.certreq/staged`; `None` when there is no such file.
pub(crate) fn key(directory: &Path) -> Result<Option<PrivateKey>, KeyFault> {
    let folder = match Folder::open(directory) {
        Ok(folder) => folder,
        Err(NoFolder::Missing) => return Ok(None),
        Err(error) => return Err(KeyFault::Unusable(error.to_string())),
    };
    match KeyFile::of(&folder).private_key() {
        Ok(key) => Ok(Some(key)),
        Err(KeyFault::Missing) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The devices of a fleet, by name: every `cert_<id>` under its root, even one without a pair. Names that are no
/// device's are left out.
///
/// # Errors
/// When the root cannot be listed.
pub fn devices(layout: &Layout) -> Result<Vec<DeviceId>, DiskError> {
    let failed = |error| at(layout.root())(error);
    let mut ids = Vec::new();
    for entry in fs::read_dir(layout.root()).map_err(failed)? {
        if let Some(id) = entry.map_err(failed)?.file_name().to_str().and_then(Layout::device_of) {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

/// The results of `look` for each device, in their order; each core looks at a share of the devices.
pub fn on_all_cores<V: Send>(ids: &[DeviceId], look: impl Fn(&DeviceId) -> V + Sync) -> Vec<V> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = ids.len().div_ceil(cores).max(1);
    let look_at = |part: &[DeviceId]| -> Vec<V> { part.iter().map(&look).collect() };
    thread::scope(|scope| {
        let look_at = &look_at;
        let parts: Vec<_> = ids.chunks(share).map(|part| (part, scope.spawn(move || look_at(part)))).collect();
        parts
            .into_iter()
            // A part whose thread broke down is looked at again here, where the reason surfaces.
            .flat_map(|(part, thread)| thread.join().unwrap_or_else(|_| look_at(part)))
            .collect()
    })
}

/// The devices of which replaced pairs are kept, in no order; as far as the archive can be read.
pub(crate) fn archived_devices(layout: &Layout) -> Vec<DeviceId> {
    let entries = fs::read_dir(layout.archives()).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The devices that have a directory under `.certreq/staged`, in no order.
///
/// # Errors
/// When the directory exists and cannot be listed.
pub(crate) fn staged_devices(layout: &Layout) -> io::Result<Vec<DeviceId>> {
    let entries = match fs::read_dir(layout.staging()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut ids = Vec::new();
    for entry in entries {
        if let Some(id) = entry?.file_name().to_str().and_then(DeviceId::from_directory_name) {
            ids.push(id);
        }
    }
    Ok(ids)
}
