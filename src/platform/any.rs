//! Whichever platform was named, behind one type: commands are compiled once, not once for each.

use super::{
    CertificateRecord, Platform, PlatformError, SignRequest, Signed, Skew, dojot::Dojot, local::Local,
};
use crate::{
    fleet::device_id::DeviceId,
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
}
