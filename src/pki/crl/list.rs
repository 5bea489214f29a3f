//! One list: parsed, its signature checked, asked about a certificate.

use std::ops::Range;

use x509_parser::{certificate::X509Certificate, prelude::FromDer, x509::X509Name};

use super::{
    der,
    index::{Index, Listing},
    scope::Scope,
};
use crate::pki::{
    certificate::Certificate,
    pem,
    revocation::{Evidence, State},
    signature::{self, SignatureError},
    time::Time,
};

/// A list that cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    #[error("{0}")]
    Pem(String),
    #[error("not a certificate revocation list: {0}")]
    Malformed(String),
    /// The issuer it names is another.
    #[error("it was issued by {0}")]
    Issuer(String),
    /// The issuer's name fits and its key does not: a forgery, or another authority of the same name.
    #[error("it was not signed by {0}")]
    Signature(String),
    #[error("{0}")]
    Algorithm(SignatureError),
    /// RFC 5280 §6.3.3 (f).
    #[error("the key of {0} is not for signing revocation lists (its key usage lacks cRLSign)")]
    KeyUsage(String),
}

impl From<::der::Error> for CrlError {
    fn from(error: ::der::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// A certificate revocation list that parsed. Nothing in it may be believed before [`Crl::check_issuer`].
#[derive(Debug)]
pub struct Crl {
    der: Vec<u8>,
    signed: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    issuer_name: Range<usize>,
    issuer: String,
    this_update: Time,
    next_update: Option<Time>,
    scope: Scope,
    index: Index,
}

impl Crl {
    /// Parses exactly one DER list; bytes after it are refused. Version 1 lists are lists, too.
    ///
    /// Memory: the list itself and 12 octets an entry.
    ///
    /// # Errors
    /// When the bytes are not one list.
    pub fn from_der(der: Vec<u8>) -> Result<Self, CrlError> {
        let parts = signature::parts(&der)?;
        let body = der::read_body(parts.signed)?;
        if body.algorithm != parts.algorithm {
            return Err(CrlError::Malformed("it names two signature algorithms".to_owned()));
        }
        match body.version {
            None if body.extensions.is_empty() => {}
            None => return Err(CrlError::Malformed("a version 1 list has no extensions".to_owned())),
            Some(1) => {}
            Some(other) => return Err(CrlError::Malformed(format!("it has the version number {other}"))),
        }
        let place = |part: &[u8]| {
            let start = part.as_ptr().addr() - der.as_ptr().addr();
            start..start + part.len()
        };
        let revoked = if body.revoked.is_empty() { 0..0 } else { place(body.revoked) };
        let (_, name) = X509Name::from_der(body.issuer)
            .map_err(|_| CrlError::Malformed("its issuer is no name".to_owned()))?;
        Ok(Self {
            signed: place(parts.signed),
            algorithm: place(parts.algorithm),
            signature: place(parts.signature),
            issuer_name: place(body.issuer),
            issuer: name.to_string(),
            this_update: body.this_update,
            next_update: body.next_update,
            scope: Scope::read(&body.extensions),
            index: Index::build(&der, revoked)?,
            der,
        })
    }

    /// Parses a list as servers send it: DER, or PEM against RFC 5280 §4.2.1.13.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, CrlError> {
        let text = str::from_utf8(&bytes).ok().filter(|text| text.contains("-----BEGIN"));
        let Some(text) = text else {
            return Self::from_der(bytes);
        };
        let blocks = pem::decode_all(super::LABEL, text).map_err(|error| CrlError::Pem(error.to_string()))?;
        let [der] = <[Vec<u8>; 1]>::try_from(blocks)
            .map_err(|blocks| CrlError::Malformed(format!("there are {} lists in it", blocks.len())))?;
        Self::from_der(der)
    }

    /// Its issuer, RFC 4514 style; may hold control characters.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    #[must_use]
    pub fn this_update(&self) -> Time {
        self.this_update
    }

    /// When the next list is due; from then on this one proves nothing.
    #[must_use]
    pub fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// cRLNumber, decimal (RFC 5280 §5.2.3).
    #[must_use]
    pub fn number(&self) -> Option<String> {
        self.scope.number.as_ref().map(ToString::to_string)
    }

    /// `other`, of the same issuer, is newer: by number (RFC 5280 §5.2.3), by date where one has none.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        match (&self.scope.number, &other.scope.number) {
            (Some(mine), Some(others)) => mine < others,
            _ => self.this_update < other.this_update,
        }
    }

    /// It lists only what changed since a base list (RFC 5280 §5.2.4).
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.scope.base.is_some()
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    #[must_use]
    pub fn into_der(self) -> Vec<u8> {
        self.der
    }

    /// It has an entry with this serial number (the content of its INTEGER), whatever the entry says.
    #[must_use]
    pub fn lists(&self, serial: &[u8]) -> bool {
        self.index.find(&self.der, serial).is_some()
    }

    /// Its dates and number, as evidence from `source`.
    #[must_use]
    pub fn evidence(&self, source: &str) -> Evidence {
        Evidence::Crl {
            number: self.number(),
            this_update: self.this_update,
            next_update: self.next_update,
            source: source.to_owned(),
        }
    }

    /// Checks that `issuer` issued and signed it, and may (RFC 5280 §6.3.3 (f), (g)).
    ///
    /// Reads the whole list: [`super::CrlSet`] asks once for each issuer.
    ///
    /// # Errors
    /// [`CrlError::Issuer`] when it is another's list, else why it is not believed.
    pub fn check_issuer(&self, issuer: &Certificate) -> Result<(), CrlError> {
        let (_, parsed) = X509Certificate::from_der(issuer.der())
            .map_err(|_| CrlError::Malformed("the issuer's certificate cannot be read".to_owned()))?;
        if parsed.subject().as_raw() != self.part(&self.issuer_name) {
            return Err(CrlError::Issuer(self.issuer.clone()));
        }
        let usage = parsed.key_usage().map_err(|_| CrlError::KeyUsage(self.issuer.clone()))?;
        if usage.is_some_and(|usage| !usage.value.crl_sign()) {
            return Err(CrlError::KeyUsage(self.issuer.clone()));
        }
        let (algorithm, message) = (self.part(&self.algorithm), self.part(&self.signed));
        signature::verify(algorithm, issuer.public_key_info(), message, self.part(&self.signature)).map_err(
            |error| match error {
                SignatureError::Wrong => CrlError::Signature(self.issuer.clone()),
                other => CrlError::Algorithm(other),
            },
        )
    }

    /// What it says about `certificate` at `at`, provided that its issuer was checked.
    ///
    /// An entry counts whatever the dates of the list are; silence counts only from thisUpdate to before nextUpdate,
    /// and only of a complete list.
    pub(super) fn state_of(&self, certificate: &Certificate, serial: &[u8], at: Time) -> State {
        if let Some(why) = self.obstacle() {
            return State::unknown(format!("the list cannot be used: {why}"));
        }
        if let Some(why) = self.scope.excludes(certificate) {
            return State::unknown(format!("the list does not cover it: {why}"));
        }
        match self.index.find(&self.der, serial) {
            Some(Listing::Revoked { at, reason }) => State::Revoked { at, reason },
            Some(Listing::OnHold { since }) => State::OnHold { since },
            Some(Listing::Released) | None => self.silence(certificate, at),
        }
    }

    /// An entry says that this number is revoked, or on hold.
    pub(super) fn names(&self, serial: &[u8]) -> bool {
        let listing = self.index.find(&self.der, serial);
        self.obstacle().is_none() && matches!(listing, Some(Listing::Revoked { .. } | Listing::OnHold { .. }))
    }

    fn silence(&self, certificate: &Certificate, at: Time) -> State {
        // RFC 5280 §3.3: an entry may go once the certificate has expired.
        if certificate.not_after < self.this_update {
            return State::unknown("it expired before the list was made, and lists drop expired certificates");
        }
        if at < self.this_update {
            return State::unknown(format!("the list begins only at {}", self.this_update));
        }
        match (self.next_update, self.scope.is_partial()) {
            (Some(end), _) if at >= end => State::Stale { since: end },
            (None, _) => State::unknown("the list does not say when it ends (no nextUpdate)"),
            (Some(_), Some(why)) => State::unknown(format!("the list does not name it, but {why}")),
            (Some(_), None) => State::Good,
        }
    }

    /// This fresh delta list takes back a hold that `base` says (RFC 5280 §5.2.4).
    pub(super) fn releases(&self, base: &Self, serial: &[u8], at: Time) -> bool {
        let fits = match (&self.scope.base, &base.scope.number, &self.scope.number) {
            (Some(needed), Some(base), Some(number)) => base >= needed && number > base,
            _ => false,
        };
        fits && self.obstacle().is_none()
            && base.scope.base.is_none()
            && at >= self.this_update
            && self.next_update.is_some_and(|end| at < end)
            && self.index.find(&self.der, serial) == Some(Listing::Released)
    }

    fn obstacle(&self) -> Option<&str> {
        self.scope.obstacle.as_deref().or(self.index.obstacle.as_deref())
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).unwrap_or_default()
    }
}
