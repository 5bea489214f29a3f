//! `certreq verify`: checks whether each certificate meets its requirements. The exit code is the answer.

mod check;
mod material;
mod report;
mod trust;

use std::{ffi::OsString, path::PathBuf, sync::Arc, time::Duration};

use material::Input;
use tokio::{runtime::Handle, task};

use super::parallel::{self, ROUND};
use crate::{
    commands::stdout::written,
    device_id::DeviceId,
    evidence::password::Password,
    evidence::{
        endpoint::Identity,
        journal::Journal,
        online::{self, Fetcher, Online},
        platform::PlatformEvidence,
        revocations::{ListPlace, Revocations},
        witness::Witness,
    },
    failure::{Exit, Failure},
    fleet::{layout::Layout, shard::Shard},
    output::{Ui, count},
    pki::{
        chain::{PolicyDemand, Purpose},
        state::Within,
        time::Time,
    },
};

/// Every decision of a run.
#[derive(Debug)]
pub struct Plan {
    /// Files, device directories, fleet directories, patterns, servers, `-`.
    pub inputs: Vec<OsString>,
    /// Of device directories only these.
    pub shard: Option<Shard>,
    /// Of PKCS#12 files.
    pub password: Password,
    pub trust: Trust,
    /// Files, bundles, directories.
    pub intermediates: Vec<PathBuf>,
    pub expect: Expectations,
    /// The private key that must belong to the certificate; device directories have their own.
    pub key: Option<PathBuf>,
    /// Where revocation lists are, beside those beside the roots.
    pub lists: Vec<ListPlace>,
    /// May places named in certificates be asked?
    pub online: Option<online::Options>,
    /// The name to ask servers for.
    pub server_name: Option<String>,
    /// Shown to servers that ask for a client certificate.
    pub client: Option<Identity>,
    /// For each connection.
    pub timeout: Duration,
    pub json: bool,
}

/// The trusted ends of a path.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Files, bundles, directories; none: `ca/ca.pem` beside each device directory.
    pub ca: Vec<PathBuf>,
    /// The roots of this computer.
    pub system: bool,
    /// Certificates that are not self-signed may be trusted, too.
    pub partial: bool,
}

/// Requirements for a certificate.
#[derive(Clone, Debug)]
pub struct Expectations {
    pub at: Time,
    /// How near its end it is too near.
    pub within: Option<Within>,
    /// `None`: the id a device directory is named after.
    pub device: Option<DeviceId>,
    pub purpose: Purpose,
    /// Certificate policies.
    pub policy: PolicyDemand,
    /// Of a server.
    pub name: Option<String>,
    pub revocation: Demand,
}

/// How much must be known about revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Revocation is not checked.
    Off,
    /// A revoked certificate fails; an unknown state is reported and tolerated.
    Prefer,
    /// Every state but good fails.
    Require,
}

/// Verifies all of them; one that cannot be read does not stop the rest. `own` is the list of the platform that was
/// named.
///
/// # Errors
/// Trust anchors or lists that were named and cannot be read, and no trust anchor at all.
pub async fn run(plan: Plan, own: Option<PlatformEvidence>, ui: &Ui) -> Result<Exit, Failure> {
    let inputs = material::gather(&plan);
    let anchors = trust::load(&plan, &inputs, ui)?;
    let revocations = revocations(&plan, &anchors, &inputs, own, ui).await?;
    let runtime = Handle::current();
    let judge = |input: &Input| match input.material(&plan) {
        Ok(material) => {
            let verdict = check::all(&material, &plan.expect, anchors.of(input), &revocations);
            (runtime.block_on(verdict), material.notes.clone())
        }
        Err(why) => (check::Verdict::unreadable(why), Vec::new()),
    };
    let mut exits = Vec::with_capacity(inputs.len());
    // Answers from the network are waited for, so each is shown soon after it came.
    let length = if plan.online.is_some() { parallel::processors() } else { ROUND };
    for round in inputs.chunks(length) {
        let judged = task::block_in_place(|| parallel::in_order(round, parallel::processors(), judge));
        for (input, (verdict, notes)) in round.iter().zip(judged) {
            for note in notes {
                ui.warn(&format!("{}: {note}", input.label));
            }
            exits.push(verdict.exit);
            written(report::show(&input.label, &verdict, plan.shard, plan.json, ui))?;
        }
    }
    if let Some(shard) = plan.shard {
        ui.note(&format!("shard {shard}: {} looked at", count(exits.len(), "certificate")));
    }
    Ok(Exit::worst(exits))
}

/// Evidence in this order: lists that were named, those beside the roots, the platform's, the journals of the devices'
/// fleets, and, if asked for, the network.
async fn revocations(
    plan: &Plan,
    anchors: &trust::Anchors,
    inputs: &[Input],
    own: Option<PlatformEvidence>,
    ui: &Ui,
) -> Result<Revocations, Failure> {
    if plan.expect.revocation == Demand::Off {
        return Ok(Revocations::default());
    }
    let mut lists = Witness::default();
    let fetcher = Fetcher::for_typed(plan.timeout);
    for place in &plan.lists {
        let unread = lists
            .load(place, &fetcher)
            .await
            .map_err(|error| Failure::failed(format!("the revocation list cannot be read: {error}")))?;
        for why in unread {
            ui.warn(&format!("a revocation list is not used: {why}"));
        }
    }
    for path in anchors.lists_beside() {
        // This list was not named: its content is unknown, which is reported. Where a named list is of the same
        // issuer, this one must not hide that the named one cannot be used.
        for why in lists.load_beside(&path) {
            ui.warn(&format!("the revocation list beside the root is not used: {why}"));
        }
    }
    if let Some(list) = own.and_then(|own| own.list.ok().map(|list| (list, own.place))) {
        lists.add(list.0, list.1);
    }
    let mut witnesses = vec![Arc::new(lists)];
    for fleet in anchors.fleets(inputs) {
        let journal = Journal::read(&Layout::new(fleet));
        match &journal.damage {
            Some(why) if journal.is_denied => ui.detail(&format!("{} is not used: {why}", journal.source)),
            Some(why) => ui.warn(&format!("the journal is not used to its end: {why}")),
            None => {}
        }
        let mut witness = Witness::default();
        witness.hear(journal);
        witnesses.push(Arc::new(witness));
    }
    Ok(Revocations::new(witnesses, plan.online.clone().map(|options| Arc::new(Online::new(options)))))
}
