//! Basic path validation (RFC 5280 §6.1), and what is asked here beyond it: the anchor's own dates and limits, key
//! identifiers that fit, purposes, keys that are not weak.

use x509_parser::{extensions::GeneralName, extensions::ParsedExtension};

use super::{
    budget::{Budget, Exhausted},
    constraints::{self, Constraints, NameRefusal},
    error::{ChainError, refused},
    node::Node,
    policy::{Policies, PolicyDemand, PolicyId, PolicyRefusal},
    purpose::Purpose,
};
use crate::pki::{
    certificate::Validity,
    directory_name::DirectoryName,
    facts::{KeyAlgorithm, KeyFacts},
    signature,
    time::Time,
};

/// The demands on a path: time, purpose and policies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) now: Time,
    pub(super) purpose: Purpose,
    pub(super) policy: &'a PolicyDemand,
}

/// A path that does not hold, and how many of its certificates do, from the anchor down.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) held: usize,
    pub(super) error: ChainError,
}

/// The state variables of RFC 5280 §6.1.2.
struct State<'a> {
    asked: Asked<'a>,
    budget: &'a Budget,
    /// Of each authority above, with its subject.
    constraints: Vec<(Constraints, &'a str)>,
    policies: Policies,
    /// How many authorities may still follow, and which one said so.
    length: Option<(u32, &'a str)>,
}

/// Checks a path whose signatures fit and whose names lead to each other: leaf first, anchor last, at least two.
///
/// Returns the policies it is valid under.
pub(super) fn validate(path: &[&Node<'_>], asked: Asked<'_>, budget: &Budget) -> Result<Vec<PolicyId>, Broken> {
    let Some((anchor, below)) = path.split_last().filter(|(_, below)| !below.is_empty()) else {
        return Err(Broken { held: 0, error: refused("the path is empty") });
    };
    let mut state = State {
        asked,
        budget,
        constraints: Vec::new(),
        policies: Policies::new(asked.policy, below.len()),
        length: None,
    };
    state.anchor(anchor).map_err(|error| Broken { held: 0, error })?;
    let (mut issuer, mut granted) = (*anchor, Vec::new());
    for (held, node) in below.iter().rev().enumerate() {
        let is_leaf = held + 1 == below.len();
        let broken = |error| Broken { held: held + 1, error };
        state.certificate(node, issuer, is_leaf).map_err(broken)?;
        if is_leaf {
            let policies = std::mem::replace(&mut state.policies, Policies::new(asked.policy, 0));
            granted = policies.finish(node, asked.policy).map_err(|why| broken(of_policy(why)))?;
            target(node, asked).map_err(broken)?;
        } else {
            state.authority(node).map_err(broken)?;
        }
        issuer = node;
    }
    Ok(granted)
}

/// Checks a certificate that is trusted itself, so that no authority above it sets limits.
pub(super) fn validate_alone(node: &Node<'_>, asked: Asked<'_>) -> Result<(), ChainError> {
    dates(node, asked.now, true)?;
    node.check_form("it")?;
    key_is_strong(node)?;
    purposes(node, asked.purpose, true)?;
    asked.purpose.check_leaf(&node.parsed)
}

impl<'a> State<'a> {
    /// Checks the anchor. RFC 5280 §6.1.1 takes it for granted, but brokers and openssl check its dates and extensions.
    fn anchor(&mut self, anchor: &'a Node<'_>) -> Result<(), ChainError> {
        dates(anchor, self.asked.now, false)?;
        let subject = anchor.shown();
        anchor.check_form(&format!("the root certificate {subject}"))?;
        // A root of version 1 has no extensions, so it cannot have basicConstraints.
        if !anchor.is_version_1() && !anchor.is_ca() {
            return Err(refused(format!(
                "the root certificate {subject} is not an authority (basicConstraints without cA, RFC 5280 §6.1.4 (k))"
            )));
        }
        if !allows(anchor, self.asked.purpose) {
            return Err(ChainError::Purpose(format!(
                "the root certificate {subject} is limited to other purposes (extended key usage, RFC 5280 §4.2.1.12)"
            )));
        }
        self.policies.limit(anchor);
        self.limits(anchor)
    }

    /// RFC 5280 §6.1.3, for one certificate below the anchor.
    fn certificate(&mut self, node: &'a Node<'_>, issuer: &Node<'_>, is_leaf: bool) -> Result<(), ChainError> {
        self.budget.work(5).map_err(of_budget)?;
        let whose = if is_leaf { "it".to_owned() } else { format!("the certificate of {}", node.shown()) };
        dates(node, self.asked.now, is_leaf)?;
        node.check_form(&whose)?;
        identifiers_fit(node, issuer)?;
        if is_leaf || !node.is_self_issued() {
            self.names(node, is_leaf)?;
        }
        self.policies.process(node, is_leaf, self.budget).map_err(of_policy)?;
        purposes(node, self.asked.purpose, is_leaf)
    }

    /// RFC 5280 §6.1.4, for a certificate that issued the next one.
    fn authority(&mut self, node: &'a Node<'_>) -> Result<(), ChainError> {
        let subject = node.shown();
        self.policies.prepare(node, self.budget).map_err(of_policy)?;
        if !node.is_version_3() || !node.is_ca() {
            return Err(refused(format!(
                "{subject}, an issuer in the path, is not an authority (basicConstraints without cA, RFC 5280 §6.1.4 (k))"
            )));
        }
        if !node.is_self_issued()
            && let Some((left, said)) = self.length
        {
            let Some(left) = left.checked_sub(1) else {
                return Err(refused(format!(
                    "there are more authorities below {said} than it allows (pathLenConstraint, RFC 5280 §6.1.4 (l))"
                )));
            };
            self.length = Some((left, said));
        }
        self.limits(node)
    }

    /// Takes over the limits that an authority sets for everything below it, and checks that it may sign certificates:
    /// §6.1.4 (g), (m), (n).
    fn limits(&mut self, authority: &'a Node<'_>) -> Result<(), ChainError> {
        let subject = authority.shown();
        match Constraints::of(authority) {
            Ok(constraints) => self.constraints.extend(constraints.map(|constraints| (constraints, subject))),
            Err(_) => {
                return Err(refused(format!(
                    "the name constraints of {subject} cannot be read (RFC 5280 §4.2.1.10)"
                )));
            }
        }
        let said = authority.basic_constraints().and_then(|constraints| constraints.path_len_constraint);
        if let Some(said) = said
            && self.length.is_none_or(|(left, _)| said < left)
        {
            self.length = Some((said, subject));
        }
        if authority.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            return Err(refused(format!(
                "the key of {subject} is not for signing certificates (its key usage lacks keyCertSign, RFC 5280 \
                 §6.1.4 (n))"
            )));
        }
        Ok(())
    }

    /// RFC 5280 §6.1.3 (b), (c).
    fn names(&self, node: &Node<'_>, is_leaf: bool) -> Result<(), ChainError> {
        if self.constraints.is_empty() {
            return Ok(());
        }
        let of_names = |why: NameRefusal, subject: &str| match why {
            NameRefusal::Exhausted => of_budget(Exhausted),
            NameRefusal::Unreadable => refused(format!("the name constraints of {subject} cannot be read")),
            NameRefusal::Name(name) => {
                refused(format!("{subject} may not certify {name} (nameConstraints, RFC 5280 §4.2.1.10)"))
            }
        };
        let first = self.constraints.first().map_or("", |(_, subject)| subject);
        let names = constraints::names_of(node, is_leaf).map_err(|why| of_names(why, first))?;
        for (constraints, subject) in &self.constraints {
            constraints.check(&names, self.budget).map_err(|why| of_names(why, subject))?;
        }
        Ok(())
    }
}

pub(super) fn of_budget(_: Exhausted) -> ChainError {
    refused(
        "the search for a path was given up: too many certificates of one name, or too many names or policies in them",
    )
}

fn of_policy(why: PolicyRefusal) -> ChainError {
    match why {
        PolicyRefusal::Exhausted => of_budget(Exhausted),
        PolicyRefusal::AnyMapped => {
            refused("an authority in the path maps anyPolicy, which RFC 5280 §6.1.4 (a) forbids")
        }
        PolicyRefusal::Nothing => ChainError::Policy(
            "no required certificate policy is left at the end of the path (RFC 5280 §6.1.5 (g))".to_owned(),
        ),
    }
}

fn dates(node: &Node<'_>, now: Time, is_leaf: bool) -> Result<(), ChainError> {
    let certificate = node.certificate;
    if certificate.not_after < certificate.not_before {
        return Err(refused(format!(
            "the certificate of {} expires before it begins (RFC 5280 §4.1.2.5)",
            node.shown()
        )));
    }
    let subject = certificate.subject.clone();
    match (certificate.validity_at(now), is_leaf) {
        (Validity::Valid, _) => Ok(()),
        (Validity::Expired, true) => Err(ChainError::Expired(certificate.not_after)),
        (Validity::NotYetValid, true) => Err(ChainError::NotYetValid(certificate.not_before)),
        (Validity::Expired, false) => Err(ChainError::AuthorityExpired { subject, at: certificate.not_after }),
        (Validity::NotYetValid, false) => {
            Err(ChainError::AuthorityNotYetValid { subject, at: certificate.not_before })
        }
    }
}

/// An extended key usage limits everything below it, as openssl and the web see it.
fn allows(node: &Node<'_>, purpose: Purpose) -> bool {
    let listed = node.find(|extension| match extension {
        ParsedExtension::ExtendedKeyUsage(usage) => Some(usage),
        _ => None,
    });
    listed.is_none_or(|usage| match purpose {
        Purpose::Any => true,
        Purpose::Client | Purpose::ClientIfLimited | Purpose::ClientOfAnyVersion => usage.client_auth,
        Purpose::Server | Purpose::ServerIfLimited => usage.server_auth,
    })
}

fn purposes(node: &Node<'_>, purpose: Purpose, is_leaf: bool) -> Result<(), ChainError> {
    let whose = if is_leaf { "it".to_owned() } else { format!("the authority {}", node.shown()) };
    let is_empty = node.find(|extension| match extension {
        // An empty list has no first value.
        ParsedExtension::ExtendedKeyUsage(usage) => Some(is_empty(usage)),
        _ => None,
    });
    if is_empty == Some(true) {
        return Err(refused(format!(
            "{whose} has an empty extended key usage, so it may be used for nothing (RFC 5280 §4.2.1.12)"
        )));
    }
    if allows(node, purpose) {
        return Ok(());
    }
    Err(ChainError::Purpose(format!(
        "{whose} is limited to other purposes (extended key usage, RFC 5280 §4.2.1.12)"
    )))
}

fn is_empty(usage: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> bool {
    let known = [
        usage.any,
        usage.server_auth,
        usage.client_auth,
        usage.code_signing,
        usage.email_protection,
        usage.time_stamping,
        usage.ocsp_signing,
    ];
    !known.contains(&true) && usage.other.is_empty()
}

/// The checks of the last certificate only.
fn target(leaf: &Node<'_>, asked: Asked<'_>) -> Result<(), ChainError> {
    if !leaf.is_version_3() && asked.purpose != Purpose::ClientOfAnyVersion {
        return Err(refused(
            "it is not version 3 (X.509 v1): without extensions it has no key usage (RFC 5280 §4.1.2.1)",
        ));
    }
    if leaf.is_ca() && asked.purpose != Purpose::Any {
        return Err(refused(
            "it is the certificate of an authority (basicConstraints cA), and a device's or a server's is not",
        ));
    }
    key_is_strong(leaf)?;
    asked.purpose.check_leaf(&leaf.parsed)
}

/// Refuses a key that TLS refuses everywhere, or that is not a point of its curve.
fn key_is_strong(leaf: &Node<'_>) -> Result<(), ChainError> {
    let info = leaf.certificate.public_key_info();
    let Some(facts) = KeyFacts::from_der(info) else { return Ok(()) };
    let is_weak = match facts.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => facts.bits < 2048,
        KeyAlgorithm::Ec => facts.bits > 0 && facts.bits < 224,
        _ => false,
    };
    if is_weak {
        return Err(refused(format!(
            "its key is too weak: {facts} (RSA needs 2048 bits, elliptic curves 224)"
        )));
    }
    match signature::is_point(&facts, info) {
        Some(false) => {
            Err(refused("its public key is not a point of the curve it names: it has no private key"))
        }
        _ => Ok(()),
    }
}

/// The authority key identifier names the issuer's key, or the issuer's certificate (RFC 5280 §4.2.1.1).
fn identifiers_fit(subject: &Node<'_>, issuer: &Node<'_>) -> Result<(), ChainError> {
    let named = subject.find(|extension| match extension {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => Some(identifier),
        _ => None,
    });
    let Some(named) = named else { return Ok(()) };
    let key = issuer.find(|extension| match extension {
        ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier),
        _ => None,
    });
    let other_key = matches!((&named.key_identifier, key), (Some(wanted), Some(key)) if wanted.0 != key.0);
    let other_serial = named.authority_cert_serial.is_some_and(|serial| serial != issuer.parsed.raw_serial());
    let mut issuers = named.authority_cert_issuer.iter().flatten().filter_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(DirectoryName::of(name)),
        _ => None,
    });
    let other_issuer = issuers.next().is_some_and(|name| name != issuer.issuer);
    if other_key || other_serial || other_issuer {
        return Err(refused(format!(
            "its authority key identifier names another certificate of {} (RFC 5280 §4.2.1.1)",
            issuer.shown()
        )));
    }
    Ok(())
}
