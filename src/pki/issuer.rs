//! Who issued a certificate: the name fits and the key signed it. Nothing more is a path; see [`super::chain`].

use super::{
    certificate::Certificate,
    signature::{self, SignatureError},
};

/// What became of the search.
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
    for candidate in candidates.into_iter().filter(|candidate| candidate.subject == certificate.issuer) {
        match signature::verify(parts.algorithm, candidate.public_key_info(), parts.signed, parts.signature) {
            Ok(()) => return Issuer::Found(candidate),
            Err(SignatureError::Unsupported) => best = Issuer::Unverifiable(candidate),
            Err(SignatureError::Wrong) => {}
        }
    }
    best
}
