//! Decryption with a password: PBES2 (RFC 8018 §6.2), and the older schemes of PKCS#12 (RFC 7292 appendix C).

use std::num::NonZeroU32;

use ::pkcs12::kdf::{self, Pkcs12KeyType};
use aws_lc_rs::pbkdf2;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetString},
};
use pkcs8::pkcs5::{Error, pbes2};
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

/// Limit of iterations, so that a file cannot make the derivation of a key take minutes.
const MOST_ITERATIONS: u32 = 1_000_000;

/// The same for a key that is alone in its file.
const MOST_ITERATIONS_ALONE: u32 = 10_000_000;

/// Octets that scrypt may take.
const MOST_MEMORY: u64 = 1 << 30;

/// The longest key that is derived.
const MOST_OCTETS: usize = 64;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SHA1: &str = "1.3.14.3.2.26";

/// The password of encrypted data.
#[derive(Clone, Copy)]
pub(crate) enum Password<'a> {
    Text(&'a str),
    /// No password, which the derivation of PKCS#12 tells from an empty one.
    Null,
}

impl std::fmt::Debug for Password<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// Reasons why decryption failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PbeError {
    /// The password is another, or the data is damaged.
    Password,
    /// The parameters cannot be read.
    Damaged,
    /// A scheme that is not read here, by name.
    Unsupported(String),
    TooMuchWork,
}

/// EncryptedPrivateKeyInfo (RFC 5958 §3).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Sealed {
    pub(crate) algorithm: AlgorithmIdentifierOwned,
    pub(crate) data: OctetString,
}

impl Sealed {
    /// Decrypts the key; for one of many keys in a file.
    pub(crate) fn open(&self, password: Password<'_>) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        decrypt(&self.algorithm, self.data.as_bytes(), password)
    }

    /// Decrypts the key; for a key that is alone in its file and may take more iterations.
    pub(crate) fn open_alone(&self, password: Password<'_>) -> Result<Zeroizing<Vec<u8>>, PbeError> {
        if self.algorithm.oid == PBES2 {
            return by_pbes2(&self.algorithm, self.data.as_bytes(), password, MOST_ITERATIONS_ALONE);
        }
        self.open(password)
    }
}

/// The purpose of a derived key.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Encryption,
    Vector,
    Mac,
}

impl Password<'_> {
    /// As PKCS#12 wants it: UTF-16 in big-endian order, and two zeros.
    fn wide(self) -> Zeroizing<Vec<u8>> {
        let Self::Text(text) = self else { return Zeroizing::default() };
        let mut wide = Zeroizing::new(Vec::with_capacity(text.len() * 2 + 2));
        wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        wide.extend([0, 0]);
        wide
    }

    fn octets(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Null => &[],
        }
    }
}

/// Decrypts `data`, whose scheme is `algorithm`.
pub(crate) fn decrypt(
    algorithm: &AlgorithmIdentifierOwned,
    data: &[u8],
    password: Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    if algorithm.oid == PBES2 {
        return by_pbes2(algorithm, data, password, MOST_ITERATIONS);
    }
    let dotted = algorithm.oid.to_string();
    let (key_length, two_keys, is_des) = match dotted.as_str() {
        "1.2.840.113549.1.12.1.3" => (24, false, true),
        "1.2.840.113549.1.12.1.4" => (16, true, true),
        "1.2.840.113549.1.12.1.5" => (16, false, false),
        "1.2.840.113549.1.12.1.6" => (5, false, false),
        _ => return Err(PbeError::Unsupported(scheme(&dotted))),
    };
    let parameters = algorithm.parameters.as_ref().ok_or(PbeError::Damaged)?;
    let PbeParameters { salt, iterations } = parameters.decode_as().map_err(|_| PbeError::Damaged)?;
    let derive = |purpose, length| derive_pkcs12(SHA1, password, salt.as_bytes(), purpose, iterations, length);
    let mut key = derive(Purpose::Encryption, key_length)?;
    if two_keys {
        let first = Zeroizing::new(key[..8].to_vec());
        key.extend_from_slice(&first);
    }
    let vector = derive(Purpose::Vector, 8)?;
    let plain = if is_des {
        cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key, &vector)
            .map_err(|_| PbeError::Damaged)?
            .decrypt_padded_vec::<Pkcs7>(data)
    } else {
        cbc::Decryptor::<rc2::Rc2>::new_from_slices(&key, &vector)
            .map_err(|_| PbeError::Damaged)?
            .decrypt_padded_vec::<Pkcs7>(data)
    };
    plain.map(Zeroizing::new).map_err(|_| PbeError::Password)
}

/// PBEParameter, pkcs-12PbeParams (RFC 7292 appendix C).
#[derive(Sequence)]
struct PbeParameters {
    salt: OctetString,
    iterations: u32,
}

fn by_pbes2(
    algorithm: &AlgorithmIdentifierOwned,
    data: &[u8],
    password: Password<'_>,
    most: u32,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let parameters = algorithm.parameters.as_ref().ok_or(PbeError::Damaged)?;
    let parameters: pbes2::Parameters =
        parameters.decode_as().map_err(|error: der::Error| match error.kind() {
            der::ErrorKind::OidUnknown { oid } => PbeError::Unsupported(scheme(&oid.to_string())),
            _ => PbeError::Damaged,
        })?;
    let is_moderate = match &parameters.kdf {
        pbes2::Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= most,
        pbes2::Kdf::Scrypt(scrypt) => {
            let memory = u64::from(scrypt.block_size).saturating_mul(128).saturating_mul(scrypt.cost_parameter);
            memory <= MOST_MEMORY && scrypt.parallelization <= 16
        }
        _ => false,
    };
    if !is_moderate {
        return Err(PbeError::TooMuchWork);
    }
    parameters.decrypt(password.octets(), data).map(Zeroizing::new).map_err(|error| match error {
        Error::UnsupportedAlgorithm { oid } => PbeError::Unsupported(scheme(&oid.to_string())),
        Error::AlgorithmParametersInvalid { .. } => PbeError::Damaged,
        _ => PbeError::Password,
    })
}

/// PBKDF2-params (RFC 8018 A.2).
#[derive(Sequence)]
struct Pbkdf2Parameters {
    salt: OctetString,
    iterations: u32,
    length: Option<u16>,
    function: Option<AlgorithmIdentifierOwned>,
}

/// The key that PBKDF2 derives, as long as its parameters say.
pub(crate) fn derive_pbkdf2(
    algorithm: &AlgorithmIdentifierOwned,
    password: Password<'_>,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    if algorithm.oid != PBKDF2 {
        return Err(PbeError::Unsupported(scheme(&algorithm.oid.to_string())));
    }
    let parameters = algorithm.parameters.as_ref().ok_or(PbeError::Damaged)?;
    let parameters: Pbkdf2Parameters = parameters.decode_as().map_err(|_| PbeError::Damaged)?;
    let function = parameters.function.map(|function| function.oid.to_string());
    let with = match function.as_deref() {
        None | Some("1.2.840.113549.2.7") => pbkdf2::PBKDF2_HMAC_SHA1,
        Some("1.2.840.113549.2.9") => pbkdf2::PBKDF2_HMAC_SHA256,
        Some("1.2.840.113549.2.10") => pbkdf2::PBKDF2_HMAC_SHA384,
        Some("1.2.840.113549.2.11") => pbkdf2::PBKDF2_HMAC_SHA512,
        Some(other) => return Err(PbeError::Unsupported(scheme(other))),
    };
    let length = usize::from(parameters.length.ok_or(PbeError::Damaged)?);
    let rounds = NonZeroU32::new(parameters.iterations).ok_or(PbeError::Damaged)?;
    if rounds.get() > MOST_ITERATIONS || length > MOST_OCTETS {
        return Err(PbeError::TooMuchWork);
    }
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::derive(with, rounds, parameters.salt.as_bytes(), password.octets(), &mut key);
    Ok(key)
}

/// The key that PKCS#12 derives (RFC 7292 appendix B.2).
pub(crate) fn derive_pkcs12(
    digest: &str,
    password: Password<'_>,
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, PbeError> {
    let rounds = i32::try_from(iterations.min(MOST_ITERATIONS)).map_err(|_| PbeError::TooMuchWork)?;
    if iterations > MOST_ITERATIONS || length > MOST_OCTETS || salt.len() > 1024 {
        return Err(PbeError::TooMuchWork);
    }
    let kind = match purpose {
        Purpose::Encryption => Pkcs12KeyType::EncryptionKey,
        Purpose::Vector => Pkcs12KeyType::Iv,
        Purpose::Mac => Pkcs12KeyType::Mac,
    };
    let wide = password.wide();
    let key = match digest {
        SHA1 => kdf::derive_key::<sha1::Sha1>(&wide, salt, kind, rounds, length),
        "2.16.840.1.101.3.4.2.4" => kdf::derive_key::<sha2::Sha224>(&wide, salt, kind, rounds, length),
        "2.16.840.1.101.3.4.2.1" => kdf::derive_key::<sha2::Sha256>(&wide, salt, kind, rounds, length),
        "2.16.840.1.101.3.4.2.2" => kdf::derive_key::<sha2::Sha384>(&wide, salt, kind, rounds, length),
        "2.16.840.1.101.3.4.2.3" => kdf::derive_key::<sha2::Sha512>(&wide, salt, kind, rounds, length),
        other => return Err(PbeError::Unsupported(scheme(other))),
    };
    Ok(Zeroizing::new(key))
}

/// The name of a scheme.
fn scheme(dotted: &str) -> String {
    let name = match dotted {
        "1.2.840.113549.1.5.1" => "PBES1 with MD2 and DES",
        "1.2.840.113549.1.5.3" => "PBES1 with MD5 and DES",
        "1.2.840.113549.1.5.4" => "PBES1 with MD2 and RC2",
        "1.2.840.113549.1.5.6" => "PBES1 with MD5 and RC2",
        "1.2.840.113549.1.5.10" => "PBES1 with SHA-1 and DES",
        "1.2.840.113549.1.5.11" => "PBES1 with SHA-1 and RC2",
        "1.2.840.113549.1.12.1.1" | "1.2.840.113549.1.12.1.2" => "RC4",
        "1.3.14.3.2.7" => "DES",
        "1.2.840.113549.3.2" => "RC2",
        "1.2.840.113549.3.7" => "Triple DES",
        other => return format!("a scheme without a name here ({other})"),
    };
    name.to_owned()
}
