//! Whichever platform was named, behind one type: commands are compiled once, not once for each.

use std::{ops::ControlFlow, time::Duration};

use super::{
    CertificateRecord, DeviceRecord, ForeignCertificate, Platform, PlatformError, SignRequest, Signed, Skew,
    TrustedCa, dojot::Dojot, local::Local,
};
use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// One of the platforms this program speaks to.
#[derive(Debug)]
pub enum AnyPlatform {
    Dojot(Box<Dojot>),
    Local(Local),
}

impl Platform for AnyPlatform {
    fn place(&self) -> String {
        match self {
            Self::Dojot(dojot) => dojot.place(),
            Self::Local(local) => local.place(),
        }
    }

    fn clock_skew(&self) -> Option<Skew> {
        match self {
            Self::Dojot(dojot) => dojot.clock_skew(),
            Self::Local(local) => local.clock_skew(),
        }
    }

    async fn root(&self) -> Result<Certificate, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.root().await,
            Self::Local(local) => local.root().await,
        }
    }

    async fn crl(&self) -> Result<String, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.crl().await,
            Self::Local(local) => local.crl().await,
        }
    }

    async fn devices(&self) -> Result<Vec<String>, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.devices().await,
            Self::Local(local) => local.devices().await,
        }
    }

    async fn sign(&self, request: &SignRequest) -> Result<Signed, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.sign(request).await,
            Self::Local(local) => local.sign(request).await,
        }
    }

    async fn certificates(
        &self,
        keep: &(dyn Fn(&CertificateRecord) -> bool + Sync),
    ) -> Result<Vec<CertificateRecord>, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.certificates(keep).await,
            Self::Local(local) => local.certificates(keep).await,
        }
    }

    async fn link(&self, certificate: &Fingerprint, device: Option<&DeviceId>) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.link(certificate, device).await,
            Self::Local(local) => local.link(certificate, device).await,
        }
    }

    async fn delete(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.delete(certificate).await,
            Self::Local(local) => local.delete(certificate).await,
        }
    }

    async fn each_certificate(
        &self,
        see: &mut (dyn FnMut(CertificateRecord) -> ControlFlow<()> + Send),
    ) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.each_certificate(see).await,
            Self::Local(local) => local.each_certificate(see).await,
        }
    }

    async fn certificate(&self, fingerprint: &Fingerprint) -> Result<CertificateRecord, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.certificate(fingerprint).await,
            Self::Local(local) => local.certificate(fingerprint).await,
        }
    }

    async fn each_device(
        &self,
        see: &mut (dyn FnMut(DeviceRecord) -> ControlFlow<()> + Send),
    ) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.each_device(see).await,
            Self::Local(local) => local.each_device(see).await,
        }
    }

    fn tenant(&self) -> Option<String> {
        match self {
            Self::Dojot(dojot) => Platform::tenant(&**dojot),
            Self::Local(local) => local.tenant(),
        }
    }

    async fn unlink(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.unlink(certificate).await,
            Self::Local(local) => local.unlink(certificate).await,
        }
    }

    fn list_delay(&self) -> Option<Duration> {
        match self {
            Self::Dojot(dojot) => dojot.list_delay(),
            Self::Local(local) => local.list_delay(),
        }
    }

    async fn register(&self, certificate: &ForeignCertificate) -> Result<String, PlatformError> {
        match self {
            Self::Dojot(dojot) => Platform::register(&**dojot, certificate).await,
            Self::Local(local) => local.register(certificate).await,
        }
    }

    async fn trusted_root(&self, fingerprint: &Fingerprint) -> Result<String, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.trusted_root(fingerprint).await,
            Self::Local(local) => local.trusted_root(fingerprint).await,
        }
    }

    async fn trusted_cas(&self) -> Result<Vec<TrustedCa>, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.trusted_cas().await,
            Self::Local(local) => local.trusted_cas().await,
        }
    }

    async fn trust(&self, pem: &str, auto: bool) -> Result<String, PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.trust(pem, auto).await,
            Self::Local(local) => local.trust(pem, auto).await,
        }
    }

    async fn allow_auto_registration(&self, ca: &Fingerprint, allow: bool) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.allow_auto_registration(ca, allow).await,
            Self::Local(local) => local.allow_auto_registration(ca, allow).await,
        }
    }

    async fn distrust(&self, ca: &Fingerprint) -> Result<(), PlatformError> {
        match self {
            Self::Dojot(dojot) => dojot.distrust(ca).await,
            Self::Local(local) => local.distrust(ca).await,
        }
    }
}
