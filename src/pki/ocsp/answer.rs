//! The status in an answer, after the checks that its signer may give it.

use der::{
    Decode,
    asn1::OctetStringRef,
    oid::db::rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NONCE},
};
use x509_cert::ext::Extensions;

use super::{
    Question,
    responder::{self, Proof},
    wire::{
        BasicOcspResponse, CertStatus, Moment, OcspResponse, OcspResponseStatus, ResponseData, SingleResponse,
    },
};
use crate::pki::{
    crl::CrlSet,
    revocation::{Evidence, Reason, Revocation, State},
    signature,
    time::Time,
};

/// How far the clock of a responder may be ahead of ours, and how old an answer without nextUpdate and nonce may be.
const SKEW: i64 = 300;

impl Question<'_> {
    /// The status that `answer`, an OCSPResponse from `source`, gives at `at` (RFC 6960 §3.2).
    ///
    /// An answer means good only if the issuer or its delegate signed it, it is about our certificate, it is current,
    /// and it has our nonce or no nonce. `lists` is asked about a delegate without id-pkix-ocsp-nocheck.
    #[must_use]
    pub fn judge(&self, answer: &[u8], at: Time, source: &str, lists: &CrlSet) -> Revocation {
        self.read(answer, at, source, lists, Origin::Fresh)
            .unwrap_or_else(|state| Revocation { state, evidence: None })
    }

    /// The status that `answer`, kept since an earlier question, still gives at `at`; `None` when a new one is needed.
    ///
    /// The nonce is not compared again: [`Self::judge`] compared it and was conclusive before the answer was kept.
    /// Here only thisUpdate and nextUpdate count, so an answer without nextUpdate is of no use.
    #[must_use]
    pub fn judge_kept(&self, answer: &[u8], at: Time, source: &str, lists: &CrlSet) -> Option<Revocation> {
        let said = self.read(answer, at, source, lists, Origin::Kept).ok()?;
        let is_current = match said.evidence {
            Some(Evidence::Ocsp { this_update, next_update: Some(end), .. }) => {
                this_update <= at.plus(SKEW) && at < end
            }
            _ => false,
        };
        (is_current && said.state.is_conclusive()).then_some(said)
    }

    /// Whether the answer has our nonce or none. Another nonce is the sign of a replay; without a nonce a replay cannot
    /// be recognised.
    #[must_use]
    pub fn is_answered_by(&self, answer: &[u8]) -> bool {
        let bytes = OcspResponse::from_der(answer).ok().and_then(|response| response.response_bytes);
        let basic = bytes.and_then(|bytes| BasicOcspResponse::from_der(bytes.response.as_bytes()).ok());
        basic.is_some_and(|basic| self.compare_nonce(&basic) != Echo::Other)
    }

    fn read(
        &self,
        answer: &[u8],
        at: Time,
        source: &str,
        lists: &CrlSet,
        origin: Origin,
    ) -> Result<Revocation, State> {
        let nonsense = |_: der::Error| {
            State::unknown("the OCSP answer cannot be read: it is not as RFC 6960 §4.2.1 has it")
        };
        let response = OcspResponse::from_der(answer).map_err(nonsense)?;
        successful(response.response_status)?;
        let bytes = response.response_bytes.ok_or_else(|| State::unknown("the OCSP answer is empty"))?;
        if bytes.response_type != ID_PKIX_OCSP_BASIC {
            return Err(State::unknown("the OCSP answer is of an unknown kind"));
        }
        let basic = BasicOcspResponse::from_der(bytes.response.as_bytes()).map_err(nonsense)?;
        let parts = signature::first_parts(bytes.response.as_bytes()).map_err(nonsense)?;
        let data = &basic.tbs_response_data;
        let proof = responder::check(&basic, &parts, self.issuer, at, lists)
            .map_err(|state| self.never_silent(state, data))?;
        if let Some(id) = unknown_critical(data.response_extensions.as_ref()) {
            return Err(State::unknown(format!(
                "the OCSP answer has the critical extension {id}, not known here"
            )));
        }
        let nonce = match origin {
            Origin::Fresh => self.compare_nonce(&basic),
            Origin::Kept => Echo::None,
        };
        let about_us = data.responses.iter().filter(|single| self.is_about(&single.cert_id));
        let answers = about_us.map(|single| Revocation {
            state: weighed(judge_one(single, nonce, at), proof),
            evidence: Some(Evidence::Ocsp {
                produced_at: time(data.produced_at),
                this_update: time(single.this_update),
                next_update: single.next_update.map(time),
                source: source.to_owned(),
            }),
        });
        Revocation::decide(answers)
            .ok_or_else(|| State::unknown("the OCSP answer is about another certificate"))
    }

    /// Adds the revocation that an answer claims to the reason why the answer is not believed.
    fn never_silent(&self, state: State, data: &ResponseData) -> State {
        let about_us = data.responses.iter().filter(|single| self.is_about(&single.cert_id));
        let against = about_us.map(|single| &single.cert_status).find_map(|status| match status {
            CertStatus::Revoked(info) => Some(time(info.revocation_time)),
            _ => None,
        });
        match (state, against) {
            (State::Unknown { why }, Some(when)) => {
                State::unknown(format!("{why}; it says that the certificate was revoked at {}", when.moment()))
            }
            (state, _) => state,
        }
    }

    fn compare_nonce(&self, basic: &BasicOcspResponse) -> Echo {
        let extensions = basic.tbs_response_data.response_extensions.as_deref().unwrap_or_default();
        let nonce = extensions.iter().find(|extension| extension.extn_id == ID_PKIX_OCSP_NONCE);
        match nonce.map(|nonce| <&OctetStringRef>::from_der(nonce.extn_value.as_bytes())) {
            None => Echo::None,
            Some(Ok(nonce)) if nonce.as_bytes() == self.nonce => Echo::Ours,
            Some(_) => Echo::Other,
        }
    }
}

/// Where an answer comes from.
#[derive(Clone, Copy)]
enum Origin {
    /// It answers this question.
    Fresh,
    /// It answered an earlier one.
    Kept,
}

/// The nonce of the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    Ours,
    Other,
    None,
}

/// Turns good into unknown for an answer signed with SHA-1, because two answers with one signature can be made. A
/// revocation in it still counts.
fn weighed(state: State, proof: Proof) -> State {
    match (state, proof) {
        (State::Good, Proof::BySha1) => {
            State::unknown("the OCSP answer is not trusted: it is signed with SHA-1, which is not secure")
        }
        (state, _) => state,
    }
}

fn successful(status: OcspResponseStatus) -> Result<(), State> {
    match status {
        OcspResponseStatus::Successful => Ok(()),
        OcspResponseStatus::TryLater | OcspResponseStatus::InternalError => {
            Err(State::unreachable("the OCSP responder cannot answer now"))
        }
        OcspResponseStatus::Unauthorized => {
            Err(State::unknown("the OCSP responder may not answer for this certificate (unauthorized)"))
        }
        OcspResponseStatus::MalformedRequest | OcspResponseStatus::SigRequired => {
            Err(State::unknown("the OCSP responder refused the request"))
        }
    }
}

/// The state that one SingleResponse gives. A revocation counts however old the answer is; good must be current.
fn judge_one(single: &SingleResponse, nonce: Echo, at: Time) -> State {
    match &single.cert_status {
        CertStatus::Unknown(_) => State::unknown("the OCSP responder does not know the certificate"),
        CertStatus::Revoked(info) => {
            let when = time(info.revocation_time);
            match info.revocation_reason.and_then(|reason| Reason::from_number(reason as u8)) {
                Some(Reason::CertificateHold) => State::OnHold { since: when },
                reason => State::Revoked { at: when, reason },
            }
        }
        CertStatus::Good(_) => {
            if let Some(id) = unknown_critical(single.single_extensions.as_ref()) {
                return State::unknown(format!(
                    "the OCSP answer has the critical extension {id}, not known here"
                ));
            }
            good(time(single.this_update), single.next_update.map(time), nonce, at)
        }
    }
}

fn good(this_update: Time, next_update: Option<Time>, nonce: Echo, at: Time) -> State {
    if this_update > at.plus(SKEW) {
        return State::unknown(format!("the OCSP answer is not valid before {}", this_update.moment()));
    }
    match next_update {
        Some(end) if at >= end => State::Stale { since: end },
        // Without nextUpdate newer answers exist at any time (RFC 6960 §4.2.2.1).
        None if nonce != Echo::Ours && at > this_update.plus(SKEW) => State::Stale { since: this_update },
        _ if nonce == Echo::Other => {
            State::unknown("the OCSP answer is to another request (its nonce differs)")
        }
        _ => State::Good,
    }
}

fn unknown_critical(extensions: Option<&Extensions>) -> Option<der::asn1::ObjectIdentifier> {
    extensions?
        .iter()
        .find(|extension| extension.critical && extension.extn_id != ID_PKIX_OCSP_NONCE)
        .map(|extension| extension.extn_id)
}

fn time(wire: Moment) -> Time {
    let seconds = wire.0.to_unix_duration().as_secs();
    Time::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}
