//! Certification requests whose parts are given as bytes (RFC 2986 §4): a name and extensions taken over as they are.

use der::{
    AnyRef, Decode, Encode, Sequence, ValueOrd,
    asn1::{BitStringRef, ObjectIdentifier, OctetStringRef, SetOfVec},
    oid::db::rfc5912::{
        ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, SHA_256_WITH_RSA_ENCRYPTION,
    },
};
use rcgen::{PublicKeyData, SigningKey};

use super::key::PrivateKey;

const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");

/// A request could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("the certification request could not be made: {0}")]
    Encode(#[from] der::Error),
    #[error("the certification request could not be signed: {0}")]
    Sign(#[from] rcgen::Error),
    #[error("the certification request could not be signed: the key is of a kind that signs no requests here")]
    Kind,
}

/// An extension that a certificate shall have (RFC 5280 §4.1), its value as DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedExtension {
    pub oid: ObjectIdentifier,
    pub critical: bool,
    pub value: Vec<u8>,
}

#[derive(Sequence)]
pub(super) struct Extension<'a> {
    pub(super) oid: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    pub(super) critical: bool,
    pub(super) value: &'a OctetStringRef,
}

#[derive(Sequence, ValueOrd)]
pub(super) struct Attribute<'a> {
    pub(super) oid: ObjectIdentifier,
    pub(super) values: SetOfVec<AnyRef<'a>>,
}

#[derive(Sequence)]
struct Info<'a> {
    version: u8,
    subject: AnyRef<'a>,
    public_key: AnyRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    attributes: SetOfVec<Attribute<'a>>,
}

#[derive(Clone, Sequence)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub(super) parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct Signed<'a> {
    info: AnyRef<'a>,
    algorithm: Algorithm<'a>,
    signature: BitStringRef<'a>,
}

/// A request, DER: for `subject` (a Name, DER, taken as it is), asking for `extensions`, signed by `key`.
///
/// # Errors
/// When a part is no DER, or the key cannot sign.
pub fn request(
    key: &PrivateKey,
    subject: &[u8],
    extensions: &[WantedExtension],
) -> Result<Vec<u8>, RequestError> {
    let public_key = key.public_key_info();
    let wanted: Vec<Extension<'_>> = extensions
        .iter()
        .map(|one| {
            let value = OctetStringRef::new(&one.value)?;
            Ok(Extension { oid: one.oid, critical: one.critical, value })
        })
        .collect::<Result<_, der::Error>>()?;
    let wanted = wanted.to_der()?;
    let mut attributes = SetOfVec::new();
    if !extensions.is_empty() {
        let mut values = SetOfVec::new();
        values.insert(AnyRef::from_der(&wanted)?)?;
        attributes.insert(Attribute { oid: EXTENSION_REQUEST, values })?;
    }
    let info = Info {
        version: 0,
        subject: AnyRef::from_der(subject)?,
        public_key: AnyRef::from_der(&public_key)?,
        attributes,
    }
    .to_der()?;
    let signature = key.sign(&info)?;
    let signed = Signed {
        info: AnyRef::from_der(&info)?,
        algorithm: algorithm(key)?,
        signature: BitStringRef::from_bytes(&signature)?,
    };
    Ok(signed.to_der()?)
}

/// How the key signs, as it stands beside the signature.
fn algorithm(key: &PrivateKey) -> Result<Algorithm<'static>, RequestError> {
    let used = key.algorithm();
    if used == &rcgen::PKCS_RSA_SHA256 {
        return Ok(Algorithm { oid: SHA_256_WITH_RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) });
    }
    let curves = [
        (&rcgen::PKCS_ECDSA_P256_SHA256, ECDSA_WITH_SHA_256),
        (&rcgen::PKCS_ECDSA_P384_SHA384, ECDSA_WITH_SHA_384),
        (&rcgen::PKCS_ECDSA_P521_SHA512, ECDSA_WITH_SHA_512),
    ];
    let curve = curves.into_iter().find(|(algorithm, _)| used == *algorithm);
    curve.map(|(_, oid)| Algorithm { oid, parameters: None }).ok_or(RequestError::Kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::key::KeySpec;

    #[test]
    fn name_and_extensions_are_taken_over_and_the_signature_fits() {
        // CN=a1998e as a PrintableString, and a critical subjectAltName without names.
        let subject =
            [0x30, 0x11, 0x31, 0x0f, 0x30, 0x0d, 6, 3, 0x55, 4, 3, 0x13, 6, b'a', b'1', b'9', b'9', b'8', b'e'];
        let oid = ObjectIdentifier::new_unwrap("2.5.29.17");
        let wanted = WantedExtension { oid, critical: true, value: vec![0x30, 0] };
        for spec in [KeySpec::P256, KeySpec::P384, KeySpec::P521, KeySpec::Rsa2048] {
            let key = PrivateKey::generate(spec).unwrap();
            let der = request(&key, &subject, std::slice::from_ref(&wanted)).unwrap();
            let parts = crate::pki::signature::parts(&der).unwrap();
            let info = key.public_key_info();
            let fits = crate::pki::signature::verify(parts.algorithm, &info, parts.signed, parts.signature);
            assert_eq!(fits, Ok(()), "{spec}");
            assert!(der.windows(subject.len()).any(|window| window == subject), "{spec}");
            assert!(
                der.windows(5).any(|window| window == [1, 1, 0xff, 4, 2]),
                "{spec}: critical, then the value"
            );
        }
    }
}
