//! `certreq revoke`: the targets, the platform's records of them, the question to the user, and the revocation.

mod consent;
mod records;
mod report;
mod target;
mod work;

use std::{path::PathBuf, sync::Arc};

pub use consent::Consent;
use report::Report;
pub use target::Target;

use super::{proof::Proof, workspace};
use crate::{
    device_id::DeviceName,
    enroll::{Limits, RequestLimiter, Stop},
    evidence::password::Password,
    failure::{Exit, Failure},
    fleet::{
        journal::JournalError,
        layout::Layout,
        ledger::Ledger,
        lock::{FleetLock, LockError},
        shard::Shard,
    },
    output::Ui,
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::{Platform, registry_of},
};

/// Every decision that does not need the platform or the disk.
#[derive(Debug)]
pub struct Plan {
    pub targets: Vec<Target>,
    /// Only these devices.
    pub shard: Option<Shard>,
    /// For ids: also certificates that are not on disk.
    pub all: bool,
    /// Only take the owner away.
    pub unlink: bool,
    /// Holds the journal.
    pub dir: PathBuf,
    pub password: Password,
    pub consent: Consent,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub limits: Limits,
    pub json: bool,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    /// The platform's root must have this fingerprint.
    pub pin: Option<Fingerprint>,
}

/// A certificate that the platform has, compared with its target.
#[derive(Clone, Debug)]
struct Candidate {
    certificate: Certificate,
    /// Owner as the platform has it, unchecked; `None` without an owner.
    owner: Option<String>,
    /// The owner stands in the common name only: there is no record of it to take away.
    owned_by_name: bool,
    /// Another authority issued it: the platform can only forget its record.
    is_foreign: Option<bool>,
}

impl Candidate {
    /// The device, for people: the owner, else the name in it.
    fn device(&self) -> &str {
        let named = || DeviceName::of(&self.certificate).map(|named| named.name);
        self.owner.as_deref().or_else(named).unwrap_or("-")
    }
}

fn now() -> Time {
    std::time::SystemTime::now().into()
}

/// Revokes the targets of the plan, and reports the results.
///
/// # Errors
/// A failure that stops the whole run; no certificate was touched then. Certificates that fail are reported one by one
/// and merged into the exit code.
pub async fn run(platform: &dyn Platform, mut plan: Plan, stop: Arc<Stop>, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    let shard = {
        let _held = match plan.shard {
            Some(_) if !plan.consent.dry_run => Some(lock(&layout, plan.wait, &stop, ui).await?),
            _ => None,
        };
        workspace::shard(&layout, plan.shard, !plan.consent.dry_run)?
    };
    target::of_shard(&mut plan)?;
    let mut report = Report::new(&plan, shard, ui);
    let fleets = target::fleets(&plan);
    let proof = Proof::new(platform, plan.pin, fleets);
    let candidates = tokio::select! {
        biased;
        cause = stop.stopped() => return Err(interrupted(cause)),
        found = prepare(platform, &plan, &proof, &mut report, ui) => found?,
    };
    report.announce(candidates.len());
    if plan.consent.dry_run {
        return report.plan(&candidates);
    }
    let settled = report.take_settled();
    if !settled.is_empty() {
        let ledger = open_ledger(&Layout::new(&plan.dir), plan.wait, &stop, ui).await?;
        ledger
            .write(settled)
            .map_err(|error| Failure::failed(format!("the journal cannot be written: {error}")))?;
    }
    if !candidates.is_empty() {
        consent::ask(&plan, &candidates, &platform.display_name(), &stop, ui).await?;
        carry_out(platform, &plan, &proof, candidates, &stop, &mut report, ui).await?;
    }
    report.finish(platform, stop.cause())
}

fn interrupted(cause: Exit) -> Failure {
    Failure::new(cause, "interrupted before anything was done").hint("run the same command again")
}

/// The named certificates that the platform has.
async fn prepare(
    platform: &dyn Platform,
    plan: &Plan,
    proof: &Proof<'_>,
    report: &mut Report<'_>,
    ui: &Ui,
) -> Result<Vec<Candidate>, Failure> {
    proof.agree_on_root(ui).await?;
    let named = target::look_up(plan, &Layout::new(&plan.dir), report);
    let compared = records::compare(platform, plan, proof, named, report).await?;
    Ok(compared)
}

/// Writes the planned changes into the journal, and makes them.
async fn carry_out(
    platform: &dyn Platform,
    plan: &Plan,
    proof: &Proof<'_>,
    candidates: Vec<Candidate>,
    stop: &Arc<Stop>,
    report: &mut Report<'_>,
    ui: &Ui,
) -> Result<(), Failure> {
    let layout = Layout::new(&plan.dir);
    // Taking an owner away can be undone: the journal need not record it.
    let ledger = if plan.unlink { None } else { Some(open_ledger(&layout, plan.wait, stop, ui).await?) };
    let context = work::Context {
        platform,
        registry: registry_of(platform, "revoke")?,
        proof,
        unlink: plan.unlink,
        limits: plan.limits,
        limiter: RequestLimiter::new(plan.limits.jobs),
        reachable: crate::enroll::Reachable::new(plan.limits.give_up_after),
        stop: Arc::clone(stop),
        ledger,
    };
    context.announce(&candidates)?;
    work::all(context, candidates, |outcome| report.outcome(outcome)).await;
    Ok(())
}

async fn open_ledger(layout: &Layout, wait: bool, stop: &Stop, ui: &Ui) -> Result<Ledger, Failure> {
    let lock = lock(layout, wait, stop, ui).await?;
    Ledger::open(layout, lock, now).map_err(|error| match error {
        JournalError::Damaged { .. } => Failure::new(Exit::Unsafe, error.to_string())
            .hint("nothing was revoked; see the rest of it: certreq status --journal")
            .hint("then move it away, or name another directory: --dir DIR"),
        JournalError::Disk(error) => Failure::failed(format!("the journal cannot be written: {error}"))
            .hint("nothing was revoked; give a writable directory: --dir DIR"),
    })
}

async fn lock(layout: &Layout, wait: bool, stop: &Stop, ui: &Ui) -> Result<FleetLock, Failure> {
    let busy = match FleetLock::take(layout, false) {
        Ok(lock) => return Ok(lock),
        Err(LockError::Disk(error)) => {
            return Err(Failure::failed(format!("the directory of the journal cannot be used: {error}"))
                .hint("nothing was revoked; give a writable directory: --dir DIR"));
        }
        Err(LockError::Exposed { path, why }) => return Err(workspace::exposed(&path, &why)),
        Err(busy @ LockError::Busy(_)) => busy,
    };
    if !wait {
        return Err(Failure::new(Exit::Unsafe, busy.to_string())
            .hint("wait until it ends, or let this run wait: --wait"));
    }
    ui.note(&format!("waiting: {busy}"));
    let layout = layout.clone();
    // A thread of its own: the wait may be long, and an interrupt must be heard meanwhile.
    let waiting = tokio::task::spawn_blocking(move || FleetLock::take(&layout, true));
    tokio::select! {
        biased;
        cause = stop.stopped() => Err(interrupted(cause)),
        taken = waiting => match taken {
            Ok(Ok(lock)) => Ok(lock),
            Ok(Err(error)) => Err(Failure::failed(error.to_string())),
            Err(error) => Err(Failure::failed(error.to_string())),
        },
    }
}
