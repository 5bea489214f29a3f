//! `certreq issue`: from device ids to verified pairs on disk.

mod carry;
mod decide;
mod report;
mod requests;

use std::{path::PathBuf, sync::Arc};

use decide::{Decision, Judge};
use report::Report;

use super::{
    clock, key_store,
    workspace::{self, lock, now, open_vault, or_stop, say_unmet, unfinished},
};
use crate::{
    commands::{
        anchor::{self, Terms},
        outcomes::say_last_look,
    },
    device_id::DeviceId,
    enroll::{self, Batch, DeviceFailure, Limits, Outcome, Stop, Work},
    evidence::fleet_authorities::FleetAuthorities,
    failure::{Exit, Failure},
    fleet::{id_list, layout::Layout, shard::Shard},
    keys::KeyStore,
    output::{Ui, count},
    pki::{alt_name::AltName, key::KeySpec},
    platform::{Platform, Registry, registry_of},
};

/// Every decision that does not need the platform or the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `None`: every device of the user.
    pub ids: Option<Vec<DeviceId>>,
    /// Consent to issue for every device of the user.
    pub every: Every,
    pub dir: PathBuf,
    /// Only these devices.
    pub shard: Option<Shard>,
    pub key: KeySpec,
    /// Where keys are made.
    pub store: KeyStore,
    /// Of the one server it is for; then there is exactly one id.
    pub names: Vec<AltName>,
    pub limits: Limits,
    pub force: bool,
    pub dry_run: bool,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
    /// On which terms the platform's root is taken.
    pub root: Terms,
    /// Requests of other machines, in place of ids.
    pub requests: Option<Requests>,
}

/// Whether every device of a user is really meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// The user agreed already, or the run is a dry run.
    Agreed,
    /// The number of devices must be typed.
    Ask,
}

/// Requests that were carried here.
#[derive(Clone, Debug)]
pub struct Requests {
    /// Files, and directories of them.
    pub paths: Vec<PathBuf>,
    /// Where their certificates go.
    pub out: PathBuf,
}

/// Issues for every device of the plan and says how it went.
///
/// # Errors
/// A failure that stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run(
    open: impl AsyncFnOnce() -> Result<Arc<dyn Platform>, Failure>,
    plan: Plan,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<Exit, Failure> {
    clock::warn(now(), ui);
    if let Some(requests) = plan.requests.clone() {
        return carry::run(open, plan, requests, stop, ui).await;
    }
    let layout = Layout::new(&plan.dir);
    let lock = if plan.dry_run { None } else { Some(or_stop(&stop, lock(&layout, plan.wait, ui)).await?) };
    let shard = workspace::shard(&layout, plan.shard, lock.is_some())?;
    if !plan.dry_run {
        key_store::open(&plan.store).await?;
    }
    let platform = open().await?;
    // First, so that no root is pinned for a run without a device.
    let mut listed = or_stop(&stop, devices(&*platform, plan.ids.clone())).await?;
    workspace::of_shard(&mut listed.ids, DeviceId::as_str, plan.shard, shard)?;
    listed.refused.retain(|(text, _)| plan.shard.is_none_or(|shard| shard.holds(text)));
    if plan.every == Every::Ask {
        or_stop(&stop, confirmed(listed.ids.len(), &platform.display_name(), ui)).await?;
    }
    let terms = Terms { write: !plan.dry_run, ..plan.root };
    let open_for = or_stop(&stop, root_first(&*platform)).await?;
    let terms = Terms { write: terms.write && !open_for, ..terms };
    let anchors = or_stop(&stop, anchor::agree(&*platform, &layout, terms, ui)).await?;
    say_unmet(&*platform, ui);
    let unfinished = if plan.dry_run { Vec::new() } else { unfinished(&layout, ui)? };
    let total = listed.ids.len() + listed.refused.len();
    let authorities = FleetAuthorities::read(&layout);
    let tenant = platform.registry().and_then(Registry::tenant);
    let judge = Judge {
        layout: &layout,
        force: plan.force,
        anchors: &anchors,
        names: &plan.names,
        tenant: tenant.as_deref(),
        now: now(),
        skew: platform.clock_skew(),
        authorities: &authorities,
        named: plan.ids.is_some(),
    };
    let decided = decide::all(judge, listed.ids, unfinished);
    let mut report = Report::new(&plan, shard, total, ui);
    for (text, failure) in listed.refused {
        report.failure(&text, &failure);
    }
    if decided.left > 0 {
        ui.note(&format!(
            "{} of an earlier run unfinished in .certreq/staged: repeat that run's command",
            count(decided.left, "device")
        ));
    }
    if plan.dry_run {
        return report.plan(decided.decisions);
    }
    let work = settle(decided.decisions, &(plan.key, plan.store.clone()), &plan.names, &mut report);
    // Opened even without any work: the run before may have been cut before it wrote down its last step.
    let vault = open_vault(layout.clone())?;
    let batch = Batch {
        platform: Arc::clone(&platform),
        vault: vault.clone(),
        anchors: anchors.clone(),
        limits: plan.limits,
        now,
        stop: Arc::clone(&stop),
        trial: None,
        first: open_for.then(|| anchor::keep_later(&layout, &anchors)),
    };
    let looked = enroll::run(batch, work, |outcome| report.outcome(outcome)).await;
    say_last_look(&looked, ui);
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    anchor::retire(&layout, ui);
    drop(lock);
    report.finish(&platform.display_name(), &stop)
}

/// Whether the platform's root is its own word only, so far.
async fn root_first(platform: &dyn Platform) -> Result<bool, Failure> {
    if platform.root_is_provisional() {
        // Asked for once; whether it was known before is known then.
        platform.root().await.map_err(|error| Failure::from(error).context("fetching the root certificate"))?;
    }
    Ok(platform.root_is_provisional())
}

/// Ids that can be used, and the devices that the platform listed and that cannot be used.
struct Listed {
    ids: Vec<DeviceId>,
    refused: Vec<(String, DeviceFailure)>,
}

async fn devices(platform: &dyn Platform, given: Option<Vec<DeviceId>>) -> Result<Listed, Failure> {
    if let Some(ids) = given {
        return Ok(Listed { ids, refused: Vec::new() });
    }
    let registry = registry_of(platform, "issue without device ids")?;
    let mut listed = Listed { ids: Vec::new(), refused: Vec::new() };
    for text in registry.devices().await.map_err(|error| Failure::from(error).context("listing the devices"))? {
        match text.parse() {
            Ok(id) => listed.ids.push(id),
            Err(error) => {
                let failure = DeviceFailure::new(
                    Exit::Failed,
                    format!("the platform listed a device that cannot be used: {error}"),
                )
                .hint("rename the device on the platform, or name the others with -i");
                listed.refused.push((text, failure));
            }
        }
    }
    listed.ids = id_list::without_duplicates(listed.ids);
    if listed.ids.is_empty() && listed.refused.is_empty() {
        return Err(Failure::failed(format!("{} has no device for this user", platform.display_name()))
            .hint("register the devices first, or give their ids: certreq issue ID ..."));
    }
    Ok(listed)
}

/// No device was given: the number of all of them must be typed.
async fn confirmed(number: usize, place: &str, ui: &Ui) -> Result<(), Failure> {
    let asked = ui.clone();
    let about = format!("No device was named: this issues for every device of the user at {place}.");
    let question = format!("Type the number of devices to go on ({number}):");
    // A thread of its own: an interrupt must be heard while it waits.
    let answer = tokio::task::spawn_blocking(move || asked.ask_words(&about, &question)).await;
    match answer.map_err(std::io::Error::other).flatten() {
        Ok(typed) if typed == number.to_string() => Ok(()),
        Ok(_) => Err(Failure::failed("not confirmed; nothing was issued")
            .hint("give device ids: certreq issue ID ...; for all devices of the user: --all")),
        Err(error) => Err(Failure::failed(format!("no answer from the terminal: {error}"))),
    }
}

/// Reports devices that need no work and returns the rest.
fn settle(
    decisions: Vec<(DeviceId, Decision)>,
    new: &(KeySpec, KeyStore),
    names: &[AltName],
    report: &mut Report<'_>,
) -> Vec<Work> {
    let mut work = Vec::with_capacity(decisions.len());
    for (device, decision) in decisions {
        match decision {
            Decision::Issue { key, occupied } => {
                work.push(Work::new(device, key, new.clone(), occupied, names.to_vec()));
            }
            Decision::Skip(held) => report.skipped(&device, &held),
            Decision::LeaveOut(held, words) => report.left_out(&device, &held, &words),
            Decision::Refuse(failure) => report.outcome(Outcome { device, result: Err(failure) }),
        }
    }
    work
}
