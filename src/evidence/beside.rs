//! What stands beside a certificate file: the private key, and the name of the device directory.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use crate::{
    device_id::DeviceId,
    fleet::layout::{KEY_FILE, Layout},
    pki::{
        facts::KeyFacts,
        lint::KeyBeside,
        sniff::{self, Item},
    },
};

/// No private key is larger.
const LIMIT: u64 = 64 * 1024;

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

/// The `private.key` of a directory; `None` when there is none. A link is not followed: it may lead to another's key.
#[must_use]
pub fn key(directory: &Path) -> Option<KeyBeside> {
    let path = directory.join(KEY_FILE);
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let broken =
        |why: String| Some(KeyBeside { place: path.display().to_string(), key: Err(why), exposed: false });
    let file = match rustix::fs::open(&path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::NOENT) => return None,
        Err(rustix::io::Errno::LOOP) => return broken("it is a symbolic link".to_owned()),
        Err(error) => return broken(io::Error::from(error).to_string()),
    };
    let (bytes, mode) = match content(file) {
        Ok(content) => content,
        Err(error) => return broken(error.to_string()),
    };
    let key = key_facts(&bytes);
    Some(KeyBeside { place: path.display().to_string(), key, exposed: mode & 0o077 != 0 })
}

/// What a file with a private key says of its public half; `None` for a key that is encrypted.
///
/// # Errors
/// Why no key is in it, in words.
pub fn key_facts(bytes: &[u8]) -> Result<Option<KeyFacts>, String> {
    let facts = sniff::sniff(bytes, None).into_iter().find_map(|found| match found {
        Ok(found) => match found.item {
            Item::PrivateKey(facts) => Some(Ok(facts.key)),
            _ => None,
        },
        Err(error) => Some(Err(error.to_string())),
    });
    facts.unwrap_or_else(|| Err("no private key is in it".to_owned()))
}

fn content(file: File) -> io::Result<(Zeroizing<Vec<u8>>, u32)> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes =
        Zeroizing::new(Vec::with_capacity(usize::try_from(metadata.len().min(LIMIT)).unwrap_or(0) + 1));
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok((bytes, metadata.mode()))
}
