//! The key that signed a list, when it did not sign the certificate: a re-keyed authority, a key of its own
//! for lists, an issuer of indirect lists (RFC 5280 §6.3.3 (f)).

use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::list::{Crl, CrlError};
use crate::pki::{
    certificate::Certificate,
    chain::{self, Path, PolicyDemand, Purpose, Wanted},
    directory_name::DirectoryName,
    time::Time,
};

/// Certificates that have one name: only so many are tried for a list.
const NAMESAKES: usize = 16;

/// Where other keys of an authority may be found, and who vouches for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Certified<'a> {
    /// The anchor of the certificate's path, and others that are trusted as much: a list must lead to one of them.
    pub anchors: &'a [Certificate],
    /// Certificates at hand. Nothing about them is believed.
    pub others: &'a [Certificate],
}

/// The signer of a list.
#[derive(Debug)]
pub(super) enum Signer {
    /// The key that signed the certificate, too.
    Issuer,
    /// Another one, and how it is certified.
    Certified(Path),
}

/// How sure it is.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) signer: Signer,
    /// With SHA-1: what it admits is not believed.
    pub(super) by_sha1: bool,
}

impl Certified<'_> {
    /// The signer of `list`, of those that may: `issuer` issued the certificate that is asked about.
    pub(super) fn signer_of(self, list: &Crl, issuer: &Certificate, at: Time) -> Result<Signed, CrlError> {
        let refused = match signs(list, issuer) {
            Ok(by_sha1) => return Ok(Signed { signer: Signer::Issuer, by_sha1 }),
            Err(error) => error,
        };
        let namesakes = self.others.iter().chain(self.anchors).filter(|other| {
            other.der() != issuer.der() && subject(other).is_some_and(|name| name == *list.issuer_name())
        });
        for other in namesakes.take(NAMESAKES) {
            let Ok(by_sha1) = signs(list, other) else { continue };
            let mut anchors = self.anchors.to_vec();
            anchors.push(issuer.clone());
            let policy = &PolicyDemand::default();
            let wanted =
                Wanted { intermediates: self.others, anchors: &anchors, at, purpose: Purpose::Any, policy };
            if let Ok(path) = chain::find(other, wanted) {
                return Ok(Signed { signer: Signer::Certified(path), by_sha1 });
            }
        }
        Err(refused)
    }
}

/// Whether it is with SHA-1 that `signer` signed.
fn signs(list: &Crl, signer: &Certificate) -> Result<bool, CrlError> {
    match list.check_issuer(signer) {
        Ok(()) => Ok(false),
        Err(CrlError::Algorithm(_)) if list.fits_with_sha1(signer) => Ok(true),
        Err(error) => Err(error),
    }
}

fn subject(certificate: &Certificate) -> Option<DirectoryName> {
    let (_, parsed) = X509Certificate::from_der(certificate.der()).ok()?;
    Some(DirectoryName::of(parsed.subject()))
}
