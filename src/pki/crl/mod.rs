//! Certificate revocation lists (RFC 5280 §5): parsed once, verified against their issuer, looked up fast.
//!
//! [`Crl`] is a list as it was read; [`CrlSet`] is what a caller holds: lists from anywhere, and the answer for one
//! certificate out of those its issuer signed.

mod der;
mod index;
mod list;
mod points;
mod scope;
mod set;
mod signer;
#[cfg(test)]
mod tests;

pub use list::{Crl, CrlError};
pub use set::CrlSet;
pub use signer::Certified;

use super::{certificate::Certificate, pem};

/// PEM label of a revocation list (RFC 7468 §7).
pub const LABEL: &str = "X509 CRL";

/// Checks that `text` is one PEM revocation list, issued and signed by one of `issuers`; returns its DER.
///
/// # Errors
/// When it does not parse, or none of the issuers signed it.
pub fn verified_from_pem(text: &str, issuers: &[Certificate]) -> Result<Vec<u8>, CrlError> {
    let Some(der) =
        pem::decode_all(LABEL, text).map_err(|error| CrlError::Pem(error.to_string()))?.into_iter().next()
    else {
        return Err(CrlError::Malformed("it is empty".to_owned()));
    };
    let list = Crl::from_der(der)?;
    if issuers.iter().any(|issuer| list.check_issuer(issuer).is_ok()) {
        Ok(list.into_der())
    } else {
        Err(CrlError::Signature(list.issuer().to_owned()))
    }
}
