//! `certreq ca trust`: the CAs of others.

use serde::Serialize;

use super::Say;
use crate::{
    failure::{Exit, Failure},
    output::{Table, columns},
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        time::Time,
    },
    platform::{ErrorKind, TrustStore, TrustedCa},
};

#[derive(Serialize)]
struct Record {
    schema: &'static str,
    state: &'static str,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_registration: Option<bool>,
}

fn record(state: &'static str, fingerprint: String) -> Record {
    let schema = "certreq.ca.trust/1";
    Record { schema, state, fingerprint, subject: None, not_after: None, auto_registration: None }
}

/// Checks the platform's rules for a root here first: the platform's message says less about the fault.
fn fit(root: &Certificate, now: Time) -> Result<(), String> {
    if !root.is_ca {
        return Err("it is not a CA certificate (basicConstraints)".to_owned());
    }
    if !matches!(issuer::find(root, [root]), Issuer::Found(_) | Issuer::Unverifiable(_)) {
        return Err(format!("it is not self-signed: {} issued it; add that one's root", root.issuer));
    }
    match root.validity_at(now) {
        Validity::NotYetValid => Err(format!("it is not valid before {}", root.not_before.moment())),
        _ if root.not_after < now.plus(86_400) => {
            Err(format!("it expires at {}; the platform requires more than a day", root.not_after.moment()))
        }
        _ => Ok(()),
    }
}

pub(super) async fn add(
    store: &dyn TrustStore,
    root: &Certificate,
    auto: bool,
    say: Say<'_>,
) -> Result<Exit, Failure> {
    let fingerprint = root.fingerprint();
    fit(root, std::time::SystemTime::now().into())
        .map_err(|reason| Failure::failed(format!("{fingerprint} cannot be trusted: {reason}")))?;
    let state = match store.trust(&root.to_pem(), auto).await {
        Ok(said) if said.parse::<Fingerprint>().ok() == Some(fingerprint) => "added",
        Ok(said) => {
            return Err(Failure::failed(format!(
                "the platform reports the fingerprint {said:?}, but the certificate has {fingerprint}"
            ))
            .hint("list the CAs it trusts: certreq ca trust list"));
        }
        Err(error) if error.kind == ErrorKind::Rejected => {
            // Asked for twice is done already, as long as it is the same.
            match store.trusted_cas().await {
                Ok(listed) if listed.iter().any(|one| is(one, &fingerprint)) => "present",
                _ => return Err(error.into()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    let facts = Record {
        subject: Some(root.subject.clone()),
        not_after: Some(root.not_after),
        auto_registration: (state == "added").then_some(auto),
        ..record(state, fingerprint.to_string())
    };
    say.answer(&facts, &format!("{state}  {fingerprint}"))?;
    if state == "present" {
        say.ui.note("it was trusted already, and is as it was");
    }
    Ok(Exit::Done)
}

pub(super) async fn list(store: &dyn TrustStore, say: Say<'_>) -> Result<Exit, Failure> {
    let listed = store.trusted_cas().await?;
    if say.json {
        for one in &listed {
            let ca = checked(one).ok();
            let facts = Record {
                subject: one.subject.clone(),
                not_after: ca.map(|ca| ca.not_after),
                auto_registration: one.auto_registration,
                ..record("trusted", one.fingerprint.clone())
            };
            say.answer(&facts, "")?;
        }
        return Ok(Exit::Done);
    }
    if listed.is_empty() {
        say.ui.note("the tenant trusts no other CA");
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["SUBJECT", "AUTO", "UNTIL", "SHA-256"], columns::of_stdout());
    for one in &listed {
        let until = checked(one).map_or_else(|_| "?".to_owned(), |ca| ca.not_after.moment());
        let auto = match one.auto_registration {
            Some(true) => "on",
            Some(false) => "off",
            None => "?",
        };
        table.row([one.subject.as_deref().unwrap_or("?"), auto, until.as_str(), one.fingerprint.as_str()]);
    }
    say.answer(&(), &table.finish())?;
    Ok(Exit::Done)
}

pub(super) async fn remove(
    store: &dyn TrustStore,
    ca: &Fingerprint,
    yes: bool,
    say: Say<'_>,
) -> Result<Exit, Failure> {
    if !yes {
        let listed = store.trusted_cas().await?;
        let Some(found) = listed.iter().find(|one| is(one, ca)) else {
            return Err(Failure::failed(format!("the tenant trusts no CA with the fingerprint {ca}")));
        };
        let subject = found.subject.as_deref().unwrap_or("?");
        return Err(Failure::usage(format!("removing the trusted CA {subject} needs --yes"))
            .hint("this also removes the certificates that registered themselves under it"));
    }
    let state = match store.distrust(ca).await {
        Ok(()) => "removed",
        Err(error) if error.kind == ErrorKind::NotFound => "absent",
        Err(error) => return Err(error.into()),
    };
    say.answer(&record(state, ca.to_string()), &format!("{state}  {ca}"))?;
    if state == "absent" {
        say.ui.note("it is already gone: the tenant trusts no CA with this fingerprint");
    }
    Ok(Exit::Done)
}

pub(super) async fn auto_registration(
    store: &dyn TrustStore,
    ca: &Fingerprint,
    allow: bool,
    say: Say<'_>,
) -> Result<Exit, Failure> {
    store.allow_auto_registration(ca, allow).await?;
    let facts = Record { auto_registration: Some(allow), ..record("changed", ca.to_string()) };
    say.answer(&facts, &format!("auto-registration {}  {ca}", if allow { "on" } else { "off" }))?;
    Ok(Exit::Done)
}

fn is(record: &TrustedCa, ca: &Fingerprint) -> bool {
    record.fingerprint.parse::<Fingerprint>().ok().as_ref() == Some(ca)
}

/// The certificate of a record: one, a CA's, and the one whose fingerprint the platform names.
pub(super) fn checked(record: &TrustedCa) -> Result<Certificate, Failure> {
    let broken = |why: &str| {
        Failure::failed(format!(
            "the platform lists a trusted CA that cannot be used: {:?} {why}",
            record.fingerprint
        ))
    };
    let read = Certificate::all_from_pem(record.pem.as_deref().unwrap_or_default())
        .map_err(|error| broken(&error.to_string()))?;
    let [ca] = <[Certificate; 1]>::try_from(read).map_err(|_| broken("holds several certificates"))?;
    if !ca.is_ca {
        return Err(broken("is not a CA certificate"));
    }
    if !is(record, &ca.fingerprint()) {
        return Err(broken("is another certificate than the one it names"));
    }
    Ok(ca)
}
