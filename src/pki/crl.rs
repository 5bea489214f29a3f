//! Certificate revocation lists (RFC 5280 §5).

use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList, x509::SubjectPublicKeyInfo};

use super::{
    certificate::Certificate,
    pem::{self, PemError},
};

/// PEM label of a revocation list (RFC 7468 §7).
pub const LABEL: &str = "X509 CRL";

/// A list that cannot be believed.
#[derive(Debug, thiserror::Error)]
pub enum CrlError {
    #[error(transparent)]
    Pem(#[from] PemError),
    #[error("not a certificate revocation list: {0}")]
    Der(String),
    #[error("it was not signed by {0}")]
    Signature(String),
}

/// Checks that `text` is one PEM revocation list, issued and signed by one of `issuers`; returns its DER.
///
/// # Errors
/// When it does not parse, or none of the issuers signed it.
pub fn verified_from_pem(text: &str, issuers: &[Certificate]) -> Result<Vec<u8>, CrlError> {
    let Some(der) = pem::decode_all(LABEL, text)?.into_iter().next() else {
        return Err(CrlError::Der("it is empty".to_owned()));
    };
    let (_, list) =
        CertificateRevocationList::from_der(&der).map_err(|error| CrlError::Der(error.to_string()))?;
    let signed = issuers.iter().filter(|issuer| issuer.subject == list.issuer().to_string()).any(|issuer| {
        SubjectPublicKeyInfo::from_der(issuer.public_key_info())
            .is_ok_and(|(_, key)| list.verify_signature(&key).is_ok())
    });
    if !signed {
        return Err(CrlError::Signature(list.issuer().to_string()));
    }
    Ok(der)
}
