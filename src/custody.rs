//! Files from outside: their owner, their mode, and reading them without waiting for a pipe.

use std::{
    fmt,
    fs::{DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::{fs::OFlags, io::Errno};
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

/// Opens a regular file for reading. A pipe or a device is refused, and not waited for, unless a shell hands it over
/// (`<(...)`): that one is open already, and ends.
///
/// # Errors
/// Of the system; `InvalidInput` for what is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    let handed_over = ["/dev/fd", "/proc/self/fd", "/dev/stdin"].iter().any(|place| path.starts_with(place));
    if handed_over {
        return File::open(path);
    }
    regular(OpenOptions::new().read(true).custom_flags(flags(OFlags::NONBLOCK)).open(path))
}

/// Opens a regular file of the program's own for reading. No link is followed.
///
/// # Errors
/// Of the system; `InvalidInput` for what is no regular file.
pub fn open_own(path: &Path) -> io::Result<File> {
    let flags = flags(OFlags::NONBLOCK | OFlags::NOFOLLOW);
    regular(OpenOptions::new().read(true).custom_flags(flags).open(path))
}

/// Makes a directory and whatever is missing above it, writable for its owner alone whatever the umask; existing ones
/// keep their mode.
///
/// # Errors
/// When it cannot be made.
pub fn create_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o755).create(path)
}

/// Opens a file of the program's own for appending, and makes it with mode 0600 when it is missing. No link is
/// followed, and no pipe is waited for.
///
/// # Errors
/// Of the system; `InvalidInput` for what is no regular file.
pub fn append(path: &Path) -> io::Result<File> {
    let flags = flags(OFlags::NONBLOCK | OFlags::NOFOLLOW);
    regular(OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(path))
}

/// The octets of a regular file of at most `limit` octets.
///
/// # Errors
/// Of the system; `InvalidInput` for what is no regular file, `InvalidData` when it is longer.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long"));
    }
    Ok(bytes)
}

/// Like [`read`], of text.
///
/// # Errors
/// As [`read`], and `InvalidData` for what is no text.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let text = String::from_utf8(read(path, limit)?);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text"))
}

fn flags(flags: OFlags) -> i32 {
    i32::try_from(flags.bits()).unwrap_or(0)
}

fn regular(opened: io::Result<File>) -> io::Result<File> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
    let link = Errno::LOOP.raw_os_error();
    let silent = [Errno::NXIO.raw_os_error(), Errno::NODEV.raw_os_error()];
    match opened {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Ok(_) => Err(refused()),
        Err(error) if error.raw_os_error() == Some(link) => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a symbolic link, which is not followed"))
        }
        Err(error) if error.raw_os_error().is_some_and(|number| silent.contains(&number)) => Err(refused()),
        Err(error) => Err(error),
    }
}

/// Refuses what is not this user's alone: a directory or file of another user, a link to one, one that others may
/// use. `others` are the rights that they must not have.
///
/// # Errors
/// Of the system; `PermissionDenied` in words that follow the name of the file.
pub fn own(path: &Path, others: u32) -> io::Result<()> {
    let refused = |why: String| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    let metadata = std::fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return refused("it is a symbolic link, which is not followed".to_owned());
    }
    match Exposure::of(&metadata) {
        Some(Exposure::Foreign(owner)) => refused(format!("it belongs to the user {owner}, not to this one")),
        Some(Exposure::Wide(mode)) if mode & others != 0 => {
            refused(format!("it has the mode {mode:04o}, and others may use it"))
        }
        _ => Ok(()),
    }
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
            let text = std::str::from_utf8(utf8).map_err(|_| invalid("it is not text"))?;
            return Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()));
        }
    };
    let units = bytes[2..length].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = Zeroizing::new(String::with_capacity(2 * length));
    for c in char::decode_utf16(units) {
        text.push(c.map_err(|_| invalid("it is not text"))?);
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
