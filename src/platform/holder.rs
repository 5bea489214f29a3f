//! A pair that is in use, shown to a platform that renews a certificate for its holder.

use std::{fmt, iter, sync::Arc};

use rustls::{
    Error,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::{CertifiedKey, SigningKey},
};
use zeroize::Zeroizing;

use crate::pki::{
    certificate::Certificate,
    held_tls,
    key::{KeyError, PrivateKey},
};

/// A certificate and its private key, as a TLS client shows them.
pub struct Holder {
    pub leaf: Certificate,
    pub intermediates: Vec<Certificate>,
    key: Key,
}

enum Key {
    /// PKCS#8, DER.
    Here(Zeroizing<Vec<u8>>),
    /// A key that stays where it is, and signs there.
    Held(Arc<dyn SigningKey>),
}

impl Holder {
    /// The holder of this pair.
    ///
    /// # Errors
    /// When the key cannot be encoded.
    pub fn new(leaf: Certificate, intermediates: Vec<Certificate>, key: &PrivateKey) -> Result<Self, KeyError> {
        let key = match held_tls::signing_key(key) {
            Some(held) => Key::Held(held),
            None => Key::Here(key.to_pkcs8_der()?),
        };
        Ok(Self { leaf, intermediates, key })
    }

    /// The pair as TLS wants it, leaf first.
    ///
    /// # Errors
    /// When certificate and key do not fit.
    pub(super) fn certified(&self, provider: &CryptoProvider) -> Result<CertifiedKey, Error> {
        let chain = iter::once(&self.leaf).chain(&self.intermediates);
        let chain = chain.map(|one| CertificateDer::from(one.der().to_vec())).collect();
        match &self.key {
            Key::Held(key) => Ok(CertifiedKey::new(chain, Arc::clone(key))),
            Key::Here(der) => {
                let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
                CertifiedKey::from_der(chain, der, provider)
            }
        }
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").field("leaf", &self.leaf.subject).finish_non_exhaustive()
    }
}
