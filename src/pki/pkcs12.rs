//! PKCS#12 files (RFC 7292), written.

use p12_keystore::{
    Certificate as Held, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};

use super::certificate::Certificate;

/// How a file is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, authenticated by HMAC-SHA-256.
    #[default]
    Modern,
    /// pbeWithSHAAnd3-KeyTripleDES-CBC, authenticated by HMAC-SHA-1: what Windows before 2019 and old keychains read.
    Legacy,
}

/// The file could not be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "the PKCS#12 file could not be made: the key is of another kind, or the password has a character that the format \
     cannot hold"
)]
pub struct Pkcs12Error(#[from] p12_keystore::error::Error);

/// One key with its certificates, leaf first, under a friendly name. Every call gives other bytes: the salts are new.
///
/// # Errors
/// When the key is no PKCS#8, or the password cannot be encoded as this format wants it.
pub fn seal(
    name: &str,
    pkcs8: &[u8],
    path: &[&Certificate],
    password: &str,
    encryption: Encryption,
) -> Result<Vec<u8>, Pkcs12Error> {
    let key = PrivateKey::from_der(pkcs8)?;
    let certificates =
        path.iter().map(|certificate| Held::from_der(certificate.der())).collect::<Result<Vec<_>, _>>()?;
    // Readers pair the key with the leaf by this id; the leaf's fingerprint is what openssl uses, too.
    let id = path.first().map(|leaf| leaf.fingerprint().as_bytes().to_vec()).unwrap_or_default();
    let mut store = KeyStore::new();
    store.add_entry(name, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, certificates)));
    let writer = store.writer(password);
    let writer = match encryption {
        Encryption::Modern => writer,
        Encryption::Legacy => writer
            .encryption_algorithm(EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc)
            .mac_algorithm(MacAlgorithm::HmacSha1),
    };
    Ok(writer.write()?)
}
