//! Signatures over DER (RFC 5280 §4.1.1.2, RFC 6960 §4.2.1): one table of algorithms for everything that is signed.

use der::{AnyRef, Decode, Reader, SliceReader, asn1::BitStringRef};

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error(
        "its signature algorithm is not one that is trusted here (SHA-2 with RSA from 2048 bits, ECDSA or Ed25519)"
    )]
    Unsupported,
    #[error("the signature does not fit")]
    Wrong,
}

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
    let signature_id = AnyRef::from_der(algorithm).map_err(|_| SignatureError::Unsupported)?;
    let (key_id, key) = key_of(public_key_info).map_err(|_| SignatureError::Unsupported)?;
    let mut candidates = rustls::crypto::aws_lc_rs::default_provider()
        .signature_verification_algorithms
        .all
        .iter()
        .filter(|candidate| {
            candidate.signature_alg_id().as_ref() == signature_id.value()
                && candidate.public_key_alg_id().as_ref() == key_id.value()
        })
        .peekable();
    if candidates.peek().is_none() {
        return Err(SignatureError::Unsupported);
    }
    if candidates.any(|candidate| candidate.verify_signature(key, message, signature).is_ok()) {
        Ok(())
    } else {
        Err(SignatureError::Wrong)
    }
}

/// The AlgorithmIdentifier and the subjectPublicKey of a SubjectPublicKeyInfo.
fn key_of(public_key_info: &[u8]) -> der::Result<(AnyRef<'_>, &[u8])> {
    SliceReader::new(public_key_info)?.sequence(|reader| {
        let algorithm = AnyRef::decode(reader)?;
        let key = BitStringRef::decode(reader)?;
        Ok((algorithm, key.raw_bytes()))
    })
}
