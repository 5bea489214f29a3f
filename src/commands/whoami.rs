//! `certreq whoami`: whose certificate a directory holds; offline, nothing is changed.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Serialize;

use crate::{
    commands::stdout::written,
    device_id::{self, DeviceName},
    evidence::{beside, fleet_authorities::Fleets},
    failure::{Exit, Failure},
    fleet::{
        layout::{CERTIFICATE_FILE, KEY_FILE},
        pair::{self, KeyFault, PairFault, Seen},
        services,
    },
    output::{Ui, escape},
    pki::{
        certificate::{Certificate, Validity},
        time::Time,
    },
};

/// Plan of `certreq whoami`.
#[derive(Clone, Debug)]
pub struct Plan {
    pub dir: PathBuf,
    pub json: bool,
}

#[derive(Serialize)]
struct Identity {
    schema: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    fingerprint: String,
    serial: String,
    not_before: Time,
    not_after: Time,
    state: &'static str,
    /// Services that the certificate is good for, name to URL, where the platform named them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    services: BTreeMap<String, String>,
}

/// Prints the identity.
///
/// # Errors
/// When there is no certificate that names one device, or it is another device's than the directory's, or for another
/// key than the one beside it.
pub fn run(plan: &Plan, now: Time, ui: &Ui) -> Result<Exit, Failure> {
    let place = plan.dir.display();
    let unusable = |reason: String| {
        Failure::failed(format!("{place}: {reason}"))
            .hint("name a device's directory: certreq whoami cert_<id>")
    };
    let seen = Seen::at(&plan.dir).map_err(|error| unusable(format!("it {error}")))?;
    let chain =
        seen.certificate.chain().map_err(|fault| unusable(PairFault::Certificate(fault).to_string()))?;
    let leaf = chain.first().ok_or_else(|| Failure::failed(format!("{place}: there is no certificate")))?;
    let unsafe_pair = |why: String| Failure::new(Exit::Unsafe, format!("{place}: {why}"));
    let owner = device_id::check(beside::device_id(&plan.dir).as_ref(), leaf)
        .map_err(|other| unsafe_pair(format!("{CERTIFICATE_FILE}: {other}")));
    let mut identity = match identity(leaf, now) {
        Ok(identity) => identity,
        Err(reason) => {
            owner?;
            return Err(Failure::failed(format!("{place}: {reason}")));
        }
    };
    let revoked = Fleets::default().of(&plan.dir).revoked(leaf, &chain, now);
    if revoked.is_some() {
        identity.state = "revoked";
    }
    identity.services = services::beside(&plan.dir);
    written(if plan.json { ui.json(&identity) } else { ui.text(&text(&identity)) })?;
    if let Some(revoked) = revoked {
        ui.warn(&format!("{place}: the certificate is {revoked}"));
    }
    owner?;
    match seen.key.private_key() {
        Ok(key) if !pair::is_of(leaf, &key.public_key_info()) => {
            return Err(unsafe_pair("the certificate does not match the key beside it".to_owned()));
        }
        Ok(_) => {}
        Err(fault @ (KeyFault::Denied | KeyFault::Kind)) => {
            ui.warn(&format!("{place}: {}; whether it fits the certificate is open", PairFault::Key(fault)));
        }
        Err(fault) => return Err(unsafe_pair(PairFault::Key(fault).to_string())),
    }
    if let Some(mode) = seen.key.exposed_mode() {
        ui.warn(&format!("{place}: {KEY_FILE} has the mode {mode:04o}; chmod 600 it"));
    }
    Ok(Exit::Done)
}

fn identity(leaf: &Certificate, now: Time) -> Result<Identity, String> {
    let Some(named) = DeviceName::of(leaf) else {
        return Err(format!("the certificate names {}, not one device", leaf.subject));
    };
    Ok(Identity {
        schema: "certreq.whoami/1",
        id: named.id.to_owned(),
        tenant: named.tenant.map(str::to_owned),
        fingerprint: leaf.fingerprint().to_string(),
        serial: leaf.serial.clone(),
        not_before: leaf.not_before,
        not_after: leaf.not_after,
        state: match leaf.validity_at(now) {
            Validity::Valid => "valid",
            Validity::Expired => "expired",
            Validity::NotYetValid => "not_yet_valid",
        },
        services: BTreeMap::new(),
    })
}

fn text(identity: &Identity) -> String {
    let mut lines = vec![format!("id: {}", escape::line(&identity.id))];
    lines.extend(identity.tenant.as_ref().map(|tenant| format!("tenant: {}", escape::line(tenant))));
    lines.push(format!("fingerprint: {}", identity.fingerprint));
    lines.push(format!("serial: {}", identity.serial));
    lines.push(format!("not_before: {}", identity.not_before.moment()));
    lines.push(format!("not_after: {}", identity.not_after.moment()));
    lines.push(format!("state: {}", identity.state));
    let services = identity.services.iter();
    lines.extend(services.map(|(name, url)| format!("{}: {}", escape::line(name), escape::line(url))));
    lines.join("\n")
}
