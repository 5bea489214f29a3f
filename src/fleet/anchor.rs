//! The trust anchor of a fleet: `ca/ca.pem`, written once and pinned from then on.

use std::{io, path::Path};

use super::{
    layout::Layout,
    write::{self, DiskError},
};
use crate::{
    custody,
    pki::{
        certificate::Certificate,
        crl::Crl,
        sniff::{self, PickError},
    },
};

/// Why the trust anchor on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{path}: {source}")]
    Unreadable { path: String, source: PickError },
}

/// The write bit of others: a user who can write the directory of the root can replace the root.
const OTHERS_WRITE: u32 = 0o002;
/// The most a file of roots or of revocation lists may hold.
const LIMIT: u64 = 64 * 1024 * 1024;

/// True for an empty file, or the word `null`: the shell tool leaves these where it could not log in.
fn is_placeholder(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii(), b"" | b"null")
}

/// True when `ca/ca.pem` is there and holds only a placeholder: it counts as missing.
#[must_use]
pub fn holds_nothing(layout: &Layout) -> bool {
    custody::read(&layout.ca_certificate(), LIMIT).is_ok_and(|bytes| is_placeholder(&bytes))
}

/// The certificates of `ca/ca.pem`, newest first; `None` when there is no such file, or nothing in it.
///
/// # Errors
/// When the file is there and cannot be read as certificates: it is never taken for "no root yet".
pub fn read(layout: &Layout) -> Result<Option<Vec<Certificate>>, AnchorError> {
    let path = layout.ca_certificate();
    let bytes = match custody::read(&path, LIMIT) {
        Ok(bytes) if is_placeholder(&bytes) => return Ok(None),
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(write::at(&path)(error).into()),
    };
    sniff::certificates(&bytes, None)
        .map(Some)
        .map_err(|source| AnchorError::Unreadable { path: path.display().to_string(), source })
}

/// Writes `ca/ca.pem`; readers see the old file or the new one.
///
/// # Errors
/// When the disk refuses.
pub fn write(layout: &Layout, roots: &[Certificate]) -> Result<(), DiskError> {
    let text: String = roots.iter().map(Certificate::to_pem).collect();
    let path = layout.ca_certificate();
    let directory = layout.root().join("ca");
    write::create_directory(&directory, 0o755)?;
    custody::own(&directory, OTHERS_WRITE).map_err(write::at(&directory))?;
    write::replace(&path, 0o644, text.as_bytes())
}

/// Writes `ca/crl.pem`, or another file of lists beside it, the same way. The list must have been verified.
///
/// # Errors
/// When the disk refuses.
pub fn write_revocation_list(layout: &Layout, file: &Path, crl_pem: &str) -> Result<(), DiskError> {
    let directory = layout.root().join("ca");
    custody::own(&directory, OTHERS_WRITE).map_err(write::at(&directory))?;
    write::replace(file, 0o644, crl_pem.as_bytes())
}

/// The revocation lists of `ca/crl.pem`; empty when there is no such file, or it holds anything else.
#[must_use]
pub fn read_revocation_lists(layout: &Layout) -> Vec<Crl> {
    lists_in(&layout.ca_revocation_list())
}

/// The revocation lists of another file, read as [`read_revocation_lists`] does.
#[must_use]
pub fn lists_in(file: &Path) -> Vec<Crl> {
    let bytes = custody::read(file, LIMIT).unwrap_or_default();
    let ders = sniff::lists(bytes, None).unwrap_or_default();
    ders.into_iter().filter_map(|der| Crl::from_der(der).ok()).collect()
}

/// Leaves only `kept` in `ca/ca.pem`. The others stay in `.certreq/roots`, by fingerprint: nothing is lost.
///
/// # Errors
/// When the disk refuses; `ca/ca.pem` is as it was then.
pub fn retire(layout: &Layout, kept: &[Certificate], gone: &[Certificate]) -> Result<(), DiskError> {
    let directory = layout.retired_roots();
    write::create_directory(&directory, 0o700)?;
    for root in gone {
        let name = root.fingerprint().to_string().replace(':', "").to_lowercase();
        write::replace(&directory.join(format!("{name}.pem")), 0o644, root.to_pem().as_bytes())?;
    }
    write(layout, kept)
}

/// Writes a bundle of certificates to any file, in one step.
///
/// # Errors
/// When the disk refuses.
pub fn write_bundle(path: &Path, pem: &str) -> Result<(), DiskError> {
    write::put(path, 0o644, pem.as_bytes(), true)
}
