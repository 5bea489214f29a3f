//! The checks of one certificate, each with its answer in words.

use super::{
    Demand, Expectations,
    material::{KeyAt, Material, fits},
    trust::Store,
};
use crate::{
    device_id,
    evidence::revocations::Revocations,
    failure::Exit,
    fleet::pair::KeyFault,
    keys::{self, Proof},
    output::{checks::Check, span},
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, ChainError, Path, PolicyDemand, Purpose, Wanted},
        crl::Certified,
        revocation::{Revocation, State},
        state::{Lifetime, Within},
        time::Time,
        token_key::TokenKey,
    },
};
use serde::Serialize;

/// Revocation state of one certificate of the path.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    pub(super) subject: String,
    pub(super) serial: String,
    #[serde(flatten)]
    pub(super) revocation: Revocation,
}

/// The answer for one certificate.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) exit: Exit,
    /// `None` when nothing could be read.
    pub(super) leaf: Option<Certificate>,
    /// Fingerprints from leaf to anchor; empty without a path.
    pub(super) path: Vec<Certificate>,
    pub(super) checks: Vec<Check>,
    pub(super) revocation: Vec<Asked>,
    /// Certificate policies the path is valid under.
    pub(super) policies: Vec<String>,
}

impl Verdict {
    pub(super) fn unreadable(why: String) -> Self {
        Self {
            exit: Exit::Failed,
            leaf: None,
            path: Vec::new(),
            checks: vec![Check::fail("read", why)],
            revocation: Vec::new(),
            policies: Vec::new(),
        }
    }
}

/// Everything that was asked for about one certificate.
pub(super) async fn all(
    material: &Material,
    expect: &Expectations,
    store: Result<&Store, String>,
    revocations: &Revocations,
) -> Verdict {
    let leaf = &material.leaf;
    let mut checks = Vec::new();
    let (store_anchors, store_between) =
        store.as_ref().map_or((&[][..], &[][..]), |store| (store.anchors.as_slice(), store.between.as_slice()));
    let path = chain_and_purpose(material, expect, store.as_ref().copied().map_err(Clone::clone), &mut checks);
    checks.push(time(leaf, expect.at, expect.within));
    checks.extend(key(material));
    checks.extend(key_mode(material));
    checks.extend(device(material, expect));
    // A server is asked under its name: its certificate has to be for that name, unless another name is given.
    let name = expect.name.as_deref().or(material.host.as_deref());
    checks.extend(name.map(|name| match chain::check_name(leaf, name) {
        Ok(()) => Check::ok("name", format!("it is for {name}")),
        Err(error) => Check::fail("name", error.to_string()).exit(Exit::NotTrusted),
    }));
    checks.extend(material.remark.as_ref().map(|remark| Check::fail("server", remark).exit(Exit::NotTrusted)));
    let mut revocation = Vec::new();
    let between: Vec<Certificate> = material.others.iter().chain(store_between).cloned().collect();
    // A list may be signed with another key of its issuer, certified under the same anchor (RFC 5280 §6.3.3 (f)), or
    // trusted beside it: a fleet keeps the old root of an authority and the new one.
    let around = Certified { anchors: store_anchors, others: &between };
    checks.extend(revoked(path.as_ref(), around, expect, revocations, &mut revocation).await);
    let policies = path.iter().flat_map(Path::policies).map(ToString::to_string).collect();
    Verdict {
        exit: Exit::worst(checks.iter().map(|check| check.exit)),
        leaf: Some(leaf.clone()),
        path: path.map(|path| path.certificates().to_vec()).unwrap_or_default(),
        checks,
        revocation,
        policies,
    }
}

/// The chain first for any purpose, so that a wrong purpose is called that, and revocation can be asked about.
fn chain_and_purpose(
    material: &Material,
    expect: &Expectations,
    store: Result<&Store, String>,
    checks: &mut Vec<Check>,
) -> Option<Path> {
    let store = match store {
        Ok(store) => store,
        Err(why) => {
            checks.push(Check::fail("chain", why));
            return None;
        }
    };
    let between: Vec<Certificate> = material.others.iter().chain(&store.between).cloned().collect();
    // Out of its time a certificate still has, or has not, a path: that of its nearest day.
    let (at, when) = match material.leaf.validity_at(expect.at) {
        Validity::Valid => (expect.at, ""),
        Validity::Expired => (material.leaf.not_after, ", on its last day"),
        Validity::NotYetValid => (material.leaf.not_before, ", on its first day"),
    };
    let anchors = &store.anchors;
    let find = |purpose| {
        let wanted = Wanted { intermediates: &between, anchors, at, purpose, policy: &expect.policy };
        chain::find(&material.leaf, wanted)
    };
    let path = match find(Purpose::Any) {
        Ok(path) => path,
        Err(error) => {
            checks.push(Check::fail("chain", error.to_string()).exit(exit_of(&error)));
            return None;
        }
    };
    let led = path.certificates().last().map_or("", |anchor| &anchor.subject);
    if path.certificates().len() == 1 {
        checks.push(Check::ok("chain", format!("it is itself one of the trusted certificates{when}")));
    } else {
        let through = path.certificates().len().saturating_sub(2);
        checks.push(Check::ok("chain", format!("leads to {led}{}{when}", steps(through))));
    }
    checks.extend(policy(&path, &expect.policy));
    let asked = match expect.purpose {
        Purpose::Any | Purpose::ClientIfLimited | Purpose::ClientOfAnyVersion | Purpose::ServerIfLimited => {
            return Some(path);
        }
        Purpose::Client => "client",
        Purpose::Server => "server",
    };
    match find(expect.purpose) {
        Ok(fitting) => {
            checks.push(Check::ok("purpose", format!("it may serve as a TLS {asked}")));
            Some(fitting)
        }
        Err(error) => {
            checks.push(Check::fail("purpose", error.to_string()).exit(exit_of(&error)));
            Some(path)
        }
    }
}

fn steps(through: usize) -> String {
    match through {
        0 => String::new(),
        1 => " through 1 authority".to_owned(),
        many => format!(" through {many} authorities"),
    }
}

/// The certificate policies of the path, when it has any or one was asked for.
fn policy(path: &Path, demand: &PolicyDemand) -> Option<Check> {
    let left: Vec<String> = path.policies().iter().map(ToString::to_string).collect();
    if left.is_empty() {
        let is_asked = *demand != PolicyDemand::default();
        return is_asked
            .then(|| Check::ok("policy", "the chain has no certificate policy, and does not need one"));
    }
    Some(Check::ok("policy", format!("the path is valid under {}", left.join(", "))))
}

fn exit_of(error: &ChainError) -> Exit {
    if error.is_expired() {
        Exit::Expired
    } else if error.is_not_yet_valid() {
        Exit::NotYetValid
    } else {
        Exit::NotTrusted
    }
}

fn time(leaf: &Certificate, at: Time, within: Option<Within>) -> Check {
    let lifetime = Lifetime { not_before: leaf.not_before, not_after: leaf.not_after };
    let left = lifetime.left(at);
    match lifetime.at(at) {
        Validity::Expired => {
            let text = format!("it expired at {}, {} ago", leaf.not_after.moment(), span::duration(left));
            Check::fail("time", text).exit(Exit::Expired)
        }
        Validity::NotYetValid => {
            let text = format!("it is not valid before {}", leaf.not_before.moment());
            Check::fail("time", text).exit(Exit::NotYetValid)
        }
        Validity::Valid => {
            let text = format!("valid until {}, {} left", leaf.not_after.moment(), span::duration(left));
            match within {
                Some(within) if lifetime.ends_within(at, within) => {
                    Check::warn("time", text).exit(Exit::ExpiresSoon)
                }
                _ => Check::ok("time", text),
            }
        }
    }
}

fn key(material: &Material) -> Option<Check> {
    let (path, file) = match material.key.as_ref()? {
        KeyAt::File(path, file) => (path, file),
        KeyAt::Here(Some(key)) if fits(key, &material.leaf) => {
            return Some(Check::ok("key", "its private key is beside it in the same file"));
        }
        KeyAt::Here(Some(_)) => {
            return Some(
                Check::fail("key", "the key in the same file is not its private key").exit(Exit::NotTrusted),
            );
        }
        KeyAt::Here(None) => {
            return Some(Check::skipped("key", "the key in the same file is encrypted, and was not opened"));
        }
    };
    let shown = path.display();
    let failed = |why: String| Some(Check::fail("key", format!("{shown} {why}")).exit(Exit::NotTrusted));
    match file.facts() {
        Err(KeyFault::Kind) => {
            Some(Check::skipped("key", format!("{shown} is of a kind that is not compared here")))
        }
        Err(fault) => failed(fault.to_string()),
        Ok(key) if !fits(&key, &material.leaf) => failed("is not its private key".to_owned()),
        Ok(_) => match file.exposed_mode() {
            Some(mode) if !file.is_handed_over() => {
                failed(format!("has the mode {mode:04o}: others may use it; chmod 600 it"))
            }
            _ => Some(match file.in_token() {
                Some(named) => in_token(&shown, &named),
                None => Check::ok("key", format!("{shown} is its private key")),
            }),
        },
    }
}

/// Warning about a key that others may read, and that its owner may not write: it was handed over with this mode.
fn key_mode(material: &Material) -> Option<Check> {
    let KeyAt::File(path, file) = material.key.as_ref()? else { return None };
    let mode = file.exposed_mode().filter(|_| file.is_handed_over())?;
    let text = format!("{} has the mode {mode:04o}: others may read it; chmod 600 it", path.display());
    Some(Check::warn("mode", text))
}

/// The file fits; whether the token has the key, and signs with it, says only the token.
fn in_token(file: &impl std::fmt::Display, named: &TokenKey) -> Check {
    let token = named.uri.token_words();
    match keys::prove(named) {
        Ok(Proof::Signed) => Check::ok("key", format!("{file} names its private key, which signs in {token}")),
        Ok(Proof::PublicHalf) => Check::ok(
            "key",
            format!(
                "{file} names its private key; {token} shows its public half (no PIN: no signature was made)"
            ),
        ),
        Err(error) => {
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            let said = Check::fail("key", format!("{file} names a key that cannot be used: {error}{hint}"));
            said.exit(if error.is_about_the_key() { Exit::NotTrusted } else { Exit::Failed })
        }
    }
}

fn device(material: &Material, expect: &Expectations) -> Option<Check> {
    let device = expect.device.as_ref().or(material.device.as_ref())?;
    Some(match device_id::check(Some(device), &material.leaf) {
        Ok(()) => Check::ok("id", format!("it is for the device {device}")),
        Err(other) => Check::fail("id", other.to_string()).exit(Exit::NotTrusted),
    })
}

/// Every certificate of the path but the anchor (RFC 5280 §6.1.3 (a)(3)).
async fn revoked(
    path: Option<&Path>,
    around: Certified<'_>,
    expect: &Expectations,
    revocations: &Revocations,
    asked: &mut Vec<Asked>,
) -> Vec<Check> {
    const NAME: &str = "revocation";
    if expect.revocation == Demand::Off {
        return vec![Check::skipped(NAME, "not requested")];
    }
    let Some(path) = path else {
        return vec![Check::skipped(NAME, "not checked: the chain is not trusted")];
    };
    if path.certificates().len() == 1 {
        return vec![Check::skipped(NAME, "not checked: the certificate is a trusted root itself")];
    }
    let mut checks = Vec::new();
    for (depth, (certificate, issuer)) in path.links().enumerate() {
        let revocation = revocations.status_among(certificate, issuer, around, expect.at).await;
        let whose = if depth == 0 { String::new() } else { format!("{}: ", certificate.subject) };
        let text = format!("{whose}{revocation}");
        checks.push(match (&revocation.state, expect.revocation) {
            (State::Good, _) => Check::ok(NAME, text),
            (State::Revoked { .. } | State::OnHold { .. }, _) => Check::fail(NAME, text).exit(Exit::Revoked),
            (_, Demand::Require) => Check::fail(NAME, text).exit(Exit::Indeterminate),
            _ => Check::warn(NAME, text),
        });
        asked.push(Asked {
            subject: certificate.subject.clone(),
            serial: certificate.serial.clone(),
            revocation,
        });
    }
    checks
}
