//! One X.509 certificate (RFC 5280 §4): its bytes and the facts the rest of the program decides on.

use x509_parser::{certificate::X509Certificate, extensions::ParsedExtension, prelude::FromDer};

use super::{
    damage,
    fingerprint::Fingerprint,
    hex, names,
    pem::{self, PemError},
    time::Time,
    undated,
};

/// PEM label of a certificate (RFC 7468 §5).
pub const LABEL: &str = "CERTIFICATE";

/// Bytes that are no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error(transparent)]
    Pem(#[from] PemError),
    #[error("not a certificate: {0}")]
    Der(String),
}

impl CertificateError {
    /// The library's error about `der`, in words.
    pub(super) fn of(error: &x509_parser::nom::Err<x509_parser::error::X509Error>, der: &[u8]) -> Self {
        Self::Der(undated::words(der).unwrap_or_else(|| nom_text(error)))
    }

    /// The bare reason, for messages that already name the expected kind.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Pem(error) => error.to_string(),
            Self::Der(why) => why.clone(),
        }
    }
}

/// A certificate that parsed. Parsing is no reason for trust: see [`super::chain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    public_key_info: Vec<u8>,
    /// Subject in the order it is encoded, RFC 4514 style; may hold control characters.
    pub subject: String,
    /// The subject's common names, in order.
    pub common_names: Vec<String>,
    /// Issuer, written like the subject.
    pub issuer: String,
    /// Serial number, upper-case hex pairs with colons, as in the DER.
    pub serial: String,
    pub not_before: Time,
    pub not_after: Time,
    /// basicConstraints says CA (RFC 5280 §4.2.1.9).
    pub is_ca: bool,
    /// subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    pub subject_key_id: Option<Box<[u8]>>,
    /// The key identifier of authorityKeyIdentifier (RFC 5280 §4.2.1.1).
    pub authority_key_id: Option<Box<[u8]>>,
}

impl Certificate {
    /// Parses exactly one DER certificate; bytes after it are refused.
    ///
    /// # Errors
    /// When the bytes are not one certificate.
    pub fn from_der(der: Vec<u8>) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            X509Certificate::from_der(&der).map_err(|error| CertificateError::of(&error, &der))?;
        if !rest.is_empty() {
            return Err(CertificateError::Der("bytes follow the certificate".to_owned()));
        }
        let is_ca = parsed
            .basic_constraints()
            .map_err(|error| CertificateError::Der(damage::of_x509(&error)))?
            .is_some_and(|constraints| constraints.value.ca);
        let common_names = names::common_names(parsed.subject());
        let (mut subject_key_id, mut authority_key_id) = (None, None);
        for extension in parsed.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => subject_key_id = Some(id.0.into()),
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    authority_key_id = id.key_identifier.as_ref().map(|id| id.0.into());
                }
                _ => {}
            }
        }
        Ok(Self {
            subject_key_id,
            authority_key_id,
            public_key_info: parsed.public_key().raw.to_vec(),
            subject: names::plain(parsed.subject()),
            common_names,
            issuer: names::plain(parsed.issuer()),
            serial: hex::pairs(parsed.raw_serial()),
            not_before: Time::from_unix(parsed.validity().not_before.timestamp()),
            not_after: Time::from_unix(parsed.validity().not_after.timestamp()),
            is_ca,
            der,
        })
    }

    /// Every certificate of a PEM text, in order; at least one.
    ///
    /// # Errors
    /// When the text is not PEM, holds no certificate, or one of them does not parse.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>, CertificateError> {
        pem::decode_all(LABEL, text)?.into_iter().map(Self::from_der).collect()
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SubjectPublicKeyInfo, DER.
    #[must_use]
    pub fn public_key_info(&self) -> &[u8] {
        &self.public_key_info
    }

    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.der)
    }

    /// PEM with a final newline.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode(LABEL, &self.der)
    }

    /// Both ends of the validity period belong to it (RFC 5280 §4.1.2.5).
    #[must_use]
    pub fn validity_at(&self, now: Time) -> Validity {
        if now < self.not_before {
            Validity::NotYetValid
        } else if now > self.not_after {
            Validity::Expired
        } else {
            Validity::Valid
        }
    }
}

/// Where a moment falls in a validity period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    NotYetValid,
    Valid,
    Expired,
}

pub(crate) fn nom_text(error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    match error {
        x509_parser::nom::Err::Error(inner) | x509_parser::nom::Err::Failure(inner) => damage::of_x509(inner),
        x509_parser::nom::Err::Incomplete(_) => "it is cut short".to_owned(),
    }
}
