//! The roots this computer trusts.

use crate::pki::certificate::Certificate;

/// Every usable root of the system's store (SSL_CERT_FILE and SSL_CERT_DIR choose another).
///
/// # Errors
/// When there is none; the text says why.
pub fn system() -> Result<Vec<Certificate>, String> {
    let loaded = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate> =
        loaded.certs.into_iter().filter_map(|der| Certificate::from_der(der.to_vec()).ok()).collect();
    if roots.is_empty() {
        let why = loaded.errors.first().map_or_else(|| "its store is empty".to_owned(), ToString::to_string);
        return Err(format!("the system trusts no root: {why}"));
    }
    Ok(roots)
}
