//! `certreq issue`: from device ids to verified pairs on disk.

mod decide;
mod report;
mod root;

use std::{path::PathBuf, sync::Arc};

use decide::Decision;
use report::Report;

use crate::{
    enroll::{self, Batch, DeviceFailure, Limits, Outcome, Work, engine::Stop},
    failure::{Exit, Failure},
    fleet::{
        device_id::DeviceId,
        id_list,
        layout::Layout,
        lock::{FleetLock, LockError},
        vault::{self, Vault},
    },
    output::Ui,
    pki::{fingerprint::Fingerprint, key::KeySpec, time::Time},
    platform::Platform,
};

/// Every decision that does not need the platform or the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `None`: every device of the user.
    pub ids: Option<Vec<DeviceId>>,
    pub dir: PathBuf,
    pub key: KeySpec,
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
    let _lock = if plan.dry_run { None } else { Some(lock(&layout, plan.wait)?) };
    let anchors = root::agree(&*platform, &layout, &plan, ui).await?;
    let listed = devices(&*platform, plan.ids.clone()).await?;
    let unfinished = if plan.dry_run { Vec::new() } else { unfinished(&layout)? };
    let total = listed.ids.len() + listed.refused.len();
    let decided = decide::all(&layout, listed.ids, unfinished, plan.force, &anchors, now());
    let mut report = Report::new(&plan, total, ui);
    for (text, failure) in listed.refused {
        report.unusable_id(&text, &failure);
    }
    if decided.left > 0 {
        ui.note(&format!(
            "{} devices of an earlier run are half done; name them with -i to finish",
            decided.left
        ));
    }
    if plan.dry_run {
        return report.plan(decided.decisions);
    }
    let work = settle(decided.decisions, &mut report);
    if work.is_empty() {
        return report.finish(&platform.place(), false, false);
    }
    let vault = Vault::open(layout, now).map_err(|error| Failure::failed(error.to_string()))?;
    let batch = Batch {
        platform: Arc::clone(&platform),
        vault: vault.clone(),
        anchors,
        key: plan.key,
        limits: plan.limits,
        now,
        stop: Arc::clone(&stop),
    };
    let gone = enroll::run(batch, work, |outcome| report.outcome(outcome)).await;
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    report.finish(&platform.place(), gone, stop.is_stopped() && !gone)
}

fn lock(layout: &Layout, wait: bool) -> Result<FleetLock, Failure> {
    FleetLock::take(layout, wait).map_err(|error| match error {
        LockError::Busy(_) => Failure::new(Exit::Unsafe, error.to_string())
            .hint("wait for it to end, or let this run wait: --wait"),
        LockError::Disk(_) => Failure::failed(format!("the directory cannot be used: {error}")),
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
fn settle(decisions: Vec<(DeviceId, Decision)>, report: &mut Report<'_>) -> Vec<Work> {
    let mut work = Vec::with_capacity(decisions.len());
    for (device, decision) in decisions {
        match decision {
            Decision::Issue { key, occupied } => work.push(Work { device, key, occupied }),
            Decision::Skip(leaf) => report.skipped(&device, &leaf),
            Decision::Refuse(failure) => report.outcome(Outcome { device, result: Err(failure) }),
        }
    }
    work
}
