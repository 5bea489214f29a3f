//! The revocation list of the platform itself.

use crate::{
    pki::{certificate::Certificate, crl::Crl},
    platform::{ErrorKind, Platform, PlatformError},
};

/// What a platform says about the certificates it signed. The list is worth what its signature is worth.
#[derive(Debug)]
pub struct PlatformList {
    pub root: Certificate,
    pub list: Crl,
    /// Where the platform is.
    pub source: String,
}

/// Fetches it.
///
/// # Errors
/// When the platform does not answer, or with something else.
pub async fn list(platform: &dyn Platform) -> Result<PlatformList, PlatformError> {
    let (root, pem) = (platform.root().await?, platform.crl().await?);
    let list = Crl::from_bytes(pem.into_bytes()).map_err(|error| {
        PlatformError::new(ErrorKind::InvalidResponse, format!("its revocation list: {error}"))
    })?;
    Ok(PlatformList { root, list, source: platform.display_name() })
}
