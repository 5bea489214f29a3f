//! The platform as a witness: its root, which may be pinned, and the list that its root signed.

use super::witness::{Witness, lists_in};
use crate::{
    pki::{
        certificate::Certificate,
        crl::{Crl, CrlError},
        fingerprint::Fingerprint,
    },
    platform::{Platform, PlatformError},
};

/// Reasons why a platform's root is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    #[error(transparent)]
    Platform(#[from] PlatformError),
    #[error("the root certificate of {place} is not the one of --ca-fingerprint: it has {found}")]
    NotPinned { place: String, found: Fingerprint },
}

/// Reasons why a platform's list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error(transparent)]
    Platform(#[from] PlatformError),
    #[error("the platform's revocation list is not its own: {0}")]
    NotItsOwn(#[from] CrlError),
}

/// A platform's root and list, each fetched once and verified once.
#[derive(Debug)]
pub struct PlatformEvidence {
    pub root: Certificate,
    /// Signed by the root.
    pub list: Result<Crl, ListError>,
    /// The platform's name, as messages show it.
    pub place: String,
}

impl PlatformEvidence {
    /// A witness with the root, and the list if it can be used.
    #[must_use]
    pub fn into_witness(self) -> Witness {
        let mut witness = Witness::of(vec![self.root]);
        if let Ok(list) = self.list {
            witness.add(list, self.place);
        }
        witness
    }
}

/// Fetches the root, which must be the pinned one, and the list.
///
/// # Errors
/// When the root cannot be had, or is another. A list that cannot be used is in the answer.
pub async fn look(platform: &dyn Platform, pin: Option<Fingerprint>) -> Result<PlatformEvidence, RootError> {
    let root = root(platform, pin).await?;
    let list = match platform.crl().await {
        Ok(pem) => own_list(&pem, std::slice::from_ref(&root)).map_err(ListError::from),
        Err(error) => Err(error.into()),
    };
    Ok(PlatformEvidence { root, list, place: platform.display_name() })
}

/// Fetches the root, which must be the pinned one.
///
/// # Errors
/// When it cannot be had, or is another.
pub async fn root(platform: &dyn Platform, pin: Option<Fingerprint>) -> Result<Certificate, RootError> {
    let root = platform.root().await?;
    check_pin(&root, pin, &platform.display_name())?;
    Ok(root)
}

/// Checks that a root is the pinned one; without a pin every root passes.
///
/// # Errors
/// When the root is another than the pinned one. `place` names the platform in the message.
pub fn check_pin(root: &Certificate, pin: Option<Fingerprint>, place: &str) -> Result<(), RootError> {
    let found = root.fingerprint();
    match pin {
        Some(pin) if pin != found => Err(RootError::NotPinned { place: place.to_owned(), found }),
        _ => Ok(()),
    }
}

/// The first list of a platform's answer that one of its roots signed.
///
/// # Errors
/// When there is no such list, or a list before it does not parse.
pub fn own_list(pem: &str, roots: &[Certificate]) -> Result<Crl, CrlError> {
    let mut reason = None;
    for list in lists_in(pem.as_bytes().to_vec())? {
        let list = list?;
        match roots.iter().map(|root| list.check_issuer(root)).reduce(Result::or) {
            Some(Ok(())) => return Ok(list),
            _ => reason = Some(CrlError::Signature(list.issuer().to_owned())),
        }
    }
    Err(reason.unwrap_or_else(|| CrlError::Malformed("it is empty".to_owned())))
}
