//! Devices that provision themselves: the grounds on which a device gets a certificate. No HTTP in here.
//!
//! ```text
//! an operator's certificate          any device
//! a device's own certificate         the same device (renewal), whatever the signature
//! a signature under its secret       the device, one key
//! an operator's approval of a key    the device, that key
//! none of these                      it waits
//! ```
//!
//! A request that comes again for the same key, because its answer was lost, gets the same certificate. Every decision
//! is an event of [`AUDIT`].

mod caller;
mod decide;
mod leaf;
pub mod records;
mod seal;
mod secrets;

use std::{fmt, sync::Arc, time::Duration};

pub use caller::Caller;
use der::Decode;
use leaf::{Leaf, Purpose};
use records::ProvisioningRecords;
use seal::Seal;
use tokio::sync::{Mutex, MutexGuard};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{
    ADMIN, Authority, AuthorityError, Refusal,
    ca::floor_to_minute,
    profile::Period,
    repository::{StoreError, StoredCertificate},
};
use crate::pki::{
    fingerprint::Fingerprint,
    key::{KeySpec, PrivateKey},
    time::Time,
};

/// The target of the events about decisions.
pub const AUDIT: &str = "certreq::audit";

/// Decisions at the same time, about different devices.
const GATES: usize = 64;

/// How long an operator's certificate is valid.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Reasons why a request is not carried out, sorted by the other side's next step.
#[derive(Debug, thiserror::Error)]
pub enum ProvisioningError {
    /// The request is wrong and stays wrong.
    #[error("{0}")]
    Invalid(String),
    /// It takes another certificate, or one at all.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such record.
    #[error("{0}")]
    NotFound(&'static str),
    /// Too many wrong signatures: not looked at for so many seconds.
    #[error("too many wrong signatures; the next is looked at in {0} s")]
    Locked(u64),
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for ProvisioningError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Refusal> for ProvisioningError {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.to_string())
    }
}

/// An authority that provisions devices.
pub struct Provisioning {
    authority: Arc<Authority>,
    seal: Seal,
    /// One decision at a time about a device: guesses that come together are counted one by one.
    gates: Vec<Mutex<()>>,
}

impl fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provisioning").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl Provisioning {
    /// Opens the records, and the key under which secrets are kept.
    ///
    /// # Errors
    /// When the database keeps no such records, or they or the key cannot be used.
    pub async fn open(authority: Arc<Authority>) -> Result<Self, AuthorityError> {
        let Some(records) = authority.repository.provisioning() else {
            let why = "this database keeps no secrets of devices".to_owned();
            return Err(StoreError::Failed(why).into());
        };
        records.prepare().await?;
        let seal = Seal::open(&authority.directory().join("idprov.key"))?;
        Ok(Self { authority, seal, gates: std::iter::repeat_with(Mutex::default).take(GATES).collect() })
    }

    /// The authority that signs.
    #[must_use]
    pub fn authority(&self) -> &Arc<Authority> {
        &self.authority
    }

    /// The time as the authority sees it.
    #[must_use]
    pub fn now(&self) -> Time {
        self.authority.now()
    }

    /// Waits for other decisions about this device.
    async fn gate(&self, device: &str) -> Option<MutexGuard<'_, ()>> {
        let hash = Fingerprint::of(device.as_bytes());
        let gate = self.gates.get(usize::from(hash.as_bytes()[0]) % GATES)?;
        Some(gate.lock().await)
    }

    fn records(&self) -> Result<&dyn ProvisioningRecords, ProvisioningError> {
        let none = || ProvisioningError::Failed("the database keeps no secrets of devices".to_owned());
        self.authority.repository.provisioning().ok_or_else(none)
    }

    /// A key and a certificate for an operator, who is called `name`: PEM both. It is recorded, and can be revoked.
    ///
    /// # Errors
    /// When it cannot be signed or recorded.
    pub async fn operator(&self, name: &str) -> Result<(zeroize::Zeroizing<String>, String), AuthorityError> {
        let key = new_key()?;
        let text = key.to_pkcs8_pem().map_err(|error| failed(&error))?;
        let info =
            SubjectPublicKeyInfoOwned::from_der(&key.public_key_info()).map_err(|error| failed(&error))?;
        let period = self.period(YEAR);
        let leaf = Purpose::Operator(name)
            .sign(&self.authority.signer, &info, period)
            .map_err(|error| failed(&error))?;
        let record = self.record(leaf, None);
        let pem = crate::pki::pem::encode(crate::pki::certificate::LABEL, &record.der);
        self.authority.repository.add_certificate(record, false).await?;
        Ok((text, pem))
    }

    fn period(&self, lifetime: Duration) -> Period {
        let (now, root) = (self.now(), self.authority.root());
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        Period {
            not_before: floor_to_minute(now).max(root.not_before),
            not_after: now.plus(lifetime).min(root.not_after),
        }
    }

    fn record(&self, leaf: Leaf, device: Option<&str>) -> StoredCertificate {
        let now = self.now();
        StoredCertificate {
            tenant: ADMIN.to_owned(),
            fingerprint: Fingerprint::of(&leaf.der),
            serial: leaf.serial,
            der: leaf.der,
            subject_dn: leaf.subject_dn,
            not_before: leaf.period.not_before,
            not_after: leaf.period.not_after,
            created_at: now,
            modified_at: now,
            issued_here: true,
            auto_registered: false,
            device: device.map(str::to_owned),
            ca: None,
        }
    }
}

fn new_key() -> Result<PrivateKey, AuthorityError> {
    PrivateKey::generate(KeySpec::P256).map_err(|error| failed(&error))
}

fn failed(error: &impl fmt::Display) -> AuthorityError {
    StoreError::Failed(error.to_string()).into()
}
