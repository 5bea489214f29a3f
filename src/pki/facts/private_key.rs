//! Public facts of a private key. The private part is looked at here and goes nowhere else.

use der::{AnyRef, Decode, Encode, asn1::BitStringRef};
use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfoRef, spki::SubjectPublicKeyInfo};
use rcgen::{KeyPair, PublicKeyData};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use serde::Serialize;
use zeroize::Zeroizing;

use super::key::KeyFacts;
use crate::pki::{
    damage,
    pbe::{Password, PbeError, Sealed},
    pkcs8::EcKey,
};

/// Facts of a private key that need not stay secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrivateKeyFacts {
    pub format: KeyFormat,
    pub encrypted: bool,
    /// Absent while the key is encrypted and no password opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyFacts>,
}

/// Encodings of private keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFormat {
    /// RFC 5958.
    Pkcs8,
    /// RSA only, RFC 8017 A.1.2.
    Pkcs1,
    /// Elliptic curves only, RFC 5915.
    Sec1,
    /// The PEM headers of old OpenSSL (RFC 1421); not read here.
    LegacyPem,
}

/// Reasons why bytes that look like a private key give no facts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    #[error("{0}")]
    Malformed(String),
    #[error("the password is wrong, or the key is damaged")]
    Password,
    #[error(
        "its encryption is not one that is read here ({0}); \
         write it again: openssl pkcs8 -topk8 -in FILE -out FILE.key"
    )]
    Encryption(String),
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

impl PrivateKeyFacts {
    /// Of an unencrypted key.
    ///
    /// # Errors
    /// When the bytes are not a key in this format.
    pub fn from_der(der: &[u8], format: KeyFormat) -> Result<Self, PrivateKeyError> {
        let malformed = |error: der::Error| PrivateKeyError::Malformed(damage::of_der(&error));
        let public = match format {
            KeyFormat::Pkcs8 => of_pkcs8(der).map_err(malformed)?,
            KeyFormat::Pkcs1 => Some(rsa(der, rsa_algorithm()).map_err(malformed)?),
            KeyFormat::Sec1 => {
                let key = EcKey::from_der(der).map_err(malformed)?;
                computed(&PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der))).or_else(|| stated(&key, None))
            }
            KeyFormat::LegacyPem => None,
        };
        let key = public.as_deref().and_then(KeyFacts::from_der).or_else(|| match format {
            KeyFormat::Pkcs8 => PrivateKeyInfoRef::from_der(der)
                .ok()
                .map(|info| KeyFacts::of_algorithm(&info.algorithm.oid.to_string())),
            _ => None,
        });
        Ok(Self { format, encrypted: false, key })
    }

    /// Of an encrypted PKCS#8 key (RFC 5958 §3); without a password only that it is one.
    ///
    /// # Errors
    /// When the bytes are no such key, or the password does not open it.
    pub fn from_encrypted(der: &[u8], password: Option<&str>) -> Result<Self, PrivateKeyError> {
        let sealed = sealed(der)?;
        let Some(password) = password else {
            return Ok(Self { format: KeyFormat::Pkcs8, encrypted: true, key: None });
        };
        let opened = open(&sealed, password)?;
        let facts = Self::from_der(&opened, KeyFormat::Pkcs8).map_err(|_| PrivateKeyError::Password)?;
        Ok(Self { encrypted: true, ..facts })
    }
}

/// The PKCS#8 key in an encrypted one.
///
/// # Errors
/// When the bytes are no such key, or the password does not open it.
pub(crate) fn opened(der: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let key = open(&sealed(der)?, password)?;
    PrivateKeyFacts::from_der(&key, KeyFormat::Pkcs8).map_err(|_| PrivateKeyError::Password)?;
    Ok(key)
}

fn sealed(der: &[u8]) -> Result<Sealed, PrivateKeyError> {
    Sealed::from_der(der).map_err(|error| PrivateKeyError::Malformed(damage::of_der(&error)))
}

fn open(sealed: &Sealed, password: &str) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    sealed.open_alone(Password::Text(password)).map_err(|error| match error {
        PbeError::Password => PrivateKeyError::Password,
        PbeError::Damaged => PrivateKeyError::Malformed("its encryption is damaged".to_owned()),
        PbeError::Unsupported(what) => PrivateKeyError::Encryption(what),
        PbeError::TooMuchWork => {
            PrivateKeyError::Encryption("its key derivation asks for too much work".to_owned())
        }
    })
}

/// The SubjectPublicKeyInfo of a PKCS#8 key; `None` for algorithms that are not computed here.
fn of_pkcs8(der: &[u8]) -> der::Result<Option<Vec<u8>>> {
    let info = PrivateKeyInfoRef::from_der(der)?;
    match info.algorithm.oid {
        RSA | RSA_PSS => rsa(info.private_key.as_bytes(), info.algorithm).map(Some),
        EC => {
            let key = EcKey::from_der(info.private_key.as_bytes())?;
            let pkcs8 = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der));
            Ok(computed(&pkcs8).or_else(|| stated(&key, Some(info.algorithm))))
        }
        _ => Ok(computed(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)))),
    }
}

/// Computed from the private part by the cryptographic library.
fn computed(key: &PrivateKeyDer<'_>) -> Option<Vec<u8>> {
    KeyPair::try_from(key).ok().map(|pair| Zeroizing::new(pair).subject_public_key_info())
}

/// The public half an EC key carries beside the private one, for curves the library does not compute.
fn stated(key: &EcKey<'_>, algorithm: Option<AlgorithmIdentifierRef<'_>>) -> Option<Vec<u8>> {
    let own =
        || key.parameters.map(|parameters| AlgorithmIdentifierRef { oid: EC, parameters: Some(parameters) });
    encode(algorithm.or_else(own)?, key.public_key?.raw_bytes()).ok()
}

/// An RSA key's public half is part of it (RFC 8017 A.1.2).
fn rsa(der: &[u8], algorithm: AlgorithmIdentifierRef<'_>) -> der::Result<Vec<u8>> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(der)?;
    encode(algorithm, &key.public_key().to_der()?)
}

fn rsa_algorithm() -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) }
}

/// The SubjectPublicKeyInfo around a PKCS#1 public key.
///
/// # Errors
/// When the bytes are no RSA public key.
pub(crate) fn of_pkcs1_public(der: &[u8]) -> der::Result<Vec<u8>> {
    pkcs1::RsaPublicKeyRef::from_der(der)?;
    encode(rsa_algorithm(), der)
}

/// The SubjectPublicKeyInfo of a point on a curve (RFC 5480 §2).
///
/// # Errors
/// When it cannot be encoded.
pub(crate) fn of_point(curve: AnyRef<'_>, point: &[u8]) -> der::Result<Vec<u8>> {
    encode(AlgorithmIdentifierRef { oid: EC, parameters: Some(curve) }, point)
}

fn encode(algorithm: AlgorithmIdentifierRef<'_>, bits: &[u8]) -> der::Result<Vec<u8>> {
    SubjectPublicKeyInfo { algorithm, subject_public_key: BitStringRef::from_bytes(bits)? }.to_der()
}
