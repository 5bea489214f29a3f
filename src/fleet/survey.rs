//! Every device directory of a fleet, looked at on all cores.

use std::{
    fs,
    num::NonZero,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    folder::{Folder, NoFolder},
    layout::Layout,
    pair::Seen,
    write::{DiskError, at},
};
use crate::device_id::DeviceId;

/// Devices a thread takes at a time.
const SHARE: usize = 64;

pub use super::folder::Part;

/// The entry under a device's name.
#[derive(Debug)]
pub struct Found {
    pub device: DeviceId,
    /// The two files; or why this is no directory that can be looked into.
    pub files: Result<Seen, NoFolder>,
}

/// A whole fleet, looked at.
#[derive(Debug)]
pub struct Survey<T> {
    /// In the order of their ids.
    pub devices: Vec<T>,
    /// Names that begin as a device's and cannot be one; they may hold anything.
    pub strays: Vec<String>,
}

/// Calls `look` for every `cert_<id>` of the fleet that is `wanted`, from all cores, and gathers what it returns.
///
/// # Errors
/// When the root cannot be listed.
pub fn survey<T: Send>(
    layout: &Layout,
    wanted: impl Fn(&DeviceId) -> bool,
    look: impl Fn(Found) -> T + Sync,
) -> Result<Survey<T>, DiskError> {
    let (mut ids, strays) = names(layout)?;
    ids.retain(wanted);
    let root = Folder::open(layout.root())
        .map_err(|error| at(layout.root())(std::io::Error::other(error.to_string())))?;
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let start = next.fetch_add(SHARE, Ordering::Relaxed);
            let Some(rest) = ids.get(start..).filter(|rest| !rest.is_empty()) else { return mine };
            let share = rest.iter().take(SHARE);
            let seen = share.map(|id| {
                let files = root.inside(Path::new(&Layout::device_name(id))).map(|folder| Seen::of(&folder));
                look(Found { device: id.clone(), files })
            });
            mine.push((start, seen.collect::<Vec<T>>()));
        }
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(ids.len().div_ceil(SHARE));
    let mut shares = thread::scope(|scope| {
        let threads: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut shares = worker();
        for thread in threads {
            match thread.join() {
                Ok(theirs) => shares.extend(theirs),
                // The panic goes on: without it devices would be missing from the result, and no message would say so.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        shares
    });
    shares.sort_unstable_by_key(|(start, _)| *start);
    let mut devices = Vec::with_capacity(ids.len());
    devices.extend(shares.into_iter().flat_map(|(_, seen)| seen));
    Ok(Survey { devices, strays })
}

fn names(layout: &Layout) -> Result<(Vec<DeviceId>, Vec<String>), DiskError> {
    let failed = |error| at(layout.root())(error);
    let (mut ids, mut strays) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(layout.root()).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        match Layout::device_of(&name) {
            Some(id) => ids.push(id),
            None if Layout::is_like_a_device(&name) => strays.push(name.into_owned()),
            None => {}
        }
    }
    ids.sort_unstable();
    strays.sort_unstable();
    Ok((ids, strays))
}

/// A file of the fleet's `ca` directory, such as [`Layout::ca_certificate`], read in the same careful way.
#[must_use]
pub fn authority_file(layout: &Layout, path: &Path, limit: u64) -> Part {
    let Some((parent, name)) = path.parent().zip(path.file_name()) else { return Part::Missing };
    // The fleet's root, which the user names, may be a link; a directory below it may not.
    let Some(below) = parent.strip_prefix(layout.root()).ok() else { return Part::Missing };
    match Folder::open(layout.root()).and_then(|root| root.inside(below)) {
        Ok(folder) => folder.read(Path::new(name), limit),
        Err(NoFolder::Missing) => Part::Missing,
        Err(NoFolder::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => Part::Denied,
        Err(NoFolder::Other(_)) => {
            Part::Unusable(format!("is not read: {} is not a directory of its own", below.display()))
        }
        Err(error) => Part::Unusable(error.to_string()),
    }
}
