//! The MAC of a PKCS#12 file: with a key derived the old way (RFC 7292 appendix B), or PBMAC1 (RFC 9579).

use aws_lc_rs::hmac::{self, Algorithm};
use der::{
    Sequence,
    asn1::{ObjectIdentifier, OctetString},
};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::Refusal;
use crate::pki::pbe::{self, Password, Purpose};

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// MacData (RFC 7292 §4).
#[derive(Sequence)]
pub(super) struct MacData {
    mac: DigestInfo,
    salt: OctetString,
    #[asn1(default = "one")]
    iterations: u32,
}

fn one() -> u32 {
    1
}

/// DigestInfo (RFC 8017 §9.2).
#[derive(Sequence)]
struct DigestInfo {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// PBMAC1-params (RFC 8018 A.5).
#[derive(Sequence)]
struct Pbmac1 {
    derivation: AlgorithmIdentifierOwned,
    scheme: AlgorithmIdentifierOwned,
}

impl MacData {
    /// The MAC over `content` was made with this password.
    pub(super) fn check(&self, content: &[u8], password: Password<'_>) -> Result<(), Refusal> {
        let algorithm = &self.mac.algorithm;
        let (with, key) = if algorithm.oid == PBMAC1 {
            let parameters = algorithm.parameters.as_ref().ok_or_else(damaged)?;
            let parameters: Pbmac1 = parameters.decode_as()?;
            let with = hmac_of(&parameters.scheme.oid.to_string()).ok_or_else(unknown)?;
            (with, pbe::derive_pbkdf2(&parameters.derivation, password)?)
        } else {
            let digest = algorithm.oid.to_string();
            let with = hmac_of_digest(&digest).ok_or_else(unknown)?;
            let length = with.digest_algorithm().output_len();
            let salt = self.salt.as_bytes();
            (with, pbe::derive_pkcs12(&digest, password, salt, Purpose::Mac, self.iterations, length)?)
        };
        let key = hmac::Key::new(with, &key);
        hmac::verify(&key, content, self.mac.digest.as_bytes()).map_err(|_| Refusal::Password)
    }
}

fn damaged() -> Refusal {
    Refusal::Damaged("the parameters of its MAC are missing".to_owned())
}

fn unknown() -> Refusal {
    Refusal::Unsupported("its MAC is of a kind that is not known here".to_owned())
}

fn hmac_of(dotted: &str) -> Option<Algorithm> {
    Some(match dotted {
        "1.2.840.113549.2.7" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "1.2.840.113549.2.8" => hmac::HMAC_SHA224,
        "1.2.840.113549.2.9" => hmac::HMAC_SHA256,
        "1.2.840.113549.2.10" => hmac::HMAC_SHA384,
        "1.2.840.113549.2.11" => hmac::HMAC_SHA512,
        _ => return None,
    })
}

fn hmac_of_digest(dotted: &str) -> Option<Algorithm> {
    Some(match dotted {
        "1.3.14.3.2.26" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "2.16.840.1.101.3.4.2.4" => hmac::HMAC_SHA224,
        "2.16.840.1.101.3.4.2.1" => hmac::HMAC_SHA256,
        "2.16.840.1.101.3.4.2.2" => hmac::HMAC_SHA384,
        "2.16.840.1.101.3.4.2.3" => hmac::HMAC_SHA512,
        _ => return None,
    })
}
