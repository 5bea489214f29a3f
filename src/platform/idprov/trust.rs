//! Trust over TLS: servers below the given roots, and no others.

use std::sync::Arc;

use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::CertificateDer,
};

use crate::platform::{
    ErrorKind, Holder, PlatformError,
    dojot::{
        http::{Http, Trust, Wire},
        tls,
    },
    idprov::{Address, Options},
};

/// Trusts certificates that lead to these roots (DER); the system's are no roots here.
pub(super) fn rooted_in(roots: &[Vec<u8>]) -> Result<Arc<dyn ServerCertVerifier>, PlatformError> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(CertificateDer::from(root.clone())).map_err(|error| unusable(&error.to_string()))?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build();
    Ok(verifier.map_err(|error| unusable(&error.to_string()))?)
}

/// A client that trusts as `verifier` does, and shows this pair.
pub(super) fn client(
    address: &Address,
    options: &Options,
    verifier: Arc<dyn ServerCertVerifier>,
    holder: Option<&Holder>,
) -> Result<Http, PlatformError> {
    let config = tls::config(verifier, holder).map_err(|error| unusable(&error.to_string()))?;
    Http::over(Wire {
        base: address.base.clone(),
        // The server is on the local network, which a proxy does not reach.
        is_here: true,
        connect_timeout: options.connect_timeout,
        timeout: options.timeout,
        trust: Trust::Own(Box::new(config)),
    })
}

fn unusable(why: &str) -> PlatformError {
    PlatformError::new(ErrorKind::Rejected, format!("cannot set up TLS: {why}"))
}
