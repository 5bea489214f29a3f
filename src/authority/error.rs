//! Failures of the authority, sorted by the side that has to do something about them.

use std::path::PathBuf;

use super::{ca::BuildError, repository::StoreError};
use crate::{custody::Exposure, pki::time::Time};

/// The authority cannot be opened, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("another certreq is using {}", .0.display())]
    InUse(PathBuf),
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the CA key {} is encrypted; its passphrase is needed", .0.display())]
    PassphraseNeeded(PathBuf),
    #[error("the passphrase does not open the CA key {}", .0.display())]
    PassphraseWrong(PathBuf),
    #[error("the CA key {} is not encrypted, but a passphrase was given", .0.display())]
    NotEncrypted(PathBuf),
    #[error("the CA key {} is missing; without it this authority cannot sign", .0.display())]
    KeyMissing(PathBuf),
    #[error("the records of the authority in {} are in authority.db there, and the {place} is empty", .dir.display())]
    NotCopied { dir: PathBuf, place: String },
    #[error("the CA key {} does not belong to the root certificate in the database", .0.display())]
    KeyMismatch(PathBuf),
    #[error("the CA key {} cannot be used: {reason}", .path.display())]
    Key { path: PathBuf, reason: String },
    #[error("the key {} {exposure}", .path.display())]
    Exposed { path: PathBuf, exposure: Exposure },
    #[error("the clock ({}) is before the start of the root certificate ({}): certificates cannot be signed", .now.moment(), .begins.moment())]
    ClockBehind { now: Time, begins: Time },
    #[error("{0}")]
    Build(#[from] BuildError),
    #[error("its revocation lists are in {kept} parts, which certificates name: there cannot be {asked}")]
    Partitions { kept: u16, asked: u16 },
    #[error("the secret could not be hashed: {0}")]
    Hash(String),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl AuthorityError {
    /// The records cannot be reached, and nothing was changed: another try is worth its while.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unreachable { .. }))
    }
}

/// A request the authority does not carry out. The texts are the platform's own.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is wrong and will stay wrong.
    #[error("{0}")]
    Invalid(String),
    /// The request is wrong in a way the platform has no answer for but that it failed.
    #[error("{0}")]
    Unreadable(String),
    /// A chain that does not lead to a trusted CA, and why.
    #[error("The certificate chain of trust is not valid.")]
    Chain(String),
    /// There is no such record in this tenant.
    #[error("{0}")]
    NotFound(String),
    /// There is such a record already.
    #[error("{0}")]
    Conflict(String),
    /// The records cannot be reached, and nothing was changed: another try is worth its while. The text is for the
    /// log.
    #[error("{0}")]
    Unavailable(String),
    /// The authority failed; the text is for its log, not for the client.
    #[error("{0}")]
    Failed(String),
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// No certificate with this fingerprint, as it was asked for, in the tenant.
    #[must_use]
    pub fn no_certificate(fingerprint: &str, tenant: &str) -> Self {
        Self::no_record("fingerprint", fingerprint, tenant)
    }

    /// No trusted CA with this fingerprint, as it was asked for, in the tenant.
    #[must_use]
    pub fn no_trusted_ca(fingerprint: &str, tenant: &str) -> Self {
        Self::no_record("caFingerprint", fingerprint, tenant)
    }

    fn no_record(key: &str, fingerprint: &str, tenant: &str) -> Self {
        let parameters = serde_json::json!({ key: fingerprint, "tenant": tenant });
        Self::NotFound(format!("No records found for the following parameters: {parameters}"))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unreachable { .. } => Self::Unavailable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<BuildError> for Refusal {
    fn from(error: BuildError) -> Self {
        Self::Failed(error.to_string())
    }
}
