//! NIST PKITS, the Public Key Interoperability Test Suite: every path of it, with the settings its description gives.
//!
//! `pkits/` holds its certificates and lists (public domain), one after the other, with their names beside them, and
//! `paths.txt`: number, title, what is right, certificates below the root, lists, settings. Policies are written by
//! their number (NIST-test-policy-1), `left` is what of them must be left at the end.

use std::{collections::HashMap, fs, path::Path};

use certreq::pki::{
    certificate::Certificate,
    chain::{self, PolicyDemand, PolicyId, Purpose, Wanted},
    crl::{Certified, Crl, CrlSet},
    revocation::State,
    time::Time,
};

/// Every certificate of the suite that is meant to be valid is, in 2017.
const NOW: i64 = 1_500_000_000;

/// Valid paths that are refused, and why that is right here.
const REFUSED: [(&str, &str); 3] = [
    ("4.1.4", "DSA is not trusted here"),
    ("4.1.5", "DSA is not trusted here"),
    ("4.14.30", "only the list itself could say that the key that signed it was not revoked"),
];

struct Suite {
    certificates: HashMap<String, Certificate>,
    lists: HashMap<String, Vec<u8>>,
    root: Certificate,
}

struct Case {
    number: String,
    title: String,
    is_valid: bool,
    certificates: Vec<String>,
    lists: Vec<String>,
    demand: PolicyDemand,
    left: Option<Vec<String>>,
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pki/pkits")
}

/// DER objects that stand one after the other, by the names that stand beside them.
fn objects(name: &str) -> HashMap<String, Vec<u8>> {
    let bytes = fs::read(folder().join(format!("{name}.der"))).unwrap();
    let mut rest = bytes.as_slice();
    let mut found = HashMap::new();
    for name in text(&format!("{name}.txt")).lines() {
        let length = match rest[1] {
            0x82 => 4 + usize::from(rest[2]) * 256 + usize::from(rest[3]),
            0x81 => 3 + usize::from(rest[2]),
            short => 2 + usize::from(short),
        };
        let (object, following) = rest.split_at(length);
        found.insert(name.to_owned(), object.to_vec());
        rest = following;
    }
    assert!(rest.is_empty());
    found
}

fn suite() -> Suite {
    let certificates: HashMap<String, Certificate> = objects("certificates")
        .into_iter()
        .map(|(name, der)| {
            (name.clone(), Certificate::from_der(der).unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    let root = certificates["TrustAnchorRootCertificate"].clone();
    Suite { certificates, lists: objects("lists"), root }
}

fn policy(number: &str) -> PolicyId {
    format!("2.16.840.1.101.3.2.1.48.{number}").parse().unwrap()
}

fn cases() -> Vec<Case> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    text("paths.txt")
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('|').collect();
            let mut case = Case {
                number: fields[0].to_owned(),
                title: fields[1].to_owned(),
                is_valid: fields[2] == "valid",
                certificates: words(fields[3]),
                lists: words(fields[4]),
                demand: PolicyDemand::default(),
                left: None,
            };
            for setting in fields[5].split_whitespace() {
                match setting.split_once('=') {
                    Some(("accept", numbers)) => {
                        case.demand.accepted = numbers.split(',').map(policy).collect();
                    }
                    Some(("left", "anyPolicy")) => case.left = Some(vec!["anyPolicy".to_owned()]),
                    Some(("left", numbers)) => {
                        case.left = Some(numbers.split(',').map(|number| policy(number).to_string()).collect());
                    }
                    None if setting == "explicit" => case.demand.explicit = true,
                    None if setting == "no-mapping" => case.demand.no_mapping = true,
                    None if setting == "no-any" => case.demand.no_any = true,
                    _ => panic!("{line}"),
                }
            }
            case
        })
        .collect()
}

impl Suite {
    /// The path is accepted, and every certificate of it is known not to be revoked; else why not.
    fn judge(&self, case: &Case, pool: &[Certificate]) -> Result<Vec<String>, String> {
        let named = |name: &String| self.certificates[name].clone();
        let chain: Vec<Certificate> = case.certificates.iter().map(named).collect();
        let leaf = chain.last().cloned().unwrap_or_else(|| self.root.clone());
        let between: Vec<Certificate> = chain.iter().rev().skip(1).chain(pool).cloned().collect();
        let anchors = [self.root.clone()];
        let at = Time::from_unix(NOW);
        let wanted = Wanted {
            intermediates: &between,
            anchors: &anchors,
            at,
            purpose: Purpose::Any,
            policy: &case.demand,
        };
        let path = chain::find(&leaf, wanted).map_err(|error| error.to_string())?;
        let mut lists = CrlSet::new();
        for name in &case.lists {
            match Crl::from_der(self.lists[name].clone()) {
                Ok(list) => lists.add(list, name),
                Err(error) => return Err(format!("{name}: {error}")),
            }
        }
        let around = Certified { anchors: &anchors, others: &between };
        for (certificate, issuer) in path.links() {
            let said = lists.status_among(certificate, issuer, around, at);
            if said.state != State::Good {
                return Err(format!("{}: {said}", certificate.subject));
            }
        }
        Ok(path.policies().iter().map(ToString::to_string).collect())
    }
}

/// With nothing but the certificates of its own path, and with all of the suite between which to choose.
fn run(pool: impl Fn(&Suite) -> Vec<Certificate>) {
    let suite = suite();
    let pool = pool(&suite);
    let (mut wrong, mut refused, mut policies) = (Vec::new(), Vec::new(), 0);
    for case in cases() {
        let judged = suite.judge(&case, &pool);
        let is_about_policies =
            ["4.8.", "4.9.", "4.10.", "4.11.", "4.12."].iter().any(|part| case.number.starts_with(part));
        let is_right = judged.is_ok() == case.is_valid;
        policies += usize::from(is_about_policies && is_right);
        match (&judged, case.is_valid) {
            (Ok(left), true) => {
                if let Some(expected) = &case.left
                    && left != expected
                {
                    wrong.push(format!("{} {}: left are {left:?}, not {expected:?}", case.number, case.title));
                }
            }
            (Err(_), true) if REFUSED.iter().any(|(number, _)| *number == case.number) => {
                refused.push(case.number);
            }
            (Err(why), true) => wrong.push(format!("{} {}: refused, {why}", case.number, case.title)),
            (Ok(_), false) => wrong.push(format!("{} {}: accepted", case.number, case.title)),
            (Err(_), false) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(refused, REFUSED.map(|(number, _)| number));
    assert_eq!(policies, 88, "all of the subtests about policies");
}

#[test]
fn every_path_of_pkits_with_its_own_certificates() {
    run(|_| Vec::new());
}

#[test]
fn every_path_of_pkits_among_all_certificates_of_the_suite() {
    run(|suite| suite.certificates.values().cloned().collect());
}
