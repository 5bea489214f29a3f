//! The verdict of generated lists beside that of `openssl verify -crl_check -extended_crl` with the same inputs.
//!
//! `CERTREQ_DIFFERENTIAL=20000 cargo test pki::lists` for the long mode.

use std::{env, fs, path::Path, process::Command};

use certreq::pki::{
    certificate::Certificate,
    crl::{Crl, CrlSet},
    revocation::State,
    time::Time,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CrlScope, DistinguishedName, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use super::differential::{DAY, Dice, NOW, at};

const MINE: &str = "http://crl.test/mine";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Revoked,
    NotKnown,
}

/// What we say, what openssl says, when, and why ours is right.
const EXPLAINED: [(Verdict, Verdict, &str, &str); 1] = [(
    Verdict::Revoked,
    Verdict::NotKnown,
    "ended or not begun",
    "revoked is for ever (RFC 5280 §3.3); openssl stops at the dates of the list",
)];

/// One certificate, its issuer, and the lists at hand.
struct Scene {
    root: Certificate,
    leaf: Certificate,
    lists: Vec<Vec<u8>>,
    is_current: bool,
    what: String,
}

fn scene(dice: &mut Dice) -> Scene {
    let key = || KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let read = |der: &[u8]| Certificate::from_der(der.to_vec()).unwrap();
    let mut top = CertificateParams::default();
    top.distinguished_name = DistinguishedName::new();
    top.distinguished_name.push(DnType::CommonName, "Root");
    top.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    top.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let may_sign_lists = !dice.one_in(10);
    if may_sign_lists {
        top.key_usages.push(KeyUsagePurpose::CrlSign);
    }
    let root_key = key();
    let root = read(top.self_signed(&root_key).unwrap().der());
    // Without it rcgen would not sign a list.
    top.key_usages.push(KeyUsagePurpose::CrlSign);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "leaf");
    params.serial_number = Some(SerialNumber::from(7_u64));
    (params.not_before, params.not_after) = (at(-100 * DAY), at(100 * DAY));
    if !dice.one_in(4) {
        params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![MINE.to_owned()] }];
    }
    let genuine = Issuer::new(top.clone(), root_key);
    let leaf = read(params.signed_by(&key(), &genuine).unwrap().der());
    let namesake = Issuer::new(top, key());
    let (mut lists, mut is_current, mut what) = (Vec::new(), true, format!("cRLSign: {may_sign_lists}; "));
    for _ in 0..=dice.roll(2) {
        let (list, current, words) = list(dice);
        let forged = dice.one_in(5);
        let signer = if forged { &namesake } else { &genuine };
        lists.push(list.signed_by(signer).unwrap().der().to_vec());
        is_current &= current;
        what.push_str(&format!("{words}, forged: {forged}; "));
    }
    Scene { root, leaf, lists, is_current, what }
}

/// A list, whether it is of now, and what it is in words.
fn list(dice: &mut Dice) -> (CertificateRevocationListParams, bool, String) {
    let (from, to) = match dice.roll(5) {
        0 => (-20, -1),
        1 => (1, 20),
        _ => (-5, 5),
    };
    let point = match dice.roll(4) {
        0 => Some((MINE, "mine")),
        1 => Some(("http://crl.test/other", "another")),
        _ => None,
    };
    let scope = dice.roll(3);
    let revokes = dice.one_in(2);
    let issuing_distribution_point = point.map(|(uri, _)| CrlIssuingDistributionPoint {
        distribution_point: CrlDistributionPoint { uris: vec![uri.to_owned()] },
        scope: match scope {
            0 => Some(CrlScope::UserCertsOnly),
            1 => Some(CrlScope::CaCertsOnly),
            _ => None,
        },
    });
    let entry = RevokedCertParams {
        serial_number: SerialNumber::from(7_u64),
        revocation_time: at(-30 * DAY),
        reason_code: Some(RevocationReason::KeyCompromise),
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: at(from * DAY),
        next_update: at(to * DAY),
        crl_number: SerialNumber::from(1 + dice.roll(9)),
        issuing_distribution_point,
        revoked_certs: if revokes { vec![entry] } else { Vec::new() },
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let words =
        format!("days {from} to {to}, point {:?}, scope {scope}, revokes: {revokes}", point.map(|it| it.1));
    (list, from < 0 && to > 0, words)
}

fn ours(scene: &Scene) -> Verdict {
    let mut set = CrlSet::new();
    for (number, der) in scene.lists.iter().enumerate() {
        set.add(Crl::from_der(der.clone()).unwrap(), format!("list {number}"));
    }
    match set.status(&scene.leaf, &scene.root, Time::from_unix(NOW)).state {
        State::Good => Verdict::Good,
        State::Revoked { .. } | State::OnHold { .. } => Verdict::Revoked,
        _ => Verdict::NotKnown,
    }
}

fn theirs(scene: &Scene, directory: &Path) -> Verdict {
    let write = |name: &str, text: String| fs::write(directory.join(name), text).unwrap();
    write("root.pem", scene.root.to_pem());
    write("leaf.pem", scene.leaf.to_pem());
    let lists = scene.lists.iter().map(|der| certreq::pki::pem::encode("X509 CRL", der));
    write("lists.pem", lists.collect());
    let mut command = Command::new("openssl");
    command.current_dir(directory).args(["verify", "-attime", &NOW.to_string(), "-crl_check"]);
    command.args(["-extended_crl", "-CAfile", "root.pem", "-CRLfile", "lists.pem", "leaf.pem"]);
    let output = command.output().unwrap();
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let first = String::from_utf8_lossy(&said)
        .lines()
        .find_map(|line| line.strip_prefix("error ")?.split(' ').next()?.parse::<u32>().ok());
    match first {
        None if output.status.success() => Verdict::Good,
        Some(23) => Verdict::Revoked,
        _ => Verdict::NotKnown,
    }
}

#[test]
fn generated_lists_are_judged_as_openssl_does_or_a_rule_says_why_not() {
    let wanted: usize = env::var("CERTREQ_DIFFERENTIAL").map_or(150, |count| count.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let (mut dice, mut wrong, mut seen) = (Dice(20_261_130), Vec::new(), [0; 3]);
    for _ in 0..wanted {
        let scene = scene(&mut dice);
        let (ours, theirs) = (ours(&scene), theirs(&scene, directory.path()));
        seen[ours as usize] += 1;
        let when = if scene.is_current { "of now" } else { "ended or not begun" };
        let explained = EXPLAINED.iter().any(|rule| (rule.0, rule.1, rule.2) == (ours, theirs, when));
        if ours != theirs && !explained {
            wrong.push(format!("ours {ours:?}, theirs {theirs:?}: {}", scene.what));
        }
    }
    assert!(wrong.is_empty(), "{} of {wanted}: {wrong:#?}", wrong.len());
    assert!(seen.iter().all(|count| count * 10 > wanted), "that compares little: {seen:?}");
}
