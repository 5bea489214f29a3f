//! The few ways in which bytes reach the disk. Modes are given at creation, never afterwards.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
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

/// Makes a directory and whatever is missing above it; existing ones keep their mode.
pub(crate) fn create_directory(path: &Path, mode: u32) -> Result<(), DiskError> {
    DirBuilder::new().recursive(true).mode(mode).create(path).map_err(at(path))
}

/// Replaces `path` in one step: a reader sees the old bytes or the new ones. Durable when it returns.
pub(crate) fn replace(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), DiskError> {
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
        .prefix(".certreq-")
        .tempfile_in(directory)
        .map_err(at(directory))?;
    temporary.write_all(bytes).map_err(at(path))?;
    temporary.as_file().sync_all().map_err(at(path))?;
    temporary.persist(path).map_err(|error| at(path)(error.error))?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(at(directory))
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
    renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(|error| at(to)(error.into()))
}

/// Swaps two directories in one step.
pub(crate) fn exchange(one: &Path, other: &Path) -> Result<(), DiskError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(|error| at(other)(error.into()))
}
