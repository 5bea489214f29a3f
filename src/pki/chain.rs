//! Certification paths (RFC 5280 §6): does a leaf lead to a trust anchor at a given time?

use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use super::{
    certificate::{Certificate, Validity},
    time::Time,
};

/// Why a path was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainError {
    #[error("it does not lead to the root certificate held here: it was issued by {issuer}")]
    UnknownIssuer { issuer: String },
    #[error("it expired at {0}")]
    Expired(Time),
    #[error("it is not valid before {0}")]
    NotYetValid(Time),
    #[error("the root certificate {subject} expired at {at}")]
    AnchorExpired { subject: String, at: Time },
    #[error("the root certificate {subject} is not valid before {at}")]
    AnchorNotYetValid { subject: String, at: Time },
    #[error("{0}")]
    Refused(String),
}

/// Checks that `leaf` leads to one of `anchors` through `intermediates` at `now`, and that it may serve as a TLS
/// client when its extended key usage says anything.
///
/// The library leaves the anchor's own dates alone; they are checked here, because openssl and every broker check
/// them too.
///
/// # Errors
/// The first reason found.
pub fn verify_client(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
) -> Result<(), ChainError> {
    match leaf.validity_at(now) {
        Validity::Expired => return Err(ChainError::Expired(leaf.not_after)),
        Validity::NotYetValid => return Err(ChainError::NotYetValid(leaf.not_before)),
        Validity::Valid => {}
    }
    let anchor_ders: Vec<CertificateDer<'_>> =
        anchors.iter().map(|anchor| CertificateDer::from(anchor.der())).collect();
    let trusted: Vec<TrustAnchor<'_>> = anchor_ders
        .iter()
        .map(webpki::anchor_from_trusted_cert)
        .collect::<Result<_, _>>()
        .map_err(|error| ChainError::Refused(format!("the root certificate cannot be used: {error}")))?;
    let between: Vec<CertificateDer<'_>> =
        intermediates.iter().map(|certificate| CertificateDer::from(certificate.der())).collect();
    let der = CertificateDer::from(leaf.der());
    let end_entity = EndEntityCert::try_from(&der).map_err(|error| refusal(leaf, &error))?;
    let seconds = u64::try_from(now.unix()).unwrap_or(0);
    let path = end_entity
        .verify_for_usage(
            rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all,
            &trusted,
            &between,
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)),
            KeyUsage::client_auth(),
            None,
            None,
        )
        .map_err(|error| refusal(leaf, &error))?;
    anchors
        .iter()
        .zip(&trusted)
        .filter(|(_, candidate)| *candidate == path.anchor())
        .try_for_each(|(anchor, _)| anchor_dates(anchor, now))
}

fn anchor_dates(anchor: &Certificate, now: Time) -> Result<(), ChainError> {
    let subject = anchor.subject.clone();
    match anchor.validity_at(now) {
        Validity::Valid => Ok(()),
        Validity::Expired => Err(ChainError::AnchorExpired { subject, at: anchor.not_after }),
        Validity::NotYetValid => Err(ChainError::AnchorNotYetValid { subject, at: anchor.not_before }),
    }
}

fn refusal(leaf: &Certificate, error: &webpki::Error) -> ChainError {
    match error {
        webpki::Error::UnknownIssuer => ChainError::UnknownIssuer { issuer: leaf.issuer.clone() },
        webpki::Error::InvalidSignatureForPublicKey => {
            ChainError::Refused("its signature was not made by the root certificate held here".to_owned())
        }
        other => ChainError::Refused(format!("the path check refused it: {other}")),
    }
}
