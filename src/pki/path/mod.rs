//! Certification paths (RFC 5280 §6): does a leaf lead to a trust anchor at a given time?
//!
//! [`search`] builds candidate paths and checks their signatures, [`validate`] is the state machine of §6.1 over each
//! of them, [`policy`] the graph of RFC 9618. Other modules use [`super::chain`].

mod budget;
mod constraints;
mod error;
mod forms;
mod node;
mod policy;
mod purpose;
mod search;
#[cfg(test)]
mod tests;
mod validate;

pub use error::ChainError;
pub use policy::{PolicyDemand, PolicyId, PolicyIdError};
pub use purpose::{NameError, Purpose, check_name};

use self::{search::Search, validate::Asked};
use super::{certificate::Certificate, time::Time};

/// A validated path, leaf first, trust anchor last. A certificate that is trusted itself stands alone in it.
#[derive(Clone, Debug)]
pub struct Path {
    certificates: Vec<Certificate>,
    policies: Vec<PolicyId>,
}

impl Path {
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Each certificate with its issuer, leaf first; the anchor stands only as an issuer.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        self.certificates.iter().zip(self.certificates.iter().skip(1))
    }

    /// The certificate policies the path is valid under, of those that were asked for (RFC 5280 §6.1.6).
    #[must_use]
    pub fn policies(&self) -> &[PolicyId] {
        &self.policies
    }
}

/// The demands on a path, and the certificates it may consist of.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Order and duplicates do not matter.
    pub intermediates: &'a [Certificate],
    pub anchors: &'a [Certificate],
    pub at: Time,
    pub purpose: Purpose,
    pub policy: &'a PolicyDemand,
}

/// Finds a path from `leaf` that meets the demands. Revocation is checked afterwards, link by link.
///
/// # Errors
/// The reason that came closest to a path.
pub fn find(leaf: &Certificate, wanted: Wanted<'_>) -> Result<Path, ChainError> {
    let asked = Asked { now: wanted.at, purpose: wanted.purpose, policy: wanted.policy };
    let found = Search::new(leaf, wanted.intermediates, wanted.anchors, asked).run()?;
    Ok(Path { certificates: found.certificates.into_iter().cloned().collect(), policies: found.policies })
}

/// Like [`find`], without the path.
pub(super) fn check(leaf: &Certificate, wanted: Wanted<'_>) -> Result<(), ChainError> {
    let asked = Asked { now: wanted.at, purpose: wanted.purpose, policy: wanted.policy };
    Search::new(leaf, wanted.intermediates, wanted.anchors, asked).run().map(|_| ())
}
