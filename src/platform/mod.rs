//! Who signs. [`Platform`] is the seam; each implementation has its own folder or file.

pub mod any;
pub mod clock;
pub mod dojot;
pub mod error;
pub mod local;
pub mod trusted;

use std::{future::Future, ops::ControlFlow, time::Duration};

pub use clock::Skew;
pub use error::{ErrorKind, PlatformError};
use serde::Deserialize;
pub use trusted::TrustedCa;

use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// Something that signs certification requests for devices.
///
/// Answers are not trusted here: whoever calls checks them (see [`crate::enroll::check`]).
pub trait Platform: Send + Sync {
    /// Where it is, for people: a URL, or a directory.
    fn place(&self) -> String;

    /// How far its clock is from ours, by its latest answer; `None` when it has none of its own, or said nothing.
    fn clock_skew(&self) -> Option<Skew> {
        None
    }

    /// The root certificate every device trusts.
    fn root(&self) -> impl Future<Output = Result<Certificate, PlatformError>> + Send;

    /// The root's revocation list, PEM.
    fn crl(&self) -> impl Future<Output = Result<String, PlatformError>> + Send;

    /// The ids of every device of the user, every page, as the platform wrote them: unchecked, without duplicates.
    fn devices(&self) -> impl Future<Output = Result<Vec<String>, PlatformError>> + Send;

    /// Signs one request and records its device as the owner. **Not idempotent**: after
    /// [`ErrorKind::Unknown`] a certificate may exist; look for it with [`Self::certificates`] before asking again.
    fn sign(&self, request: &SignRequest) -> impl Future<Output = Result<Signed, PlatformError>> + Send;

    /// Every certificate record `keep` says yes to. Reads all pages; the platform's own filters cannot be trusted.
    fn certificates(
        &self,
        keep: &(dyn Fn(&CertificateRecord) -> bool + Sync),
    ) -> impl Future<Output = Result<Vec<CertificateRecord>, PlatformError>> + Send;

    /// Calls `see` with every certificate record once, page by page as they come, until it has seen enough. Records
    /// that were added or removed meanwhile may be missing.
    fn each_certificate(
        &self,
        see: &mut (dyn FnMut(CertificateRecord) -> ControlFlow<()> + Send),
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// The record of one certificate; [`ErrorKind::NotFound`] when there is none.
    fn certificate(
        &self,
        fingerprint: &Fingerprint,
    ) -> impl Future<Output = Result<CertificateRecord, PlatformError>> + Send;

    /// Calls `see` with every device of the user once, like [`Self::each_certificate`].
    fn each_device(
        &self,
        see: &mut (dyn FnMut(DeviceRecord) -> ControlFlow<()> + Send),
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// Whose records these are; `None` when that is not known.
    fn tenant(&self) -> Option<String>;

    /// Makes `device` the owner of a certificate; `None` takes the owner away.
    fn link(
        &self,
        certificate: &Fingerprint,
        device: Option<&DeviceId>,
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// Takes the owner of a certificate away; it stays valid.
    fn unlink(&self, certificate: &Fingerprint) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// Revokes a certificate and removes its record. Cannot be undone.
    fn delete(&self, certificate: &Fingerprint) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// How long a revocation may take to reach the revocation list; `None` when the next list has it.
    fn list_delay(&self) -> Option<Duration>;

    /// Registers a certificate of somebody else's CA; returns its fingerprint as the platform wrote it.
    fn register(
        &self,
        certificate: &ForeignCertificate,
    ) -> impl Future<Output = Result<String, PlatformError>> + Send;

    /// The PEM of a trusted CA of the tenant; [`ErrorKind::NotFound`] when it trusts none with this fingerprint.
    fn trusted_root(
        &self,
        fingerprint: &Fingerprint,
    ) -> impl Future<Output = Result<String, PlatformError>> + Send;

    /// Every trusted CA of the tenant.
    fn trusted_cas(&self) -> impl Future<Output = Result<Vec<TrustedCa>, PlatformError>> + Send;

    /// Trusts somebody else's root, one PEM certificate; returns its fingerprint as the platform wrote it.
    fn trust(&self, pem: &str, auto: bool) -> impl Future<Output = Result<String, PlatformError>> + Send;

    /// Whether certificates of a trusted CA may register themselves.
    fn allow_auto_registration(
        &self,
        ca: &Fingerprint,
        allow: bool,
    ) -> impl Future<Output = Result<(), PlatformError>> + Send;

    /// Stops trusting a CA.
    fn distrust(&self, ca: &Fingerprint) -> impl Future<Output = Result<(), PlatformError>> + Send;
}

/// A certificate of somebody else's CA.
#[derive(Clone, Debug)]
pub struct ForeignCertificate {
    /// PEM: the certificate, then intermediates, without the root.
    pub chain_pem: String,
    /// The trusted CA it leads to.
    pub root: Fingerprint,
    pub device: DeviceId,
}

/// What a device asks for.
#[derive(Clone, Debug)]
pub struct SignRequest {
    pub device: DeviceId,
    /// PKCS#10 PEM without a final newline.
    pub csr_pem: String,
}

/// What the platform answered; nothing of it was checked yet.
#[derive(Clone, Debug)]
pub struct Signed {
    /// One or more PEM certificates, leaf first.
    pub certificate_pem: String,
    /// The fingerprint as the platform wrote it.
    pub fingerprint: String,
    /// The id under which the platform logged the request, for its operators.
    pub request_id: Option<String>,
}

/// A certificate as the platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateRecord {
    pub fingerprint: String,
    pub pem: Option<String>,
    #[serde(rename = "subjectDN")]
    pub subject_dn: Option<String>,
    pub belongs_to: Option<Owner>,
    pub issued_by_dojot_pki: Option<bool>,
    pub created_at: Option<String>,
    pub tenant: Option<String>,
}

impl CertificateRecord {
    /// The device that owns it. A missing, empty or null owner all mean none.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        self.belongs_to.as_ref()?.device.as_deref().filter(|id| !id.is_empty())
    }
}

/// A device as the platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct DeviceRecord {
    pub id: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub created: Option<String>,
}

/// Who owns a certificate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Owner {
    pub device: Option<String>,
    pub application: Option<String>,
}
