//! Names of everything a fleet directory holds.

use std::path::{Path, PathBuf};

use crate::device_id::DeviceId;

/// Name of the private key in a device directory.
pub const KEY_FILE: &str = "private.key";
/// Name of the certificate, leaf first, in a device directory.
pub const CERTIFICATE_FILE: &str = "cert.pem";

/// Name of the list of services beside a pair: a JSON object of names and URLs.
pub const SERVICES_FILE: &str = "services.json";

/// The beginning of the name of a device's directory.
const DEVICE: &str = "cert_";

/// The names in a fleet directory. No function here touches the disk.
///
/// ```text
/// ca/ca.pem                the platform's root           0644
/// ca/crl.pem               its revocation list           0644
/// cert_<id>/private.key    PKCS#8 PEM                    0600
/// cert_<id>/cert.pem       leaf, then intermediates      0644
/// cert_<id>/services.json  what it is good for, if known 0644
/// .certreq/                lock, journal, staged and replaced pairs   0700
/// ```
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn ca_certificate(&self) -> PathBuf {
        self.root.join("ca").join("ca.pem")
    }

    #[must_use]
    pub fn ca_revocation_list(&self) -> PathBuf {
        self.root.join("ca").join("crl.pem")
    }

    /// `ca/crl-<part>-of-<parts>.pem`: a list that is for some certificates alone.
    #[must_use]
    pub fn ca_partition_list(&self, part: u16, of: u16) -> PathBuf {
        self.root.join("ca").join(format!("crl-{part}-of-{of}.pem"))
    }

    /// `cert_<id>`, below the root; the id in the spelling of directories.
    #[must_use]
    pub fn device_name(id: &DeviceId) -> String {
        format!("{DEVICE}{}", id.directory_name())
    }

    /// The device whose directory has this name; `None` when it is no device's.
    #[must_use]
    pub fn device_of(name: &str) -> Option<DeviceId> {
        DeviceId::from_directory_name(name.strip_prefix(DEVICE)?)
    }

    /// True when the name begins as that of a device's directory does; the rest may be no device id.
    #[must_use]
    pub fn is_like_a_device(name: &str) -> bool {
        name.starts_with(DEVICE)
    }

    #[must_use]
    pub fn device(&self, id: &DeviceId) -> PathBuf {
        self.root.join(Self::device_name(id))
    }

    /// The certificate in a device's directory, or in one that becomes one.
    #[must_use]
    pub fn certificate_in(directory: &Path) -> PathBuf {
        directory.join(CERTIFICATE_FILE)
    }

    /// The private key in such a directory.
    #[must_use]
    pub fn key_in(directory: &Path) -> PathBuf {
        directory.join(KEY_FILE)
    }

    /// The directory that the program keeps for itself.
    #[must_use]
    pub fn own(&self) -> PathBuf {
        self.root.join(".certreq")
    }

    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.own().join("lock")
    }

    /// The journal of every request; see [`super::journal`].
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.own().join("journal")
    }

    /// Roots that left `ca/ca.pem`.
    #[must_use]
    pub fn retired_roots(&self) -> PathBuf {
        self.own().join("roots")
    }

    /// The file that names the directory's shard, the part of the devices it is for; see [`super::shard`].
    #[must_use]
    pub fn shard(&self) -> PathBuf {
        self.own().join("shard")
    }

    /// The lock that is held while `ca/crl.pem` is compared and written.
    #[must_use]
    pub fn list_lock(&self) -> PathBuf {
        self.own().join("crl.lock")
    }

    /// Where a pair grows until it is complete.
    #[must_use]
    pub fn staging(&self) -> PathBuf {
        self.own().join("staged")
    }

    #[must_use]
    pub fn staged(&self, id: &DeviceId) -> PathBuf {
        self.staging().join(id.directory_name().as_ref())
    }

    /// Where replaced pairs go.
    #[must_use]
    pub fn archives(&self) -> PathBuf {
        self.own().join("archive")
    }

    /// Requests that wait for an approval.
    #[must_use]
    pub fn requests(&self) -> PathBuf {
        self.own().join("requests")
    }

    /// The request of a device's staged key, to be sent once more as it is.
    #[must_use]
    pub fn request(&self, id: &DeviceId) -> PathBuf {
        self.requests().join(format!("{}.pem", id.directory_name()))
    }

    /// Where replaced pairs of a device go, one numbered directory each.
    #[must_use]
    pub fn archive(&self, id: &DeviceId) -> PathBuf {
        self.archives().join(id.directory_name().as_ref())
    }
}
