//! Why a path was refused, in words.

use crate::pki::{signature::SignatureError, time::Time};

/// Why a path was refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChainError {
    #[error("it does not lead to the root certificate held here: it was issued by {issuer}")]
    UnknownIssuer { issuer: String },
    /// The path begins well and its upper end is missing.
    #[error(
        "it does not lead to the root certificate held here: its authority {subject} was issued by {issuer}"
    )]
    UnknownAuthority { subject: String, issuer: String },
    #[error("it expired at {}", .0.moment())]
    Expired(Time),
    #[error("it is not valid before {}", .0.moment())]
    NotYetValid(Time),
    #[error("the certificate of the authority {subject} expired at {}", .at.moment())]
    AuthorityExpired { subject: String, at: Time },
    #[error("the certificate of the authority {subject} is not valid before {}", .at.moment())]
    AuthorityNotYetValid { subject: String, at: Time },
    /// It may not be used for what was asked.
    #[error("{0}")]
    Purpose(String),
    /// No policy that was asked for is left at the end of the path (RFC 5280 §6.1.5 (g)).
    #[error("{0}")]
    Policy(String),
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

    /// No certificate at hand has the name of the issuer.
    #[must_use]
    pub fn is_unknown_issuer(&self) -> bool {
        matches!(self, Self::UnknownIssuer { .. } | Self::UnknownAuthority { .. })
    }
}

pub(super) fn refused(why: impl Into<String>) -> ChainError {
    ChainError::Refused(why.into())
}

/// The fault of the signature on a certificate of the path.
pub(super) fn of_signature(
    depth: usize,
    subject: &str,
    issuer: &str,
    by_root: bool,
    error: &SignatureError,
) -> ChainError {
    let whose = if depth == 0 { "its signature".to_owned() } else { format!("the signature on {subject}") };
    refused(match error {
        SignatureError::Wrong if by_root => {
            format!("{whose} was not made by the root certificate held here")
        }
        SignatureError::Wrong => format!("{whose} was not made by {issuer}, its issuer"),
        SignatureError::Unsupported(how) => {
            format!("{whose} is not of a kind that is trusted here: {how} ({})", SignatureError::TRUSTED)
        }
        SignatureError::WeakKey(key) => {
            format!("{whose} is not secure: the key of {issuer} is too weak ({key}; RSA needs 2048 bits)")
        }
    })
}
