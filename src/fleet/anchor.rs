//! The trust anchor of a fleet: `ca/ca.pem`, written once and pinned from then on.

use std::{fs, io};

use super::{
    layout::Layout,
    write::{self, DiskError},
};
use crate::pki::certificate::{Certificate, CertificateError};

/// Why the trust anchor on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{path}: {source}")]
    Unreadable { path: String, source: CertificateError },
}

/// The certificates of `ca/ca.pem`, newest first; `None` when there is no such file.
///
/// # Errors
/// When the file is there and cannot be read as certificates: it is never taken for "no root yet".
pub fn read(layout: &Layout) -> Result<Option<Vec<Certificate>>, AnchorError> {
    let path = layout.ca_certificate();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(write::at(&path)(error).into()),
    };
    Certificate::all_from_pem(&text)
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
    write::create_directory(&layout.root().join("ca"), 0o777)?;
    write::replace(&path, 0o644, text.as_bytes())
}

/// Writes `ca/crl.pem` the same way. The list must have been verified.
///
/// # Errors
/// When the disk refuses.
pub fn write_revocation_list(layout: &Layout, crl_pem: &str) -> Result<(), DiskError> {
    write::replace(&layout.ca_revocation_list(), 0o644, crl_pem.as_bytes())
}
