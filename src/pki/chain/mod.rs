//! Certification paths (RFC 5280 §6): does a leaf lead to a trust anchor at a given time?
//!
//! rustls-webpki searches and validates; [`rules`] adds what it leaves to others: the anchors' own dates and
//! constraints, key usage of authorities, key identifiers, policies. So the answer is never laxer than RFC 5280's, or
//! than openssl's. Where it is stricter, the message names the rule.

mod error;
mod purpose;
mod rules;

use std::cell::RefCell;

pub use error::ChainError;
pub use purpose::{NameError, Purpose, check_name};
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, VerifiedPath};

use super::{
    certificate::{Certificate, Validity},
    signature::{self, SignatureError},
    time::Time,
};

/// A validated path, leaf first, trust anchor last. A leaf is always followed by its issuer.
#[derive(Clone, Debug)]
pub struct Path {
    certificates: Vec<Certificate>,
}

impl Path {
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Each certificate with its issuer, leaf first; the anchor is nobody's subject.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.certificates.iter().zip(self.certificates.iter().skip(1))
    }
}

/// Checks that `leaf` leads to one of `anchors` through `intermediates` at `now`, and that it may serve as a TLS
/// client when its extended key usage says anything.
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
        Validity::Expired => Err(ChainError::Expired(leaf.not_after)),
        Validity::NotYetValid => Err(ChainError::NotYetValid(leaf.not_before)),
        Validity::Valid => search(leaf, intermediates, anchors, now, Purpose::ClientIfLimited).map(|_| ()),
    }
}

/// Finds a path from `leaf` to one of `anchors` that holds at `now` for `purpose`.
///
/// Order and duplicates of `intermediates` do not matter. Revocation is asked about afterwards, link by link.
///
/// # Errors
/// The reason that came closest to a path.
pub fn find_path(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
    purpose: Purpose,
) -> Result<Path, ChainError> {
    let found = search(leaf, intermediates, anchors, now, purpose)?;
    Ok(Path { certificates: found.into_iter().cloned().collect() })
}

fn search<'a>(
    leaf: &'a Certificate,
    intermediates: &'a [Certificate],
    anchors: &'a [Certificate],
    now: Time,
    purpose: Purpose,
) -> Result<Vec<&'a Certificate>, ChainError> {
    let anchor_ders: Vec<CertificateDer<'_>> =
        anchors.iter().map(|anchor| CertificateDer::from(anchor.der())).collect();
    let trusted = trust(anchors, &anchor_ders)?;
    let between: Vec<CertificateDer<'_>> =
        intermediates.iter().map(|certificate| CertificateDer::from(certificate.der())).collect();
    let der = CertificateDer::from(leaf.der());
    let search = Search { leaf, intermediates, trusted: &trusted, now, purpose, judged: RefCell::new(None) };
    let refusal = |error: &webpki::Error| error::of_library(leaf, intermediates, error);
    let end_entity = EndEntityCert::try_from(&der).map_err(|error| refusal(&error))?;
    let only_anchors: Vec<TrustAnchor<'_>> = trusted.iter().map(|(_, anchor)| anchor.clone()).collect();
    let seconds = u64::try_from(now.unix()).unwrap_or(0);
    let found = end_entity.verify_for_usage(
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all,
        &only_anchors,
        &between,
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)),
        purpose,
        None,
        Some(&|path: &VerifiedPath<'_>| search.judge(path)),
    );
    match (found, search.judged.take()) {
        // The library returns the path that was judged last.
        (Ok(_), Some(Ok(path))) => Ok(path),
        // A path that the library accepted and a rule refused came closest.
        (_, Some(Err(reason))) => Err(reason),
        (Err(error), _) => Err(refusal(&error)),
        (Ok(_), None) => Err(ChainError::Refused("the path was not judged".to_owned())),
    }
}

/// Splits certificates that somebody trusts into self-signed ones, which can end a path, and the others.
#[must_use]
pub fn self_signed(certificates: Vec<Certificate>) -> (Vec<Certificate>, Vec<Certificate>) {
    certificates.into_iter().partition(is_self_signed)
}

fn is_self_signed(certificate: &Certificate) -> bool {
    if certificate.subject != certificate.issuer {
        return false;
    }
    let Ok(parts) = signature::parts(certificate.der()) else {
        return false;
    };
    // Old roots signed themselves with SHA-1: nothing rests on that signature, only on somebody's trust in the root.
    matches!(
        signature::verify(parts.algorithm, certificate.public_key_info(), parts.signed, parts.signature),
        Ok(()) | Err(SignatureError::Unsupported)
    )
}

/// The anchors the library can use, each with the certificate it was made of.
fn trust<'a, 'b>(
    anchors: &'a [Certificate],
    ders: &'b [CertificateDer<'a>],
) -> Result<Vec<(&'a Certificate, TrustAnchor<'b>)>, ChainError> {
    let (mut usable, mut unusable) = (Vec::new(), None);
    for (certificate, der) in anchors.iter().zip(ders) {
        match webpki::anchor_from_trusted_cert(der) {
            Ok(anchor) => usable.push((certificate, anchor)),
            // One odd root in a bundle of many must not hide the others.
            Err(error) => unusable = Some(error),
        }
    }
    match unusable {
        Some(error) if usable.is_empty() => {
            Err(ChainError::Refused(format!("the root certificate cannot be used: {error}")))
        }
        _ => Ok(usable),
    }
}

/// One search: judges every path the library finds.
struct Search<'a, 'b> {
    leaf: &'a Certificate,
    intermediates: &'a [Certificate],
    trusted: &'b [(&'a Certificate, TrustAnchor<'b>)],
    now: Time,
    purpose: Purpose,
    /// What became of the path judged last.
    judged: RefCell<Option<Result<Vec<&'a Certificate>, ChainError>>>,
}

impl<'a> Search<'a, '_> {
    fn judge(&self, found: &VerifiedPath<'_>) -> Result<(), webpki::Error> {
        let judged = self.accept(found);
        let answer = if judged.is_ok() { Ok(()) } else { Err(webpki::Error::UnknownIssuer) };
        *self.judged.borrow_mut() = Some(judged);
        answer
    }

    /// The path with the first anchor certificate that the rules accept: several may have the same name and key.
    fn accept(&self, found: &VerifiedPath<'_>) -> Result<Vec<&'a Certificate>, ChainError> {
        let mut certificates = vec![self.leaf];
        for step in found.intermediate_certificates() {
            let held = self.intermediates.iter().find(|candidate| candidate.der() == step.der().as_ref());
            certificates.extend(held);
        }
        let mut reason = ChainError::UnknownIssuer { issuer: self.leaf.issuer.clone() };
        for (anchor, _) in self.trusted.iter().filter(|(_, candidate)| candidate == found.anchor()) {
            let mut whole = certificates.clone();
            whole.push(*anchor);
            match rules::check(&whole, self.now, self.purpose) {
                Ok(()) => return Ok(whole),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }
}
