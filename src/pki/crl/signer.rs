//! The key that signed a list, when it did not sign the certificate: a re-keyed authority, a key of its own
//! for lists, an issuer of indirect lists (RFC 5280 §6.3.3 (f)).

use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::list::{Crl, CrlError};
use crate::pki::{
    certificate::Certificate,
    chain::{self, Path, PolicyDemand, Purpose, Wanted},
    directory_name::{DirectoryName, may_be_same},
    fingerprint::Fingerprint,
    issuer::{self, Issuer},
    time::Time,
};

/// Limit of the certificates of one name that are tried as signers of a list.
const NAMESAKES: usize = 16;

/// Certificates in which other keys of an authority are looked for, and the anchors those keys must lead to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Certified<'a> {
    /// The anchor of the certificate's path, and others that are trusted as much: a list must lead to one of them.
    pub anchors: &'a [Certificate],
    /// Certificates at hand, not trusted and not verified.
    pub others: &'a [Certificate],
}

/// The signer of a list.
#[derive(Debug)]
pub(super) enum Signer {
    /// The key that signed the certificate, too.
    Issuer,
    /// Another key, and the path that certifies it.
    Certified(Path),
}

/// The signer of a list, and the facts that limit the trust in the list.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) signer: Signer,
    /// The signer leads to an anchor of the certificate's issuer (RFC 5280 §6.3.3 (f)). Another anchor of that name may
    /// be the authority's next key, or a stranger: its entries count, but a missing entry does not mean good.
    pub(super) by_same_anchor: bool,
    /// The signature uses SHA-1: entries count, but a missing entry does not mean good.
    pub(super) by_sha1: bool,
}

impl Signed {
    /// Whether the list may show that a certificate is not revoked, as far as its signature decides that.
    pub(super) fn may_admit(&self) -> bool {
        self.by_same_anchor && !self.by_sha1
    }
}

impl<'a> Certified<'a> {
    /// Certificates other than `issuer` that may have the name of the list's issuer.
    fn namesakes(self, list: &Crl, issuer: &Certificate) -> impl Iterator<Item = &'a Certificate> {
        let all = self.others.iter().chain(self.anchors);
        all.filter(move |other| other.der() != issuer.der() && may_be_same(&other.subject, list.issuer()))
    }

    /// A digest of all that [`Self::signer_of`] depends on beside the list, the issuer and the time; `None` where only
    /// the issuer can be the signer.
    pub(super) fn digest(self, list: &Crl, issuer: &Certificate) -> Option<Fingerprint> {
        self.namesakes(list, issuer).next()?;
        let all = self.others.iter().chain(self.anchors);
        let digests: Vec<u8> = all.flat_map(|one| *one.fingerprint().as_bytes()).collect();
        Some(Fingerprint::of(&digests))
    }

    /// Finds the signer of `list`: `issuer`, which issued the certificate in question, or another certified key.
    pub(super) fn signer_of(self, list: &Crl, issuer: &Certificate, at: Time) -> Result<Signed, CrlError> {
        let refused = match signs(list, issuer) {
            Ok(by_sha1) => return Ok(Signed { signer: Signer::Issuer, by_same_anchor: true, by_sha1 }),
            Err(error) => error,
        };
        let namesakes = self
            .namesakes(list, issuer)
            .filter(|other| subject(other).is_some_and(|name| name == *list.issuer_name()));
        let mut elsewhere = None;
        for other in namesakes.take(NAMESAKES) {
            let Ok(by_sha1) = signs(list, other) else { continue };
            let signed =
                |path, by_same_anchor| Signed { signer: Signer::Certified(path), by_same_anchor, by_sha1 };
            if let Some(path) = self.under_same_anchor(other, issuer, at) {
                return Ok(signed(path, true));
            }
            if elsewhere.is_none() {
                elsewhere = self.path(other, self.anchors, at).map(|path| signed(path, false));
            }
        }
        elsewhere.ok_or(refused)
    }

    /// The path of a signer to `issuer`, or to an anchor that `issuer` leads to as well.
    fn under_same_anchor(self, signer: &Certificate, issuer: &Certificate, at: Time) -> Option<Path> {
        if let Some(path) = self.path(signer, std::slice::from_ref(issuer), at) {
            return Some(path);
        }
        // The signer certified the issuer, as an authority does its next key: both stand below the same anchor.
        if let Some(path) = self.path(signer, self.anchors, at)
            && matches!(issuer::find(issuer, [signer]), Issuer::Found(_))
        {
            return Some(path);
        }
        let shared = |of: &Certificate, with: &Certificate| {
            let path = self.path(of, self.anchors, at)?;
            let anchor = path.certificates().last()?.clone();
            self.path(with, &[anchor], at).map(|other| (path, other))
        };
        // A cross-signed authority leads to several anchors, and the first one found may not be the shared one. So the
        // search is done from both sides.
        shared(signer, issuer).map(|(path, _)| path).or_else(|| shared(issuer, signer).map(|(_, path)| path))
    }

    fn path(self, of: &Certificate, anchors: &[Certificate], at: Time) -> Option<Path> {
        let policy = &PolicyDemand::default();
        chain::find(of, Wanted { intermediates: self.others, anchors, at, purpose: Purpose::Any, policy }).ok()
    }
}

/// Checks that `signer` signed `list`; `true` means with SHA-1.
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
