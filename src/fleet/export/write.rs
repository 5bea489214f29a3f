//! The files of one device, all checked before the first is written.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::{Content, Form, Material, Sealing};
use crate::fleet::{
    layout::{CERTIFICATE_FILE, KEY_FILE},
    write::{self, DiskError, at},
};

/// One file of an export.
#[derive(Debug, Serialize)]
pub struct Made {
    pub path: PathBuf,
    pub content: Content,
    pub mode: Mode,
    #[serde(rename = "state")]
    pub written: Written,
}

/// Permission bits; prints as `0600`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode(pub u32);

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a file got to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    Written,
    Replaced,
    /// It was there already, byte for byte, and no more open than it should be.
    Unchanged,
}

/// Why a device's files were not all written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No file was written, unless this one appeared while the others were put in place.
    #[error("{} is there already, and differs", .0.display())]
    Exists(PathBuf),
    #[error("{} belongs to the pair that is exported", .0.display())]
    Source(PathBuf),
    #[error("{} is not a file", .0.display())]
    Obstacle(PathBuf),
    #[error("{0}")]
    Content(String),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Writes the files of `form` below `to`; a file that is there and differs is replaced only with `force`. `source` is
/// the device directory the material came from: its key and its certificate are never replaced.
///
/// # Errors
/// With [`WriteError::Exists`], [`WriteError::Source`] and [`WriteError::Obstacle`] no file was written. One exception:
/// [`WriteError::Exists`] for a file that appeared after the check, where files before it may be written.
pub fn publish(
    to: &Path,
    form: &Form,
    material: &Material,
    sealing: Option<&Sealing<'_>>,
    source: &Path,
    force: bool,
) -> Result<Vec<Made>, WriteError> {
    let mut planned = Vec::with_capacity(form.files.len());
    for file in &form.files {
        let Some(bytes) = file.content.bytes(material, sealing).map_err(WriteError::Content)? else { continue };
        let path = to.join(file.name.of(&material.id));
        let written = compare(&path, &bytes, file.mode)?;
        if written == Written::Replaced {
            if is_of(source, &path) {
                return Err(WriteError::Source(path));
            }
            if !force {
                return Err(WriteError::Exists(path));
            }
        }
        planned.push((Made { path, content: file.content, mode: Mode(file.mode), written }, bytes));
    }
    for (made, bytes) in &planned {
        place(made, bytes, form.directory_mode.unwrap_or(0o755))?;
    }
    Ok(planned.into_iter().map(|(made, _)| made).collect())
}

fn place(made: &Made, bytes: &Zeroizing<Vec<u8>>, directory_mode: u32) -> Result<(), WriteError> {
    if made.written == Written::Unchanged {
        return Ok(());
    }
    if let Some(parent) = made.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        write::create_directory(parent, directory_mode)?;
    }
    match write::put(&made.path, made.mode.0, bytes, made.written == Written::Replaced) {
        // The file appeared after `compare` had looked for it.
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {
            Err(WriteError::Exists(error.path))
        }
        other => Ok(other?),
    }
}

/// The effect that writing would have; an obstacle is an error.
fn compare(path: &Path, bytes: &[u8], mode: u32) -> Result<Written, WriteError> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Written::Written),
        Err(error) => return Err(at(path)(error).into()),
    };
    let kind = metadata.file_type();
    if !kind.is_file() && !kind.is_symlink() {
        return Err(WriteError::Obstacle(path.to_owned()));
    }
    let as_closed = metadata.permissions().mode() & 0o777 & !mode == 0;
    if !kind.is_file() || !as_closed || metadata.len() != bytes.len() as u64 {
        return Ok(Written::Replaced);
    }
    let held = Zeroizing::new(fs::read(path).map_err(at(path))?);
    Ok(if *held == bytes { Written::Unchanged } else { Written::Replaced })
}

/// True when the path is the key or the certificate of the device directory.
fn is_of(source: &Path, path: &Path) -> bool {
    let own = path.file_name().is_some_and(|name| name == KEY_FILE || name == CERTIFICATE_FILE);
    let directory = path.parent().map(Path::canonicalize);
    own && matches!((directory, source.canonicalize()), (Some(Ok(one)), Ok(other)) if one == other)
}
