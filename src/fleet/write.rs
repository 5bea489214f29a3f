//! The few ways in which bytes reach the disk. Modes are given at creation, never afterwards.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// An I/O error with the path it happened on.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct DiskError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// Names the path in an I/O error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> DiskError + '_ {
    move |source| DiskError { path: path.to_owned(), source }
}

/// Writes a file that does not exist yet, following no symbolic link.
pub(crate) fn create_new(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), DiskError> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(at(path))?;
    file.write_all(bytes).map_err(at(path))
}

/// Makes a directory and the missing directories above it; existing ones keep their mode.
pub(crate) fn create_directory(path: &Path, mode: u32) -> Result<(), DiskError> {
    DirBuilder::new().recursive(true).mode(mode).create(path).map_err(at(path))
}

/// Makes a directory that does not exist yet.
pub(crate) fn create_new_directory(path: &Path, mode: u32) -> Result<(), DiskError> {
    DirBuilder::new().mode(mode).create(path).map_err(at(path))
}

/// Replaces `path` in one step: a reader sees the old bytes or the new ones. Durable when it returns. The caller holds
/// the lock for this file, as the new file always grows under the same name.
pub(crate) fn replace(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), DiskError> {
    replace_with(path, mode, |file| file.write_all(bytes))
}

/// Replaces `path` as [`replace`] does, for contents that are too long to be put together in memory.
pub(crate) fn replace_with(
    path: &Path,
    mode: u32,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), DiskError> {
    let new = growing(path);
    forget_growing(path)?;
    let write = || {
        let opened = OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
        let mut writer = BufWriter::new(opened);
        fill(&mut writer)?;
        writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    let written = write().map_err(at(&new)).and_then(|()| fs::rename(&new, path).map_err(at(path)));
    if written.is_err() {
        // The failure of the write is reported, not this one.
        let _ = fs::remove_file(&new);
    }
    written?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(at(directory))
}

/// Puts a complete file in its place in one step, for directories that others write to as well: the new file grows
/// under a name of its own. Without `over`, an existing entry stays, and the error is `AlreadyExists`.
pub(crate) fn put(path: &Path, mode: u32, bytes: &[u8], over: bool) -> Result<(), DiskError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let write = || {
        let mut file = tempfile::Builder::new()
            .prefix(".certreq-")
            .permissions(fs::Permissions::from_mode(mode))
            .tempfile_in(directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        let placed = if over { file.persist(path) } else { file.persist_noclobber(path) };
        placed.map_err(|refused| refused.error)?;
        File::open(directory)?.sync_all()
    };
    write().map_err(at(path))
}

/// The name under which the next version of a file grows.
fn growing(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}

/// Removes the growing file that a run left when it was cut in [`replace`].
pub(crate) fn forget_growing(path: &Path) -> Result<(), DiskError> {
    let new = growing(path);
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&new)(error)),
        _ => Ok(()),
    }
}

/// Makes everything written below an open directory durable, in one call for any number of files.
///
/// One `syncfs` for a batch costs about as much as two `fsync`, which is why many devices share it.
#[cfg(target_os = "linux")]
pub(crate) fn sync_all_below(directory: &File, _written: &[PathBuf]) -> io::Result<()> {
    rustix::fs::syncfs(directory).map_err(io::Error::from)
}

/// Makes everything written below an open directory durable, one path after the other.
#[cfg(not(target_os = "linux"))]
pub(crate) fn sync_all_below(directory: &File, written: &[PathBuf]) -> io::Result<()> {
    for path in written {
        match File::open(path) {
            Ok(file) => file.sync_all()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    directory.sync_all()
}

/// Gives a complete directory its final name, unless something has that name already.
pub(crate) fn rename_new(from: &Path, to: &Path) -> Result<(), DiskError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(|error| at(to)(error.into())) {
        // The file system lacks the flag: a look before the rename is enough, as a fleet has one writer at a time.
        Err(error) if is_unsupported(&error) => match fs::symlink_metadata(to) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => fs::rename(from, to).map_err(at(to)),
            Err(other) => Err(at(to)(other)),
            Ok(_) => Err(at(to)(io::ErrorKind::AlreadyExists.into())),
        },
        result => result,
    }
}

/// True when the file system has no such rename, or not for this directory: overlayfs for a directory in its lower
/// layer, NFS, FUSE.
pub(crate) fn is_unsupported(error: &DiskError) -> bool {
    use rustix::io::Errno;
    let kinds = [Errno::XDEV, Errno::INVAL, Errno::NOSYS, Errno::NOTSUP];
    error.source.raw_os_error().is_some_and(|number| kinds.iter().any(|kind| kind.raw_os_error() == number))
}

/// Swaps two directories in one step.
pub(crate) fn exchange(one: &Path, other: &Path) -> Result<(), DiskError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(|error| at(other)(error.into()))
}
