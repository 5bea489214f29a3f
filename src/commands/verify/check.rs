//! The checks of one certificate, each with its answer in words.

use std::fs;

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    Demand, Expectations,
    material::{KeyAt, Material, fits},
    trust::Store,
};
use crate::{
    enroll,
    evidence::revocations::Revocations,
    failure::Exit,
    output::span,
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, ChainError, Path, Purpose},
        key::PrivateKey,
        revocation::{Revocation, State},
        state::{Lifetime, Within},
        time::Time,
    },
};

/// How one check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Passed,
    Warning,
    Failed,
    Skipped,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    pub(super) message: String,
    #[serde(skip)]
    exit: Exit,
}

/// What is known about the revocation of one certificate of the path.
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
    /// None when nothing could be read.
    pub(super) leaf: Option<Certificate>,
    /// Fingerprints from leaf to anchor; empty without a path.
    pub(super) path: Vec<Certificate>,
    pub(super) checks: Vec<Check>,
    pub(super) revocation: Vec<Asked>,
}

impl Check {
    fn new(name: &'static str, outcome: Outcome, exit: Exit, message: impl Into<String>) -> Self {
        Self { name, outcome, exit, message: message.into() }
    }

    fn passed(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Outcome::Passed, Exit::Done, message)
    }

    fn failed(name: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self::new(name, Outcome::Failed, exit, message)
    }

    fn skipped(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Outcome::Skipped, Exit::Done, message)
    }
}

impl Verdict {
    pub(super) fn unreadable(why: String) -> Self {
        let checks = vec![Check::failed("read", Exit::Failed, why)];
        Self { exit: Exit::Failed, leaf: None, path: Vec::new(), checks, revocation: Vec::new() }
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
    let path = chain_and_purpose(material, expect, store, &mut checks);
    checks.push(time(leaf, expect.at, expect.within));
    checks.extend(key(material));
    checks.extend(device(material, expect));
    checks.extend(expect.name.as_deref().map(|name| match chain::check_name(leaf, name) {
        Ok(()) => Check::passed("name", format!("it is for {name}")),
        Err(error) => Check::failed("name", Exit::NotTrusted, error.to_string()),
    }));
    checks.extend(material.remark.as_ref().map(|remark| Check::failed("server", Exit::NotTrusted, remark)));
    let mut revocation = Vec::new();
    checks.extend(revoked(path.as_ref(), expect, revocations, &mut revocation).await);
    Verdict {
        exit: Exit::worst(checks.iter().map(|check| check.exit)),
        leaf: Some(leaf.clone()),
        path: path.map(|path| path.certificates().to_vec()).unwrap_or_default(),
        checks,
        revocation,
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
            checks.push(Check::failed("chain", Exit::Failed, why));
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
    let find = |purpose| chain::find_path(&material.leaf, &between, &store.anchors, at, purpose);
    let path = match find(Purpose::Any) {
        Ok(path) => path,
        Err(error) => {
            checks.push(Check::failed("chain", exit_of(&error), error.to_string()));
            return None;
        }
    };
    let led = path.certificates().last().map_or("", |anchor| &anchor.subject);
    let through = path.certificates().len().saturating_sub(2);
    let steps = match through {
        0 => String::new(),
        1 => " through 1 authority".to_owned(),
        many => format!(" through {many} authorities"),
    };
    checks.push(Check::passed("chain", format!("leads to {led}{steps}{when}")));
    let asked = match expect.purpose {
        Purpose::Any | Purpose::ClientIfLimited | Purpose::ServerIfLimited => return Some(path),
        Purpose::Client => "client",
        Purpose::Server => "server",
    };
    match find(expect.purpose) {
        Ok(fitting) => {
            checks.push(Check::passed("purpose", format!("it may serve as a TLS {asked}")));
            Some(fitting)
        }
        Err(error) => {
            checks.push(Check::failed("purpose", exit_of(&error), error.to_string()));
            Some(path)
        }
    }
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
            let text = format!("it expired at {}, {} ago", leaf.not_after, span::duration(left));
            Check::failed("time", Exit::Expired, text)
        }
        Validity::NotYetValid => {
            let text = format!("it is not valid before {}", leaf.not_before);
            Check::failed("time", Exit::NotYetValid, text)
        }
        Validity::Valid => {
            let text = format!("valid until {}, {} left", leaf.not_after, span::duration(left));
            match within {
                Some(within) if lifetime.ends_within(at, within) => {
                    Check::new("time", Outcome::Warning, Exit::ExpiresSoon, text)
                }
                _ => Check::passed("time", text),
            }
        }
    }
}

fn key(material: &Material) -> Option<Check> {
    let path = match material.key.as_ref()? {
        KeyAt::File(path) => path,
        KeyAt::Here(Some(key)) if fits(key, &material.leaf) => {
            return Some(Check::passed("key", "its private key is beside it in the same file"));
        }
        KeyAt::Here(Some(_)) => {
            return Some(Check::failed(
                "key",
                Exit::NotTrusted,
                "the key in the same file is not its private key",
            ));
        }
        KeyAt::Here(None) => {
            return Some(Check::skipped("key", "the key in the same file is encrypted, and was not opened"));
        }
    };
    let shown = path.display();
    let text = match fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => text,
        Err(error) => {
            return Some(Check::failed("key", Exit::Failed, format!("{shown} cannot be read: {error}")));
        }
    };
    Some(match PrivateKey::from_pem(&text) {
        Err(error) => Check::failed("key", Exit::Failed, format!("{shown}: {error}")),
        Ok(key) if key.public_key_info() == material.leaf.public_key_info() => {
            Check::passed("key", format!("{shown} is its private key"))
        }
        Ok(_) => Check::failed("key", Exit::NotTrusted, format!("{shown} is not its private key")),
    })
}

fn device(material: &Material, expect: &Expectations) -> Option<Check> {
    let device = expect.device.as_ref().or(material.device.as_ref())?;
    if enroll::check::names(&material.leaf, device) {
        return Some(Check::passed("id", format!("it is for the device {device}")));
    }
    let names = match material.leaf.common_names.as_slice() {
        [] => "nobody (no common name)".to_owned(),
        names => names.join(", "),
    };
    Some(Check::failed("id", Exit::NotTrusted, format!("it is for {names}, not for the device {device}")))
}

/// Every certificate of the path but the anchor (RFC 5280 §6.1.3 (a)(3)).
async fn revoked(
    path: Option<&Path>,
    expect: &Expectations,
    revocations: &Revocations,
    asked: &mut Vec<Asked>,
) -> Vec<Check> {
    const NAME: &str = "revocation";
    if expect.revocation == Demand::Off {
        return vec![Check::skipped(NAME, "not asked about")];
    }
    let Some(path) = path else {
        return vec![Check::skipped(NAME, "not asked about: without a path nobody may say")];
    };
    let mut checks = Vec::new();
    for (depth, (certificate, issuer)) in path.links().enumerate() {
        let revocation = revocations.status(certificate, issuer, expect.at).await;
        let whose = if depth == 0 { String::new() } else { format!("{}: ", certificate.subject) };
        let text = format!("{whose}{revocation}");
        checks.push(match (&revocation.state, expect.revocation) {
            (State::Good, _) => Check::passed(NAME, text),
            (State::Revoked { .. } | State::OnHold { .. }, _) => Check::failed(NAME, Exit::Revoked, text),
            (_, Demand::Require) => Check::failed(NAME, Exit::Indeterminate, text),
            _ => Check::new(NAME, Outcome::Warning, Exit::Done, text),
        });
        asked.push(Asked {
            subject: certificate.subject.clone(),
            serial: certificate.serial.clone(),
            revocation,
        });
    }
    checks
}
