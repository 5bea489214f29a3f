//! A pair that is in use, shown to a platform that renews certificates for whoever holds them.

use std::fmt;

use zeroize::Zeroizing;

use crate::pki::{
    certificate::Certificate,
    key::{KeyError, PrivateKey},
};

/// A certificate and its private key, as a TLS client shows them.
pub struct Holder {
    pub leaf: Certificate,
    pub intermediates: Vec<Certificate>,
    /// PKCS#8, DER.
    pub(super) key: Zeroizing<Vec<u8>>,
}

impl Holder {
    /// The holder of this pair.
    ///
    /// # Errors
    /// When the key cannot be encoded.
    pub fn new(leaf: Certificate, intermediates: Vec<Certificate>, key: &PrivateKey) -> Result<Self, KeyError> {
        Ok(Self { leaf, intermediates, key: key.to_pkcs8_der()? })
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").field("leaf", &self.leaf.subject).finish_non_exhaustive()
    }
}
