//! The verdict about generated chains beside that of `openssl verify` with the same inputs, and beside rustls-webpki.
//!
//! `CERTREQ_DIFFERENTIAL=20000 cargo test pki::differential` for the long mode. Every disagreement has its rule in
//! [`EXPLAINED`], or is a defect.

use std::{
    collections::{BTreeMap, HashSet},
    env, fs,
    net::IpAddr,
    path::Path,
    process::Command,
};

use certreq::pki::{
    certificate::Certificate,
    chain::{self, Purpose},
    time::Time,
};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, CustomExtension, DistinguishedName, DnType,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::pki_types::{CertificateDer, UnixTime};

pub(super) const NOW: i64 = 1_800_000_000;
pub(super) const DAY: i64 = 86_400;

/// The verifier that says the opposite, our words then, and why ours are right.
const EXPLAINED: [(&str, &str, &str); 4] = [
    ("openssl", "its key is too weak", "openssl verify has no security level unless one is given"),
    ("webpki", "lacks keyCertSign", "webpki leaves key usage to others (RFC 5280 §6.1.4 (n))"),
    (
        "webpki",
        "authority key identifier names another",
        "webpki compares no key identifiers (RFC 5280 §4.2.1.1)",
    ),
    ("webpki", "may not certify", "webpki compares no hosts and mail addresses that stand in the subject"),
];

/// A sequence that is the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    pub(super) fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

const HOSTS: [&str; 6] = ["a.test", "b.a.test", "test", "other.example", "x.other.example", "xa.test"];

pub(super) fn at(offset: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(NOW + offset).unwrap()
}

fn params(name: &str, dice: &mut Dice) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    if dice.one_in(3) {
        params.distinguished_name.push(DnType::OrganizationName, dice.pick(&["Works", "WORKS", "Other"]));
    }
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (at(-100 * DAY), at(100 * DAY));
    match dice.roll(12) {
        0 => params.not_after = at(-DAY),
        1 => params.not_before = at(DAY),
        _ => {}
    }
    params.use_authority_key_identifier_extension = !dice.one_in(3);
    if dice.one_in(25) {
        let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4, dice.roll(3)], vec![5, 0]);
        extension.set_criticality(dice.one_in(2));
        params.custom_extensions.push(extension);
    }
    params
}

fn subtree(dice: &mut Dice) -> GeneralSubtree {
    match dice.roll(4) {
        0 => GeneralSubtree::DnsName(dice.pick(&HOSTS).to_owned()),
        1 => GeneralSubtree::Rfc822Name(dice.pick(&["a.test", ".test", "me@a.test"]).to_owned()),
        2 => GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([10, 0, 0, 0], 8)),
        _ => {
            let mut name = DistinguishedName::new();
            name.push(DnType::OrganizationName, dice.pick(&["Works", "works", "Elsewhere"]));
            GeneralSubtree::DirectoryName(name)
        }
    }
}

fn authority(name: &str, dice: &mut Dice) -> CertificateParams {
    let mut params = params(name, dice);
    params.is_ca = match dice.roll(8) {
        0 => IsCa::ExplicitNoCa,
        1 => IsCa::NoCa,
        2 => IsCa::Ca(BasicConstraints::Constrained(0)),
        3 => IsCa::Ca(BasicConstraints::Constrained(1)),
        _ => IsCa::Ca(BasicConstraints::Unconstrained),
    };
    params.key_usages = match dice.roll(8) {
        0 => vec![KeyUsagePurpose::CrlSign],
        1 => Vec::new(),
        _ => vec![KeyUsagePurpose::KeyCertSign],
    };
    if dice.one_in(3) {
        let mut constraints = NameConstraints { permitted_subtrees: Vec::new(), excluded_subtrees: Vec::new() };
        for _ in 0..=dice.roll(2) {
            let which = if dice.one_in(2) {
                &mut constraints.permitted_subtrees
            } else {
                &mut constraints.excluded_subtrees
            };
            which.push(subtree(dice));
        }
        params.name_constraints = Some(constraints);
    }
    params
}

fn leaf(number: usize, dice: &mut Dice) -> CertificateParams {
    let name = if dice.one_in(4) { dice.pick(&HOSTS).to_owned() } else { format!("leaf {number}") };
    let mut params = params(&name, dice);
    for _ in 0..dice.roll(3) {
        params.subject_alt_names.push(match dice.roll(3) {
            0 => SanType::DnsName(dice.pick(&HOSTS).try_into().unwrap()),
            1 => {
                SanType::Rfc822Name(dice.pick(&["me@a.test", "you@a.test", "me@b.a.test"]).try_into().unwrap())
            }
            _ => SanType::IpAddress(dice.pick(&["10.1.2.3", "11.1.2.3"]).parse::<IpAddr>().unwrap()),
        });
    }
    params
}

struct Batch {
    root: Certificate,
    between: Vec<Certificate>,
    leaves: Vec<Certificate>,
}

fn batch(dice: &mut Dice, count: usize) -> Batch {
    let key = || KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let read = |der: &[u8]| Certificate::from_der(der.to_vec()).unwrap();
    let mut top = CertificateParams::default();
    top.distinguished_name = DistinguishedName::new();
    top.distinguished_name.push(DnType::CommonName, "Root");
    top.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = key();
    let root = read(top.self_signed(&root_key).unwrap().der());
    let (mut issuers, mut between) = (vec![Issuer::new(top, root_key)], Vec::new());
    for number in 0..20 {
        let (params, key) = (authority(&format!("CA {number}"), dice), key());
        let above = &issuers[usize::try_from(dice.roll(issuers.len() as u64)).unwrap()];
        between.push(read(params.signed_by(&key, above).unwrap().der()));
        issuers.push(Issuer::new(params, key));
    }
    let shared = key();
    let leaves = (0..count)
        .map(|number| {
            let params = leaf(number, dice);
            let above = &issuers[usize::try_from(dice.roll(issuers.len() as u64)).unwrap()];
            read(params.signed_by(&shared, above).unwrap().der())
        })
        .collect();
    Batch { root, between, leaves }
}

/// The numbers of the leaves that openssl accepts.
fn openssl(batch: &Batch, directory: &Path) -> HashSet<usize> {
    let write = |name: &str, text: String| fs::write(directory.join(name), text).unwrap();
    write("root.pem", batch.root.to_pem());
    write("between.pem", batch.between.iter().map(Certificate::to_pem).collect());
    let mut command = Command::new("openssl");
    command.current_dir(directory).args(["verify", "-attime", &NOW.to_string()]);
    command.args(["-CAfile", "root.pem", "-untrusted", "between.pem"]);
    for (number, leaf) in batch.leaves.iter().enumerate() {
        write(&format!("{number}.pem"), leaf.to_pem());
        command.arg(format!("{number}.pem"));
    }
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    said.lines().filter_map(|line| line.strip_suffix(".pem: OK")?.parse().ok()).collect()
}

fn webpki_accepts(batch: &Batch, leaf: &Certificate) -> bool {
    let root = CertificateDer::from(batch.root.der());
    let between: Vec<_> = batch.between.iter().map(|one| CertificateDer::from(one.der())).collect();
    let der = CertificateDer::from(leaf.der());
    let (Ok(anchor), Ok(leaf)) =
        (webpki::anchor_from_trusted_cert(&root), webpki::EndEntityCert::try_from(&der))
    else {
        return false;
    };
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(NOW).unwrap()));
    let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all;
    let usage = webpki::KeyUsage::client_auth();
    leaf.verify_for_usage(algorithms, &[anchor], &between, now, usage, None, None).is_ok()
}

#[test]
fn generated_chains_are_judged_as_openssl_and_webpki_do_or_a_rule_says_why_not() {
    let wanted: usize = env::var("CERTREQ_DIFFERENTIAL").map_or(300, |count| count.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let mut dice = Dice(20_261_130);
    let (mut done, mut accepted, mut wrong) = (0, 0, BTreeMap::<String, (usize, String)>::new());
    while done < wanted {
        let batch = batch(&mut dice, 100);
        let theirs = openssl(&batch, directory.path());
        for (number, leaf) in batch.leaves.iter().enumerate() {
            let anchors = std::slice::from_ref(&batch.root);
            let ours = chain::find_path(leaf, &batch.between, anchors, Time::from_unix(NOW), Purpose::Any);
            accepted += usize::from(ours.is_ok());
            let said = ours.as_ref().map_or_else(ToString::to_string, |_| "accepted".to_owned());
            let mut opposite = Vec::new();
            if ours.is_ok() != theirs.contains(&number) {
                opposite.push("openssl");
            }
            // A refusal by webpki may mean that it does not know a feature, so it is not counted.
            if ours.is_err() && webpki_accepts(&batch, leaf) {
                opposite.push("webpki");
            }
            for peer in opposite {
                if !EXPLAINED.iter().any(|(whose, words, _)| *whose == peer && said.contains(words)) {
                    let kind: Vec<&str> = said.split(' ').filter(|word| !word.contains(['=', ':'])).collect();
                    let entry = wrong.entry(format!("{peer}: {}", kind.join(" "))).or_default();
                    *entry = (entry.0 + 1, format!("{said}\n{}", leaf.to_pem()));
                }
            }
        }
        done += batch.leaves.len();
    }
    assert!(wrong.is_empty(), "of {done}: {wrong:#?}");
    assert!(
        accepted * 10 > done && accepted * 10 < done * 9,
        "{accepted} of {done} are accepted: that compares little"
    );
}
