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
    damage,
    directory_name::DirectoryName,
    names, pem,
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
        Self::Malformed(damage::of_der(&error))
    }
}

/// A certificate revocation list that parsed. Nothing in it may be believed before [`Crl::check_issuer`].
#[derive(Debug)]
pub struct Crl {
    der: Vec<u8>,
    signed: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
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
            // A signature with unused bits was read as empty (see `signature::parts`), so it has no place in the list.
            if part.is_empty() {
                return 0..0;
            }
            let start = part.as_ptr().addr() - der.as_ptr().addr();
            start..start + part.len()
        };
        let revoked = place(body.revoked);
        let (_, name) = X509Name::from_der(body.issuer)
            .map_err(|_| CrlError::Malformed("its issuer is not a name".to_owned()))?;
        let mut scope = Scope::read(DirectoryName::of(&name), &body.extensions);
        let index = Index::build(&der, revoked)?;
        if index.is_indirect() && !scope.is_indirect() && scope.obstacle.is_none() {
            scope.obstacle = Some("it lists certificates of other issuers without indirectCRL".to_owned());
        }
        Ok(Self {
            signed: place(parts.signed),
            algorithm: place(parts.algorithm),
            signature: place(parts.signature),
            issuer: names::plain(&name),
            this_update: body.this_update,
            next_update: body.next_update,
            scope,
            index,
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

    /// The time of the next list; from then on this list does not prove that a certificate is good.
    #[must_use]
    pub fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// cRLNumber, decimal (RFC 5280 §5.2.3).
    #[must_use]
    pub fn number(&self) -> Option<String> {
        self.scope.number.as_ref().map(ToString::to_string)
    }

    /// Whether `other`, of the same issuer, is newer: by number (RFC 5280 §5.2.3), or by date if a number is missing.
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

    /// Whether the list has any entry with this serial number (the content of its INTEGER), also one of removeFromCRL.
    #[must_use]
    pub fn lists(&self, serial: &[u8]) -> bool {
        self.index.find(&self.der, serial, |_| true).is_some()
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

    /// Checks that `issuer` issued and signed the list, and that its key usage allows that (RFC 5280 §6.3.3 (f), (g)).
    ///
    /// Reads the whole list: [`super::CrlSet`] asks once for each issuer.
    ///
    /// # Errors
    /// [`CrlError::Issuer`] when it is another's list, else why it is not believed.
    pub fn check_issuer(&self, issuer: &Certificate) -> Result<(), CrlError> {
        let (_, parsed) = X509Certificate::from_der(issuer.der())
            .map_err(|_| CrlError::Malformed("the issuer's certificate cannot be read".to_owned()))?;
        if DirectoryName::of(parsed.subject()) != self.scope.issuer {
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

    /// Whether the key of `issuer` signed the list with SHA-1. Such a list can show that a certificate is revoked, but
    /// not that it is good.
    pub(super) fn fits_with_sha1(&self, issuer: &Certificate) -> bool {
        let (algorithm, message) = (self.part(&self.algorithm), self.part(&self.signed));
        signature::fits_with_sha1(algorithm, issuer.public_key_info(), message, self.part(&self.signature))
    }

    /// The name of its issuer, in the form that is compared.
    pub(super) fn issuer_name(&self) -> &DirectoryName {
        &self.scope.issuer
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The entry about the certificate with this serial number of this issuer. The signature of the list is not checked
    /// here, and an entry counts at all times, also before thisUpdate and after nextUpdate.
    pub(super) fn entry(&self, serial: &[u8], issuer: Option<&DirectoryName>) -> Option<Listing> {
        let is_own = issuer.is_none_or(|issuer| *issuer == self.scope.issuer);
        self.index.find(&self.der, serial, |of| match of {
            None => is_own,
            Some(of) => *of == *issuer.unwrap_or(&self.scope.issuer),
        })
    }

    /// Checks that a missing entry for `certificate` means good at `at`: that is so only from thisUpdate to before
    /// nextUpdate, and only for a complete list. The error is the state to report instead.
    pub(super) fn silence(&self, certificate: &Certificate, at: Time) -> Result<(), State> {
        // RFC 5280 §3.3: an entry may go once the certificate has expired.
        if certificate.not_after < self.this_update {
            return Err(State::unknown(
                "it expired before the list was made, and lists drop expired certificates",
            ));
        }
        if at < self.this_update {
            return Err(State::unknown(format!("the list begins only at {}", self.this_update.moment())));
        }
        match self.next_update {
            Some(end) if at >= end => Err(State::Stale { since: end }),
            None => Err(State::unknown("the list has no expiry time (nextUpdate)")),
            Some(_) if self.is_delta() => {
                Err(State::unknown("the list does not name it, but it is a delta list and needs its base list"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether this delta list is current and ends a hold that `base` lists (removeFromCRL, RFC 5280 §5.2.4).
    pub(super) fn releases(
        &self,
        base: &Self,
        serial: &[u8],
        issuer: Option<&DirectoryName>,
        at: Time,
    ) -> bool {
        let fits = match (&self.scope.base, &base.scope.number, &self.scope.number) {
            (Some(needed), Some(base), Some(number)) => base >= needed && number > base,
            _ => false,
        };
        fits && self.obstacle().is_none()
            && base.scope.base.is_none()
            && at >= self.this_update
            && self.next_update.is_some_and(|end| at < end)
            && self.entry(serial, issuer) == Some(Listing::Released)
    }

    /// The reason why no entry may be used, even when the list is genuine.
    pub(super) fn obstacle(&self) -> Option<&str> {
        self.scope.obstacle.as_deref().or(self.index.obstacle.as_deref())
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.der.get(range.clone()).unwrap_or_default()
    }
}
