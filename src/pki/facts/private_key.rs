//! Public facts of a private key. The private part is looked at here and goes nowhere else.

use der::{Decode, Encode, asn1::BitStringRef};
use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef,
    spki::SubjectPublicKeyInfo,
};
use rcgen::{KeyPair, PublicKeyData};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use sec1::EcPrivateKey;
use serde::Serialize;
use zeroize::Zeroizing;

use super::key::KeyFacts;

/// What may be told of a private key.
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

/// Why no facts came out of what looked like a private key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    #[error("{0}")]
    Malformed(String),
    #[error("the password is wrong, or the key is damaged")]
    Password,
    #[error("its encryption is not one that is read here: {0}")]
    Encryption(String),
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// Deriving a key must not take minutes because a file says so.
const MOST_ITERATIONS: u32 = 10_000_000;

impl PrivateKeyFacts {
    /// Of an unencrypted key.
    ///
    /// # Errors
    /// When the bytes are not a key in this format.
    pub fn from_der(der: &[u8], format: KeyFormat) -> Result<Self, PrivateKeyError> {
        let malformed = |error: der::Error| PrivateKeyError::Malformed(error.to_string());
        let public = match format {
            KeyFormat::Pkcs8 => of_pkcs8(der).map_err(malformed)?,
            KeyFormat::Pkcs1 => Some(rsa(der, rsa_algorithm()).map_err(malformed)?),
            KeyFormat::Sec1 => {
                let key = EcPrivateKey::from_der(der).map_err(malformed)?;
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
        let sealed = EncryptedPrivateKeyInfoRef::from_der(der)
            .map_err(|error| PrivateKeyError::Malformed(error.to_string()))?;
        let Some(password) = password else {
            return Ok(Self { format: KeyFormat::Pkcs8, encrypted: true, key: None });
        };
        let opened = open(&sealed, password)?;
        let facts =
            Self::from_der(opened.as_bytes(), KeyFormat::Pkcs8).map_err(|_| PrivateKeyError::Password)?;
        Ok(Self { encrypted: true, ..facts })
    }
}

/// The PKCS#8 key in an encrypted one.
///
/// # Errors
/// When the bytes are no such key, or the password does not open it.
pub(crate) fn opened(der: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let sealed = EncryptedPrivateKeyInfoRef::from_der(der)
        .map_err(|error| PrivateKeyError::Malformed(error.to_string()))?;
    let key = Zeroizing::new(open(&sealed, password)?.as_bytes().to_vec());
    PrivateKeyFacts::from_der(&key, KeyFormat::Pkcs8).map_err(|_| PrivateKeyError::Password)?;
    Ok(key)
}

fn open(
    sealed: &EncryptedPrivateKeyInfoRef<'_>,
    password: &str,
) -> Result<pkcs8::SecretDocument, PrivateKeyError> {
    if let Some(parameters) = sealed.encryption_algorithm.pbes2()
        && parameters.kdf.pbkdf2().is_none_or(|kdf| kdf.iteration_count > MOST_ITERATIONS)
        && parameters.kdf.scrypt().is_none_or(|kdf| kdf.cost_parameter > 1 << 20)
    {
        return Err(PrivateKeyError::Encryption("its key derivation asks for too much work".to_owned()));
    }
    sealed.decrypt(password).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { oid }) => {
            PrivateKeyError::Encryption(oid.to_string())
        }
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::NoPbes1CryptSupport) => {
            PrivateKeyError::Encryption("PBES1".to_owned())
        }
        _ => PrivateKeyError::Password,
    })
}

/// The SubjectPublicKeyInfo of a PKCS#8 key; `None` for algorithms that are not computed here.
fn of_pkcs8(der: &[u8]) -> der::Result<Option<Vec<u8>>> {
    let info = PrivateKeyInfoRef::from_der(der)?;
    match info.algorithm.oid {
        RSA | RSA_PSS => rsa(info.private_key.as_bytes(), info.algorithm).map(Some),
        EC => {
            let key = EcPrivateKey::from_der(info.private_key.as_bytes())?;
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
fn stated(key: &EcPrivateKey<'_>, algorithm: Option<AlgorithmIdentifierRef<'_>>) -> Option<Vec<u8>> {
    let curve = key.parameters.and_then(sec1::EcParameters::named_curve);
    let algorithm = match (algorithm, &curve) {
        (Some(algorithm), _) => algorithm,
        (None, Some(curve)) => AlgorithmIdentifierRef { oid: EC, parameters: Some(curve.into()) },
        (None, None) => return None,
    };
    encode(algorithm, key.public_key?).ok()
}

/// An RSA key's public half is part of it (RFC 8017 A.1.2).
fn rsa(der: &[u8], algorithm: AlgorithmIdentifierRef<'_>) -> der::Result<Vec<u8>> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(der)?;
    encode(algorithm, &key.public_key().to_der()?)
}

fn rsa_algorithm() -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: RSA, parameters: Some(der::AnyRef::NULL) }
}

/// The SubjectPublicKeyInfo around a PKCS#1 public key.
///
/// # Errors
/// When the bytes are no RSA public key.
pub(crate) fn of_pkcs1_public(der: &[u8]) -> der::Result<Vec<u8>> {
    pkcs1::RsaPublicKeyRef::from_der(der)?;
    encode(rsa_algorithm(), der)
}

fn encode(algorithm: AlgorithmIdentifierRef<'_>, bits: &[u8]) -> der::Result<Vec<u8>> {
    SubjectPublicKeyInfo { algorithm, subject_public_key: BitStringRef::from_bytes(bits)? }.to_der()
}
