//! Files that are carried between a machine with keys and one with a network: `<id>.csr` out, `<id>.pem` and `ca.pem`
//! back.
//!
//! Every file appears whole, under its name, or not at all. The files hold no secrets.

use std::path::{Path, PathBuf};

use super::write::{self, DiskError};
use crate::device_id::DeviceId;

/// The roots that carried certificates lead to, newest first.
pub const ROOTS_FILE: &str = "ca.pem";

/// The name of a device's request.
#[must_use]
pub fn request(directory: &Path, device: &DeviceId) -> PathBuf {
    directory.join(format!("{device}.csr"))
}

/// The name of a device's certificate. A device may have the id `ca`, in any case, but `ca.pem` holds the roots: the
/// certificate of such a device has the name `cert_ca.pem`. An id that every platform takes has no dot and no `_`, so
/// that no other device has a file of that name.
#[must_use]
pub fn certificate(directory: &Path, device: &DeviceId) -> PathBuf {
    if device.as_str().eq_ignore_ascii_case("ca") {
        return directory.join(format!("cert_{device}.pem"));
    }
    directory.join(format!("{device}.pem"))
}

/// Makes the directory if it is missing.
///
/// # Errors
/// When the disk refuses.
pub fn prepare(directory: &Path) -> Result<(), DiskError> {
    write::create_directory(directory, 0o755)
}

/// Writes a request, in place of an earlier one of the device.
///
/// # Errors
/// When the disk refuses.
pub fn write_request(directory: &Path, device: &DeviceId, pem: &str) -> Result<(), DiskError> {
    write::put(&request(directory, device), 0o644, pem.as_bytes(), true)
}

/// Writes a certificate, leaf first, unless something has its name already.
///
/// # Errors
/// When the disk refuses, or a file of that name is there.
pub fn write_certificate(directory: &Path, device: &DeviceId, pem: &str) -> Result<(), DiskError> {
    prepare(directory)?;
    write::put(&certificate(directory, device), 0o644, pem.as_bytes(), false)
}

/// Writes the roots.
///
/// # Errors
/// When the disk refuses.
pub fn write_roots(directory: &Path, pem: &str) -> Result<(), DiskError> {
    write::put(&directory.join(ROOTS_FILE), 0o644, pem.as_bytes(), true)
}
