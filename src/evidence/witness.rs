//! One place with evidence about revocation: a fleet's directory, lists that the user named, or the platform.

use std::path::Path;

use super::{bundle, journal::Journal, online::Fetcher, read, revocations::ListPlace};
use crate::pki::{
    certificate::Certificate,
    crl::{Certified, Crl, CrlError, CrlSet},
    fingerprint::Fingerprint,
    revocation::{Evidence, Revocation, State},
    sniff,
};

/// The evidence of one place: certificates of authorities, lists, and a journal.
#[derive(Debug, Default)]
pub struct Witness {
    /// Certificates of authorities, in which issuers are looked for.
    pub certificates: Vec<Certificate>,
    pub(super) lists: CrlSet,
    /// The journal of a fleet's directory.
    pub(super) journal: Option<Journal>,
}

impl Witness {
    /// A witness with these authorities, and no list yet.
    #[must_use]
    pub fn of(certificates: Vec<Certificate>) -> Self {
        Self { certificates, ..Self::default() }
    }

    /// Adds the lists of a place that the user named.
    ///
    /// Returns the files of a directory that could not be read, each with its name and the reason.
    ///
    /// # Errors
    /// The reason why the place cannot be read. A place that was named and has no list is an error, too.
    pub async fn load(&mut self, place: &ListPlace, fetcher: &Fetcher) -> Result<Vec<String>, String> {
        match place {
            ListPlace::Path(path) => {
                let read =
                    bundle::readable_lists(path).map_err(|error| format!("{}: {error}", path.display()))?;
                for list in read.items {
                    self.lists.add(list, path.display().to_string());
                }
                Ok(read.unread)
            }
            ListPlace::Url(url) => {
                let bytes = fetcher.get(url).await.map_err(|error| format!("{url}: {error}"))?;
                let lists = lists_in(bytes).map_err(|error| format!("{url}: {error}"))?;
                for list in lists {
                    self.lists.add(list.map_err(|error| format!("{url}: {error}"))?, url.as_str());
                }
                Ok(Vec::new())
            }
        }
    }

    /// Adds the lists of a file that lies beside a file that was named. They are asked only about certificates of whose
    /// issuer no named list is. Returns one sentence for each list that cannot be used.
    pub fn load_beside(&mut self, path: &Path) -> Vec<String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let lists = match read::file(path) {
            Ok(bytes) => lists_in(bytes.to_vec()).map_err(|error| failed(&error)),
            Err(error) => Err(failed(&error)),
        };
        let mut unusable = Vec::new();
        match lists {
            Ok(lists) => {
                for list in lists {
                    match list {
                        Ok(list) => self.lists.add_spare(list, path.display().to_string()),
                        Err(error) => unusable.push(failed(&error)),
                    }
                }
            }
            Err(why) => unusable.push(why),
        }
        unusable
    }

    /// Adds a list. It need not be verified yet: its signature is checked when it is asked.
    pub fn add(&mut self, list: Crl, source: impl Into<String>) {
        self.lists.add(list, source);
    }

    /// The keys that may sign its lists: those of its authorities, and what they certify in `chain`.
    #[must_use]
    pub fn certified<'a>(&'a self, chain: &'a [Certificate]) -> Certified<'a> {
        Certified { anchors: &self.certificates, others: chain }
    }

    /// Adds a directory's journal.
    pub fn hear(&mut self, journal: Journal) {
        self.journal = Some(journal);
    }

    /// Whether there is a list, verified or not.
    #[must_use]
    pub fn has_lists(&self) -> bool {
        !self.lists.is_empty()
    }

    /// The revocation of this certificate, if the journal has it.
    #[must_use]
    pub fn was_revoked_here(&self, certificate: &Fingerprint) -> Option<Revocation> {
        let journal = self.journal.as_ref()?;
        let at = journal.revoked_at(certificate)?;
        let evidence = Evidence::Journal { recorded_at: at, source: journal.source.clone() };
        Some(Revocation { state: State::Revoked { at, reason: None }, evidence: Some(evidence) })
    }

    /// Whether a list that one of the authorities here signed has this serial number as revoked or on hold.
    #[must_use]
    pub fn names(&self, serial: &str) -> bool {
        self.certificates.iter().any(|issuer| self.lists.names(serial, issuer))
    }
}

/// Every list in `bytes`, in any form that is read here. A list that does not parse leaves the others usable.
///
/// # Errors
/// When there is none.
pub(super) fn lists_in(bytes: Vec<u8>) -> Result<Vec<Result<Crl, CrlError>>, CrlError> {
    let lists = sniff::lists(bytes, None).map_err(|error| CrlError::Malformed(error.to_string()))?;
    Ok(lists.into_iter().map(Crl::from_der).collect())
}
