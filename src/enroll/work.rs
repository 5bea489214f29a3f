//! The work for one device, and the limits of the attempts.

use std::{path::PathBuf, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::{
    device_id::DeviceId,
    fleet::{journal::Replaced, vault::Occupied},
    keys::KeyStore,
    pki::{
        alt_name::AltName,
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
        time::Time,
    },
    platform::Holder,
};

/// One device to enrol.
#[derive(Debug)]
pub struct Work {
    pub device: DeviceId,
    pub key: Key,
    pub occupied: Occupied,
    /// Names of the server, if the certificate is for one.
    pub names: Vec<AltName>,
    /// The pair that is replaced, in a renewal.
    pub predecessor: Option<Predecessor>,
}

/// Where the key of a certificate comes from.
pub enum Key {
    /// A new key of this kind, made in this store.
    New(KeySpec, KeyStore),
    /// A key that an earlier run left on disk: a certificate for it may exist.
    Resumed(PrivateKey),
    /// The key in use, and the text of its file.
    Reused(PrivateKey, Zeroizing<String>),
    /// A key on another machine; only a request for it was carried here.
    ExternalCsr(ExternalCsr),
}

/// A checked request whose key is elsewhere, and where its certificate goes.
#[derive(Clone, Debug)]
pub struct ExternalCsr {
    /// The request as it is sent: PEM without a newline at the end.
    pub csr_pem: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_info: Vec<u8>,
    /// The directory of certificates that are carried back.
    pub out: PathBuf,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New(..) => "New(..)",
            Self::Resumed(_) => "Resumed(..)",
            Self::Reused(..) => "Reused(..)",
            Self::ExternalCsr(_) => "ExternalCsr(..)",
        })
    }
}

impl Work {
    /// The work for a first certificate of a device, or for a new one in place of an existing directory.
    #[must_use]
    pub fn new(
        device: DeviceId,
        left: Option<PrivateKey>,
        new: (KeySpec, KeyStore),
        occupied: Occupied,
        names: Vec<AltName>,
    ) -> Self {
        let (kind, store) = new;
        Self {
            device,
            key: left.map_or(Key::New(kind, store), Key::Resumed),
            occupied,
            names,
            predecessor: None,
        }
    }
}

/// The pair that a renewed certificate replaces.
#[derive(Clone, Debug)]
pub struct Predecessor {
    /// Certificates of this device that were in use before. Recovery must not adopt one of them, even where the key is
    /// the same: they were issued before the request whose answer was lost.
    pub known: Vec<Fingerprint>,
    /// The tenant that the certificate in use names, as platform releases up to 0.6 write it. A certificate of another
    /// tenant would give the device another identity.
    pub tenant: Option<String>,
    /// The notBefore of the certificate in use. A certificate with an earlier notBefore is not the lost answer either.
    pub not_before: Time,
    /// The pair itself, where the platform renews a certificate for the holder of its key.
    pub holder: Option<Arc<Holder>>,
    /// True when the user's command is to be run once the pair has its final name.
    pub run_command: bool,
    /// Certificates to delete on the platform afterwards.
    pub delete: Vec<Replaced>,
    /// Replaced pairs that stay in the archive.
    pub keep: usize,
}

impl Predecessor {
    /// A predecessor that gives only the certificates that were in use; its other fields have no effect.
    pub(super) fn known(known: Vec<Fingerprint>) -> Self {
        let not_before = Time::from_unix(i64::MIN);
        Self { known, tenant: None, not_before, holder: None, run_command: false, delete: Vec::new(), keep: 0 }
    }
}

/// The limits of the attempts of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most requests in flight.
    pub jobs: usize,
    /// Further attempts for one device after the first.
    pub retries: usize,
    /// Stop the run when the platform gave no answer for this long.
    pub give_up_after: Duration,
}
