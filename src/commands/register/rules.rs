//! Rules of the platform for a certificate of a foreign CA, checked before it is sent.

use crate::{
    output::checks::Check,
    pki::{
        certificate::Certificate,
        chain::{self, Purpose},
        facts::{CertificateFacts, KeyAlgorithm, KeyFacts},
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        time::Time,
    },
};

const DAY: i64 = 86_400;
/// Characters of a chain the platform takes.
const LONGEST: usize = 65_536;
/// Curves the platform takes.
const CURVES: [&str; 3] = ["P-256", "P-384", "P-521"];

/// The certificates in the order the platform wants them.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) leaf: Certificate,
    /// Each the issuer of the one before.
    pub(super) between: Vec<Certificate>,
    /// The self-signed certificate at the end, where it is at hand.
    pub(super) root: Option<Certificate>,
}

impl Chain {
    /// Puts certificates in order: each is followed by its issuer; certificates outside of the path are left out.
    pub(super) fn of(leaf: Certificate, others: &[Certificate]) -> Self {
        let (mut between, mut root): (Vec<Certificate>, _) = (Vec::new(), None);
        let mut end = leaf.clone();
        // A path cannot be longer than there are certificates.
        for _ in 0..others.len() {
            let candidates = others.iter().filter(|other| other.der() != end.der());
            let Issuer::Found(issuer) = issuer::find(&end, candidates) else { break };
            if issuer.subject == issuer.issuer {
                root = Some(issuer.clone());
                break;
            }
            between.push(issuer.clone());
            end = issuer.clone();
        }
        Self { leaf, between, root }
    }

    /// PEM, leaf first, without the root.
    pub(super) fn to_pem(&self) -> String {
        std::iter::once(&self.leaf).chain(&self.between).map(Certificate::to_pem).collect()
    }

    /// The last certificate before the root.
    fn end(&self) -> &Certificate {
        self.between.last().unwrap_or(&self.leaf)
    }
}

/// Rules that need only the certificates and a clock.
pub(super) fn of_leaf(chain: &Chain, now: Time) -> Vec<Check> {
    let rules = vec![kind(&chain.leaf), dates(&chain.leaf, now), key(&chain.leaf), size(chain)];
    rules.into_iter().chain(version(&chain.leaf)).collect()
}

/// The platform takes certificates of version 1, as `openssl x509 -req` makes them without extensions.
fn version(leaf: &Certificate) -> Option<Check> {
    let version = CertificateFacts::from_der(leaf.der()).ok()?.version;
    let text = format!("it is of X.509 version {version}, which has no key usage: some servers refuse it");
    let hint = "let its CA write extensions: openssl x509 -req -extfile FILE";
    (version < 3).then(|| Check::warn("version", text).hint(hint))
}

fn kind(leaf: &Certificate) -> Check {
    if leaf.is_ca {
        Check::fail("kind", "it is the certificate of an authority (basicConstraints cA)")
            .hint("the device's own certificate comes first; a root is trusted with certreq ca trust add")
    } else {
        Check::ok("kind", "a device's certificate, not an authority's")
    }
}

fn dates(leaf: &Certificate, now: Time) -> Check {
    let left = leaf.not_after.unix() - now.unix();
    if left < 0 {
        return Check::fail("dates", format!("it expired at {}", leaf.not_after.moment()));
    }
    if left <= DAY {
        let text = format!("it expires at {}; the platform wants more than a day", leaf.not_after.moment());
        return Check::fail("dates", text);
    }
    if leaf.not_before > now {
        return Check::fail("dates", format!("it is not valid before {}", leaf.not_before.moment()));
    }
    Check::ok("dates", format!("valid until {}", leaf.not_after.moment()))
}

fn key(leaf: &Certificate) -> Check {
    let Ok(facts) = CertificateFacts::from_der(leaf.der()) else {
        return Check::fail("key", "its public key cannot be read");
    };
    let key: &KeyFacts = &facts.key;
    let good = match key.algorithm {
        KeyAlgorithm::Rsa => key.bits >= 2048,
        KeyAlgorithm::Ec => key.curve.as_deref().is_some_and(|curve| CURVES.contains(&curve)),
        _ => false,
    };
    if good {
        Check::ok("key", key.to_string())
    } else {
        Check::fail("key", format!("{key}; the platform accepts RSA from 2048 bits, P-256, P-384 and P-521"))
    }
}

fn size(chain: &Chain) -> Check {
    let length = chain.to_pem().len();
    let number = 1 + chain.between.len();
    if length > LONGEST {
        return Check::fail(
            "size",
            format!("the chain has {length} characters; the platform accepts {LONGEST}"),
        );
    }
    if chain.between.len() > 1 {
        let text = format!("{number} certificates below the root; the platform's broker accepts 2");
        return Check::warn("size", text);
    }
    Check::ok("size", format!("{length} characters"))
}

/// Which trusted CA it leads to; the error is the finding that says why that is not known.
pub(super) fn root_of(chain: &Chain, named: Option<Fingerprint>) -> Result<Fingerprint, Check> {
    match (chain.root.as_ref().map(Certificate::fingerprint), named) {
        (Some(found), Some(named)) if found != named => {
            Err(Check::fail("root", format!("the chain ends at {found}, and --trusted-ca names {named}")))
        }
        (Some(found), _) => Ok(found),
        (None, Some(named)) => Ok(named),
        (None, None) => {
            let end = chain.end();
            Err(Check::fail(
                "chain",
                format!("it ends at {}: the certificate of {} is missing", end.subject, end.issuer),
            )
            .hint(
                "name the issuers with --intermediates FILE, or the trusted root with --trusted-ca FINGERPRINT",
            ))
        }
    }
}

/// The path to the root holds.
pub(super) fn path(chain: &Chain, root: &Certificate, now: Time) -> Check {
    let anchors = std::slice::from_ref(root);
    match chain::find_path(&chain.leaf, &chain.between, anchors, now, Purpose::ClientOfAnyVersion) {
        Ok(_) => {
            let names: Vec<&str> =
                chain.between.iter().map(|one| one.subject.as_str()).chain([root.subject.as_str()]).collect();
            Check::ok("chain", format!("issued by {}", names.join(", issued by ")))
        }
        Err(error) => {
            let finding = Check::fail("chain", error.to_string());
            if error.is_unknown_issuer() {
                finding.hint("name the certificates between it and the root with --intermediates FILE")
            } else {
                finding
            }
        }
    }
}
