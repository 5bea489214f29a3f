//! Facts of a certificate revocation list (RFC 5280 §5).

use serde::Serialize;
use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList, x509::AlgorithmIdentifier};

use super::{certificate::signature_name, extensions::ExtensionFacts};
use crate::pki::{
    crl::{Crl, CrlError},
    fingerprint::Fingerprint,
    signature,
    time::Time,
};

/// Facts of a list. The signature of its issuer is not verified here.
#[derive(Clone, Debug, Serialize)]
pub struct ListFacts {
    pub issuer: String,
    /// cRLNumber, decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub this_update: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Time>,
    /// Entries in the list.
    pub revoked: usize,
    /// It lists only what changed since a base list.
    pub delta: bool,
    pub signature_algorithm: String,
    pub fingerprint: Fingerprint,
    /// Of lists up to 8 MiB: the library that decodes them would need several times the list's size.
    pub extensions: Vec<ExtensionFacts>,
}

/// Where a list stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    Current,
    /// The list is past its nextUpdate, or has none: it does not prove that a certificate is good.
    Stale,
    /// Before its thisUpdate.
    NotYetValid,
}

const EXTENSIONS_UP_TO: usize = 8 * 1024 * 1024;

impl ListFacts {
    /// Decodes exactly one DER list.
    ///
    /// # Errors
    /// Why the bytes are not one list.
    pub fn from_der(der: Vec<u8>) -> Result<(Self, Vec<u8>), String> {
        let list = Crl::from_der(der).map_err(|error| match error {
            CrlError::Malformed(why) => why,
            other => other.to_string(),
        })?;
        let facts = Self {
            issuer: list.issuer().to_owned(),
            number: list.number(),
            this_update: list.this_update(),
            next_update: list.next_update(),
            revoked: list.len(),
            delta: list.is_delta(),
            signature_algorithm: algorithm(list.der()).unwrap_or_else(|| "unreadable".to_owned()),
            fingerprint: Fingerprint::of(list.der()),
            extensions: extensions(list.der()),
        };
        Ok((facts, list.into_der()))
    }

    /// From thisUpdate to before nextUpdate a list is current.
    #[must_use]
    pub fn state_at(&self, now: Time) -> ListState {
        match self.next_update {
            _ if now < self.this_update => ListState::NotYetValid,
            Some(next) if now < next => ListState::Current,
            _ => ListState::Stale,
        }
    }
}

fn algorithm(der: &[u8]) -> Option<String> {
    let parts = signature::parts(der).ok()?;
    let (_, identifier) = AlgorithmIdentifier::from_der(parts.algorithm).ok()?;
    Some(signature_name(&identifier))
}

fn extensions(der: &[u8]) -> Vec<ExtensionFacts> {
    if der.len() > EXTENSIONS_UP_TO {
        return Vec::new();
    }
    CertificateRevocationList::from_der(der)
        .map(|(_, parsed)| parsed.extensions().iter().map(ExtensionFacts::of).collect())
        .unwrap_or_default()
}
