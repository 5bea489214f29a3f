//! What the platform asks of a certificate of somebody else's CA, checked before it is sent.

use crate::pki::{
    certificate::Certificate,
    chain::{self, Purpose},
    facts::{CertificateFacts, KeyAlgorithm, KeyFacts},
    fingerprint::Fingerprint,
    issuer::{self, Issuer},
    time::Time,
};

const DAY: i64 = 86_400;
/// Characters of a chain the platform takes.
const LONGEST: usize = 65_536;
/// Curves the platform takes.
const CURVES: [&str; 3] = ["P-256", "P-384", "P-521"];

/// One rule and how the certificate fares with it.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) rule: &'static str,
    pub(super) verdict: Verdict,
    pub(super) text: String,
    /// What to do about it.
    pub(super) hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Good,
    /// It will do here, and may not elsewhere.
    Doubtful,
    Bad,
}

impl Finding {
    pub(super) fn good(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Good, text: text.into(), hint: None }
    }

    pub(super) fn doubtful(rule: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Doubtful, ..Self::good(rule, text) }
    }

    pub(super) fn bad(rule: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Bad, ..Self::good(rule, text) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

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
    /// Puts certificates in order: each is followed by its issuer; what is no part of the path is left out.
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

/// The rules that need nothing but the certificates and a clock.
pub(super) fn of_leaf(chain: &Chain, now: Time) -> Vec<Finding> {
    vec![kind(&chain.leaf), dates(&chain.leaf, now), key(&chain.leaf), size(chain)]
}

fn kind(leaf: &Certificate) -> Finding {
    if leaf.is_ca {
        Finding::bad("kind", "it is the certificate of an authority (basicConstraints cA)")
            .hint("the device's own certificate comes first; a root is trusted with certreq ca trust add")
    } else {
        Finding::good("kind", "a device's certificate, not an authority's")
    }
}

fn dates(leaf: &Certificate, now: Time) -> Finding {
    let left = leaf.not_after.unix() - now.unix();
    if left < 0 {
        return Finding::bad("dates", format!("it expired at {}", leaf.not_after));
    }
    if left <= DAY {
        let text = format!("it expires at {}; the platform wants more than a day", leaf.not_after);
        return Finding::bad("dates", text);
    }
    if leaf.not_before > now {
        return Finding::bad("dates", format!("it is not valid before {}", leaf.not_before));
    }
    Finding::good("dates", format!("valid until {}", leaf.not_after))
}

fn key(leaf: &Certificate) -> Finding {
    let Ok(facts) = CertificateFacts::from_der(leaf.der()) else {
        return Finding::bad("key", "its public key cannot be read");
    };
    let key: &KeyFacts = &facts.key;
    let good = match key.algorithm {
        KeyAlgorithm::Rsa => key.bits >= 2048,
        KeyAlgorithm::Ec => key.curve.as_deref().is_some_and(|curve| CURVES.contains(&curve)),
        _ => false,
    };
    if good {
        Finding::good("key", key.to_string())
    } else {
        Finding::bad("key", format!("{key}; the platform takes RSA from 2048 bits, P-256, P-384 and P-521"))
    }
}

fn size(chain: &Chain) -> Finding {
    let length = chain.to_pem().len();
    let number = 1 + chain.between.len();
    if length > LONGEST {
        return Finding::bad(
            "size",
            format!("the chain has {length} characters; the platform takes {LONGEST}"),
        );
    }
    if chain.between.len() > 1 {
        let text = format!("{number} certificates below the root; the platform's broker takes 2");
        return Finding::doubtful("size", text);
    }
    Finding::good("size", format!("{length} characters"))
}

/// Which trusted CA it leads to; the error is the finding that says why that is not known.
pub(super) fn root_of(chain: &Chain, named: Option<Fingerprint>) -> Result<Fingerprint, Finding> {
    match (chain.root.as_ref().map(Certificate::fingerprint), named) {
        (Some(found), Some(named)) if found != named => {
            Err(Finding::bad("root", format!("the chain ends at {found}, and --trusted-ca names {named}")))
        }
        (Some(found), _) => Ok(found),
        (None, Some(named)) => Ok(named),
        (None, None) => {
            let end = chain.end();
            Err(Finding::bad(
                "chain",
                format!("it ends at {}: no certificate of {} is there", end.subject, end.issuer),
            )
            .hint("name the issuers with --chain FILE, or the trusted root with --trusted-ca FINGERPRINT"))
        }
    }
}

/// The path to the root holds.
pub(super) fn path(chain: &Chain, root: &Certificate, now: Time) -> Finding {
    let anchors = std::slice::from_ref(root);
    match chain::find_path(&chain.leaf, &chain.between, anchors, now, Purpose::ClientIfLimited) {
        Ok(_) => {
            let names: Vec<&str> =
                chain.between.iter().map(|one| one.subject.as_str()).chain([root.subject.as_str()]).collect();
            Finding::good("chain", format!("issued by {}", names.join(", issued by ")))
        }
        Err(error) => {
            let finding = Finding::bad("chain", error.to_string());
            if error.is_unknown_issuer() {
                finding.hint("name the certificates between it and the root with --chain FILE")
            } else {
                finding
            }
        }
    }
}
