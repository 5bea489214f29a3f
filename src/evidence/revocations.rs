//! The question that this folder answers: is a certificate revoked at a given time, by all evidence at hand?

use std::{path::PathBuf, sync::Arc};

use super::{online::Online, witness::Witness};
use crate::pki::{
    certificate::Certificate,
    crl::{Certified, CrlSet},
    fingerprint::Fingerprint,
    issuer::{self, Issuer},
    revocation::Revocation,
    time::Time,
};

/// A place of revocation lists, named by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListPlace {
    /// A file, a bundle, or a directory.
    Path(PathBuf),
    /// http or https.
    Url(String),
}

impl From<&str> for ListPlace {
    fn from(text: &str) -> Self {
        let is_url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        if is_url { Self::Url(text.to_owned()) } else { Self::Path(PathBuf::from(text)) }
    }
}

/// All evidence about revocation. Witnesses at hand are asked first, in their order. Places that certificates name are
/// asked only when that was allowed, and only about certificates that the witnesses do not settle.
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    witnesses: Vec<Arc<Witness>>,
    /// The authorities of all witnesses, if more than one witness has some: the key that signed a list of one witness
    /// may be among the authorities of another.
    together: Vec<Certificate>,
    online: Option<Arc<Online>>,
}

impl Revocations {
    #[must_use]
    pub fn new(witnesses: impl IntoIterator<Item = Arc<Witness>>, online: Option<Arc<Online>>) -> Self {
        let witnesses: Vec<Arc<Witness>> = witnesses.into_iter().collect();
        let with_authorities = witnesses.iter().filter(|witness| !witness.certificates.is_empty());
        let together = match with_authorities.count() {
            0 | 1 => Vec::new(),
            _ => witnesses.iter().flat_map(|witness| witness.certificates.iter().cloned()).collect(),
        };
        Self { witnesses, together, online }
    }

    /// The state of `certificate` at `at`; `issuer` must be the one whose key signed it.
    pub async fn status(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Revocation {
        self.status_among(certificate, issuer, Certified::default(), at).await
    }

    /// Like [`Self::status`]; lists may be signed with other keys that `around` certifies.
    pub async fn status_among(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        around: Certified<'_>,
        at: Time,
    ) -> Revocation {
        let local = self.at_hand(certificate, issuer, at, around);
        self.with_online(local, certificate, issuer, at)
            .await
            .unwrap_or_else(|| CrlSet::new().status(certificate, issuer, at))
    }

    /// The state of a certificate at `at`. Its issuer is looked for among the authorities of the witnesses and in
    /// `chain`, the certificates that came with it. `None` when no list is at hand, no journal names the certificate,
    /// and no place may be asked.
    pub async fn about(
        &self,
        certificate: &Certificate,
        chain: &[Certificate],
        at: Time,
    ) -> Option<Revocation> {
        match self.issuer(certificate, chain) {
            Issuer::Found(issuer) => {
                let local = self.at_hand(certificate, issuer, at, self.certified(chain));
                self.with_online(local, certificate, issuer, at).await
            }
            issuer => self.without_issuer(certificate, &issuer, at),
        }
    }

    /// [`Self::about`] without the network.
    #[must_use]
    pub fn about_at_hand(
        &self,
        certificate: &Certificate,
        chain: &[Certificate],
        at: Time,
    ) -> Option<Revocation> {
        match self.issuer(certificate, chain) {
            Issuer::Found(issuer) => self.at_hand(certificate, issuer, at, self.certified(chain)),
            issuer => self.without_issuer(certificate, &issuer, at),
        }
    }

    /// Whether a list is at hand or the network may be asked.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        self.online.is_some() || self.witnesses.iter().any(|witness| witness.has_lists())
    }

    /// Whether a full check can find a revocation: a list has this serial number, a journal names this certificate, or
    /// the network may be asked.
    #[must_use]
    pub fn may_revoke(&self, serial: &str, certificate: &Fingerprint) -> bool {
        let at_hand = |witness: &Arc<Witness>| {
            witness.lists.mentions(serial) || witness.was_revoked_here(certificate).is_some()
        };
        self.online.is_some() || self.witnesses.iter().any(at_hand)
    }

    /// The state of a certificate whose issuer is not certain. The network is not asked about it.
    fn without_issuer(&self, certificate: &Certificate, issuer: &Issuer<'_>, at: Time) -> Option<Revocation> {
        if let Some(revoked) = self.journals(certificate) {
            return Some(revoked);
        }
        if !self.can_be_asked() {
            return None;
        }
        let Issuer::Unverifiable(issuer) = issuer else {
            return Some(Revocation::unknown(format!(
                "the certificate of its issuer, {}, is missing, so no list can be checked",
                certificate.issuer
            )));
        };
        // An entry in a list counts, although the certificate's own signature is of a kind that is not trusted here.
        let listed = self.at_hand(certificate, issuer, at, Certified::default());
        let listed = listed.filter(|revocation| revocation.state.is_revoked());
        let why = "the signature of the certificate is of a kind that is not trusted here";
        Some(listed.unwrap_or_else(|| Revocation::unknown(why)))
    }

    /// The keys that may sign lists: those of the authorities, and what they certify in `chain`.
    fn certified<'a>(&'a self, chain: &'a [Certificate]) -> Certified<'a> {
        let one = || self.witnesses.iter().map(|witness| witness.certificates.as_slice());
        let anchors = match self.together.as_slice() {
            [] => one().find(|certificates| !certificates.is_empty()).unwrap_or_default(),
            together => together,
        };
        Certified { anchors, others: chain }
    }

    fn issuer<'a>(&'a self, certificate: &Certificate, chain: &'a [Certificate]) -> Issuer<'a> {
        let known = self.witnesses.iter().flat_map(|witness| &witness.certificates);
        issuer::find(certificate, known.chain(chain))
    }

    /// The answer of lists and journals; `None` when there is no list, and no journal names the certificate.
    fn at_hand(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Time,
        around: Certified<'_>,
    ) -> Option<Revocation> {
        let with_lists = self.witnesses.iter().filter(|witness| witness.has_lists());
        let lists = with_lists.map(|witness| witness.lists.status_among(certificate, issuer, around, at));
        // Journals come after the lists, because a list also has the reason of a revocation.
        Revocation::decide(lists.chain(self.journals(certificate)))
    }

    fn journals(&self, certificate: &Certificate) -> Option<Revocation> {
        self.witnesses.iter().find_map(|witness| witness.was_revoked_here(&certificate.fingerprint()))
    }

    async fn with_online(
        &self,
        local: Option<Revocation>,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Time,
    ) -> Option<Revocation> {
        let Some(online) = &self.online else { return local };
        if local.as_ref().is_some_and(|revocation| revocation.state.is_conclusive()) {
            return local;
        }
        let none = CrlSet::new();
        let known = self.witnesses.first().map_or(&none, |witness| &witness.lists);
        let remote = online.status(certificate, issuer, at, known).await;
        Revocation::decide(std::iter::once(remote).chain(local))
    }
}
