//! Tests of paths beyond those of NIST's suite (tests/pki).

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};

use super::*;
use crate::pki::path::{search::Search, validate::Asked};

const NOW: i64 = 1_800_000_000;

struct Made {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

fn params(name: &str, is_ca: bool) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    }
    params
}

fn key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap()
}

fn root(params: CertificateParams) -> Made {
    let key = key();
    let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap();
    Made { certificate, issuer: Issuer::new(params, key) }
}

impl Made {
    fn issue(&self, params: CertificateParams) -> Made {
        self.issue_for(params, key())
    }

    fn issue_for(&self, params: CertificateParams, key: KeyPair) -> Made {
        let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Made { certificate: Certificate::from_der(der).unwrap(), issuer: Issuer::new(params, key) }
    }
}

fn found(leaf: &Made, between: &[&Made], anchors: &[&Made]) -> Result<Path, ChainError> {
    let own = |made: &[&Made]| made.iter().map(|made| made.certificate.clone()).collect::<Vec<_>>();
    let (intermediates, anchors) = (&own(between), &own(anchors));
    let (at, purpose) = (Time::from_unix(NOW), Purpose::Any);
    let policy = &PolicyDemand::default();
    find(&leaf.certificate, Wanted { intermediates, anchors, at, purpose, policy })
}

#[test]
fn a_certificate_that_is_trusted_itself_stands_alone() {
    let (ca, stranger) = (root(params("ca", true)), root(params("stranger", true)));
    let leaf = ca.issue(params("leaf", false));
    assert_eq!(found(&leaf, &[], &[&leaf]).unwrap().certificates().len(), 1);
    // If its issuer is also trusted, the path goes up to the issuer, which may have revoked the leaf.
    assert_eq!(found(&leaf, &[], &[&leaf, &ca]).unwrap().certificates().len(), 2);
    assert_eq!(found(&ca, &[], &[&ca]).unwrap().certificates().len(), 1);
    assert!(matches!(found(&leaf, &[], &[&stranger]), Err(ChainError::UnknownIssuer { .. })));
    assert!(found(&ca, &[], &[&stranger]).is_err());
}

#[test]
fn a_cross_signed_root_and_a_new_key_lead_on() {
    let (old, new) = (root(params("ca", true)), root(params("other", true)));
    let key = KeyPair::try_from(new.issuer.key().serialize_der()).unwrap();
    let cross = old.issue_for(params("other", true), key);
    let leaf = new.issue(params("leaf", false));
    assert_eq!(found(&leaf, &[&cross], &[&old]).unwrap().certificates().len(), 3);
    assert_eq!(found(&leaf, &[&cross], &[&new, &old]).unwrap().certificates().len(), 2);
    // The same authority with a new key, certified by the old one: it does not count for the length of the path.
    let mut short = params("ca", true);
    short.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let ca = root(short);
    let link = ca.issue(params("ca", true));
    let leaf = link.issue(params("leaf", false));
    assert_eq!(found(&leaf, &[&link], &[&ca]).unwrap().certificates().len(), 3);
    let below = ca.issue(params("below", true));
    let leaf = below.issue(params("leaf", false));
    let said = found(&leaf, &[&below], &[&ca]).unwrap_err().to_string();
    assert!(said.contains("pathLenConstraint"), "{said}");
}

#[test]
fn the_reason_is_that_of_the_path_that_went_furthest() {
    let ca = root(params("ca", true));
    let namesake = root(params("ca", true));
    let mut constrained = params("sub", true);
    constrained.name_constraints = Some(rcgen::NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    let sub = ca.issue(constrained);
    let mut named = params("leaf", false);
    named.subject_alt_names = vec![SanType::DnsName("a.example.com".try_into().unwrap())];
    let leaf = sub.issue(named);
    let said = found(&leaf, &[&sub], &[&namesake, &ca]).unwrap_err().to_string();
    assert_eq!(said, "CN=sub may not certify DNS:a.example.com (nameConstraints, RFC 5280 §4.2.1.10)");
    let said = found(&leaf, &[&sub], &[&namesake]).unwrap_err().to_string();
    assert_eq!(said, "the signature on CN=sub was not made by the root certificate held here");
    let said = found(&leaf, &[&sub], &[]).unwrap_err().to_string();
    assert!(said.ends_with("its authority CN=sub was issued by CN=ca"), "{said}");
}

#[test]
fn ten_thousand_authorities_of_one_name_end_quickly() {
    let ca = root(params("ca", true));
    let hostile = key();
    let made: Vec<Certificate> = (1..=10_000_u64)
        .map(|serial| {
            let mut params = params("ca", true);
            params.serial_number = Some(SerialNumber::from(serial));
            params.use_authority_key_identifier_extension = false;
            let der = params.self_signed(&hostile).unwrap().der().to_vec();
            Certificate::from_der(der).unwrap()
        })
        .collect();
    let leaf = ca.issue(params("leaf", false)).certificate;
    let policy = PolicyDemand::default();
    let asked = Asked { now: Time::from_unix(NOW), purpose: Purpose::Any, policy: &policy };
    let search = Search::new(&leaf, &made, &[], asked);
    let said = search.run().unwrap_err().to_string();
    assert!(said.contains("given up") || said.contains("was not made by"), "{said}");
    let (signatures, work) = search.budget.spent();
    assert!(signatures <= 400 && work <= 250_000, "{signatures} signatures, {work} steps");
    // The right one among them is found all the same: its key identifier says so.
    let anchors = [ca.certificate.clone()];
    let mut with_id = params("leaf", false);
    with_id.use_authority_key_identifier_extension = true;
    let leaf = ca.issue(with_id).certificate;
    Search::new(&leaf, &made, &anchors, asked).run().unwrap();
}

#[test]
fn chains_of_ninety_authorities_and_a_mesh_of_them_end() {
    let ca = root(params("ca 0", true));
    let mut chain = vec![ca];
    for index in 1..90 {
        let next = chain.last().unwrap().issue(params(&format!("ca {index}"), true));
        chain.push(next);
    }
    let leaf = chain.last().unwrap().issue(params("leaf", false));
    let between: Vec<&Made> = chain.iter().skip(1).collect();
    assert_eq!(found(&leaf, &between, &[&chain[0]]).unwrap().certificates().len(), 91);
    // Twelve authorities certify each other, and no anchor certified any of them.
    let all: Vec<Made> = (0..12).map(|index| root(params(&format!("mesh {index}"), true))).collect();
    let mut cross = Vec::new();
    for below in &all {
        for above in &all {
            let name = below.certificate.subject.trim_start_matches("CN=").to_owned();
            let key = KeyPair::try_from(below.issuer.key().serialize_der()).unwrap();
            cross.push(above.issue_for(params(&name, true), key));
        }
    }
    let leaf = all[0].issue(params("leaf", false));
    assert!(found(&leaf, &cross.iter().collect::<Vec<_>>(), &[&chain[0]]).is_err());
}
