//! The CA itself: its self-signed root (RFC 5280) and everything its key signs.

use aws_lc_rs::{
    digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256},
    rand,
};
use der::{
    AnyRef, Decode, Encode, Sequence,
    asn1::{BitStringRef, OctetString},
    oid::AssociatedOid,
};
use rcgen::SigningKey;
use x509_cert::{
    Version,
    attr::AttributeTypeAndValue,
    certificate::Certificate as Parsed,
    ext::{
        Extension, ToExtension,
        pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier},
    },
    name::{Name, RdnSequence, RelativeDistinguishedName},
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::Validity,
};

use crate::pki::{certificate::Certificate, key::PrivateKey, time::Time};

/// Seconds a new root is valid: 30 years, as the platform's.
const LIFETIME: i64 = 30 * 365 * 24 * 60 * 60;

/// A CA that can sign: root certificate and key.
#[derive(Debug)]
pub struct Ca {
    root: Certificate,
    key: PrivateKey,
    name: Name,
    algorithm: AlgorithmIdentifierOwned,
    key_id: OctetString,
    hashes: [IssuerHashes; 2],
}

/// Bytes could not be made or signed. Not reachable from a request's content alone.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("the structure could not be encoded")]
    Encode(#[from] der::Error),
    #[error("the signature could not be made: {0}")]
    Sign(String),
    #[error("the system's random number generator failed")]
    Random,
    #[error("the root certificate cannot be read: {0}")]
    Root(String),
}

/// How OCSP names this CA under one digest (RFC 6960 §4.1.1).
#[derive(Debug)]
pub(super) struct IssuerHashes {
    pub algorithm: der::oid::ObjectIdentifier,
    pub name: Vec<u8>,
    pub key: Vec<u8>,
}

impl Ca {
    /// A new root for `key`: `CN=certreq local CA <8 hex digits>`, pathlen 0, valid for 30 years from the full
    /// minute before `now`.
    ///
    /// # Errors
    /// When the system's random number generator failed or the key cannot sign.
    pub fn create(key: PrivateKey, now: Time) -> Result<Self, BuildError> {
        let serial = serial_number()?;
        let mark = serial.as_bytes().iter().rev().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        let name = common_name(&format!("certreq local CA {mark:08x}"))?;
        let info = SubjectPublicKeyInfoOwned::from_der(&key.public_key_info())?;
        let algorithm = signature_algorithm(&info)?;
        let key_id = key_id(&info)?;
        let extensions = vec![
            critical(&BasicConstraints { ca: true, path_len_constraint: Some(0) })?,
            critical(&KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
            SubjectKeyIdentifier(key_id).to_extension(&name, &[])?,
        ];
        let not_before = floor_to_minute(now);
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: serial,
            signature: algorithm.clone(),
            issuer: name.clone(),
            validity: Validity::new(asn1_time(not_before)?, asn1_time(not_before.plus(LIFETIME))?),
            subject: name,
            subject_public_key_info: info,
            extensions: Some(extensions),
        };
        let der = seal(&key, &algorithm, &tbs)?;
        Self::load(der, key)
    }

    /// The CA of an existing root certificate. That the key belongs to it is for the caller to check:
    /// see [`Self::key_fits`].
    ///
    /// # Errors
    /// When the certificate does not parse or has a key of a kind this authority never makes.
    pub fn load(root: Vec<u8>, key: PrivateKey) -> Result<Self, BuildError> {
        let parsed = Parsed::from_der(&root)?;
        let root = Certificate::from_der(root).map_err(|error| BuildError::Root(error.to_string()))?;
        let info = parsed.tbs_certificate().subject_public_key_info();
        let name = parsed.tbs_certificate().subject().clone();
        let name_der = name.to_der()?;
        let bits = info.subject_public_key.raw_bytes();
        let hashes = [
            (der::oid::db::rfc5912::ID_SHA_1, &SHA1_FOR_LEGACY_USE_ONLY),
            (der::oid::db::rfc5912::ID_SHA_256, &SHA256),
        ]
        .map(|(algorithm, with)| IssuerHashes {
            algorithm,
            name: digest::digest(with, &name_der).as_ref().to_vec(),
            key: digest::digest(with, bits).as_ref().to_vec(),
        });
        Ok(Self { algorithm: signature_algorithm(info)?, key_id: key_id(info)?, hashes, name, root, key })
    }

    /// The key belongs to the root certificate.
    #[must_use]
    pub fn key_fits(&self) -> bool {
        self.key.public_key_info() == self.root.public_key_info()
    }

    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.root
    }

    /// Signing takes milliseconds rather than microseconds.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.key.signer().is_some() || self.algorithm.oid == der::oid::db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION
    }

    pub(super) fn name(&self) -> &Name {
        &self.name
    }

    pub(super) fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    /// SHA-1 of the public key (RFC 5280 §4.2.1.2 method 1, RFC 6960 §4.2.1 KeyHash).
    pub(super) fn key_id(&self) -> &OctetString {
        &self.key_id
    }

    pub(super) fn hashes(&self) -> &[IssuerHashes] {
        &self.hashes
    }

    /// `SEQUENCE { tbs, signatureAlgorithm, signature }`: the frame of certificates, CRLs and OCSP answers.
    pub(super) fn seal(&self, tbs: &impl Encode) -> Result<Vec<u8>, BuildError> {
        seal(&self.key, &self.algorithm, tbs)
    }
}

/// The part of a certificate that is signed (RFC 5280 §4.1).
#[derive(Sequence)]
pub(super) struct TbsCertificate {
    #[asn1(context_specific = "0", default = "Default::default")]
    pub(super) version: Version,
    pub(super) serial_number: SerialNumber,
    pub(super) signature: AlgorithmIdentifierOwned,
    pub(super) issuer: Name,
    pub(super) validity: Validity,
    pub(super) subject: Name,
    pub(super) subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct Signed<'a> {
    tbs: AnyRef<'a>,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitStringRef<'a>,
}

fn seal(
    key: &PrivateKey,
    algorithm: &AlgorithmIdentifierOwned,
    tbs: &impl Encode,
) -> Result<Vec<u8>, BuildError> {
    let tbs = tbs.to_der()?;
    let signature = key.sign(&tbs).map_err(|error| BuildError::Sign(key.trouble(&error)))?;
    let signed = Signed {
        tbs: AnyRef::from_der(&tbs)?,
        algorithm: algorithm.clone(),
        signature: BitStringRef::from_bytes(&signature)?,
    };
    Ok(signed.to_der()?)
}

/// 126 random bits, always 16 bytes and positive (RFC 5280 §4.1.2.2).
pub(super) fn serial_number() -> Result<SerialNumber, BuildError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| BuildError::Random)?;
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::new(&bytes)?)
}

/// The full minute at or before `time`.
pub(super) fn floor_to_minute(time: Time) -> Time {
    Time::from_unix(time.unix() - time.unix().rem_euclid(60))
}

/// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
pub(super) fn asn1_time(time: Time) -> Result<x509_cert::time::Time, der::Error> {
    let general = generalized(time)?;
    match der::asn1::UtcTime::from_date_time(general.to_date_time()) {
        Ok(utc) => Ok(utc.into()),
        Err(_) => Ok(general.into()),
    }
}

/// GeneralizedTime; times before 1970 become 1970.
pub(super) fn generalized(time: Time) -> Result<der::asn1::GeneralizedTime, der::Error> {
    let seconds = u64::try_from(time.unix()).unwrap_or(0);
    der::asn1::GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds))
}

/// SHA-1 over the bits of the public key (RFC 5280 §4.2.1.2 method 1).
pub(super) fn key_id(info: &SubjectPublicKeyInfoOwned) -> Result<OctetString, der::Error> {
    let bits = info.subject_public_key.raw_bytes();
    OctetString::new(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, bits).as_ref())
}

/// An extension, always marked critical.
pub(super) fn critical(value: &(impl AssociatedOid + Encode)) -> Result<Extension, der::Error> {
    (true, value).to_extension(&Name::default(), &[])
}

fn signature_algorithm(info: &SubjectPublicKeyInfoOwned) -> Result<AlgorithmIdentifierOwned, BuildError> {
    use der::oid::db::rfc5912::{
        ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SHA_256_WITH_RSA_ENCRYPTION,
    };
    if info.algorithm.oid == RSA_ENCRYPTION {
        let parameters = Some(der::asn1::Null.into());
        return Ok(AlgorithmIdentifierOwned { oid: SHA_256_WITH_RSA_ENCRYPTION, parameters });
    }
    let curve = info.algorithm.parameters.as_ref().and_then(|any| any.decode_as().ok());
    if info.algorithm.oid == ID_EC_PUBLIC_KEY && curve == Some(SECP_256_R_1) {
        return Ok(AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA_256, parameters: None });
    }
    Err(BuildError::Root("its key is neither P-256 nor RSA".to_owned()))
}

fn common_name(text: &str) -> Result<Name, der::Error> {
    attribute(der::oid::db::rfc4519::CN, text).and_then(|rdn| name(vec![rdn]))
}

/// A relative distinguished name of one attribute, as UTF8String.
pub(super) fn attribute(
    oid: der::oid::ObjectIdentifier,
    text: &str,
) -> Result<RelativeDistinguishedName, der::Error> {
    let value = der::Any::new(der::Tag::Utf8String, text.as_bytes())?;
    let attribute = AttributeTypeAndValue { oid, value };
    RelativeDistinguishedName::try_from(vec![attribute])
}

/// A name of these parts, in their order.
pub(super) fn name(parts: Vec<RelativeDistinguishedName>) -> Result<Name, der::Error> {
    Name::from_der(&RdnSequence::from(parts).to_der()?)
}
