use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::pki::{
    revocation::{Reason, Revocation, State},
    time::Time,
};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

fn at(offset: i64) -> Time {
    Time::from_unix(NOW + offset)
}

struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

fn authority(algorithm: &'static rcgen::SignatureAlgorithm, usages: Vec<KeyUsagePurpose>) -> Authority {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = usages;
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap();
    Authority { certificate, issuer: Issuer::new(params, key) }
}

fn p256() -> Authority {
    authority(&rcgen::PKCS_ECDSA_P256_SHA256, vec![KeyUsagePurpose::CrlSign])
}

impl Authority {
    fn issue(&self, serial: u64) -> Certificate {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.serial_number = Some(SerialNumber::from(serial));
        Certificate::from_der(params.signed_by(&key, &self.issuer).unwrap().der().to_vec()).unwrap()
    }

    /// A list of today, due tomorrow.
    fn list(&self, entries: &[(u64, Option<RevocationReason>)]) -> Crl {
        let entry = |(serial, reason): &(u64, Option<RevocationReason>)| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: at(-DAY).calendar(),
            reason_code: *reason,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: at(0).calendar(),
            next_update: at(DAY).calendar(),
            crl_number: SerialNumber::from(42),
            issuing_distribution_point: None,
            revoked_certs: entries.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Crl::from_der(params.signed_by(&self.issuer).unwrap().der().to_vec()).unwrap()
    }
}

fn set(lists: impl IntoIterator<Item = Crl>) -> CrlSet {
    let mut set = CrlSet::new();
    lists.into_iter().for_each(|list| set.add(list, "test"));
    set
}

#[test]
fn says_good_revoked_and_on_hold_of_the_serials_it_lists() {
    let ca = p256();
    let reasons =
        [(1, Some(RevocationReason::KeyCompromise)), (300, None), (7, Some(RevocationReason::CertificateHold))];
    let lists = set([ca.list(&reasons)]);
    let state = |serial| lists.status(&ca.issue(serial), &ca.certificate, at(5)).state;
    assert_eq!(state(1), State::Revoked { at: at(-DAY), reason: Some(Reason::KeyCompromise) });
    assert_eq!(state(300), State::Revoked { at: at(-DAY), reason: None });
    assert_eq!(state(7), State::OnHold { since: at(-DAY) });
    for good in [2, 0x80, 0x8000_0000, 255] {
        assert_eq!(state(good), State::Good, "{good}");
    }
}

#[test]
fn its_silence_counts_from_this_update_to_before_next_update() {
    let ca = p256();
    let lists = set([ca.list(&[(1, None)])]);
    let state = |serial, offset| lists.status(&ca.issue(serial), &ca.certificate, at(offset)).state;
    assert!(matches!(state(2, -1), State::Unknown { .. }));
    assert_eq!(state(2, 0), State::Good);
    assert_eq!(state(2, DAY - 1), State::Good);
    assert_eq!(state(2, DAY), State::Stale { since: at(DAY) });
    assert_eq!(state(2, DAY + 1), State::Stale { since: at(DAY) });
    // An entry counts even after nextUpdate.
    assert!(state(1, DAY + 1).is_revoked());
}

#[test]
fn a_list_of_another_key_or_another_name_says_nothing() {
    let (ca, namesake) = (p256(), p256());
    let leaf = ca.issue(1);
    let Revocation { state: State::Unknown { why }, evidence: None } =
        set([namesake.list(&[(1, None)])]).status(&leaf, &ca.certificate, at(5))
    else {
        panic!("another authority of the same name was believed");
    };
    assert!(why.contains("not signed by CN=Test CA"), "{why}");
    // Beside the right list it has no effect.
    let both = set([namesake.list(&[(1, None)]), ca.list(&[])]);
    assert_eq!(both.status(&leaf, &ca.certificate, at(5)).state, State::Good);
    assert!(matches!(set([]).status(&leaf, &ca.certificate, at(5)).state, State::Unknown { .. }));
}

#[test]
fn every_kind_of_key_may_sign_it_unless_its_usage_says_no() {
    for algorithm in [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
        &rcgen::PKCS_RSA_SHA256,
        &rcgen::PKCS_RSA_SHA512,
    ] {
        let ca = authority(algorithm, vec![KeyUsagePurpose::CrlSign]);
        assert_eq!(ca.list(&[]).check_issuer(&ca.certificate), Ok(()), "{algorithm:?}");
    }
    // rcgen signs lists only with cRLSign; the certificate may still say something else.
    let ca = p256();
    let key = KeyPair::try_from(ca.issuer.key().serialize_der()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Test CA");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let other = Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap();
    assert!(matches!(ca.list(&[]).check_issuer(&other), Err(CrlError::KeyUsage(_))));
}

#[test]
fn a_changed_octet_anywhere_is_noticed() {
    let ca = p256();
    let der = ca.list(&[(1, None)]).into_der();
    for position in 0..der.len() {
        let mut changed = der.clone();
        changed[position] ^= 1;
        let believed = Crl::from_der(changed).is_ok_and(|list| list.check_issuer(&ca.certificate).is_ok());
        assert!(!believed, "octet {position}");
    }
}

#[test]
fn no_truncation_and_no_addition_is_a_list() {
    let der = p256().list(&[(1, None), (2, None)]).into_der();
    for length in 0..der.len() {
        assert!(Crl::from_der(der[..length].to_vec()).is_err(), "{length}");
    }
    let mut longer = der;
    longer.push(0);
    assert!(Crl::from_der(longer).is_err());
}

#[test]
fn newer_evidence_ends_a_hold_and_never_a_revocation() {
    let ca = p256();
    let (held, leaf) = (ca.list(&[(1, Some(RevocationReason::CertificateHold))]), ca.issue(1));
    let mut later = CertificateRevocationListParams {
        this_update: at(60).calendar(),
        next_update: at(DAY).calendar(),
        crl_number: SerialNumber::from(43),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let good = |params: &CertificateRevocationListParams| {
        Crl::from_der(params.signed_by(&ca.issuer).unwrap().der().to_vec()).unwrap()
    };
    assert_eq!(set([held, good(&later)]).status(&leaf, &ca.certificate, at(90)).state, State::Good);
    let revoked = ca.list(&[(1, None)]);
    assert!(set([good(&later), revoked]).status(&leaf, &ca.certificate, at(90)).state.is_revoked());
    later.this_update = at(-60).calendar();
    let held = ca.list(&[(1, Some(RevocationReason::CertificateHold))]);
    assert!(set([held, good(&later)]).status(&leaf, &ca.certificate, at(90)).state.is_revoked());
}

#[test]
fn the_same_name_in_another_string_type_is_the_same_name() {
    let ca = p256();
    let key = KeyPair::try_from(ca.issuer.key().serialize_der()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, rcgen::DnValue::PrintableString("TEST  ca".try_into().unwrap()));
    params.key_usages = vec![KeyUsagePurpose::CrlSign];
    let printable = Authority { certificate: ca.certificate.clone(), issuer: Issuer::new(params, key) };
    let lists = set([printable.list(&[(1, None)])]);
    assert!(lists.status(&ca.issue(1), &ca.certificate, at(5)).state.is_revoked());
    assert_eq!(lists.status(&ca.issue(2), &ca.certificate, at(5)).state, State::Good);
}

#[test]
fn a_list_that_is_not_believed_is_not_silent_about_what_it_says() {
    let (ca, namesake) = (p256(), p256());
    let said =
        set([namesake.list(&[]), namesake.list(&[(1, None)])]).status(&ca.issue(1), &ca.certificate, at(5));
    assert!(matches!(said.state, State::Unknown { .. }));
    assert!(said.to_string().contains("it says that the certificate was revoked at"), "{said}");
}

#[test]
fn a_list_of_the_authoritys_next_key_counts_where_that_key_is_certified() {
    let (old, next) = (p256(), p256());
    let key = KeyPair::try_from(next.issuer.key().serialize_der()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // The old key has to be one that may certify.
    let old_key = KeyPair::try_from(old.issuer.key().serialize_der()).unwrap();
    let root = Certificate::from_der(params.self_signed(&old_key).unwrap().der().to_vec()).unwrap();
    let issuer = Issuer::new(params.clone(), old_key);
    let link = Certificate::from_der(params.signed_by(&key, &issuer).unwrap().der().to_vec()).unwrap();
    let (leaf, lists) = (old.issue(1), set([next.list(&[(1, None)])]));
    // A certificate that another chain of the same length lacks is missing there alone.
    let elsewhere = Certified { anchors: &[], others: &[p256().certificate] };
    assert!(matches!(lists.status_among(&leaf, &root, elsewhere, at(5)).state, State::Unknown { .. }));
    let around = Certified { anchors: &[], others: &[link] };
    assert!(lists.status_among(&leaf, &root, around, at(5)).state.is_revoked());
    assert_eq!(lists.status_among(&old.issue(2), &root, around, at(5)).state, State::Good);
    // Without the certificate of its key, the list does not count.
    assert!(matches!(lists.status(&leaf, &root, at(5)).state, State::Unknown { .. }));
}

#[test]
fn a_spare_list_does_not_hide_that_a_named_one_is_of_no_use() {
    let (ca, namesake) = (p256(), p256());
    let mut lists = set([namesake.list(&[])]);
    lists.add_spare(ca.list(&[]), "beside");
    assert!(matches!(lists.status(&ca.issue(1), &ca.certificate, at(5)).state, State::Unknown { .. }));
    let mut lists = set([]);
    lists.add_spare(ca.list(&[]), "beside");
    assert_eq!(lists.status(&ca.issue(1), &ca.certificate, at(5)).state, State::Good);
}

#[test]
fn a_list_of_another_root_of_the_same_name_revokes_and_never_makes_good() {
    let usages = || vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let (old, new) = (
        authority(&rcgen::PKCS_ECDSA_P256_SHA256, usages()),
        authority(&rcgen::PKCS_ECDSA_P256_SHA256, usages()),
    );
    let anchors = [new.certificate.clone(), old.certificate.clone()];
    let around = Certified { anchors: &anchors, others: &[] };
    let state =
        |lists: &CrlSet, serial| lists.status_among(&old.issue(serial), &old.certificate, around, at(5));
    let lists = set([new.list(&[(1, None), (3, Some(RevocationReason::CertificateHold))])]);
    assert!(state(&lists, 1).state.is_revoked());
    assert!(state(&lists, 3).state.is_revoked());
    let silent = state(&lists, 2);
    assert!(matches!(silent.state, State::Unknown { .. }), "{silent}");
    assert!(silent.to_string().contains("another trusted root of that name"), "{silent}");
    // With the list of its own root beside it, it is good, and a revocation in either counts.
    let both = set([new.list(&[(1, None)]), old.list(&[(4, None)])]);
    assert_eq!(state(&both, 2).state, State::Good);
    assert!(state(&both, 1).state.is_revoked());
    assert!(state(&both, 4).state.is_revoked());
}
