//! Every device directory of a fleet, read on all cores.
//!
//! Whatever lies there may be hostile: below the root no symbolic link is followed, nothing is waited for, and nothing
//! is read that is larger than a key or a certificate.

use std::{
    fs::{self, File},
    io::Read,
    num::NonZero,
    os::{fd::OwnedFd, unix::fs::MetadataExt},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use rustix::{
    fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat},
    io::Errno,
};
use zeroize::Zeroizing;

use super::{
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    write::{DiskError, at},
};
use crate::device_id::DeviceId;

/// The most a key or certificate file may hold.
const PAIR_LIMIT: u64 = 1024 * 1024;
/// Devices a thread takes at a time.
const SHARE: usize = 64;

/// What stands under a device's name.
#[derive(Debug)]
pub struct Found {
    pub device: DeviceId,
    /// The two files; or why this is no directory that can be looked into.
    pub files: Result<Files, String>,
}

/// The files of a device directory.
#[derive(Debug)]
pub struct Files {
    pub key: Part,
    pub certificate: Part,
}

/// One file, as far as it can be read.
#[derive(Debug)]
pub enum Part {
    Missing,
    /// Permissions hold us back; that says nothing about the file.
    Denied,
    /// Something that is never read: a symbolic link, a pipe, a file far too large; in words that follow its name.
    Unusable(String),
    Read {
        bytes: Zeroizing<Vec<u8>>,
        /// Permission bits.
        mode: u32,
    },
}

/// A whole fleet, looked at.
#[derive(Debug)]
pub struct Survey<T> {
    /// In the order of their ids.
    pub devices: Vec<T>,
    /// Names that begin as a device's and cannot be one; they may hold anything.
    pub strays: Vec<String>,
}

/// Calls `look` for every `cert_<id>` of the fleet, from all cores, and gathers what it returns.
///
/// # Errors
/// When the root cannot be listed.
pub fn survey<T: Send>(layout: &Layout, look: impl Fn(Found) -> T + Sync) -> Result<Survey<T>, DiskError> {
    let (ids, strays) = names(layout)?;
    let root = directory(CWD, layout.root()).map_err(|error| at(layout.root())(error.into()))?;
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let start = next.fetch_add(SHARE, Ordering::Relaxed);
            let Some(rest) = ids.get(start..).filter(|rest| !rest.is_empty()) else { return mine };
            let share = rest.iter().take(SHARE);
            let seen = share.map(|id| look(Found { device: id.clone(), files: files(&root, id) }));
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
                // Devices would be missing, and nobody would say so.
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

fn files(root: &OwnedFd, id: &DeviceId) -> Result<Files, String> {
    let name = Layout::device_name(id);
    let opened = openat(root, name.as_str(), OFlags::NOFOLLOW | DIRECTORY, Mode::empty());
    let directory = opened.map_err(|error| match statat(root, name.as_str(), AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => words(error),
            FileType::Symlink => "is a symbolic link, which is not followed".to_owned(),
            FileType::RegularFile => "is a file, not a directory".to_owned(),
            _ => "is a special file, not a directory".to_owned(),
        },
        Err(_) => words(error),
    })?;
    Ok(Files {
        key: read(&directory, Path::new(KEY_FILE), PAIR_LIMIT),
        certificate: read(&directory, Path::new(CERTIFICATE_FILE), PAIR_LIMIT),
    })
}

/// A file of the fleet's `ca` directory, such as [`Layout::ca_certificate`], read in the same careful way.
#[must_use]
pub fn authority_file(layout: &Layout, path: &Path, limit: u64) -> Part {
    let Some((parent, name)) = path.parent().zip(path.file_name()) else { return Part::Missing };
    // What is named on the command line may be a link; what lies below it may not.
    let Some(below) = parent.strip_prefix(layout.root()).ok() else { return Part::Missing };
    let opened = directory(CWD, layout.root())
        .and_then(|root| openat(&root, below, OFlags::NOFOLLOW | DIRECTORY, Mode::empty()));
    match opened {
        Ok(directory) => read(&directory, Path::new(name), limit),
        Err(Errno::NOENT) => Part::Missing,
        Err(Errno::ACCESS | Errno::PERM) => Part::Denied,
        Err(Errno::LOOP | Errno::NOTDIR) => {
            Part::Unusable(format!("is not read: {} is no directory of its own", below.display()))
        }
        Err(error) => Part::Unusable(words(error)),
    }
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

fn directory(place: impl std::os::fd::AsFd, path: &Path) -> Result<OwnedFd, Errno> {
    openat(place, path, DIRECTORY, Mode::empty())
}

fn read(directory: &OwnedFd, name: &Path, limit: u64) -> Part {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(directory, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Part::Missing,
        Err(Errno::ACCESS | Errno::PERM) => return Part::Denied,
        Err(error) => return Part::Unusable(words(error)),
    };
    match content(file, limit) {
        Ok(part) => part,
        Err(error) => Part::Unusable(format!("cannot be read: {error}")),
    }
}

fn content(file: File, limit: u64) -> std::io::Result<Part> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Part::Unusable("is no regular file".to_owned()));
    }
    if metadata.len() > limit {
        return Ok(Part::Unusable(format!("has {} bytes, far too many", metadata.len())));
    }
    // One byte more, so that the last read finds the end without growing: growing leaves copies behind.
    let capacity = usize::try_from(metadata.len()).unwrap_or(0) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(Part::Read { bytes, mode: metadata.mode() & 0o7777 })
}

fn words(error: Errno) -> String {
    match error {
        Errno::LOOP => "is a symbolic link, which is not followed".to_owned(),
        Errno::NXIO | Errno::NODEV => "is no regular file".to_owned(),
        Errno::ACCESS | Errno::PERM => "cannot be read: permission denied".to_owned(),
        error => format!("cannot be read: {}", std::io::Error::from(error)),
    }
}
