//! One open directory. Every file is read through the same handle, so that the files of two directories never mix when
//! the directory is exchanged meanwhile.
//!
//! The files there may be hostile: the reader waits for no file, and reads no file that is larger than its limit.

use std::{
    fs::File,
    io::{self, Read},
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::Path,
};

use rustix::{
    fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat},
    io::Errno,
};
use zeroize::Zeroizing;

use super::layout::Layout;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// Flags to open a file: `NONBLOCK`, so that a pipe without a writer does not hold up the reader.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// An open directory.
#[derive(Debug)]
pub struct Folder {
    handle: OwnedFd,
}

/// Why there is no directory to look into, in words that follow its name.
#[derive(Debug, thiserror::Error)]
pub enum NoFolder {
    #[error("is missing")]
    Missing,
    #[error("is {0}, not a directory")]
    Other(&'static str),
    #[error("cannot be read: {0}")]
    Io(io::Error),
}

/// One file, as far as it can be read.
#[derive(Debug)]
pub enum Part {
    Missing,
    /// The permissions deny access; the file itself may be good.
    Denied,
    /// Something that is never read: a symbolic link, a pipe, a file far too large; in words that follow its name.
    Unusable(String),
    Read {
        bytes: Zeroizing<Vec<u8>>,
        /// Permission bits.
        mode: u32,
    },
}

impl Folder {
    /// Opens a directory that the user named. The name may be a symbolic link to it, unless it is that of a device:
    /// `cert_<id>` is a directory of its own, or it is not used.
    ///
    /// # Errors
    /// Why there is none.
    pub fn open(path: &Path) -> Result<Self, NoFolder> {
        let is_device = path.file_name().and_then(|name| name.to_str()).and_then(Layout::device_of).is_some();
        if is_device {
            // The path is built again without a slash at its end: with one a link would be followed.
            let plain: std::path::PathBuf = path.components().collect();
            return opened(CWD, &plain, OFlags::NOFOLLOW);
        }
        let named = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        opened(CWD, named, OFlags::empty())
    }

    /// Opens a directory in this one; a link is not followed.
    ///
    /// # Errors
    /// Why there is none.
    pub fn inside(&self, name: &Path) -> Result<Self, NoFolder> {
        opened(&self.handle, name, OFlags::NOFOLLOW)
    }

    /// Reads a regular file of at most `limit` bytes; a link is not followed.
    #[must_use]
    pub fn read(&self, name: &Path, limit: u64) -> Part {
        self.part(name, limit, OFlags::NOFOLLOW)
    }

    /// The same, and a link is followed.
    #[must_use]
    pub fn read_linked(&self, name: &Path, limit: u64) -> Part {
        self.part(name, limit, OFlags::empty())
    }

    fn part(&self, name: &Path, limit: u64, flags: OFlags) -> Part {
        let file = match openat(&self.handle, name, FILE | flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Part::Missing,
            Err(Errno::ACCESS | Errno::PERM) => return Part::Denied,
            Err(Errno::LOOP) => return Part::Unusable("is a symbolic link, which is not followed".to_owned()),
            Err(Errno::NXIO | Errno::NODEV) => return Part::Unusable("is not a regular file".to_owned()),
            Err(error) => return Part::Unusable(format!("cannot be read: {}", io::Error::from(error))),
        };
        content(file, limit).unwrap_or_else(|error| Part::Unusable(format!("cannot be read: {error}")))
    }
}

fn opened(place: impl AsFd, path: &Path, flags: OFlags) -> Result<Folder, NoFolder> {
    match openat(&place, path, DIRECTORY | flags, Mode::empty()) {
        Ok(handle) => Ok(Folder { handle }),
        Err(Errno::NOENT) => Err(NoFolder::Missing),
        Err(error) => Err(match statat(&place, path, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
                FileType::Directory => NoFolder::Io(error.into()),
                FileType::Symlink => NoFolder::Other("a symbolic link"),
                FileType::RegularFile => NoFolder::Other("a file"),
                _ => NoFolder::Other("a special file"),
            },
            Err(_) => NoFolder::Io(error.into()),
        }),
    }
}

fn content(file: File, limit: u64) -> io::Result<Part> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Part::Unusable("is not a regular file".to_owned()));
    }
    if metadata.len() > limit {
        return Ok(Part::Unusable(format!("has {} bytes, far too many", metadata.len())));
    }
    // The buffer has room for one byte more than the file has, and no more is read: a file that grows is noticed, and
    // the buffer never grows, which would leave copies of a key behind.
    let room = metadata.len() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or(0)));
    file.take(room).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == room {
        return Ok(Part::Unusable("grew while it was read".to_owned()));
    }
    Ok(Part::Read { bytes, mode: metadata.mode() & 0o7777 })
}
