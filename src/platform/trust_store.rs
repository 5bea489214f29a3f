//! Trusted CAs: roots of others, whose certificates a tenant's devices may use.

use super::{ErrorKind, Platform, PlatformError, Reply};
use crate::{device_id::DeviceId, pki::fingerprint::Fingerprint};

/// Foreign CAs that a tenant trusts, and certificates of theirs.
pub trait TrustStore: Send + Sync {
    /// Registers a certificate of a foreign CA; returns its fingerprint as the platform wrote it.
    fn register<'a>(&'a self, certificate: &'a ForeignCertificate) -> Reply<'a, String>;

    /// The PEM of a trusted CA; [`ErrorKind::NotFound`] when none has this fingerprint.
    fn trusted_root<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, String>;

    /// Every trusted CA of the tenant.
    fn trusted_cas(&self) -> Reply<'_, Vec<TrustedCa>>;

    /// Trusts a foreign root, one PEM certificate; returns its fingerprint as the platform wrote it.
    fn trust<'a>(&'a self, pem: &'a str, auto: bool) -> Reply<'a, String>;

    /// Whether certificates of a trusted CA may register themselves.
    fn allow_auto_registration<'a>(&'a self, ca: &'a Fingerprint, allow: bool) -> Reply<'a, ()>;

    /// Stops trusting a CA.
    fn distrust<'a>(&'a self, ca: &'a Fingerprint) -> Reply<'a, ()>;
}

/// The trust store that `what` needs.
///
/// # Errors
/// [`ErrorKind::NotOffered`] for a platform that trusts only its own CA.
pub fn trust_store_of<'a>(platform: &'a dyn Platform, what: &str) -> Result<&'a dyn TrustStore, PlatformError> {
    platform.trust_store().ok_or_else(|| {
        let name = platform.display_name();
        let message =
            format!("{what} needs a platform that trusts the CAs of others; {name} trusts only its own");
        PlatformError::new(ErrorKind::NotOffered, message)
    })
}

/// A certificate of a foreign CA.
#[derive(Clone, Debug)]
pub struct ForeignCertificate {
    /// PEM: the certificate, then intermediates, without the root.
    pub chain_pem: String,
    /// The trusted CA it leads to.
    pub root: Fingerprint,
    pub device: DeviceId,
}

/// A trusted CA as a platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default)]
pub struct TrustedCa {
    pub fingerprint: String,
    pub pem: Option<String>,
    /// The subject's distinguished name.
    pub subject: Option<String>,
    pub auto_registration: Option<bool>,
}
