//! The client certificate, for servers that ask for one.

use std::path::Path;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use crate::{
    evidence::{endpoint::Identity, read},
    failure::Failure,
    keys,
    pki::{
        certificate::Certificate,
        key::PrivateKey,
        sniff,
        token_key::TokenKey,
        token_uri::{TokenUri, TokenUriError},
    },
    platform::Holder,
};

/// Reads a client certificate with its chain, and its key.
///
/// # Errors
/// When one of the files cannot be read.
pub(crate) fn identity(cert: Option<&Path>, key: Option<&Path>) -> Result<Option<Identity>, Failure> {
    let Some((chain, key)) = pair(cert, key)? else { return Ok(None) };
    let chain = chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect();
    Ok(Some(Identity { chain, key: PrivatePkcs8KeyDer::from(key.to_vec()).into() }))
}

/// The same as they are: the certificates, leaf first, and the key as PKCS#8.
///
/// # Errors
/// When one of the files cannot be read.
pub(super) fn pair(cert: Option<&Path>, key: Option<&Path>) -> Result<Option<Pair>, Failure> {
    let (Some(cert), Some(key)) = (cert, key) else { return Ok(None) };
    Ok(Some((chain(cert)?, private_key(key)?)))
}

/// The same for a platform that asks for the certificate; `flags` are those that name the two files.
///
/// # Errors
/// When one of the files cannot be read, or they do not fit.
pub(super) fn holder(
    (cert, key): (Option<&Path>, Option<&Path>),
    flags: (&str, &str),
) -> Result<Option<Holder>, Failure> {
    let (Some(cert), Some(key)) = (cert, key) else { return Ok(None) };
    let unusable = |why: String| Failure::failed(format!("{}: {why}", flags.1));
    let mut chain = chain(cert)?.into_iter();
    let key = signing_key(key, unusable)?;
    let Some(leaf) = chain.next() else { return Ok(None) };
    if leaf.public_key_info() != key.public_key_info() {
        return Err(Failure::usage(format!("{} does not match {}", flags.0, flags.1)));
    }
    Holder::new(leaf, chain.collect(), &key).map(Some).map_err(|error| unusable(error.to_string()))
}

/// A key in a file; or in a token, by the file that names it or by its URI.
fn signing_key(path: &Path, unusable: impl Fn(String) -> Failure) -> Result<PrivateKey, Failure> {
    let typed = path.to_str().filter(|text| text.starts_with("pkcs11:"));
    let named = if let Some(text) = typed {
        let uri: TokenUri = text.parse().map_err(|error: TokenUriError| unusable(error.to_string()))?;
        keys::typed(uri.clone());
        Some(TokenKey { uri, public_key_info: None })
    } else {
        let unread = |why| Failure::failed(format!("the client's key {}: {why}", path.display()));
        let bytes = read::file(path).map_err(|error| unread(error.to_string()))?;
        TokenKey::in_file(&bytes).transpose().map_err(&unusable)?
    };
    match named {
        Some(named) => keys::private_key(&named).map_err(|error| {
            let failure = unusable(error.to_string());
            match error.hint() {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }),
        None => PrivateKey::from_pkcs8(&private_key(path)?).map_err(|error| unusable(error.to_string())),
    }
}

/// Certificates, leaf first, and a key as PKCS#8, DER.
type Pair = (Vec<Certificate>, Zeroizing<Vec<u8>>);

fn chain(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let failed = |why: String| Failure::failed(format!("the client certificate {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    sniff::certificates(&bytes, None).map_err(|error| failed(error.to_string()))
}

fn private_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |why: String| Failure::failed(format!("the client's key {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    sniff::private_key(&bytes, None).map_err(|error| failed(error.to_string()))
}
