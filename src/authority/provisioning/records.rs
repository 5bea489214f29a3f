//! Records about devices that provision themselves: a part of the repository that a database may offer.
//!
//! Every change is durable when its future resolves, as in [`crate::authority::Repository`].

use std::fmt::Debug;

use crate::{
    authority::repository::{Reply, StoredCertificate},
    pki::{fingerprint::Fingerprint, time::Time},
};

/// The out-of-band secret of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    pub device: String,
    /// Encrypted; see [`super::Provisioning`].
    pub sealed: Vec<u8>,
    pub created_at: Time,
    pub valid_until: Time,
    /// Wrong signatures since the last right one.
    pub failures: u32,
    /// No signature is looked at before.
    pub locked_until: Option<Time>,
    pub used: Option<Used>,
}

/// The certificate that a secret, or an operator's approval, brought, and its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// SHA-256 over the SubjectPublicKeyInfo.
    pub key: Fingerprint,
    pub certificate: Fingerprint,
}

/// A key of a device that waits for an operator, or that one approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    pub device: String,
    /// SHA-256 over the SubjectPublicKeyInfo.
    pub key: Fingerprint,
    /// The addresses that the device itself names.
    pub ip: String,
    pub mac: String,
    /// From where it asked last.
    pub address: String,
    pub first_seen: Time,
    pub last_seen: Time,
    pub approved_at: Option<Time>,
    pub certificate: Option<Fingerprint>,
}

/// The ground on which a certificate is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The device's secret: good for one key.
    Secret,
    /// An operator approved this key.
    Approval,
    /// A certificate that was shown.
    Credential,
}

/// Outcome for a certificate that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// It is recorded.
    New,
    /// It is not recorded, and of no use: the same ground brought this one for the same key before.
    Earlier(Fingerprint),
    /// It is not recorded: the ground is gone, or was used for another key.
    Gone,
}

/// Secrets and waiting devices.
pub trait ProvisioningRecords: Debug + Send + Sync {
    /// Makes room for these records, where there is none yet.
    fn prepare(&self) -> Reply<'_, ()>;

    /// Takes the place of an earlier secret of the device.
    fn put_secret(&self, secret: StoredSecret) -> Reply<'_, ()>;
    fn secret(&self, device: &str) -> Reply<'_, Option<StoredSecret>>;
    /// All of them, by device.
    fn secrets(&self) -> Reply<'_, Vec<StoredSecret>>;
    /// False when there is none.
    fn remove_secret(&self, device: &str) -> Reply<'_, bool>;
    /// One more wrong signature; or none, after a right one.
    fn set_failures(&self, device: &str, failures: u32, locked_until: Option<Time>) -> Reply<'_, ()>;

    /// Remembers that this key asked. Of those that no operator approved, the `most` that asked last are kept.
    fn note_request(&self, request: StoredRequest, most: u32) -> Reply<'_, ()>;
    fn request<'a>(&'a self, device: &'a str, key: &'a Fingerprint) -> Reply<'a, Option<StoredRequest>>;
    /// All of them, by device.
    fn requests(&self) -> Reply<'_, Vec<StoredRequest>>;
    /// Approves a key, whether it asked already or not.
    fn approve(&self, device: &str, key: &Fingerprint, at: Time) -> Reply<'_, ()>;

    /// Records a certificate and uses up its ground, both or neither.
    fn grant(&self, certificate: StoredCertificate, key: Fingerprint, ground: Ground) -> Reply<'_, Granted>;
}
