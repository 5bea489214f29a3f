//! Records: the devices of a tenant, and the certificates that were issued for them.

use std::ops::ControlFlow;

use super::{ErrorKind, Platform, PlatformError, Reply};
use crate::{
    device_id::{DeviceId, DeviceName},
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// A test of a record, true when it is wanted.
pub type Keep<'a> = &'a (dyn Fn(&CertificateRecord) -> bool + Sync);

/// A receiver of records, one after the other, until it has seen enough.
pub type See<'a, T> = &'a mut (dyn FnMut(T) -> ControlFlow<()> + Send);

/// Records of devices and certificates, which can be read and changed.
pub trait Registry: Send + Sync {
    /// The tenant of these records; `None` when that is not known.
    fn tenant(&self) -> Option<String>;

    /// The ids of every device of the user, every page, as the platform wrote them: unchecked, without duplicates.
    fn devices(&self) -> Reply<'_, Vec<String>>;

    /// Calls `see` with every device of the user once, like [`Self::each_certificate`].
    fn each_device<'a>(&'a self, see: See<'a, DeviceRecord>) -> Reply<'a, ()>;

    /// Checks that the platform has this device; [`ErrorKind::Rejected`] when it answers that it has not.
    fn device_exists<'a>(&'a self, _device: &'a DeviceId) -> Reply<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Makes a device, of a template where the platform wants one. False when it is there already.
    fn add_device<'a>(&'a self, device: &'a DeviceId, template: Option<&'a str>) -> Reply<'a, bool>;

    /// Every certificate record that `keep` wants. Reads all pages; the platform's own filters cannot be trusted.
    fn certificates<'a>(&'a self, keep: Keep<'a>) -> Reply<'a, Vec<CertificateRecord>>;

    /// Calls `see` with every certificate record once, page by page as they come, until it has seen enough. Records
    /// that were added or removed meanwhile may be missing.
    fn each_certificate<'a>(&'a self, see: See<'a, CertificateRecord>) -> Reply<'a, ()>;

    /// The record of one certificate; [`ErrorKind::NotFound`] when there is none.
    fn certificate<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, CertificateRecord>;

    /// Makes `device` the owner of a certificate.
    fn set_owner<'a>(&'a self, certificate: &'a Fingerprint, device: &'a DeviceId) -> Reply<'a, ()>;

    /// Takes the owner of a certificate away; it stays valid.
    fn remove_owner<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()>;

    /// Revokes a certificate and removes its record. Cannot be undone.
    fn delete<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()>;
}

/// The registry that `what` needs.
///
/// # Errors
/// [`ErrorKind::NotOffered`] for a platform that keeps no records.
pub fn registry_of<'a>(platform: &'a dyn Platform, what: &str) -> Result<&'a dyn Registry, PlatformError> {
    platform.registry().ok_or_else(|| {
        let name = platform.display_name();
        let message = format!("{what} needs a platform that keeps records; {name} signs certificates only");
        PlatformError::new(ErrorKind::NotOffered, message)
    })
}

/// A certificate as a platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default)]
pub struct CertificateRecord {
    pub fingerprint: String,
    pub pem: Option<String>,
    /// The subject's distinguished name.
    pub subject: Option<String>,
    /// The device that owns it; never empty. Where no owner is recorded, the one that the certificate names: see
    /// [`Self::belonging_by_name`].
    pub device: Option<String>,
    /// True when only the certificate's name gives the owner, and the platform has no other record of it.
    pub owned_by_name: bool,
    /// The application that owns it; never empty.
    pub application: Option<String>,
    /// The platform's own CA issued it, not a foreign CA.
    pub issued_by_platform: Option<bool>,
    pub created_at: Option<String>,
    pub tenant: Option<String>,
}

impl CertificateRecord {
    /// Releases up to 0.6 record no owner: a certificate named `TENANT:ID` belongs to the device ID, where TENANT is
    /// `tenant`, whose records these are.
    #[must_use]
    pub fn belonging_by_name(mut self, tenant: Option<&str>) -> Self {
        if self.device.is_none() && self.application.is_none() {
            self.device = tenant.and_then(|tenant| self.named_device(tenant));
            self.owned_by_name = self.device.is_some();
        }
        self
    }

    fn named_device(&self, tenant: &str) -> Option<String> {
        let leaf = Certificate::all_from_pem(self.pem.as_deref()?).ok()?.into_iter().next()?;
        let named = DeviceName::of(&leaf).filter(|named| named.tenant == Some(tenant))?;
        named.id.parse::<DeviceId>().ok().map(|id| id.to_string())
    }
}

/// A device as a platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default)]
pub struct DeviceRecord {
    pub id: String,
    pub label: Option<String>,
    pub created: Option<String>,
}
