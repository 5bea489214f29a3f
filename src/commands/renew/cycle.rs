//! A cycle: one look at the whole fleet, and the renewal of due devices.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::sync::mpsc;

use super::{
    Plan,
    aftermath::Aftermath,
    due::{Judge, Verdict, Why},
    lazy_platform::LazyPlatform,
    outcome::{AfterTask, End, Next},
    report::Report,
};

use crate::{
    commands::{
        anchor::{self, Terms},
        key_store,
        outcomes::say_last_look,
        workspace::{self, lock, now, open_vault, or_stop, say_unmet, unfinished},
    },
    device_id::{DeviceId, DeviceName},
    enroll::{self, Batch, DeviceFailure, Issued, Key, LastLook, Predecessor, Stop, Trial, Work},
    evidence::{self, fleet_authorities::FleetAuthorities, revocations::Revocations, witness::Witness},
    failure::{Exit, Failure},
    fleet::{
        journal::{self, Event, History, Replaced},
        layout::Layout,
        pair::{PairFault, Seen},
        scan::{self, Pair},
        vault::{self, Occupied, Subject, Vault},
    },
    output::Ui,
    pki::{
        alt_name,
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
        revocation::Revocation,
        state::Lifetime,
        time::Time,
    },
    platform::{Holder, Platform, registry_of},
};

/// Memory of a process with `--watch`, from one cycle to the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Devices that were renewed, and until when they are not due again, even inside the renewal window.
    pub(super) resting: HashMap<DeviceId, Time>,
}

/// A due device, and its pair on disk.
struct Due {
    device: DeviceId,
    why: Why,
    pair: Box<Pair>,
}

#[derive(Default)]
struct Sorted {
    due: Vec<Due>,
    later: Vec<(DeviceId, Time, Box<Pair>)>,
    refused: Vec<(DeviceId, DeviceFailure)>,
}

/// Looks, renews and reports.
pub(super) async fn run<O>(
    lazy: &mut LazyPlatform<O>,
    plan: &Plan,
    memory: &Memory,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<End, Failure>
where
    O: AsyncFnMut() -> Result<Arc<dyn Platform>, Failure>,
{
    let layout = Layout::new(&plan.dir);
    let mut ids = devices(plan, &layout)?;
    let held = if plan.dry_run {
        None
    } else {
        Some(or_stop(&stop, lock(&layout, plan.wait || plan.watch, ui)).await?)
    };
    let shard = workspace::shard(&layout, plan.shard, held.is_some())?;
    workspace::of_shard(&mut ids, DeviceId::as_str, plan.shard, shard)?;
    let left = if plan.dry_run { Vec::new() } else { unfinished(&layout, ui)? };
    let begun: HashSet<DeviceId> = if plan.dry_run {
        vault::begun(&layout).map_err(|error| Failure::failed(error.to_string()))?.into_iter().collect()
    } else {
        left.iter().map(|left| left.device.clone()).collect()
    };
    let judge =
        Judge { layout: &layout, terms: plan.terms, now: now(), begun: &begun, resting: &memory.resting };
    let mut sorted = sort(judge, &ids);
    let mut report = Report::new(plan, shard, ids.len(), ui);
    let history = history(&layout)?;
    let debts = debts(plan, &sorted, &history);
    // A key that an earlier run did not look for at its end is looked for now, even when no device is due.
    let in_doubt = journal::in_doubt(&layout.journal()).is_ok_and(|left| !left.is_empty());
    let needs_platform = !plan.dry_run && (!sorted.due.is_empty() || !debts.is_empty() || in_doubt);
    let mut anchors = Vec::new();
    let mut platform = None;
    if let (true, Some(store)) = (needs_platform, &plan.store) {
        key_store::open(store).await?;
    }
    if needs_platform || plan.terms.revoked {
        let opened = or_stop(&stop, lazy.get()).await?;
        if plan.revoke_old {
            registry_of(&*opened, "renew --revoke-old")?;
        }
        let terms = Terms { write: !plan.dry_run, ..plan.root };
        anchors = or_stop(&stop, anchor::agree(&*opened, &layout, terms, ui)).await?;
        say_unmet(&*opened, ui);
        platform = Some(opened);
    }
    let evidence = Evidence::gather(platform.as_deref(), &layout, plan.dry_run).await;
    if plan.terms.revoked {
        evidence.pick_revoked(&mut sorted, &mut report);
    } else {
        evidence.leave_out_revoked(plan.devices.is_some(), &mut sorted, &mut report);
    }
    for (device, failure) in std::mem::take(&mut sorted.refused) {
        report.failure(&device, &failure);
    }
    let mut next: Vec<Next> = Vec::new();
    for (device, due_at, pair) in &sorted.later {
        report.later(device, *due_at, &pair.leaf);
        next.push(Next { device: device.clone(), due_at: *due_at, not_after: pair.leaf.not_after });
    }
    if plan.dry_run {
        for due in &sorted.due {
            report.would_renew(&due.device, &due.why, &due.pair.leaf);
        }
        return report.finish(None, next, &Stop::default());
    }
    // Opened even without any work: the run before may have been cut before it wrote down its last step.
    let vault = open_vault(layout.clone())?;
    if let Some(platform) = &platform {
        let keys = left.into_iter().map(|left| (left.device, left.key)).collect();
        let for_holders = platform.renews_for_holders();
        let work = Preparation {
            plan,
            layout: &layout,
            vault: &vault,
            history: &history,
            keys,
            for_holders,
            evidence: &evidence,
        }
        .all(sorted.due, &mut report);
        let batch = Batch {
            platform: Arc::clone(platform),
            vault: vault.clone(),
            anchors,
            limits: plan.limits,
            now,
            stop: Arc::clone(&stop),
            trial: plan.test.clone().map(|command| Trial::new(command, layout.clone())),
            first: None,
        };
        let looked = renew(batch, work, debts, plan, &layout, &mut report).await;
        say_last_look(&looked, ui);
    }
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    anchor::retire(&layout, ui);
    drop(held);
    for (device, issued) in &report.renewed {
        let lifetime = Lifetime { not_before: issued.not_before, not_after: issued.not_after };
        let due_at = plan.terms.due_at(device, lifetime).max(rest(issued));
        next.push(Next { device: device.clone(), due_at, not_after: issued.not_after });
    }
    report.finish(platform.map(|platform| platform.display_name()).as_deref(), next, &stop)
}

/// End of the rest of a new pair, which is left alone for half of its remaining life, even in a longer window.
pub(super) fn rest(issued: &Issued) -> Time {
    let left = (issued.not_after.unix() - now().unix()).max(0);
    now().plus(left / 2)
}

fn devices(plan: &Plan, layout: &Layout) -> Result<Vec<DeviceId>, Failure> {
    if let Some(devices) = &plan.devices {
        return Ok(devices.clone());
    }
    let ids =
        scan::devices(layout).map_err(|error| Failure::failed(format!("the fleet cannot be read: {error}")))?;
    if ids.is_empty() {
        let place = layout.root().display();
        return Err(Failure::failed(format!("there is no directory cert_<id> in {place}"))
            .hint("name the fleet's directory with --dir, or get first certificates: certreq issue"));
    }
    Ok(ids)
}

fn sort(judge: Judge<'_>, ids: &[DeviceId]) -> Sorted {
    let verdicts = scan::on_all_cores(ids, |id| judge.verdict(id));
    let mut sorted = Sorted::default();
    for (device, verdict) in ids.iter().cloned().zip(verdicts) {
        match verdict {
            Verdict::Due { why, pair } => sorted.due.push(Due { device, why, pair }),
            Verdict::Later { due_at, pair } => sorted.later.push((device, due_at, pair)),
            Verdict::Refuse(failure) => sorted.refused.push((device, failure)),
        }
    }
    sorted
}

/// Evidence about the revocation of the fleet's certificates.
struct Evidence {
    fleet: FleetAuthorities,
    /// In a dry run, in which the platform's list is not kept on disk.
    platform: Option<Arc<Witness>>,
    now: Time,
}

impl Evidence {
    /// `ca/crl.pem` was just fetched if the platform has a list; in a dry run the platform's own answer counts.
    async fn gather(platform: Option<&dyn Platform>, layout: &Layout, dry_run: bool) -> Self {
        let platform = match platform.filter(|_| dry_run) {
            Some(platform) => evidence::platform::look(platform, None).await.ok(),
            None => None,
        };
        Self {
            fleet: FleetAuthorities::read(layout),
            platform: platform.map(|found| Arc::new(found.into_witness())),
            now: now(),
        }
    }

    fn about(&self, pair: &Pair) -> Option<Revocation> {
        let own = self.fleet.about(&pair.leaf, &pair.intermediates, self.now);
        let platform = self.platform.iter().filter_map(|platform| {
            let revocations = Revocations::new([Arc::clone(platform)], None);
            revocations.about_at_hand(&pair.leaf, &pair.intermediates, self.now)
        });
        Revocation::decide(own.into_iter().chain(platform))
    }

    /// Makes revoked pairs due, for `--revoked`. Reports once why the state of other pairs cannot be told.
    fn pick_revoked(&self, sorted: &mut Sorted, report: &mut Report<'_>) {
        let mut undecided = None;
        for (device, due_at, pair) in std::mem::take(&mut sorted.later) {
            match self.about(&pair) {
                Some(revocation) if revocation.state.is_revoked() => {
                    sorted.due.push(Due { device, why: Why::Revoked(revocation.state.to_string()), pair });
                    continue;
                }
                Some(revocation) if revocation.state.is_conclusive() => {}
                Some(revocation) => drop(undecided.get_or_insert_with(|| revocation.to_string())),
                None => drop(undecided.get_or_insert_with(|| "there is no revocation list".to_owned())),
            }
            sorted.later.push((device, due_at, pair));
        }
        if let Some(why) = undecided {
            report.not_determinable(&why);
        }
    }

    /// Without `--revoked`, a pair that was taken out is not renewed in passing: a device that was named fails, others
    /// are left out. Renewals that an earlier run began, or that `--all` asks for, go on.
    fn leave_out_revoked(&self, named: bool, sorted: &mut Sorted, report: &mut Report<'_>) {
        let revoked = |pair: &Pair| self.fleet.revoked(&pair.leaf, &pair.intermediates, self.now);
        let mut left_out = Vec::new();
        for due in std::mem::take(&mut sorted.due) {
            match revoked(&due.pair).filter(|_| matches!(due.why, Why::Expired(_) | Why::Expiring(_))) {
                Some(revocation) => left_out.push((due.device, due.pair, revocation)),
                None => sorted.due.push(due),
            }
        }
        for (device, due_at, pair) in std::mem::take(&mut sorted.later) {
            match revoked(&pair) {
                Some(revocation) => left_out.push((device, pair, revocation)),
                None => sorted.later.push((device, due_at, pair)),
            }
        }
        for (device, pair, revocation) in left_out {
            if named {
                let failure = DeviceFailure::new(Exit::Unsafe, format!("its certificate is {revocation}"));
                let next = format!("certreq renew --revoked -i {device} gets it a new pair");
                sorted.refused.push((device, failure.hint(next)));
            } else {
                report.revoked(&device, &revocation.state.to_string(), &pair.leaf);
            }
        }
    }
}

fn history(layout: &Layout) -> Result<HashMap<String, History>, Failure> {
    journal::history(&layout.journal()).map_err(|error| {
        Failure::new(Exit::Unsafe, error.to_string())
            .hint("nothing was requested; see the rest of it: certreq status --journal")
            .hint("then move it away: unfinished keys are recovered without it")
    })
}

/// Tasks that earlier runs still owe to pairs in use, and that this run can do.
fn debts(plan: &Plan, sorted: &Sorted, history: &HashMap<String, History>) -> Vec<AfterTask> {
    let mut debts = Vec::new();
    for (device, _, pair) in &sorted.later {
        let Some((key, Event::Owed { fingerprint, exec, delete })) =
            history.get(device.as_str()).and_then(|history| history.owed.as_ref())
        else {
            continue;
        };
        let payable = (*exec && plan.exec.is_some()) || (!delete.is_empty() && plan.revoke_old);
        if let (true, true, Ok(key)) =
            (payable, pair.leaf.fingerprint().to_string() == *fingerprint, key.parse())
        {
            let subject = Subject { device: device.clone(), key };
            debts.push(AfterTask {
                subject,
                pair: Issued::new(&pair.leaf),
                exec: *exec,
                delete: delete.clone(),
            });
        }
    }
    debts
}

/// Makes work of due devices.
struct Preparation<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    vault: &'a Vault,
    history: &'a HashMap<String, History>,
    /// Keys that earlier runs left.
    keys: HashMap<DeviceId, PrivateKey>,
    /// The platform renews for the holder of the certificate in use.
    for_holders: bool,
    evidence: &'a Evidence,
}

impl Preparation<'_> {
    fn all(mut self, due: Vec<Due>, report: &mut Report<'_>) -> Vec<Work> {
        let mut work = Vec::with_capacity(due.len());
        for Due { device, pair, .. } in due {
            let holder = self.holder(&pair);
            let predecessor = Some(Predecessor { holder, ..self.predecessor(&device, &pair) });
            match self.key(&device, &pair) {
                Ok(key) => {
                    // A server's certificate keeps the names it has.
                    let names = alt_name::of(&pair.leaf);
                    work.push(Work { device, key, occupied: Occupied::Archive, names, predecessor });
                }
                Err(reason) => {
                    report.failure(&device, &DeviceFailure::new(Exit::Failed, reason));
                }
            }
        }
        work
    }

    /// A key that an earlier run left is used, unless it is the one in use and a new one is wanted, or the other way
    /// round.
    fn key(&mut self, device: &DeviceId, pair: &Pair) -> Result<Key, String> {
        let in_use = pair.key.public_key_info();
        if let Some(left) = self.keys.remove(device) {
            let public = left.public_key_info();
            if (public == in_use) == self.plan.reuse_key {
                return Ok(Key::Resumed(left));
            }
            self.vault.discard(Subject { device: device.clone(), key: Fingerprint::of(&public) });
        }
        let seen = Seen::at(&self.layout.device(device)).map_err(|error| error.to_string())?;
        if !self.plan.reuse_key {
            let kind = self.plan.key.or_else(|| KeySpec::like(&in_use)).unwrap_or_default();
            let store = self.plan.store.clone().unwrap_or_else(|| seen.key.store());
            return Ok(Key::New(kind, store));
        }
        let why = |fault| PairFault::Key(fault).to_string();
        let key = seen.key.private_key().map_err(why)?;
        Ok(Key::Reused(key, seen.key.text().map_err(why)?))
    }

    /// Holder of the pair in use. `None` for a revoked or expired certificate, which is accepted no more: the first
    /// credentials are used then.
    fn holder(&self, pair: &Pair) -> Option<Arc<Holder>> {
        let is_revoked = || self.evidence.fleet.revoked(&pair.leaf, &pair.intermediates, self.evidence.now);
        if !self.for_holders || pair.leaf.not_after < now() || is_revoked().is_some() {
            return None;
        }
        Holder::new(pair.leaf.clone(), pair.intermediates.clone(), &pair.key).ok().map(Arc::new)
    }

    fn predecessor(&self, device: &DeviceId, pair: &Pair) -> Predecessor {
        let history = self.history.get(device.as_str());
        let in_use = pair.leaf.fingerprint();
        let mut known = history.map(|history| history.published.clone()).unwrap_or_default();
        known.push(in_use);
        let (mut exec, mut delete) = (false, Vec::new());
        // Tasks that are owed to the old pair pass to the new one.
        if let Some((_, Event::Owed { fingerprint, exec: still, delete: more })) =
            history.and_then(|history| history.owed.as_ref())
            && *fingerprint == in_use.to_string()
        {
            exec = *still;
            delete.clone_from(more);
        }
        if self.plan.revoke_old {
            delete.push(Replaced { fingerprint: in_use.to_string(), serial: pair.leaf.serial.clone() });
        }
        Predecessor {
            known,
            tenant: DeviceName::of(&pair.leaf).and_then(|named| named.tenant.map(str::to_owned)),
            not_before: pair.leaf.not_before,
            holder: None,
            run_command: exec || self.plan.exec.is_some(),
            delete,
            keep: self.plan.keep,
        }
    }
}

/// Runs the engine, and behind it the tasks after each renewal, one device after the other as they come.
async fn renew(
    batch: Batch,
    work: Vec<Work>,
    debts: Vec<AfterTask>,
    plan: &Plan,
    layout: &Layout,
    report: &mut Report<'_>,
) -> LastLook {
    let aftermath = Aftermath {
        platform: Arc::clone(&batch.platform),
        vault: batch.vault.clone(),
        layout: layout.clone(),
        exec: plan.exec.clone(),
        revoke_old: plan.revoke_old,
        stop: Arc::clone(&batch.stop),
    };
    let promised: HashMap<DeviceId, (bool, Vec<Replaced>)> = work
        .iter()
        .filter_map(|work| {
            let old = work.predecessor.as_ref()?;
            Some((work.device.clone(), (old.run_command, old.delete.clone())))
        })
        .collect();
    let (outcomes, arrived) = mpsc::unbounded_channel();
    let engine = enroll::run(batch, work, move |outcome| {
        // The receiver lives as long as the engine.
        let _ = outcomes.send(outcome);
    });
    let (looked, ()) = tokio::join!(engine, aftermath.run(debts, arrived, promised, report));
    looked
}
