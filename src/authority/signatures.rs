//! Does a signature fit a public key? For certification requests and self-signed certificates.

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use der::oid::ObjectIdentifier;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Not a kind of signature this kind of key makes, or none we know.
    Algorithm,
    /// Made by another key, or over other bytes.
    Signature,
}

/// The NIST curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
}

/// The named curve of an EC key, when it is one of the three.
pub(super) fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<Curve> {
    use der::oid::db::rfc5912::{ID_EC_PUBLIC_KEY, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1};
    if key.algorithm.oid != ID_EC_PUBLIC_KEY {
        return None;
    }
    let named: ObjectIdentifier = key.algorithm.parameters.as_ref()?.decode_as().ok()?;
    match named {
        SECP_256_R_1 => Some(Curve::P256),
        SECP_384_R_1 => Some(Curve::P384),
        SECP_521_R_1 => Some(Curve::P521),
        _ => None,
    }
}

/// Checks `signature` over `message`; `algorithm` is the signature algorithm's OID.
pub(super) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Mismatch> {
    let with = match curve(key) {
        Some(curve) => ecdsa(curve, algorithm),
        None if key.algorithm.oid == der::oid::db::rfc5912::RSA_ENCRYPTION => rsa(algorithm),
        None => None,
    }
    .ok_or(Mismatch::Algorithm)?;
    UnparsedPublicKey::new(with, key.subject_public_key.raw_bytes())
        .verify(message, signature)
        .map_err(|_| Mismatch::Signature)
}

/// Any digest goes with any curve: openssl signs with SHA-256 unless told otherwise.
fn ecdsa(curve: Curve, algorithm: &str) -> Option<&'static dyn VerificationAlgorithm> {
    const SHA256: &str = "1.2.840.10045.4.3.2";
    const SHA384: &str = "1.2.840.10045.4.3.3";
    const SHA512: &str = "1.2.840.10045.4.3.4";
    Some(match (curve, algorithm) {
        (Curve::P256, SHA256) => &signature::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, SHA384) => &signature::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, SHA512) => &signature::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, SHA256) => &signature::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, SHA384) => &signature::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, SHA512) => &signature::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, SHA256) => &signature::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, SHA384) => &signature::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, SHA512) => &signature::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

fn rsa(algorithm: &str) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match algorithm {
        "1.2.840.113549.1.1.11" => &signature::RSA_PKCS1_2048_8192_SHA256,
        "1.2.840.113549.1.1.12" => &signature::RSA_PKCS1_2048_8192_SHA384,
        "1.2.840.113549.1.1.13" => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return None,
    })
}
