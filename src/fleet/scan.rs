//! What is on disk for a device, read without following symbolic links out of its directory.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read},
    num::NonZero,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    thread,
};

use zeroize::Zeroizing;

use super::{
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    write::{DiskError, at},
};
use crate::device_id::DeviceId;
use crate::pki::{certificate::Certificate, key::PrivateKey};

/// The most a key or certificate file may hold; larger ones are somebody else's.
const LIMIT: u64 = 1024 * 1024;

/// What stands where a device's directory belongs.
#[derive(Debug)]
pub enum OnDisk {
    /// Nothing.
    Absent,
    /// A private key and a certificate for it.
    Pair(Box<Pair>),
    /// A directory without a usable pair; `--force` may replace it.
    Broken(String),
    /// Something that is not ours to replace: a file, a symbolic link, a directory that cannot be read.
    Obstacle(String),
}

/// A complete pair: the certificate's public key is the private key's.
#[derive(Debug)]
pub struct Pair {
    pub leaf: Certificate,
    pub intermediates: Vec<Certificate>,
    pub key: PrivateKey,
}

/// Looks at `cert_<id>`.
#[must_use]
pub fn device(layout: &Layout, id: &DeviceId) -> OnDisk {
    let path = layout.device(id);
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return OnDisk::Absent,
        Err(error) => return OnDisk::Obstacle(format!("cannot be read: {error}")),
    };
    if let Some(kind) = not_a_directory(&metadata) {
        return OnDisk::Obstacle(format!("is {kind}, not a directory"));
    }
    match pair(&path) {
        Ok(pair) => OnDisk::Pair(Box::new(pair)),
        Err(reason) => OnDisk::Broken(reason),
    }
}

fn not_a_directory(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_dir() => None,
        () if kind.is_symlink() => Some("a symbolic link"),
        () if kind.is_file() => Some("a file"),
        () => Some("a special file"),
    }
}

/// Reads the pair in one directory; the error says what is wrong with it.
///
/// # Errors
/// A missing or unreadable file, or a certificate for another key.
pub fn pair(directory: &Path) -> Result<Pair, String> {
    let key = key(directory)?.ok_or_else(|| format!("{KEY_FILE} is missing"))?;
    let text = read_plain(&directory.join(CERTIFICATE_FILE))
        .map_err(|error| format!("{CERTIFICATE_FILE} {}", words(&error)))?;
    let mut chain = Certificate::all_from_pem(&text)
        .map_err(|error| format!("{CERTIFICATE_FILE} holds no certificate: {error}"))?
        .into_iter();
    let leaf = chain.next().ok_or_else(|| format!("{CERTIFICATE_FILE} is empty"))?;
    if leaf.public_key_info() != key.public_key_info() {
        return Err(format!("{CERTIFICATE_FILE} is for another key than {KEY_FILE}"));
    }
    Ok(Pair { leaf, intermediates: chain.collect(), key })
}

/// The certificates of one directory, leaf first, whatever its key is.
///
/// # Errors
/// A missing or unreadable file.
pub fn chain(directory: &Path) -> Result<Vec<Certificate>, String> {
    let text = read_plain(&directory.join(CERTIFICATE_FILE))
        .map_err(|error| format!("{CERTIFICATE_FILE} {}", words(&error)))?;
    Certificate::all_from_pem(&text)
        .map_err(|error| format!("{CERTIFICATE_FILE} holds no certificate: {error}"))
}

/// The private key in a directory; `None` when there is no such file.
pub(crate) fn key(directory: &Path) -> Result<Option<PrivateKey>, String> {
    match read_plain(&directory.join(KEY_FILE)) {
        Ok(text) => {
            PrivateKey::from_pem(&text).map(Some).map_err(|_| format!("{KEY_FILE} holds no private key"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{KEY_FILE} {}", words(&error))),
    }
}

/// The text of the private key in a directory, as it is.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn key_pem(directory: &Path) -> Result<Zeroizing<String>, String> {
    read_plain(&directory.join(KEY_FILE)).map_err(|error| format!("{KEY_FILE} {}", words(&error)))
}

/// Reads a regular file; a symbolic link is an error, and so is a pipe, which would block.
fn read_plain(path: &Path) -> io::Result<Zeroizing<String>> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file: File = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a regular file of a sensible size"));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

fn words(error: &io::Error) -> String {
    match rustix::io::Errno::from_io_error(error) {
        Some(rustix::io::Errno::NOENT) => "is missing".to_owned(),
        Some(rustix::io::Errno::LOOP) => "is a symbolic link".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The devices of a fleet, by name: every `cert_<id>` under its root, whatever it holds. Names that are no device's
/// are left out.
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

/// What `look` says about each device, in their order; many are looked at at the same time.
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
        if let Some(Ok(id)) = entry?.file_name().to_str().map(str::parse) {
            ids.push(id);
        }
    }
    Ok(ids)
}
