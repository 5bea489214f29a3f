//! Private keys as other programs wrote them, turned into PKCS#8 (RFC 5958) around the same octets.

use der::{
    AnyRef, Decode, Encode, Sequence, Tag, Tagged,
    asn1::{BitStringRef, OctetStringRef},
};
use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::{
    damage,
    facts::private_key::{KeyFormat, PrivateKeyFacts},
};

/// PEM label (RFC 7468 §10).
pub const LABEL: &str = "PRIVATE KEY";

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Why a text gives no PKCS#8 key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs8Error {
    #[error("there is no private key in it{}", held(.0))]
    Missing(String),
    #[error("its private key is encrypted")]
    Encrypted,
    #[error("its private key names no curve")]
    NoCurve,
    #[error("its private key writes out its curve instead of naming it")]
    ExplicitCurve,
    #[error("its private key is damaged: {0}")]
    Malformed(String),
    #[error("{0}")]
    Unreadable(String),
}

fn held(others: &str) -> String {
    if others.is_empty() { String::new() } else { format!(": it holds {others}") }
}

/// ECPrivateKey (RFC 5915 §3), also with a curve that is written out.
#[derive(Clone, Copy, Sequence)]
pub(crate) struct EcKey<'a> {
    pub(crate) version: u8,
    pub(crate) private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(crate) public_key: Option<BitStringRef<'a>>,
}

/// PEM of a PKCS#8 key: lines of 64 characters, LF, one final newline.
///
/// # Errors
/// When the bytes are no DER.
pub fn to_pem(der: &[u8]) -> Result<Zeroizing<String>, Pkcs8Error> {
    pkcs8::SecretDocument::try_from(der)
        .and_then(|document| document.to_pem(LABEL, pkcs8::LineEnding::LF))
        .map_err(|error| malformed(&error))
}

/// A key in one of the three formats as PKCS#8: as it stands, or with the algorithm put around it.
///
/// # Errors
/// When the bytes are no such key.
pub(crate) fn checked(der: Zeroizing<Vec<u8>>, format: KeyFormat) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    PrivateKeyFacts::from_der(&der, format).map_err(|error| Pkcs8Error::Malformed(error.to_string()))?;
    match format {
        KeyFormat::Pkcs1 => {
            let algorithm = AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) };
            wrap(algorithm, &der)
        }
        KeyFormat::Sec1 => of_sec1(&der),
        KeyFormat::Pkcs8 | KeyFormat::LegacyPem => {
            let info = PrivateKeyInfoRef::from_der(&der).map_err(|error| malformed(&error))?;
            if info.algorithm.oid == EC {
                check_curve(info.algorithm.parameters)?;
            }
            Ok(der)
        }
    }
}

/// The curve moves from the key into the algorithm, where PKCS#8 wants it (RFC 5915 §1).
fn of_sec1(der: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    let key = EcKey::from_der(der).map_err(|error| malformed(&error))?;
    check_curve(key.parameters)?;
    let bare = EcKey { parameters: None, ..key };
    let inner = Zeroizing::new(bare.to_der().map_err(|error| malformed(&error))?);
    wrap(AlgorithmIdentifierRef { oid: EC, parameters: key.parameters }, &inner)
}

fn check_curve(parameters: Option<AnyRef<'_>>) -> Result<(), Pkcs8Error> {
    match parameters.map(|parameters| parameters.tag()) {
        None => Err(Pkcs8Error::NoCurve),
        Some(Tag::ObjectIdentifier) => Ok(()),
        Some(_) => Err(Pkcs8Error::ExplicitCurve),
    }
}

fn wrap(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    OctetStringRef::new(key)
        .and_then(|key| PrivateKeyInfoRef::new(algorithm, key).to_der())
        .map(Zeroizing::new)
        .map_err(|error| malformed(&error))
}

fn malformed(error: &der::Error) -> Pkcs8Error {
    Pkcs8Error::Malformed(damage::of_der(error))
}
