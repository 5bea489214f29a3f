//! `certreq issue --csr`: certificates for requests whose keys are on another machine.

use std::{fs, path::Path, sync::Arc};

use super::{
    Plan, Requests,
    decide::Decision,
    report::Report,
    requests::{self, Carried},
};
use crate::{
    commands::{
        anchor::{self, Terms},
        outcomes::say_last_look,
        workspace::{lock, now, open_vault, or_stop},
    },
    custody,
    device_id::DeviceId,
    enroll::{
        self, Batch, DeviceFailure, ExternalCsr, Issued, Key, Stop, Work,
        check::{self, Expected},
    },
    failure::{Exit, Failure},
    fleet::{carried, layout::Layout, vault::Occupied},
    output::Ui,
    pki::certificate::Certificate,
    platform::Platform,
};

/// No file of certificates here is larger.
const LIMIT: u64 = 1024 * 1024;

/// Gets a certificate for every request and puts it into a directory to be carried back.
pub(super) async fn run(
    open: impl AsyncFnOnce() -> Result<Arc<dyn Platform>, Failure>,
    plan: Plan,
    carried: Requests,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<Exit, Failure> {
    let given = requests::read_all(&carried.paths, &plan.names, &carried.out)?;
    let layout = Layout::new(&plan.dir);
    let lock = if plan.dry_run { None } else { Some(or_stop(&stop, lock(&layout, plan.wait, ui)).await?) };
    let platform = open().await?;
    let terms = Terms { write: !plan.dry_run, ..plan.root };
    let anchors = or_stop(&stop, anchor::agree(&*platform, &layout, terms, ui)).await?;
    same_roots(&carried.out, &anchors)?;
    let mut report = Report::new(&plan, None, given.len(), ui);
    let (decisions, foreign) = decide(given, &plan, &carried.out, &anchors, &mut report);
    if plan.dry_run {
        return report.plan(decisions);
    }
    for (device, decision) in decisions {
        if let Decision::Skip(held) = decision {
            report.skipped(&device, &held);
        }
    }
    let work = foreign.into_iter().map(|(device, foreign)| Work {
        device,
        key: Key::ExternalCsr(foreign),
        occupied: Occupied::Refuse,
        names: plan.names.clone(),
        predecessor: None,
    });
    let work: Vec<Work> = work.collect();
    let vault = open_vault(layout)?;
    let batch = Batch {
        platform: Arc::clone(&platform),
        vault: vault.clone(),
        anchors: anchors.clone(),
        limits: plan.limits,
        now,
        stop: Arc::clone(&stop),
        trial: None,
        first: None,
    };
    let looked = enroll::run(batch, work, |outcome| report.outcome(outcome)).await;
    say_last_look(&looked, ui);
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    drop(lock);
    let brought = report.brought_any();
    if brought {
        write_roots(&carried.out, &anchors)?;
    }
    let exit = report.finish(&platform.display_name(), &stop)?;
    if brought {
        farewell(&carried.out, &anchors, ui);
    }
    Ok(exit)
}

type Sorted = (Vec<(DeviceId, Decision)>, Vec<(DeviceId, ExternalCsr)>);

/// Reports the requests that cannot be used; returns the decisions on the others, and the requests to send.
fn decide(
    given: Vec<Carried>,
    plan: &Plan,
    out: &Path,
    anchors: &[Certificate],
    report: &mut Report<'_>,
) -> Sorted {
    let (mut decisions, mut work) = (Vec::new(), Vec::new());
    for one in given {
        let verdict = one.verdict.and_then(|(device, foreign)| {
            let held = held(plan, out, anchors, &device, &foreign)?;
            Ok((device, foreign, held))
        });
        match verdict {
            Err(failure) => report.failure(&one.name, &failure),
            Ok((device, _, Some(held))) => decisions.push((device, Decision::Skip(held))),
            Ok((device, foreign, None)) => {
                decisions.push((device.clone(), Decision::Issue { key: None, occupied: Occupied::Refuse }));
                work.push((device, foreign));
            }
        }
    }
    (decisions, work)
}

/// The certificate that an earlier run put there for the same request.
fn held(
    plan: &Plan,
    out: &Path,
    anchors: &[Certificate],
    device: &DeviceId,
    foreign: &ExternalCsr,
) -> Result<Option<Issued>, DeviceFailure> {
    let path = carried::certificate(out, device);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let refused = |why: String| {
        DeviceFailure::new(Exit::Unsafe, format!("{} exists already: {why}", path.display()))
            .hint("nothing was requested; move it away, or name another directory with --out")
    };
    let text = custody::read_text(&path, LIMIT).map_err(|error| refused(error.to_string()))?;
    let leaf = Certificate::all_from_pem(&text)
        .map_err(|error| refused(error.to_string()))?
        .into_iter()
        .next()
        .ok_or_else(|| refused("it is empty".to_owned()))?;
    let expected =
        Expected { device, public_key_info: &foreign.public_key_info, names: &plan.names, anchors, now: now() };
    let checked = check::verify_issued(&text, &leaf.fingerprint().to_string(), &expected)
        .map_err(|fault| refused(fault.to_string()))?;
    Ok(Some(Issued::new(&checked.leaf)))
}

/// A directory that holds another platform's root is no place for certificates of this one.
fn same_roots(out: &Path, anchors: &[Certificate]) -> Result<(), Failure> {
    let path = out.join(carried::ROOTS_FILE);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(());
    }
    let there = custody::read_text(&path, LIMIT).ok().and_then(|text| Certificate::all_from_pem(&text).ok());
    match there {
        Some(there) if there.iter().any(|root| anchors.contains(root)) => Ok(()),
        Some(_) => {
            Err(Failure::new(Exit::Unsafe, format!("{} holds the root of another platform", path.display()))
                .hint("nothing was requested; name another directory with --out"))
        }
        None => Err(Failure::new(Exit::Unsafe, format!("{} holds no certificate", path.display()))
            .hint("nothing was requested; move it away, or name another directory with --out")),
    }
}

fn write_roots(out: &Path, anchors: &[Certificate]) -> Result<(), Failure> {
    let text: String = anchors.iter().map(Certificate::to_pem).collect();
    if custody::read_text(&out.join(carried::ROOTS_FILE), LIMIT).is_ok_and(|there| there == text) {
        return Ok(());
    }
    carried::write_roots(out, &text)
        .map_err(|error| Failure::failed(format!("the root certificate cannot be written: {error}")))
}

fn farewell(out: &Path, anchors: &[Certificate], ui: &Ui) {
    let Some(root) = anchors.first() else { return };
    ui.hint(&format!("copy {} to the machine with the keys, and run there: certreq join DIR", out.display()));
    // A line of its own: it is nearly as wide as a terminal.
    ui.hint(&format!(
        "give that machine the root's fingerprint separately; add\n--ca-fingerprint {}",
        root.fingerprint().to_string().replace(':', "").to_lowercase()
    ));
}
