//! Files of secrets: their owner, their mode, and reading them without waiting for a pipe.

use std::{
    fmt,
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use zeroize::Zeroizing;

/// Rights of others than the owner.
const OTHERS: u32 = 0o077;

/// Why a file or directory is not the business of its user alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// It belongs to another user, by number.
    Foreign(u32),
    /// Its mode lets others in.
    Wide(u32),
}

impl Exposure {
    /// `None` when only this user (or root) may use it.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Option<Self> {
        let owner = metadata.uid();
        if owner != 0 && owner != rustix::process::geteuid().as_raw() {
            return Some(Self::Foreign(owner));
        }
        let mode = metadata.mode() & 0o7777;
        (mode & OTHERS != 0).then_some(Self::Wide(mode))
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign(owner) => write!(f, "belongs to the user {owner}, not to this one"),
            Self::Wide(mode) => write!(f, "has the mode {mode:04o}: others may use it"),
        }
    }
}

/// Opens a regular file for reading. A pipe or a device is refused, and not waited for.
///
/// # Errors
/// Of the system; `InvalidInput` for what is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    let file = OpenOptions::new().read(true).custom_flags(i32::try_from(flags).unwrap_or(0)).open(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
}

/// The text of a secret file of at most `limit` octets. No copy of it stays in memory once it is dropped.
///
/// # Errors
/// Of the system; `InvalidData` when it is longer, or no text.
pub fn read_secret(source: impl Read, limit: usize) -> io::Result<Zeroizing<String>> {
    let invalid = |text: &str| io::Error::new(io::ErrorKind::InvalidData, text.to_owned());
    // Room for all of it from the start: a buffer that grows would leave copies behind.
    let mut bytes = Zeroizing::new(vec![0; limit + 1]);
    let mut length = 0;
    let mut source = source;
    loop {
        match source.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if length > limit {
        return Err(invalid("it is too long"));
    }
    // Windows editors put a mark first, or write UTF-16.
    let unit: fn([u8; 2]) -> u16 = match &bytes[..length] {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        utf8 => {
            let text = std::str::from_utf8(utf8).map_err(|_| invalid("it is no text"))?;
            return Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()));
        }
    };
    let units = bytes[2..length].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = Zeroizing::new(String::with_capacity(2 * length));
    for c in char::decode_utf16(units) {
        text.push(c.map_err(|_| invalid("it is no text"))?);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_file_is_its_owners_alone_or_says_why_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, "x").unwrap();
        let with = |mode: u32| {
            fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            Exposure::of(&fs::metadata(&path).unwrap()).map(|exposure| exposure.to_string())
        };
        assert_eq!(with(0o600), None);
        assert_eq!(with(0o400), None);
        assert_eq!(with(0o640).as_deref(), Some("has the mode 0640: others may use it"));
        assert_eq!(with(0o601).as_deref(), Some("has the mode 0601: others may use it"));
    }

    #[test]
    fn a_pipe_is_refused_at_once_and_a_secret_has_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert_eq!(open(&pipe).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(read_secret(&b"secret\n"[..], 7).unwrap().as_str(), "secret\n");
        assert_eq!(read_secret(&b"secret\n"[..], 6).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
