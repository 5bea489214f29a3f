//! The OCSP responder (RFC 6960), signing with the CA key itself.

use der::{
    Decode, Encode,
    asn1::{Null, OctetString},
    oid::db::rfc6960,
};
use x509_cert::{ext::Extension, ext::pkix::CrlReason};

use super::{
    ca::{BuildError, Ca, generalized},
    repository::Status,
};
use crate::pki::{
    ocsp::wire::{
        CertId, CertStatus, Moment, OcspRequest, OcspResponse, OcspResponseStatus, ResponderId, ResponseBytes,
        ResponseData, RevokedInfo, SingleResponse, Version,
    },
    time::Time,
};

/// Certificates one request may ask about.
const MOST: usize = 100;

/// Octets of the longest nonce that is echoed (RFC 9654 §2.1).
const LONGEST_NONCE: usize = 128;

/// Content of an OCSP request: the certificates it asks about, and its nonce.
#[derive(Debug)]
pub struct Question {
    ids: Vec<CertId>,
    nonce: Option<Extension>,
}

impl Question {
    /// Reads a DER request; `None` when it is malformed, empty, or asks for too much.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let request = OcspRequest::from_der(der).ok()?.tbs_request;
        if request.request_list.is_empty() || request.request_list.len() > MOST {
            return None;
        }
        let nonce = request
            .request_extensions
            .unwrap_or_default()
            .into_iter()
            .find(|extension| extension.extn_id == rfc6960::ID_PKIX_OCSP_NONCE);
        if nonce.as_ref().is_some_and(|nonce| nonce.extn_value.as_bytes().len() > LONGEST_NONCE + 4) {
            return None;
        }
        Some(Self { ids: request.request_list.into_iter().map(|one| one.req_cert).collect(), nonce })
    }

    /// The serial numbers asked about that are this CA's to answer for, as stored; in order, with `None` for others.
    #[must_use]
    pub fn serials(&self, ca: &Ca) -> Vec<Option<Vec<u8>>> {
        self.ids.iter().map(|id| names(id, ca).then(|| id.serial_number.as_bytes().to_vec())).collect()
    }

    /// The signed answer, DER; `statuses` in the order of [`Self::serials`].
    ///
    /// # Errors
    /// When it cannot be encoded or signed.
    pub fn answer(
        self,
        ca: &Ca,
        statuses: &[Status],
        this_update: Time,
        next_update: Time,
    ) -> Result<Vec<u8>, BuildError> {
        let this_update = Moment(generalized(this_update)?);
        let next_update = Moment(generalized(next_update)?);
        let mut responses = Vec::with_capacity(self.ids.len());
        for (cert_id, status) in self.ids.into_iter().zip(statuses) {
            responses.push(SingleResponse {
                cert_id,
                cert_status: cert_status(*status)?,
                this_update,
                next_update: Some(next_update),
                single_extensions: None,
            });
        }
        let data = ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByKey(ca.key_id().clone()),
            produced_at: this_update,
            responses,
            response_extensions: self.nonce.map(|nonce| vec![nonce]),
        };
        let response = OcspResponse {
            response_status: OcspResponseStatus::Successful,
            response_bytes: Some(ResponseBytes {
                response_type: rfc6960::ID_PKIX_OCSP_BASIC,
                response: OctetString::new(ca.seal(&data)?)?,
            }),
        };
        Ok(response.to_der()?)
    }
}

/// The unsigned answer to octets that are no OCSP request, DER.
///
/// # Errors
/// Never: the structure is constant.
pub fn malformed() -> Result<Vec<u8>, BuildError> {
    Ok(OcspResponse::without_answer(OcspResponseStatus::MalformedRequest).to_der()?)
}

/// The unsigned answer when the authority failed, DER; `may_pass`: another try is worth its while.
///
/// # Errors
/// Never: the structure is constant.
pub fn failed(may_pass: bool) -> Result<Vec<u8>, BuildError> {
    let status = if may_pass { OcspResponseStatus::TryLater } else { OcspResponseStatus::InternalError };
    Ok(OcspResponse::without_answer(status).to_der()?)
}

fn cert_status(status: Status) -> Result<CertStatus, der::Error> {
    Ok(match status {
        Status::Good => CertStatus::Good(Null),
        Status::Unknown => CertStatus::Unknown(Null),
        Status::Revoked { at, reason } => CertStatus::Revoked(RevokedInfo {
            revocation_time: Moment(generalized(at)?),
            revocation_reason: Some(reason).filter(|reason| *reason != CrlReason::Unspecified),
        }),
    })
}

fn names(id: &CertId, ca: &Ca) -> bool {
    ca.hashes().iter().any(|hashes| {
        hashes.algorithm == id.hash_algorithm.oid
            && hashes.name == id.issuer_name_hash.as_bytes()
            && hashes.key == id.issuer_key_hash.as_bytes()
    })
}
