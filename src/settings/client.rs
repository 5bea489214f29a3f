//! The certificate a server is shown when it asks who we are.

use std::path::Path;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::{
    evidence::{endpoint::Identity, read},
    failure::Failure,
    pki::sniff,
};

/// Reads a client certificate with its chain, and its key.
///
/// # Errors
/// When one of the files cannot be read.
pub(crate) fn identity(cert: Option<&Path>, key: Option<&Path>) -> Result<Option<Identity>, Failure> {
    let (Some(cert), Some(key)) = (cert, key) else { return Ok(None) };
    Ok(Some(Identity { chain: chain(cert)?, key: private_key(key)? }))
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let failed = |why: String| Failure::failed(format!("the client certificate {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    let chain = sniff::certificates(&bytes, None).map_err(|error| failed(error.to_string()))?;
    Ok(chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect())
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    let failed = |why: String| Failure::failed(format!("the client's key {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    let key = sniff::private_key(&bytes, None).map_err(|error| failed(error.to_string()))?;
    Ok(PrivatePkcs8KeyDer::from(key.to_vec()).into())
}
