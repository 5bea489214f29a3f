//! `certreq issue`: from device ids to verified pairs on disk.

mod decide;
mod report;
mod root;

use std::{future::Future, path::PathBuf, sync::Arc};

use decide::{Decision, Judge};
use report::Report;

use crate::{
    enroll::{self, Batch, DeviceFailure, Limits, Outcome, Stop, Work},
    failure::{Exit, Failure},
    fleet::{
        device_id::DeviceId,
        id_list,
        journal::JournalError,
        layout::Layout,
        lock::{FleetLock, LockError},
        vault::{self, Vault, VaultError},
    },
    output::{Ui, count},
    pki::{alt_name::AltName, fingerprint::Fingerprint, key::KeySpec, time::Time},
    platform::Platform,
};

/// Every decision that does not need the platform or the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `None`: every device of the user.
    pub ids: Option<Vec<DeviceId>>,
    pub dir: PathBuf,
    pub key: KeySpec,
    /// Of the one server it is for; then there is exactly one id.
    pub names: Vec<AltName>,
    pub limits: Limits,
    pub force: bool,
    pub dry_run: bool,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
    /// The platform's root must have this fingerprint.
    pub pin: Option<Fingerprint>,
}

fn now() -> Time {
    std::time::SystemTime::now().into()
}

/// Issues for every device of the plan and says how it went.
///
/// # Errors
/// What stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run<P: Platform + 'static>(
    platform: P,
    plan: Plan,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<Exit, Failure> {
    let platform = Arc::new(platform);
    let layout = Layout::new(&plan.dir);
    let lock = if plan.dry_run { None } else { Some(or_stop(&stop, lock(&layout, plan.wait, ui)).await?) };
    let anchors = or_stop(&stop, root::agree(&*platform, &layout, &plan, ui)).await?;
    let listed = or_stop(&stop, devices(&*platform, plan.ids.clone())).await?;
    let unfinished = if plan.dry_run { Vec::new() } else { unfinished(&layout)? };
    let total = listed.ids.len() + listed.refused.len();
    let judge = Judge {
        layout: &layout,
        force: plan.force,
        anchors: &anchors,
        names: &plan.names,
        now: now(),
        skew: platform.clock_skew(),
    };
    let decided = decide::all(judge, listed.ids, unfinished);
    let mut report = Report::new(&plan, total, ui);
    for (text, failure) in listed.refused {
        report.unusable_id(&text, &failure);
    }
    if decided.left > 0 {
        ui.note(&format!(
            "{} of an earlier run left half done in .certreq/staged: run the command that began it again",
            count(decided.left, "device")
        ));
    }
    if plan.dry_run {
        return report.plan(decided.decisions);
    }
    let work = settle(decided.decisions, &plan.names, &mut report);
    // Opened even when there is nothing to do: the run before may have been cut before it wrote down its last step.
    let vault = open_vault(layout)?;
    let batch = Batch {
        platform: Arc::clone(&platform),
        vault: vault.clone(),
        anchors,
        key: plan.key,
        limits: plan.limits,
        now,
        stop: Arc::clone(&stop),
    };
    enroll::run(batch, work, |outcome| report.outcome(outcome)).await;
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    drop(lock);
    report.finish(&platform.place(), stop.cause())
}

/// What `work` brings, unless somebody ends the run first; no device was begun then.
async fn or_stop<T>(stop: &Stop, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        biased;
        cause = stop.stopped() => Err(Failure::new(cause, "interrupted before a device was begun")
            .hint("run the same command again")),
        outcome = work => outcome,
    }
}

async fn lock(layout: &Layout, wait: bool, ui: &Ui) -> Result<FleetLock, Failure> {
    let failure = match FleetLock::take(layout, false) {
        Ok(lock) => return Ok(lock),
        Err(LockError::Disk(error)) => {
            return Err(Failure::failed(format!("the directory cannot be used: {error}")));
        }
        Err(LockError::Busy(place)) if wait => {
            ui.note(&format!("waiting for another certreq that works in {place}"));
            let layout = layout.clone();
            // A thread of its own: the wait may be long, and an interrupt must be heard meanwhile.
            let waited = tokio::task::spawn_blocking(move || FleetLock::take(&layout, true)).await;
            match waited {
                Ok(Ok(lock)) => return Ok(lock),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            }
        }
        Err(error @ LockError::Busy(_)) => error.to_string(),
    };
    Err(Failure::new(Exit::Unsafe, failure).hint("wait for it to end, or let this run wait: --wait"))
}

fn open_vault(layout: Layout) -> Result<Vault, Failure> {
    Vault::open(layout, now).map_err(|error| match error {
        VaultError::Journal(JournalError::Damaged { .. }) => Failure::new(Exit::Unsafe, error.to_string())
            .hint("nothing was asked for; see what it still says: certreq status --journal")
            .hint("then move it away: keys that are half done are recovered without it"),
        _ => Failure::failed(error.to_string()),
    })
}

fn unfinished(layout: &Layout) -> Result<Vec<vault::Unfinished>, Failure> {
    vault::unfinished(layout)
        .map_err(|error| Failure::failed(format!("what an earlier run left cannot be read: {error}")))
}

/// Ids that can be used, and what the platform listed beside them.
struct Listed {
    ids: Vec<DeviceId>,
    refused: Vec<(String, DeviceFailure)>,
}

async fn devices<P: Platform>(platform: &P, given: Option<Vec<DeviceId>>) -> Result<Listed, Failure> {
    if let Some(ids) = given {
        return Ok(Listed { ids, refused: Vec::new() });
    }
    let mut listed = Listed { ids: Vec::new(), refused: Vec::new() };
    for text in platform.devices().await.map_err(|error| Failure::from(error).context("listing the devices"))? {
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
        return Err(Failure::failed(format!("{} has no device for this user", platform.place()))
            .hint("register the devices first, or name them with -i"));
    }
    Ok(listed)
}

/// Reports what needs no work and returns the rest.
fn settle(decisions: Vec<(DeviceId, Decision)>, names: &[AltName], report: &mut Report<'_>) -> Vec<Work> {
    let mut work = Vec::with_capacity(decisions.len());
    for (device, decision) in decisions {
        match decision {
            Decision::Issue { key, occupied } => {
                work.push(Work { device, key, occupied, names: names.to_vec() });
            }
            Decision::Skip(held) => report.skipped(&device, &held),
            Decision::Refuse(failure) => report.outcome(Outcome { device, result: Err(failure) }),
        }
    }
    work
}
