//! Facts of OCSP requests and answers (RFC 6960 §4.1, §4.2).

use der::{
    Any, Decode, Encode,
    asn1::OctetStringRef,
    oid::db::{
        rfc5912::{ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512},
        rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NONCE},
    },
};
use serde::Serialize;
use x509_cert::ext::Extensions;
use x509_parser::{
    certificate::X509Certificate,
    prelude::FromDer,
    x509::{AlgorithmIdentifier, X509Name},
};

use super::{certificate::signature_name, list::ListState};
use crate::pki::{
    fingerprint::Fingerprint,
    hex, names,
    ocsp::wire::{
        BasicOcspResponse, CertId, CertStatus, Moment, OcspRequest, OcspResponse, OcspResponseStatus,
        ResponderId, SingleResponse,
    },
    revocation::Reason,
    time::Time,
};

/// Which certificate: the number, and the issuer by hashes of its name and key.
#[derive(Clone, Debug, Serialize)]
pub struct AboutFacts {
    /// Upper-case hex pairs with colons, as in the DER.
    pub serial: String,
    /// Name of the digest of the two hashes, or its OID.
    pub hash_algorithm: String,
    pub issuer_name_hash: String,
    pub issuer_key_hash: String,
}

/// Facts of an OCSP request.
#[derive(Clone, Debug, Serialize)]
pub struct OcspRequestFacts {
    pub asks: Vec<AboutFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// It has a signature, which is not verified here.
    pub signed: bool,
    pub fingerprint: Fingerprint,
}

/// Facts of an OCSP answer. Its signature, and the right of the signer to answer, are not checked here.
#[derive(Clone, Debug, Serialize)]
pub struct OcspAnswerFacts {
    /// OCSPResponseStatus, spelled as in RFC 6960. Only `successful` comes with the status of a certificate.
    pub response_status: &'static str,
    #[serde(flatten)]
    pub content: Option<OcspContent>,
    pub fingerprint: Fingerprint,
}

/// The content of an answer that was given.
#[derive(Clone, Debug, Serialize)]
pub struct OcspContent {
    /// Name of the signer, or the SHA-1 of its key.
    pub responder: String,
    pub produced_at: Time,
    pub answers: Vec<StatusFacts>,
    pub signature_algorithm: String,
    /// Subjects of the certificates that came with it.
    pub certificates: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

/// The status of one certificate in an answer (SingleResponse).
#[derive(Clone, Debug, Serialize)]
pub struct StatusFacts {
    #[serde(flatten)]
    pub about: AboutFacts,
    pub status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub this_update: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Time>,
}

/// CertStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Good,
    Revoked,
    OnHold,
    Unknown,
}

impl OcspRequestFacts {
    /// Decodes exactly one DER request.
    ///
    /// # Errors
    /// Why the bytes are not one request.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let request = OcspRequest::from_der(der).map_err(nonsense)?;
        let asked = request.tbs_request;
        Ok(Self {
            asks: asked.request_list.iter().map(|one| AboutFacts::of(&one.req_cert)).collect(),
            nonce: nonce(asked.request_extensions.as_ref()),
            signed: request.optional_signature.is_some(),
            fingerprint: Fingerprint::of(der),
        })
    }
}

impl OcspAnswerFacts {
    /// Decodes exactly one DER answer.
    ///
    /// # Errors
    /// Why the bytes are not one answer.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let response = OcspResponse::from_der(der).map_err(nonsense)?;
        let content = match response.response_bytes {
            None => None,
            Some(bytes) if bytes.response_type == ID_PKIX_OCSP_BASIC => {
                Some(OcspContent::from_der(bytes.response.as_bytes())?)
            }
            Some(bytes) => return Err(format!("its content is of the unknown kind {}", bytes.response_type)),
        };
        let response_status = name(response.response_status);
        Ok(Self { response_status, content, fingerprint: Fingerprint::of(der) })
    }

    /// The state of the answer as a whole: stale if one status in it is stale, else not yet valid if one is not yet
    /// valid. `None` when the answer has no status.
    #[must_use]
    pub fn state_at(&self, now: Time) -> Option<ListState> {
        let answers = self.content.iter().flat_map(|content| &content.answers);
        let states: Vec<ListState> = answers.map(|answer| answer.state_at(now)).collect();
        let has = |state: ListState| states.contains(&state).then_some(state);
        has(ListState::Stale).or(has(ListState::NotYetValid)).or(has(ListState::Current))
    }

    /// Whether the answer has a status, and every status is good.
    #[must_use]
    pub fn is_all_good(&self) -> bool {
        self.content.as_ref().is_some_and(|content| {
            !content.answers.is_empty() && content.answers.iter().all(|answer| answer.status == Status::Good)
        })
    }
}

impl OcspContent {
    fn from_der(der: &[u8]) -> Result<Self, String> {
        let basic = BasicOcspResponse::from_der(der).map_err(nonsense)?;
        let data = &basic.tbs_response_data;
        Ok(Self {
            responder: responder(&data.responder_id),
            produced_at: time(data.produced_at),
            answers: data.responses.iter().map(StatusFacts::of).collect(),
            signature_algorithm: algorithm(&basic).unwrap_or_else(|| "unreadable".to_owned()),
            certificates: basic.certs.iter().flatten().map(subject).collect(),
            nonce: nonce(data.response_extensions.as_ref()),
        })
    }
}

impl StatusFacts {
    fn of(single: &SingleResponse) -> Self {
        let (status, revoked_at, reason) = match &single.cert_status {
            CertStatus::Good(_) => (Status::Good, None, None),
            CertStatus::Unknown(_) => (Status::Unknown, None, None),
            CertStatus::Revoked(info) => {
                let reason = info.revocation_reason.and_then(|reason| Reason::from_number(reason as u8));
                let held = reason == Some(Reason::CertificateHold);
                let status = if held { Status::OnHold } else { Status::Revoked };
                (status, Some(time(info.revocation_time)), reason)
            }
        };
        Self {
            about: AboutFacts::of(&single.cert_id),
            status,
            revoked_at,
            reason,
            this_update: time(single.this_update),
            next_update: single.next_update.map(time),
        }
    }

    /// Without nextUpdate newer answers exist at any time (RFC 6960 §4.2.2.1).
    #[must_use]
    pub fn state_at(&self, now: Time) -> ListState {
        match self.next_update {
            _ if now < self.this_update => ListState::NotYetValid,
            Some(next) if now < next => ListState::Current,
            _ => ListState::Stale,
        }
    }
}

impl AboutFacts {
    fn of(id: &CertId) -> Self {
        let hash = id.hash_algorithm.oid;
        let known =
            [(ID_SHA_1, "SHA1"), (ID_SHA_256, "SHA256"), (ID_SHA_384, "SHA384"), (ID_SHA_512, "SHA512")];
        let name = known.iter().find(|(oid, _)| *oid == hash).map(|(_, name)| (*name).to_owned());
        Self {
            serial: hex::pairs(id.serial_number.as_bytes()),
            hash_algorithm: name.unwrap_or_else(|| hash.to_string()),
            issuer_name_hash: hex::pairs(id.issuer_name_hash.as_bytes()),
            issuer_key_hash: hex::pairs(id.issuer_key_hash.as_bytes()),
        }
    }
}

fn nonsense(_: der::Error) -> String {
    "its structure is not as RFC 6960 has it".to_owned()
}

fn name(status: OcspResponseStatus) -> &'static str {
    match status {
        OcspResponseStatus::Successful => "successful",
        OcspResponseStatus::MalformedRequest => "malformedRequest",
        OcspResponseStatus::InternalError => "internalError",
        OcspResponseStatus::TryLater => "tryLater",
        OcspResponseStatus::SigRequired => "sigRequired",
        OcspResponseStatus::Unauthorized => "unauthorized",
    }
}

fn responder(id: &ResponderId) -> String {
    match id {
        ResponderId::ByName(name) => name
            .to_der()
            .ok()
            .and_then(|der| X509Name::from_der(&der).ok().map(|(_, name)| names::distinguished(&name)))
            .unwrap_or_else(|| "a name that cannot be read".to_owned()),
        ResponderId::ByKey(hash) => format!("the key with SHA-1 {}", hex::pairs(hash.as_bytes())),
    }
}

fn algorithm(basic: &BasicOcspResponse) -> Option<String> {
    let der = basic.signature_algorithm.to_der().ok()?;
    let (_, identifier) = AlgorithmIdentifier::from_der(&der).ok()?;
    Some(signature_name(&identifier))
}

fn subject(certificate: &Any) -> String {
    let der = certificate.to_der().unwrap_or_default();
    X509Certificate::from_der(&der).map_or_else(
        |_| "a certificate that cannot be read".to_owned(),
        |(_, parsed)| names::distinguished(parsed.subject()),
    )
}

fn nonce(extensions: Option<&Extensions>) -> Option<String> {
    let nonce = extensions?.iter().find(|extension| extension.extn_id == ID_PKIX_OCSP_NONCE)?;
    let value = nonce.extn_value.as_bytes();
    // Some programs write the nonce without the OCTET STRING around it.
    let bare = <&OctetStringRef>::from_der(value).map_or(value, OctetStringRef::as_bytes);
    Some(hex::pairs(bare))
}

fn time(moment: Moment) -> Time {
    let seconds = moment.0.to_unix_duration().as_secs();
    Time::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}
