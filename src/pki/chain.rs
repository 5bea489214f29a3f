//! Entry point of path validation for other modules: does a leaf lead to a trust anchor? [`super::path`] does the work.

pub use super::path::{
    ChainError, NameError, Path, PolicyDemand, PolicyId, PolicyIdError, Purpose, Wanted, check_name, find,
};
use super::{
    certificate::{Certificate, Validity},
    directory_name, path,
    signature::{self, SignatureError},
    time::Time,
};

/// Checks that `leaf` leads to one of `anchors` through `intermediates` at `now`, and that it may serve as a TLS
/// client when its extended key usage says anything.
///
/// # Errors
/// The first reason found.
pub fn verify_client(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
) -> Result<(), ChainError> {
    verify_at(leaf, Purpose::ClientIfLimited, intermediates, anchors, now)
}

/// The same for a certificate that a platform is to register: it may be of version 1.
///
/// # Errors
/// The first reason found.
pub fn verify_registered(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
) -> Result<(), ChainError> {
    verify_at(leaf, Purpose::ClientOfAnyVersion, intermediates, anchors, now)
}

fn verify_at(
    leaf: &Certificate,
    purpose: Purpose,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
) -> Result<(), ChainError> {
    let policy = &PolicyDemand::default();
    match leaf.validity_at(now) {
        Validity::Expired => Err(ChainError::Expired(leaf.not_after)),
        Validity::NotYetValid => Err(ChainError::NotYetValid(leaf.not_before)),
        Validity::Valid => path::check(leaf, Wanted { intermediates, anchors, at: now, purpose, policy }),
    }
}

/// Finds a path from `leaf` to one of `anchors` that holds at `now` for `purpose`, under any certificate policy.
///
/// # Errors
/// The reason that came closest to a path.
pub fn find_path(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    now: Time,
    purpose: Purpose,
) -> Result<Path, ChainError> {
    find(leaf, Wanted { intermediates, anchors, at: now, purpose, policy: &PolicyDemand::default() })
}

/// Splits trusted certificates into self-signed ones, which can end a path, and the others.
#[must_use]
pub fn self_signed(certificates: Vec<Certificate>) -> (Vec<Certificate>, Vec<Certificate>) {
    certificates.into_iter().partition(is_self_signed)
}

fn is_self_signed(certificate: &Certificate) -> bool {
    if !directory_name::may_be_same(&certificate.subject, &certificate.issuer) {
        return false;
    }
    let Ok(parts) = signature::parts(certificate.der()) else {
        return false;
    };
    // Old roots signed themselves with SHA-1 or a small key. That is no harm: a root counts because the user trusts it,
    // not because of its own signature.
    matches!(
        signature::verify(parts.algorithm, certificate.public_key_info(), parts.signed, parts.signature),
        Ok(()) | Err(SignatureError::Unsupported(_) | SignatureError::WeakKey(_))
    )
}
