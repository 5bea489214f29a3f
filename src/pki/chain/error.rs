//! Why a path was refused, in words.

use crate::pki::{certificate::Certificate, time::Time};

/// Why a path was refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainError {
    #[error("it does not lead to the root certificate held here: it was issued by {issuer}")]
    UnknownIssuer { issuer: String },
    #[error("it expired at {0}")]
    Expired(Time),
    #[error("it is not valid before {0}")]
    NotYetValid(Time),
    #[error("the certificate of the authority {subject} expired at {at}")]
    AuthorityExpired { subject: String, at: Time },
    #[error("the certificate of the authority {subject} is not valid before {at}")]
    AuthorityNotYetValid { subject: String, at: Time },
    /// It may not be used for what was asked.
    #[error("{0}")]
    Purpose(String),
    #[error("{0}")]
    Refused(String),
}

impl ChainError {
    /// Its leaf or an authority above it expired.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::AuthorityExpired { .. })
    }

    /// Its leaf or an authority above it is not valid yet.
    #[must_use]
    pub fn is_not_yet_valid(&self) -> bool {
        matches!(self, Self::NotYetValid(_) | Self::AuthorityNotYetValid { .. })
    }
}

/// What the library refused. `intermediates` are those that were offered to it.
pub(super) fn of_library(
    leaf: &Certificate,
    intermediates: &[Certificate],
    error: &webpki::Error,
) -> ChainError {
    use webpki::Error;
    match error {
        Error::UnknownIssuer => ChainError::UnknownIssuer { issuer: leaf.issuer.clone() },
        Error::InvalidSignatureForPublicKey => {
            ChainError::Refused("its signature was not made by the root certificate held here".to_owned())
        }
        Error::CertExpired { not_after, .. } => {
            let at = time(*not_after);
            match intermediates.iter().find(|issuer| leaf.not_after != at && issuer.not_after == at) {
                Some(issuer) => ChainError::AuthorityExpired { subject: issuer.subject.clone(), at },
                None => ChainError::Expired(at),
            }
        }
        Error::CertNotValidYet { not_before, .. } => {
            let at = time(*not_before);
            match intermediates.iter().find(|issuer| leaf.not_before != at && issuer.not_before == at) {
                Some(issuer) => ChainError::AuthorityNotYetValid { subject: issuer.subject.clone(), at },
                None => ChainError::NotYetValid(at),
            }
        }
        Error::RequiredEkuNotFoundContext(_) => ChainError::Purpose(
            "it, or an authority above it, is limited to other purposes (extended key usage, RFC 5280 §4.2.1.12)"
                .to_owned(),
        ),
        other => ChainError::Refused(match rule(other) {
            Some(rule) => rule.to_owned(),
            None => format!("the path check refused it: {other}"),
        }),
    }
}

/// Refusals that deserve more words than the library's, first of all those where it is stricter than others.
fn rule(error: &webpki::Error) -> Option<&'static str> {
    use webpki::Error;
    Some(match error {
        Error::CaUsedAsEndEntity => {
            "it is the certificate of an authority (basicConstraints cA), and a device's or a server's is not"
        }
        Error::EndEntityUsedAsCa => {
            "an issuer in the path is no authority (basicConstraints without cA, RFC 5280 §6.1.4 (k))"
        }
        Error::UnsupportedCertVersion => {
            "it is not version 3 (X.509 v1): without extensions nobody can say what it is for (RFC 5280 §4.1.2.1)"
        }
        Error::PathLenConstraintViolated => {
            "there are more authorities in the path than one of them allows (pathLenConstraint, RFC 5280 §6.1.4 (l))"
        }
        Error::NameConstraintViolation => {
            "a name in it is not one that its authority may certify, or of a kind that is not compared here \
             (nameConstraints, RFC 5280 §4.2.1.10)"
        }
        Error::UnsupportedCriticalExtension => {
            "it, or an authority above it, has a critical extension that is not known here (RFC 5280 §4.2)"
        }
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature in the path is not of a kind that is trusted here: SHA-256 or stronger, with RSA from 2048 \
             bits, ECDSA or Ed25519"
        }
        Error::MaximumPathDepthExceeded => "the path is longer than seven certificates",
        Error::BadDerTime => {
            "a date in it cannot be read (before 1970, or not as RFC 5280 §4.1.2.5 writes dates)"
        }
        Error::InvalidCertValidity => "it ends before it begins (RFC 5280 §4.1.2.5)",
        Error::SignatureAlgorithmMismatch => "it names two different signature algorithms (RFC 5280 §4.1.1.2)",
        _ => return None,
    })
}

fn time(time: rustls::pki_types::UnixTime) -> Time {
    Time::from_unix(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
