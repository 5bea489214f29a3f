//! The Online Certificate Status Protocol (RFC 6960), the asking side: a question, and what an answer is worth.

mod answer;
mod responder;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use der::{
    Decode, Encode,
    asn1::{Int, Null, ObjectIdentifier, OctetString},
    oid::db::{
        rfc5912::{ID_SHA_1, ID_SHA_256},
        rfc6960::ID_PKIX_OCSP_NONCE,
    },
};
use x509_cert::{ext::Extension, serial_number::SerialNumber, spki::AlgorithmIdentifierOwned};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use self::wire::{CertId, OcspRequest, Request, TbsRequest};
use super::{certificate::Certificate, damage, signature};

/// A question that cannot be put.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no OCSP request can be made for it: {0}")]
pub struct OcspError(String);

impl From<der::Error> for OcspError {
    fn from(error: der::Error) -> Self {
        Self(damage::of_der(&error))
    }
}

/// A question about the status of one certificate, with a nonce, so that an old answer is recognised (RFC 9654).
#[derive(Debug)]
pub struct Question<'a> {
    issuer: &'a Certificate,
    names: Vec<Name>,
    serial: SerialNumber,
    nonce: Vec<u8>,
    der: Vec<u8>,
}

/// How a responder may name the issuer: hashes of its name and key.
#[derive(Debug)]
struct Name {
    algorithm: ObjectIdentifier,
    subject_hash: Vec<u8>,
    key_hash: Vec<u8>,
}

impl<'a> Question<'a> {
    /// About `certificate`, whose issuer is `issuer`. `nonce` must be fresh randomness.
    ///
    /// # Errors
    /// When the serial number is longer than RFC 5280 §4.1.2.2 allows.
    pub fn new(certificate: &Certificate, issuer: &'a Certificate, nonce: [u8; 32]) -> Result<Self, OcspError> {
        let (_, parsed) = X509Certificate::from_der(certificate.der())
            .map_err(|_| OcspError("the certificate cannot be read".to_owned()))?;
        let serial = SerialNumber::from_der(&Int::new(parsed.raw_serial())?.to_der()?)?;
        let key = signature::key_bits(issuer.public_key_info())?;
        let names: Vec<Name> = [(ID_SHA_1, &SHA1_FOR_LEGACY_USE_ONLY), (ID_SHA_256, &SHA256)]
            .into_iter()
            .map(|(algorithm, digest)| Name {
                algorithm,
                subject_hash: digest::digest(digest, parsed.issuer().as_raw()).as_ref().to_vec(),
                key_hash: digest::digest(digest, key).as_ref().to_vec(),
            })
            .collect();
        let der = encode(&names, &serial, &nonce)?;
        Ok(Self { issuer, names, serial, nonce: nonce.to_vec(), der })
    }

    /// The OCSPRequest to send, content type `application/ocsp-request` (RFC 6960 appendix A).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// A key for the cache, the same for every question about this certificate, because the nonce is left out.
    #[must_use]
    pub fn subject(&self) -> Vec<u8> {
        let names = self.names.iter().flat_map(|name| [&name.subject_hash, &name.key_hash]).flatten();
        names.chain(self.serial.as_bytes()).copied().collect()
    }

    /// The answer is about our certificate and no other.
    fn is_about(&self, id: &CertId) -> bool {
        id.serial_number == self.serial
            && self.names.iter().any(|name| {
                id.hash_algorithm.oid == name.algorithm
                    && id.issuer_name_hash.as_bytes() == name.subject_hash
                    && id.issuer_key_hash.as_bytes() == name.key_hash
            })
    }
}

/// Every responder knows SHA-1 in a CertID. The hash only identifies the issuer, so its weakness does no harm.
fn encode(names: &[Name], serial: &SerialNumber, nonce: &[u8]) -> Result<Vec<u8>, OcspError> {
    let Some(name) = names.first() else {
        return Err(OcspError("it has no issuer".to_owned()));
    };
    let id = CertId {
        hash_algorithm: AlgorithmIdentifierOwned { oid: name.algorithm, parameters: Some(Null.into()) },
        issuer_name_hash: OctetString::new(name.subject_hash.clone())?,
        issuer_key_hash: OctetString::new(name.key_hash.clone())?,
        serial_number: serial.clone(),
    };
    let nonce =
        Extension { extn_id: ID_PKIX_OCSP_NONCE, critical: false, extn_value: wire::nonce_value(nonce)? };
    let request = OcspRequest {
        tbs_request: TbsRequest {
            request_list: vec![Request { req_cert: id, single_request_extensions: None }],
            request_extensions: Some(vec![nonce]),
            ..TbsRequest::default()
        },
        optional_signature: None,
    };
    Ok(request.to_der()?)
}
