//! Private keys: made here, kept as PKCS#8 (RFC 5958), wiped when dropped.

use std::{fmt, str::FromStr, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _},
};
use rcgen::{KeyPair, PublicKeyData, RsaKeySize, SignatureAlgorithm, SigningKey};
use rustls::{
    SignatureScheme,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use zeroize::Zeroizing;

use super::{
    facts::key::{KeyAlgorithm, KeyFacts},
    held::{Held, Signer},
    signature as signatures,
};

/// The kinds of key the platform signs: RSA from 2048 bits and the three NIST curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    P256,
    P384,
    P521,
    Rsa2048,
    Rsa3072,
    Rsa4096,
}

impl Default for KeySpec {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl KeySpec {
    /// The default kind of key: the platform takes it, and it is far cheaper than RSA.
    pub const DEFAULT: Self = Self::P256;
    /// Every kind, in the order help texts list them.
    pub const ALL: [Self; 6] =
        [Self::P256, Self::P384, Self::P521, Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
        }
    }

    /// Making one takes well under a millisecond.
    #[must_use]
    pub fn is_quick(self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521)
    }

    /// The kind of a public key (SubjectPublicKeyInfo, DER), or the nearest one that is not weaker; `None` for what is
    /// neither RSA nor on one of the three curves.
    #[must_use]
    pub fn like(public_key_info: &[u8]) -> Option<Self> {
        let facts = KeyFacts::from_der(public_key_info)?;
        match (facts.algorithm, facts.curve.as_deref(), facts.bits) {
            (KeyAlgorithm::Ec, Some("P-256"), _) => Some(Self::P256),
            (KeyAlgorithm::Ec, Some("P-384"), _) => Some(Self::P384),
            (KeyAlgorithm::Ec, Some("P-521"), _) => Some(Self::P521),
            (KeyAlgorithm::Rsa, _, ..=2048) => Some(Self::Rsa2048),
            (KeyAlgorithm::Rsa, _, ..=3072) => Some(Self::Rsa3072),
            (KeyAlgorithm::Rsa, _, _) => Some(Self::Rsa4096),
            _ => None,
        }
    }

    /// The signature that fits the key's strength: SHA-384 and SHA-512 for the two larger curves, else SHA-256.
    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            Self::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Self::P521 => &rcgen::PKCS_ECDSA_P521_SHA512,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &rcgen::PKCS_RSA_SHA256,
        }
    }

    /// The same in the words of TLS (RFC 8446 §4.2.3).
    #[must_use]
    pub fn scheme(self) -> SignatureScheme {
        match self {
            Self::P256 => SignatureScheme::ECDSA_NISTP256_SHA256,
            Self::P384 => SignatureScheme::ECDSA_NISTP384_SHA384,
            Self::P521 => SignatureScheme::ECDSA_NISTP521_SHA512,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => SignatureScheme::RSA_PKCS1_SHA256,
        }
    }

    /// The curve of the key, with the digest of [`Self::algorithm`], or its size for RSA.
    fn kind(self) -> Kind {
        match self {
            Self::P256 => Kind::Curve(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
            Self::P384 => Kind::Curve(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
            Self::P521 => Kind::Curve(&signature::ECDSA_P521_SHA512_ASN1_SIGNING),
            Self::Rsa2048 => Kind::Rsa(RsaKeySize::_2048),
            Self::Rsa3072 => Kind::Rsa(RsaKeySize::_3072),
            Self::Rsa4096 => Kind::Rsa(RsaKeySize::_4096),
        }
    }
}

enum Kind {
    Curve(&'static EcdsaSigningAlgorithm),
    Rsa(RsaKeySize),
}

impl fmt::Display for KeySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeySpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|spec| spec.name() == text).ok_or_else(|| match text {
            "ed25519" => "the platform refuses Ed25519 keys; use p256".to_owned(),
            _ => format!("not a kind of key; use one of {}", Self::ALL.map(Self::name).join(", ")),
        })
    }
}

/// A key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key could not be made")]
    Make(rcgen::Error),
    #[error("this is not a private key that can be used here")]
    Read(rcgen::Error),
    #[error("the key could not be encoded")]
    Encode(pkcs8::der::Error),
    #[error("keys of this kind do not sign here")]
    Kind,
    #[error("it stays where it is, and is not written out")]
    Stays,
    /// The reason of the key's holder, in words.
    #[error("{0}")]
    Elsewhere(String),
}

/// A private key in memory, wiped on drop.
pub struct PrivateKey {
    pair: Pair,
}

enum Pair {
    /// Made here on a curve. The general kind would encode it and parse it again, which takes longer than making it.
    Curve { pair: EcdsaKeyPair, algorithm: &'static SignatureAlgorithm },
    /// Every other key, with its DER form.
    Any(Zeroizing<KeyPair>),
    /// One that does not leave its place.
    Held { held: Held, spec: KeySpec },
}

impl PrivateKey {
    /// Makes a new key; CPU-bound, 15 µs for P-256 and up to a second for RSA-4096.
    ///
    /// # Errors
    /// When the system's random number generator failed.
    pub fn generate(spec: KeySpec) -> Result<Self, KeyError> {
        let algorithm = spec.algorithm();
        let pair = match spec.kind() {
            Kind::Curve(curve) => {
                let pair =
                    EcdsaKeyPair::generate(curve).map_err(|_| KeyError::Make(rcgen::Error::RingUnspecified))?;
                Pair::Curve { pair, algorithm }
            }
            Kind::Rsa(size) => {
                let pair = KeyPair::generate_rsa_for(algorithm, size).map_err(KeyError::Make)?;
                Pair::Any(Zeroizing::new(pair))
            }
        };
        Ok(Self { pair })
    }

    /// Reads a key from one PEM block.
    ///
    /// The result signs; it is never written out again, because re-encoding an imported PKCS#1 key would mislabel
    /// it. Keep the bytes you read.
    ///
    /// # Errors
    /// When the text holds no usable private key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let pair = KeyPair::from_pem(text).map_err(KeyError::Read)?;
        Ok(Self { pair: Pair::Any(Zeroizing::new(pair)) })
    }

    /// Reads a key from PKCS#8, DER.
    ///
    /// # Errors
    /// When it is of a kind that does not sign here.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = KeyPair::try_from(&PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)));
        Ok(Self { pair: Pair::Any(Zeroizing::new(pair.map_err(KeyError::Read)?)) })
    }

    /// A key that stays elsewhere: its SubjectPublicKeyInfo, DER, and what signs with it.
    ///
    /// # Errors
    /// When the public half is of a kind that does not sign here.
    pub fn held(public_key_info: Vec<u8>, signer: Arc<dyn Signer>) -> Result<Self, KeyError> {
        let spec = KeySpec::like(&public_key_info).ok_or(KeyError::Kind)?;
        let bits = signatures::key_bits(&public_key_info).map_err(|_| KeyError::Kind)?.to_vec();
        Ok(Self { pair: Pair::Held { held: Held::new(public_key_info, bits, signer), spec } })
    }

    /// The signer of a key that is elsewhere; `None` when the key itself is here.
    #[must_use]
    pub fn signer(&self) -> Option<&Arc<dyn Signer>> {
        match &self.pair {
            Pair::Held { held, .. } => Some(&held.signer),
            _ => None,
        }
    }

    /// Signs a test message and verifies the signature with the public half, because a key that is elsewhere may have
    /// been replaced by another.
    ///
    /// # Errors
    /// When it does not sign, or signs as another key.
    pub fn prove(&self) -> Result<(), KeyError> {
        const MESSAGE: &[u8] = b"certreq asks whether this key is the one it is taken for";
        let Pair::Held { held, spec } = &self.pair else { return Ok(()) };
        let signature = held.sign(spec.scheme(), MESSAGE).map_err(KeyError::Elsewhere)?;
        signatures::fits(spec.scheme(), &held.public_key_info, MESSAGE, &signature)
            .then_some(())
            .ok_or_else(|| KeyError::Elsewhere("its signature is by another key".to_owned()))
    }

    /// The cause of a failed signature, in the words of the key's holder if it gave some.
    pub(crate) fn trouble(&self, error: &rcgen::Error) -> String {
        match &self.pair {
            Pair::Held { held, .. } => held.trouble().unwrap_or_else(|| error.to_string()),
            _ => error.to_string(),
        }
    }

    /// PKCS#8 PEM of a key made by [`Self::generate`]: lines of 64 characters, LF, one final newline.
    ///
    /// # Errors
    /// Never for a key made here: only bytes that are not DER are refused, and keys that stay elsewhere.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let document = match &self.pair {
            Pair::Curve { pair, .. } => {
                let encoded = pair.to_pkcs8v1().map_err(|_| KeyError::Make(rcgen::Error::RingUnspecified))?;
                pkcs8::SecretDocument::try_from(encoded.as_ref())
            }
            Pair::Any(pair) => pkcs8::SecretDocument::try_from(pair.serialized_der()),
            Pair::Held { .. } => return Err(KeyError::Stays),
        };
        document
            .and_then(|document| document.to_pem("PRIVATE KEY", pkcs8::LineEnding::LF))
            .map_err(KeyError::Encode)
    }

    /// PKCS#8, DER, of a key made here or read by [`Self::from_pkcs8`]: what TLS signs with.
    ///
    /// # Errors
    /// The key stays in its token.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        Ok(match &self.pair {
            Pair::Curve { pair, .. } => {
                let encoded = pair.to_pkcs8v1().map_err(|_| KeyError::Make(rcgen::Error::RingUnspecified))?;
                Zeroizing::new(encoded.as_ref().to_vec())
            }
            Pair::Any(pair) => Zeroizing::new(pair.serialized_der().to_vec()),
            Pair::Held { .. } => return Err(KeyError::Stays),
        })
    }

    /// The SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), DER.
    #[must_use]
    pub fn public_key_info(&self) -> Vec<u8> {
        self.subject_public_key_info()
    }
}

impl PublicKeyData for PrivateKey {
    fn der_bytes(&self) -> &[u8] {
        match &self.pair {
            Pair::Curve { pair, .. } => pair.public_key().as_ref(),
            Pair::Any(pair) => pair.der_bytes(),
            Pair::Held { held, .. } => &held.bits,
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match &self.pair {
            Pair::Curve { algorithm, .. } => algorithm,
            Pair::Any(pair) => pair.algorithm(),
            Pair::Held { spec, .. } => spec.algorithm(),
        }
    }
}

/// The signing side, for CSRs and certificates.
impl SigningKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        match &self.pair {
            Pair::Curve { pair, .. } => {
                let made = pair.sign(&SystemRandom::new(), message);
                made.map(|signature| signature.as_ref().to_vec()).map_err(|_| rcgen::Error::RingUnspecified)
            }
            Pair::Any(pair) => pair.sign(message),
            Pair::Held { held, spec } => {
                held.sign(spec.scheme(), message).map_err(|_| rcgen::Error::RemoteKeyError)
            }
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_key_reads_back_as_the_same_key() {
        for spec in [KeySpec::P256, KeySpec::P384, KeySpec::P521, KeySpec::Rsa2048] {
            let key = PrivateKey::generate(spec).unwrap();
            let pem = key.to_pkcs8_pem().unwrap();
            assert!(pem.lines().all(|line| line.len() <= 64), "{spec}");
            assert!(pem.ends_with("-----END PRIVATE KEY-----\n"));
            let again = PrivateKey::from_pem(&pem).unwrap();
            assert_eq!(again.public_key_info(), key.public_key_info(), "{spec}");
        }
    }

    #[test]
    fn nothing_of_a_key_reaches_a_log() {
        let key = PrivateKey::generate(KeySpec::P256).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(..)");
    }
}
