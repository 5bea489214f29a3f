//! Lists from several places, asked together.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::list::{Crl, CrlError};
use crate::pki::{
    certificate::Certificate,
    fingerprint::Fingerprint,
    revocation::{Revocation, State},
    time::Time,
};

/// Every list at hand. Signatures are checked once for each list and issuer, so asking is cheap, also from many
/// threads.
#[derive(Debug, Default)]
pub struct CrlSet {
    lists: Vec<Held>,
}

#[derive(Debug)]
struct Held {
    crl: Crl,
    source: String,
    checked: Mutex<HashMap<Fingerprint, Result<(), CrlError>>>,
}

impl CrlSet {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list; `source` is the file or URL it came from.
    pub fn add(&mut self, crl: Crl, source: impl Into<String>) {
        self.lists.push(Held { crl, source: source.into(), checked: Mutex::default() });
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lists with their sources, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&Crl, &str)> {
        self.lists.iter().map(|held| (&held.crl, held.source.as_str()))
    }

    /// What the lists that `issuer` signed say about `certificate` at `at`.
    ///
    /// `issuer` must be the certificate whose key signed `certificate`: the caller has verified the path.
    #[must_use]
    pub fn status(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Revocation {
        let Some(serial) = octets(&certificate.serial) else {
            return Revocation::unknown("the serial number cannot be read");
        };
        let issuer_id = issuer.fingerprint();
        let (mut usable, mut answers) = (Vec::new(), Vec::new());
        for held in &self.lists {
            match held.check(issuer, issuer_id) {
                Ok(()) => usable.push(held),
                Err(CrlError::Issuer(_)) => {}
                Err(error) => {
                    answers.push(Revocation::unknown(format!(
                        "the list {} is not believed: {error}",
                        held.source
                    )));
                }
            }
        }
        answers.extend(usable.iter().map(|held| held.answer(&usable, certificate, &serial, at)));
        Revocation::decide(answers).unwrap_or_else(|| {
            Revocation::unknown(format!("no revocation list of {} is at hand", issuer.subject))
        })
    }
}

impl CrlSet {
    /// Some list has an entry for this serial number, whoever signed it; where none has one, none says revoked.
    #[must_use]
    pub fn mentions(&self, serial: &str) -> bool {
        octets(serial).is_some_and(|serial| self.lists.iter().any(|held| held.crl.lists(&serial)))
    }

    /// A list that `issuer` signed names this serial number, written as [`Certificate::serial`], as revoked or on
    /// hold. That a number is not named says nothing here.
    #[must_use]
    pub fn names(&self, serial: &str, issuer: &Certificate) -> bool {
        let Some(serial) = octets(serial) else { return false };
        let id = issuer.fingerprint();
        self.lists.iter().any(|held| held.check(issuer, id).is_ok() && held.crl.names(&serial))
    }
}

impl Held {
    fn check(&self, issuer: &Certificate, id: Fingerprint) -> Result<(), CrlError> {
        // A panic elsewhere leaves the map whole: it is only ever added to.
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.entry(id).or_insert_with(|| self.crl.check_issuer(issuer)).clone()
    }

    fn answer(&self, usable: &[&Self], certificate: &Certificate, serial: &[u8], at: Time) -> Revocation {
        let state = self.crl.state_of(certificate, serial, at);
        if matches!(state, State::OnHold { .. })
            && let Some(delta) = usable.iter().find(|delta| delta.crl.releases(&self.crl, serial, at))
        {
            return Revocation { state: State::Good, evidence: Some(delta.crl.evidence(&delta.source)) };
        }
        Revocation { state, evidence: Some(self.crl.evidence(&self.source)) }
    }
}

/// The content of a serial number's INTEGER.
fn octets(serial: &str) -> Option<Vec<u8>> {
    serial.split(':').map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}
