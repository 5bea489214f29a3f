//! Private keys as other programs wrote them, turned into PKCS#8 (RFC 5958) around the same octets.

use der::{AnyRef, Decode, Encode, asn1::OctetStringRef};
use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::facts::private_key::{KeyFormat, PrivateKeyFacts};

/// PEM label (RFC 7468 §10).
pub const LABEL: &str = "PRIVATE KEY";

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Why a text gives no PKCS#8 key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs8Error {
    #[error("it holds no private key")]
    Missing,
    #[error("its private key is encrypted")]
    Encrypted,
    #[error("its private key does not say which curve it is for")]
    NoCurve,
    #[error("its private key is damaged: {0}")]
    Malformed(String),
    #[error("{0}")]
    Unreadable(String),
}

/// PEM of a PKCS#8 key: lines of 64 characters, LF, one final newline.
///
/// # Errors
/// When the bytes are no DER.
pub fn to_pem(der: &[u8]) -> Result<Zeroizing<String>, Pkcs8Error> {
    pkcs8::SecretDocument::try_from(der)
        .and_then(|document| document.to_pem(LABEL, pkcs8::LineEnding::LF))
        .map_err(malformed)
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
        KeyFormat::Pkcs8 | KeyFormat::LegacyPem => Ok(der),
    }
}

/// The curve moves from the key into the algorithm, where PKCS#8 wants it (RFC 5915 §1).
fn of_sec1(der: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    let key = EcPrivateKey::from_der(der).map_err(malformed)?;
    let curve = key
        .parameters
        .as_ref()
        .and_then(|parameters| EcParameters::named_curve(*parameters))
        .ok_or(Pkcs8Error::NoCurve)?;
    let bare = EcPrivateKey { parameters: None, ..key };
    let inner = Zeroizing::new(bare.to_der().map_err(malformed)?);
    wrap(AlgorithmIdentifierRef { oid: EC, parameters: Some((&curve).into()) }, &inner)
}

fn wrap(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    OctetStringRef::new(key)
        .and_then(|key| PrivateKeyInfoRef::new(algorithm, key).to_der())
        .map(Zeroizing::new)
        .map_err(malformed)
}

fn malformed(error: der::Error) -> Pkcs8Error {
    Pkcs8Error::Malformed(error.to_string())
}
