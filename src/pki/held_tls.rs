//! TLS with a key that does not leave its place: its signer is asked in each handshake.

use std::sync::Arc;

use rustls::{
    Error, SignatureAlgorithm, SignatureScheme,
    sign::{Signer, SigningKey},
};

use super::{
    held,
    key::{KeySpec, PrivateKey},
};

/// Signature schemes of RSA keys, the best first (RFC 8446 §4.2.3); TLS 1.3 takes PSS only.
const RSA: [SignatureScheme; 6] = [
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

/// A key elsewhere, as TLS wants one.
#[derive(Debug)]
struct HeldKey {
    spec: KeySpec,
    signer: Arc<dyn held::Signer>,
}

#[derive(Debug)]
struct HeldSigner {
    scheme: SignatureScheme,
    signer: Arc<dyn held::Signer>,
}

/// The key as TLS wants it, when it is elsewhere.
#[must_use]
pub fn signing_key(key: &PrivateKey) -> Option<Arc<dyn SigningKey>> {
    let signer = Arc::clone(key.signer()?);
    let spec = KeySpec::like(&key.public_key_info())?;
    Some(Arc::new(HeldKey { spec, signer }))
}

impl SigningKey for HeldKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let own = [self.spec.scheme()];
        let known: &[SignatureScheme] = if self.spec.is_quick() { &own } else { &RSA };
        let scheme = *known.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(HeldSigner { scheme, signer: Arc::clone(&self.signer) }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        if self.spec.is_quick() { SignatureAlgorithm::ECDSA } else { SignatureAlgorithm::RSA }
    }
}

impl Signer for HeldSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.signer.sign(self.scheme, message).map_err(Error::General)
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
