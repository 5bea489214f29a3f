//! What is to be done for one device, and how hard to try.

use std::{path::PathBuf, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use crate::{
    device_id::DeviceId,
    fleet::{journal::Replaced, vault::Occupied},
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
    /// Names of the server it is for, if it is one.
    pub names: Vec<AltName>,
    /// The pair that is replaced, in a renewal.
    pub predecessor: Option<Predecessor>,
}

/// Where the key of a certificate comes from.
pub enum Key {
    /// A new one of this kind.
    New(KeySpec),
    /// An earlier run left it, already on disk: a certificate for it may exist.
    Resumed(PrivateKey),
    /// The one in use, and the text of its file.
    Reused(PrivateKey, Zeroizing<String>),
    /// It is on another machine; only a request for it was carried here.
    ExternalCsr(ExternalCsr),
}

/// A checked request whose key is elsewhere, and where its certificate goes.
#[derive(Clone, Debug)]
pub struct ExternalCsr {
    /// As it is sent: PEM without a newline at the end.
    pub csr_pem: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_info: Vec<u8>,
    /// The directory of certificates that are carried back.
    pub out: PathBuf,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New(_) => "New(..)",
            Self::Resumed(_) => "Resumed(..)",
            Self::Reused(..) => "Reused(..)",
            Self::ExternalCsr(_) => "ExternalCsr(..)",
        })
    }
}

impl Work {
    /// A first certificate for a device, or a new one in place of whatever is there.
    #[must_use]
    pub fn new(
        device: DeviceId,
        left: Option<PrivateKey>,
        kind: KeySpec,
        occupied: Occupied,
        names: Vec<AltName>,
    ) -> Self {
        Self { device, key: left.map_or(Key::New(kind), Key::Resumed), occupied, names, predecessor: None }
    }
}

/// What a renewed certificate takes the place of.
#[derive(Clone, Debug)]
pub struct Predecessor {
    /// Certificates of this device that were in use before. Recovery must not adopt one of them, even where the key is
    /// the same: they were issued before the request whose answer was lost.
    pub known: Vec<Fingerprint>,
    /// The tenant that the one in use names, as releases up to 0.6 write it: another one's certificate would make the
    /// device another one.
    pub tenant: Option<String>,
    /// When the life of the one in use began. A certificate whose life began earlier is not the answer either.
    pub not_before: Time,
    /// The pair itself, where the platform renews for whoever holds it.
    pub holder: Option<Arc<Holder>>,
    /// What is to be done once the pair has its final name.
    pub run_command: bool,
    /// Certificates to delete on the platform afterwards.
    pub delete: Vec<Replaced>,
    /// Replaced pairs that stay in the archive.
    pub keep: usize,
}

impl Predecessor {
    /// Certificates that were in use, of which nothing else counts.
    pub(super) fn known(known: Vec<Fingerprint>) -> Self {
        let not_before = Time::from_unix(i64::MIN);
        Self { known, tenant: None, not_before, holder: None, run_command: false, delete: Vec::new(), keep: 0 }
    }
}

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most requests in flight.
    pub jobs: usize,
    /// Further attempts for one device after the first.
    pub retries: usize,
    /// Stop the run when the platform gave no answer for this long.
    pub give_up_after: Duration,
}
