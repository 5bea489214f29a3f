use der::{
    Any,
    asn1::{BitString, GeneralizedTime},
};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SigningKey,
};
use x509_cert::ext::pkix::CrlReason;

use super::{
    wire::{
        BasicOcspResponse, CertStatus, Moment, OcspResponse, OcspResponseStatus, ResponderId, ResponseBytes,
        ResponseData, RevokedInfo, SingleResponse, Version,
    },
    *,
};
use crate::pki::{
    crl::CrlSet,
    revocation::{Reason, Revocation, State},
    time::Time,
};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

fn at(offset: i64) -> Time {
    Time::from_unix(NOW + offset)
}

fn wire(offset: i64) -> Moment {
    let seconds = u64::try_from(NOW + offset).unwrap();
    Moment(GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds)).unwrap())
}

/// A holder of a certificate and its key.
struct Party {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = at(-YEAR * 2).calendar();
    params.not_after = at(YEAR).calendar();
    params
}

fn authority(name: &str) -> Party {
    let key = KeyPair::generate().unwrap();
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap();
    Party { certificate, issuer: Issuer::new(params, key) }
}

impl Party {
    fn issue(&self, params: CertificateParams) -> Party {
        let key = KeyPair::generate().unwrap();
        let certificate =
            Certificate::from_der(params.signed_by(&key, &self.issuer).unwrap().der().to_vec()).unwrap();
        Party { certificate, issuer: Issuer::new(params, key) }
    }

    fn delegate(&self, usage: Option<ExtendedKeyUsagePurpose>) -> Party {
        let mut params = params("Responder");
        params.extended_key_usages = usage.into_iter().collect();
        params.custom_extensions =
            vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], vec![5, 0])];
        self.issue(params)
    }
}

/// An answer to take apart: good, current, with our nonce.
fn answer(question: &Question<'_>) -> ResponseData {
    let request = OcspRequest::from_der(question.der()).unwrap().tbs_request;
    ResponseData {
        version: Version::V1,
        responder_id: ResponderId::ByKey(OctetString::new(question.names[0].key_hash.clone()).unwrap()),
        produced_at: wire(0),
        responses: vec![SingleResponse {
            cert_id: request.request_list[0].req_cert.clone(),
            cert_status: CertStatus::Good(Null),
            this_update: wire(0),
            next_update: Some(wire(DAY)),
            single_extensions: None,
        }],
        response_extensions: request.request_extensions,
    }
}

fn sign(data: ResponseData, signer: &Party, with: &[&Party]) -> Vec<u8> {
    let signature = signer.issuer.key().sign(&data.to_der().unwrap()).unwrap();
    let basic = BasicOcspResponse {
        tbs_response_data: data,
        signature_algorithm: AlgorithmIdentifierOwned {
            oid: der::oid::db::rfc5912::ECDSA_WITH_SHA_256,
            parameters: None,
        },
        signature: BitString::from_bytes(&signature).unwrap(),
        certs: (!with.is_empty())
            .then(|| with.iter().map(|party| Any::from_der(party.certificate.der()).unwrap()).collect()),
    };
    let response_bytes = ResponseBytes {
        response_type: der::oid::db::rfc6960::ID_PKIX_OCSP_BASIC,
        response: OctetString::new(basic.to_der().unwrap()).unwrap(),
    };
    let response_status = OcspResponseStatus::Successful;
    OcspResponse { response_status, response_bytes: Some(response_bytes) }.to_der().unwrap()
}

fn by_delegate(mut data: ResponseData, delegate: &Party) -> Vec<u8> {
    let key = signature::key_bits(delegate.certificate.public_key_info()).unwrap();
    let hash = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref().to_vec();
    data.responder_id = ResponderId::ByKey(OctetString::new(hash).unwrap());
    sign(data, delegate, &[delegate])
}

struct Scene {
    ca: Party,
    leaf: Party,
}

impl Scene {
    fn new() -> Self {
        let ca = authority("Test CA");
        let leaf = ca.issue(params("device"));
        Self { ca, leaf }
    }

    fn question(&self) -> Question<'_> {
        Question::new(&self.leaf.certificate, &self.ca.certificate, [7; 32]).unwrap()
    }

    fn judge(&self, answer: &[u8], at: Time) -> Revocation {
        self.question().judge(answer, at, "test", &CrlSet::new())
    }

    fn signed(&self, change: impl FnOnce(&mut ResponseData)) -> State {
        let mut data = answer(&self.question());
        change(&mut data);
        self.judge(&sign(data, &self.ca, &[]), at(5)).state
    }

    #[track_caller]
    fn is_unknown(state: &State, words: &str) {
        assert!(matches!(state, State::Unknown { why } if why.contains(words)), "{state}");
    }
}

#[test]
fn the_issuer_says_good_and_revoked_of_our_certificate() {
    let scene = Scene::new();
    assert_eq!(scene.signed(|_| {}), State::Good);
    let revoked = |reason| {
        let info = RevokedInfo { revocation_time: wire(-DAY), revocation_reason: Some(reason) };
        scene.signed(|data| data.responses[0].cert_status = CertStatus::Revoked(info))
    };
    let at = at(-DAY);
    assert_eq!(revoked(CrlReason::KeyCompromise), State::Revoked { at, reason: Some(Reason::KeyCompromise) });
    assert_eq!(revoked(CrlReason::CertificateHold), State::OnHold { since: at });
    Scene::is_unknown(
        &scene.signed(|data| data.responses[0].cert_status = CertStatus::Unknown(Null)),
        "does not know",
    );
}

#[test]
fn an_answer_about_another_certificate_says_nothing_of_ours() {
    let scene = Scene::new();
    let other = SerialNumber::new(&[1, 2, 3]).unwrap();
    let state = scene.signed(|data| data.responses[0].cert_id.serial_number = other.clone());
    Scene::is_unknown(&state, "another certificate");
    let state =
        scene.signed(|data| data.responses[0].cert_id.issuer_key_hash = OctetString::new(vec![0; 20]).unwrap());
    Scene::is_unknown(&state, "another certificate");
    // Beside an answer about our certificate it has no effect.
    let state = scene.signed(|data| {
        let mut beside = data.responses[0].clone();
        beside.cert_id.serial_number = other;
        beside.cert_status =
            CertStatus::Revoked(RevokedInfo { revocation_time: wire(0), revocation_reason: None });
        data.responses.insert(0, beside);
    });
    assert_eq!(state, State::Good);
}

#[test]
fn an_answer_of_last_year_is_stale_and_one_of_tomorrow_is_not_yet_one() {
    let scene = Scene::new();
    let replayed = |next: Option<i64>, nonce: bool| {
        scene.signed(|data| {
            data.responses[0].this_update = wire(-YEAR);
            data.responses[0].next_update = next.map(wire);
            data.response_extensions = data.response_extensions.take().filter(|_| nonce);
        })
    };
    assert_eq!(replayed(Some(-YEAR + DAY), true), State::Stale { since: at(-YEAR + DAY) });
    assert_eq!(replayed(None, false), State::Stale { since: at(-YEAR) });
    // The boundary: at nextUpdate it is over.
    assert_eq!(replayed(Some(6), true), State::Good);
    assert_eq!(replayed(Some(5), true), State::Stale { since: at(5) });
    let state = scene.signed(|data| data.responses[0].this_update = wire(DAY));
    Scene::is_unknown(&state, "is not valid before");
    // An expired answer still shows a revocation of last year.
    let info = RevokedInfo { revocation_time: wire(-YEAR), revocation_reason: None };
    let state = scene.signed(|data| {
        data.responses[0].cert_status = CertStatus::Revoked(info);
        data.responses[0].next_update = Some(wire(-YEAR + 1));
    });
    assert!(state.is_revoked());
}

#[test]
fn the_nonce_is_ours_or_there_is_none() {
    let scene = Scene::new();
    assert_eq!(scene.signed(|data| data.response_extensions = None), State::Good);
    let other = Question::new(&scene.leaf.certificate, &scene.ca.certificate, [8; 32]).unwrap();
    let extensions = answer(&other).response_extensions;
    Scene::is_unknown(&scene.signed(|data| data.response_extensions = extensions), "nonce");
}

#[test]
fn a_delegate_answers_only_with_the_issuers_permission_and_in_its_time() {
    let scene = Scene::new();
    let judge = |delegate: &Party, at| scene.judge(&by_delegate(answer(&scene.question()), delegate), at).state;
    let signing = || Some(ExtendedKeyUsagePurpose::OcspSigning);
    let delegate = scene.ca.delegate(signing());
    assert_eq!(judge(&delegate, at(5)), State::Good);
    let expired = scene.judge(&by_delegate(answer(&scene.question()), &delegate), at(YEAR * 2)).state;
    Scene::is_unknown(&expired, "may not answer");
    Scene::is_unknown(&judge(&scene.ca.delegate(None), at(5)), "OCSPSigning");
    Scene::is_unknown(
        &judge(&scene.ca.delegate(Some(ExtendedKeyUsagePurpose::ClientAuth)), at(5)),
        "OCSPSigning",
    );
    Scene::is_unknown(&judge(&authority("Test CA").delegate(signing()), at(5)), "not from the issuer");
    Scene::is_unknown(&judge(&scene.leaf, at(5)), "may not answer");
    // Its certificate has to come with the answer.
    let unsigned = sign(answer(&scene.question()), &delegate, &[]);
    Scene::is_unknown(&scene.judge(&unsigned, at(5)).state, "was not signed by CN=Test CA");
}

#[test]
fn no_changed_octet_says_good() {
    let scene = Scene::new();
    let whole = sign(answer(&scene.question()), &scene.ca, &[]);
    assert_eq!(scene.judge(&whole, at(5)).state, State::Good);
    for position in 0..whole.len() {
        let mut changed = whole.clone();
        changed[position] ^= 1;
        assert_ne!(scene.judge(&changed, at(5)).state, State::Good, "octet {position}");
        assert_ne!(scene.judge(&whole[..position], at(5)).state, State::Good, "cut at {position}");
    }
}

#[test]
fn a_busy_responder_is_unreachable_and_a_refusing_one_unknown() {
    let scene = Scene::new();
    let state = |status| scene.judge(&OcspResponse::without_answer(status).to_der().unwrap(), at(5)).state;
    assert!(matches!(state(OcspResponseStatus::TryLater), State::Unreachable { .. }));
    assert!(matches!(state(OcspResponseStatus::InternalError), State::Unreachable { .. }));
    Scene::is_unknown(&state(OcspResponseStatus::MalformedRequest), "refused");
}
