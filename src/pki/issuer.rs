//! The issuer of a certificate: the name fits and the key signed it. A path has to be more than that; see
//! [`super::chain`].

use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{
    certificate::Certificate,
    directory_name::{self, DirectoryName},
    signature::{self, SignatureError},
};

/// The result of the search.
#[derive(Debug)]
pub enum Issuer<'a> {
    /// Its key signed the certificate.
    Found(&'a Certificate),
    /// The name fits; the signature is of a kind that is not trusted here, such as SHA-1.
    Unverifiable(&'a Certificate),
    /// No candidate has the name, or none of those that have it signed.
    Missing,
}

/// Looks for the issuer of `certificate` among `candidates`.
#[must_use]
pub fn find<'a>(
    certificate: &Certificate,
    candidates: impl IntoIterator<Item = &'a Certificate>,
) -> Issuer<'a> {
    let Ok(parts) = signature::parts(certificate.der()) else { return Issuer::Missing };
    let mut best = Issuer::Missing;
    for candidate in candidates.into_iter().filter(|candidate| names_fit(candidate, certificate)) {
        match signature::verify(parts.algorithm, candidate.public_key_info(), parts.signed, parts.signature) {
            Ok(()) => return Issuer::Found(candidate),
            Err(SignatureError::Unsupported(_) | SignatureError::WeakKey(_)) => {
                best = Issuer::Unverifiable(candidate);
            }
            Err(SignatureError::Wrong) => {}
        }
    }
    best
}

/// The subject of `issuer` is the issuer of `certificate`, as RFC 5280 §7.1 compares names.
fn names_fit(issuer: &Certificate, certificate: &Certificate) -> bool {
    if issuer.subject == certificate.issuer {
        return true;
    }
    if !directory_name::may_be_same(&issuer.subject, &certificate.issuer) {
        return false;
    }
    let parsed = (X509Certificate::from_der(issuer.der()), X509Certificate::from_der(certificate.der()));
    let (Ok((_, issuer)), Ok((_, certificate))) = parsed else { return false };
    DirectoryName::of(issuer.subject()) == DirectoryName::of(certificate.issuer())
}
