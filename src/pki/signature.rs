//! Signatures over DER (RFC 5280 §4.1.1.2, RFC 6960 §4.2.1): one table of algorithms for everything that is signed.

use der::{AnyRef, Decode, Reader, SliceReader, Tag, asn1::BitStringRef};

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
    SliceReader::new(public_key_info)?.sequence(|reader| -> der::Result<_> {
        let algorithm = AnyRef::decode(reader)?;
        let key = BitStringRef::decode(reader)?;
        Ok((algorithm, key.raw_bytes()))
    })
}

/// The three parts of everything that is SIGNED (RFC 5280 §4.1): certificates, lists, OCSP answers.
pub(crate) struct Parts<'a> {
    /// What is signed, header included.
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
    let signature =
        BitStringRef::decode(reader)?.as_bytes().ok_or(der::ErrorKind::Value { tag: Tag::BitString })?;
    Ok(Parts { signed, algorithm, signature })
}
