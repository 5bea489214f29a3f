//! The verdict of generated lists beside that of `openssl verify -crl_check -extended_crl` with the same inputs.
//!
//! `CERTREQ_DIFFERENTIAL=20000 cargo test pki::lists` for the long mode. Every disagreement has its rule in
//! [`EXPLAINED`], or is a defect.

use std::{collections::BTreeMap, env, fs, path::Path, process::Command};

use certreq::pki::{
    certificate::Certificate,
    crl::{Certified, Crl, CrlSet},
    revocation::State,
    time::Time,
};

use super::{
    differential::{Dice, NOW},
    making::{self, Scene},
};

/// Verdict on one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Good,
    Revoked,
    NotKnown,
}

/// Our verdict, openssl's verdict, where that is so, and why ours is right.
const EXPLAINED: [(Verdict, Verdict, Where, &str); 9] = [
    (Verdict::Revoked, Verdict::Good, Where::Mentioned, ONE_LIST),
    (Verdict::Revoked, Verdict::NotKnown, Where::Mentioned, ONE_LIST),
    (
        Verdict::Good,
        Verdict::NotKnown,
        Where::Theirs("8"),
        "openssl stops at a forged list, though a genuine one covers the certificate",
    ),
    (Verdict::Good, Verdict::NotKnown, Where::Reasons("3"), FIRST_POINT),
    (Verdict::Good, Verdict::NotKnown, Where::Reasons("12"), FIRST_POINT),
    (Verdict::Good, Verdict::NotKnown, Where::Reasons("44"), FIRST_POINT),
    (
        Verdict::NotKnown,
        Verdict::Good,
        Where::Endless,
        "a list without nextUpdate never ends for openssl; RFC 5280 §5.1.2.5 demands one",
    ),
    (
        Verdict::NotKnown,
        Verdict::Good,
        Where::Ours("it says that the certificate was"),
        "openssl does not tell of a list that names the certificate and may not be used",
    ),
    (
        Verdict::NotKnown,
        Verdict::Good,
        Where::OfOther,
        "openssl does not ask whether the key of a list was revoked (RFC 5280 §6.3.3 (f))",
    ),
];
const ONE_LIST: &str = "openssl asks the list it picks; every genuine list counts that names the certificate, whatever \
                        its dates, its point and its number";
const FIRST_POINT: &str = "openssl takes the reasons of the first point that fits; all of them count together, and a \
                           list for no point is for every certificate (RFC 5280 §6.3.3)";

/// In which disagreements a rule is meant.
#[derive(Clone, Copy, Debug)]
enum Where {
    /// Our reason says this.
    Ours(&'static str),
    /// One of openssl's numbers is this.
    Theirs(&'static str),
    /// One of the lists has no nextUpdate.
    Endless,
    /// A genuine list revokes it or puts it on hold, as the generator knows.
    Mentioned,
    /// One of the lists is signed by an authority of another name.
    OfOther,
    /// openssl's number, and the certificate limits one of its points to some reasons.
    Reasons(&'static str),
}

/// One disagreement.
struct Odd<'a> {
    why: &'a str,
    numbers: &'a str,
    is_mentioned: bool,
    has_endless: bool,
    has_other: bool,
    points: &'a str,
}

impl Where {
    fn fits(self, odd: &Odd<'_>) -> bool {
        let has = |number: &str| odd.numbers.split(' ').any(|one| one == number);
        match self {
            Self::Ours(words) => odd.why.contains(words),
            Self::Theirs(number) => has(number),
            Self::Endless => odd.has_endless,
            Self::Mentioned => odd.is_mentioned,
            Self::OfOther => odd.has_other,
            Self::Reasons(number) => has(number) && odd.points.contains("reasons Some"),
        }
    }
}

/// Ours, with the reason.
fn ours(scene: &Scene, leaf: &Certificate) -> (Verdict, String) {
    let mut set = CrlSet::new();
    for (number, der) in scene.lists.iter().enumerate() {
        set.add(Crl::from_der(der.clone()).unwrap(), format!("list {number}"));
    }
    let around = Certified { anchors: std::slice::from_ref(&scene.root), others: &scene.around };
    let revocation = set.status_among(leaf, &scene.root, around, Time::from_unix(NOW));
    let verdict = match &revocation.state {
        State::Good => Verdict::Good,
        State::Revoked { .. } | State::OnHold { .. } => Verdict::Revoked,
        _ => Verdict::NotKnown,
    };
    (verdict, revocation.to_string())
}

/// That of openssl for each leaf, with its numbers.
fn theirs(scene: &Scene, directory: &Path) -> Vec<(Verdict, String)> {
    let write = |name: &str, text: String| fs::write(directory.join(name), text).unwrap();
    write("root.pem", scene.root.to_pem());
    write("around.pem", scene.around.iter().map(Certificate::to_pem).collect());
    let lists = scene.lists.iter().map(|der| certreq::pki::pem::encode("X509 CRL", der));
    write("lists.pem", lists.collect());
    let mut command = Command::new("openssl");
    command.current_dir(directory).args(["verify", "-attime", &NOW.to_string(), "-crl_check"]);
    command.args(["-extended_crl", "-use_deltas", "-CAfile", "root.pem", "-untrusted", "around.pem"]);
    command.args(["-CRLfile", "lists.pem"]);
    for (number, leaf) in scene.leaves.iter().enumerate() {
        write(&format!("{number}.pem"), leaf.to_pem());
        command.arg(format!("{number}.pem"));
    }
    let output = command.output().unwrap();
    let (good, bad) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let mut said = vec![None; scene.leaves.len()];
    for number in good.lines().filter_map(|line| line.strip_suffix(".pem: OK")?.parse::<usize>().ok()) {
        said[number] = Some((Verdict::Good, String::new()));
    }
    let mut numbers = Vec::new();
    for line in bad.lines() {
        let Some(rest) = line.strip_prefix("error ") else { continue };
        if let Some(file) = rest.strip_suffix(".pem: verification failed") {
            let errors: Vec<&str> = std::mem::take(&mut numbers);
            let verdict = if errors.contains(&"23") { Verdict::Revoked } else { Verdict::NotKnown };
            said[file.parse::<usize>().unwrap()] = Some((verdict, errors.join(" ")));
        } else {
            numbers.extend(rest.split(' ').next());
        }
    }
    said.into_iter().map(|one| one.unwrap_or_else(|| panic!("no verdict: {good}{bad}"))).collect()
}

#[test]
fn generated_lists_are_judged_as_openssl_does_or_a_rule_says_why_not() {
    let wanted: usize = env::var("CERTREQ_DIFFERENTIAL").map_or(300, |count| count.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let (mut dice, makers) = (Dice(20_261_130), making::Makers::new());
    let (mut wrong, mut seen, mut done) = (BTreeMap::<String, (usize, String)>::new(), [0; 3], 0);
    while done < wanted {
        let scene = makers.scene(&mut dice);
        let theirs = theirs(&scene, directory.path());
        for (place, (leaf, (other, numbers))) in scene.leaves.iter().zip(theirs).enumerate() {
            let (verdict, why) = ours(&scene, leaf);
            let (is_named, points) = (scene.named.contains(&place), &scene.points[place]);
            // A leaf that a genuine list names is revoked, with any verdict of openssl.
            assert!(!is_named || verdict == Verdict::Revoked, "{why}: {place} of\n{}", scene.what);
            seen[verdict as usize] += 1;
            done += 1;
            let is_mentioned = is_named || scene.mentioned.contains(&place);
            let (has_endless, has_other) = (scene.has_endless, scene.has_other);
            let odd = Odd { why: &why, numbers: &numbers, is_mentioned, has_endless, has_other, points };
            let explained = EXPLAINED
                .iter()
                .any(|(mine, their, place, _)| (*mine, *their) == (verdict, other) && place.fits(&odd));
            if verdict != other && !explained {
                let words: Vec<&str> = why
                    .split(' ')
                    .filter(|word| !word.contains(['=', ':', '0', '1', '2', '3', '4', '5']))
                    .collect();
                let kind = format!("ours {verdict:?}, theirs {other:?} ({numbers}): {}", words.join(" "));
                let entry = wrong.entry(kind).or_default();
                *entry = (entry.0 + 1, format!("of {}\n{}", leaf.serial, scene.what));
            }
        }
    }
    let told: Vec<String> =
        wrong.iter().map(|(kind, (times, one))| format!("{times} x {kind}\n{one}")).collect();
    assert!(told.is_empty(), "of {done}:\n{}", told.join("\n"));
    assert!(seen.iter().all(|count| count * 12 > done), "that compares little: {seen:?}");
}
