//! Signatures over DER (RFC 5280 §4.1.1.2, RFC 6960 §4.2.1): one table of algorithms for everything that is signed.

use std::sync::LazyLock;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA1_ASN1, ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA1_ASN1,
    ECDSA_P521_SHA512_ASN1, EcdsaVerificationAlgorithm, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey, VerificationAlgorithm,
};
use der::{
    AnyRef, Decode, Reader, SliceReader,
    asn1::{BitStringRef, ObjectIdentifier},
};
use rustls::{SignatureScheme, crypto::WebPkiSupportedAlgorithms};

use super::{
    facts::{KeyAlgorithm, KeyFacts},
    oid,
};

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// How it was made.
    #[error("it is signed with {0}, which is not trusted here ({trusted})", trusted = Self::TRUSTED)]
    Unsupported(String),
    /// The key that made it.
    #[error("the key that signed it is too weak ({0}; RSA needs 2048 bits)")]
    WeakKey(String),
    #[error("the signature does not fit")]
    Wrong,
}

impl SignatureError {
    /// The trusted algorithms and keys, in words for messages.
    pub(crate) const TRUSTED: &str =
        "trusted are SHA-2 with RSA from 2048 bits or with ECDSA on P-256, P-384 and P-521, and Ed25519";
}

/// The table of trusted algorithms, the same as for TLS.
static ALGORITHMS: LazyLock<WebPkiSupportedAlgorithms> =
    LazyLock::new(|| rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms);

/// Checks `signature` over `message` with the key in `public_key_info`, a DER SubjectPublicKeyInfo.
///
/// `algorithm` is the DER AlgorithmIdentifier that stands beside the signature. SHA-1 and MD5 are not in the table.
///
/// # Errors
/// When no algorithm fits both the key and the identifier, or the signature is another's.
pub(crate) fn verify(
    algorithm: &[u8],
    public_key_info: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let (Ok(signature_id), Ok((key_id, key))) = (AnyRef::from_der(algorithm), key_of(public_key_info)) else {
        return Err(SignatureError::Unsupported("an algorithm that cannot be read".to_owned()));
    };
    let mut candidates = ALGORITHMS
        .all
        .iter()
        .filter(|candidate| {
            candidate.signature_alg_id().as_ref() == signature_id.value()
                && candidate.public_key_alg_id().as_ref() == key_id.value()
        })
        .peekable();
    if candidates.peek().is_none() {
        return Err(SignatureError::Unsupported(named(algorithm, public_key_info)));
    }
    if candidates.any(|candidate| candidate.verify_signature(key, message, signature).is_ok()) {
        return Ok(());
    }
    Err(match KeyFacts::from_der(public_key_info) {
        Some(key) if key.algorithm == KeyAlgorithm::Rsa && key.bits < 2048 => {
            SignatureError::WeakKey(key.to_string())
        }
        _ => SignatureError::Wrong,
    })
}

/// Whether `signature` over `message` is that of this key, made in this way.
pub(crate) fn fits(scheme: SignatureScheme, public_key_info: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok((_, key)) = key_of(public_key_info) else { return false };
    let ways = ALGORITHMS.mapping.iter().filter(|(one, _)| *one == scheme);
    ways.flat_map(|(_, ways)| *ways).any(|way| way.verify_signature(key, message, signature).is_ok())
}

/// Whether `signature` is that of this key, with SHA-1.
///
/// A colliding pair of messages can be made for SHA-1, so such a signature cannot show that a certificate is good. It
/// still counts when it shows a revocation.
pub(crate) fn fits_with_sha1(
    algorithm: &[u8],
    public_key_info: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    let Ok((_, key)) = key_of(public_key_info) else { return false };
    let candidates: &[&'static dyn VerificationAlgorithm] = match algorithm_id(algorithm).as_deref() {
        Some("1.2.840.113549.1.1.5") => &[&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY],
        Some("1.2.840.10045.4.1") => match curve_of(public_key_info).as_deref() {
            Some("P-256") => &[&ECDSA_P256_SHA1_ASN1],
            Some("P-521") => &[&ECDSA_P521_SHA1_ASN1],
            _ => &[],
        },
        _ => &[],
    };
    candidates
        .iter()
        .any(|candidate| UnparsedPublicKey::new(*candidate, key).verify(message, signature).is_ok())
}

/// Whether a public key on a curve of NIST is a point of it; `None` for other kinds of key. `facts` are the key's.
pub(crate) fn is_point(facts: &KeyFacts, public_key_info: &[u8]) -> Option<bool> {
    let curve: &'static EcdsaVerificationAlgorithm = match facts.curve.as_deref()? {
        "P-256" => &ECDSA_P256_SHA256_ASN1,
        "P-384" => &ECDSA_P384_SHA384_ASN1,
        "P-521" => &ECDSA_P521_SHA512_ASN1,
        _ => return None,
    };
    let (_, key) = key_of(public_key_info).ok()?;
    Some(ParsedPublicKey::new(curve, key).is_ok())
}

fn curve_of(public_key_info: &[u8]) -> Option<String> {
    KeyFacts::from_der(public_key_info)?.curve
}

fn algorithm_id(algorithm: &[u8]) -> Option<String> {
    let mut reader = SliceReader::new(algorithm).ok()?;
    let id = reader.sequence(|inner| {
        let id = <ObjectIdentifier>::decode(inner)?;
        while !inner.is_finished() {
            inner.tlv_bytes()?;
        }
        Ok::<_, der::Error>(id)
    });
    id.ok().map(|id| id.to_string())
}

/// How a signature was made, in words: its algorithm, and the key where that is what is odd.
fn named(algorithm: &[u8], public_key_info: &[u8]) -> String {
    let Some(dotted) = algorithm_id(algorithm) else { return "an algorithm that cannot be read".to_owned() };
    let name = oid::signature(&dotted);
    let key = KeyFacts::from_der(public_key_info);
    match (dotted.as_str(), key) {
        ("1.2.840.113549.1.1.10", _) => format!("{name} (RSA-PSS) with parameters that TLS does not use"),
        (_, Some(key)) if dotted.starts_with("1.2.840.10045.") => format!("{name} and a key on {key}"),
        _ => name,
    }
}

/// The AlgorithmIdentifier and the subjectPublicKey of a SubjectPublicKeyInfo.
fn key_of(public_key_info: &[u8]) -> der::Result<(AnyRef<'_>, &[u8])> {
    SliceReader::new(public_key_info)?.sequence(|reader| -> der::Result<_> {
        let algorithm = AnyRef::decode(reader)?;
        let key = BitStringRef::decode(reader)?;
        Ok((algorithm, key.raw_bytes()))
    })
}

/// The three parts of everything that is SIGNED (RFC 5280 §4.1): certificates, lists, OCSP answers.
pub(crate) struct Parts<'a> {
    /// The signed bytes, header included.
    pub(crate) signed: &'a [u8],
    /// The AlgorithmIdentifier, header included.
    pub(crate) algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
}

/// Takes one signed structure apart; bytes after it are refused.
pub(crate) fn parts(der: &[u8]) -> der::Result<Parts<'_>> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(read_parts)?;
    reader.finish()?;
    Ok(parts)
}

/// Like [`parts`], of a structure that has more after its signature, as OCSP answers have.
pub(crate) fn first_parts(der: &[u8]) -> der::Result<Parts<'_>> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|reader| -> der::Result<_> {
        let parts = read_parts(reader)?;
        while !reader.is_finished() {
            reader.tlv_bytes()?;
        }
        Ok(parts)
    })?;
    reader.finish()?;
    Ok(parts)
}

/// The subjectPublicKey bits of a SubjectPublicKeyInfo, as OCSP hashes them (RFC 6960 §4.1.1).
pub(crate) fn key_bits(public_key_info: &[u8]) -> der::Result<&[u8]> {
    key_of(public_key_info).map(|(_, bits)| bits)
}

fn read_parts<'a, R: Reader<'a>>(reader: &mut R) -> der::Result<Parts<'a>> {
    let (signed, algorithm) = (reader.tlv_bytes()?, reader.tlv_bytes()?);
    // A valid signature has no unused bits. One with unused bits is read as empty, and its check fails later.
    let signature = BitStringRef::decode(reader)?.as_bytes().unwrap_or_default();
    Ok(Parts { signed, algorithm, signature })
}
