//! Private keys that sign where they lie: the public half is here, and something else signs.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use der::{AnyRef, Decode, Encode, Sequence, asn1::UintRef};
use rustls::SignatureScheme;

use super::facts::private_key;

/// Signs with a key that does not leave its place.
pub trait Signer: Send + Sync + fmt::Debug {
    /// The signature of `message` as certificates and TLS carry it: ECDSA-Sig-Value (RFC 3279 §2.2.3), DER, or the
    /// octets of an RSA signature.
    ///
    /// # Errors
    /// The reason why there is no signature, in words for users.
    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, String>;
}

/// A key elsewhere.
pub(crate) struct Held {
    /// SubjectPublicKeyInfo, DER.
    pub(crate) public_key_info: Vec<u8>,
    /// The bits in it.
    pub(crate) bits: Vec<u8>,
    pub(crate) signer: Arc<dyn Signer>,
    trouble: Mutex<Option<String>>,
}

impl Held {
    pub(crate) fn new(public_key_info: Vec<u8>, bits: Vec<u8>, signer: Arc<dyn Signer>) -> Self {
        Self { public_key_info, bits, signer, trouble: Mutex::default() }
    }

    /// Signs, and remembers the reason of a failure, because the certificate library does not pass it on.
    pub(crate) fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, String> {
        let signed = self.signer.sign(scheme, message);
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = signed.as_ref().err().cloned();
        signed
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// ECDSA-Sig-Value (RFC 3279 §2.2.3) of what tokens give: r and s, of the same length, one after the other.
///
/// # Errors
/// When the octets are no such two numbers.
pub fn ecdsa_to_der(raw: &[u8]) -> der::Result<Vec<u8>> {
    let (r, s) = raw.split_at(raw.len() / 2);
    EcdsaSignature { r: UintRef::new(r)?, s: UintRef::new(s)? }.to_der()
}

/// The SubjectPublicKeyInfo of a point on a curve: `parameters` names the curve, DER.
///
/// # Errors
/// When the parameters are no DER.
pub fn info_of_point(parameters: &[u8], point: &[u8]) -> der::Result<Vec<u8>> {
    private_key::of_point(AnyRef::from_der(parameters)?, point)
}

/// The SubjectPublicKeyInfo of an RSA key: both numbers without a sign.
///
/// # Errors
/// When they cannot be encoded.
pub fn info_of_rsa(modulus: &[u8], exponent: &[u8]) -> der::Result<Vec<u8>> {
    let key =
        pkcs1::RsaPublicKeyRef { modulus: UintRef::new(modulus)?, public_exponent: UintRef::new(exponent)? };
    private_key::of_pkcs1_public(&key.to_der()?)
}
