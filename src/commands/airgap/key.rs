//! `certreq key`: keys for devices, made where no network is.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{StreamExt, stream};

use super::report::{finish, of_key};
use crate::{
    commands::{
        key_store,
        outcomes::{Row, Run, State},
        workspace::{lock, now, open_vault, unfinished},
    },
    device_id::DeviceId,
    enroll::{DeviceFailure, Stop, token_key},
    failure::{Exit, Failure},
    fleet::{
        layout::Layout,
        scan::{self, OnDisk},
        vault::{Subject, Vault},
    },
    keys::KeyStore,
    output::Ui,
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
    },
};

/// Keys under way: they share the flushes of the disk.
const UNDER_WAY: usize = 256;

/// Every decision that does not need the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    pub ids: Vec<DeviceId>,
    pub dir: PathBuf,
    pub key: KeySpec,
    /// Where keys are made.
    pub store: KeyStore,
    /// Also where a pair is: the certificate that is joined replaces it.
    pub force: bool,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
}

/// Decision about one device.
enum Verdict {
    Make,
    /// A key waits already.
    Waits(Fingerprint),
    /// It has a valid pair.
    Has(Box<Certificate>),
    Refuse(DeviceFailure),
}

/// Makes a key for every device that needs one.
///
/// # Errors
/// A failure that stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run(plan: Plan, stop: Arc<Stop>, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    let _lock = lock(&layout, plan.wait, ui).await?;
    key_store::open(&plan.store).await?;
    let waiting: HashMap<DeviceId, Fingerprint> = unfinished(&layout, ui)?
        .into_iter()
        .map(|left| (left.device, Fingerprint::of(&left.key.public_key_info())))
        .collect();
    let verdicts = scan::on_all_cores(&plan.ids, |id| verdict(&layout, id, &waiting, plan.force));
    let mut run = Run::new("certreq.key/1", plan.json, plan.ids.len(), ui);
    let mut wanted = Vec::new();
    for (id, verdict) in plan.ids.iter().zip(verdicts) {
        match verdict {
            Verdict::Make => wanted.push(id.clone()),
            Verdict::Waits(key) => run
                .done(&of_key(id.as_str(), State::Kept, key), || format!("{id}  kept  a key is there already")),
            Verdict::Has(leaf) => {
                let row = Row::<()> { facts: Some((&*leaf).into()), ..Row::new(id.as_str(), State::Skipped) };
                run.done(&row, || {
                    format!("{id}  skipped  has a pair, valid until {}", leaf.not_after.moment())
                });
            }
            Verdict::Refuse(failure) => run.failure(id.as_str(), &failure),
        }
    }
    let vault = open_vault(layout)?;
    let mut made = stream::iter(wanted)
        .map(|id| {
            let (vault, stop, store) = (vault.clone(), Arc::clone(&stop), plan.store.clone());
            async move {
                let made = make(&vault, &stop, &id, plan.key, store).await;
                (id, made)
            }
        })
        .buffered(UNDER_WAY);
    while let Some((id, result)) = made.next().await {
        match result {
            Ok(key) => {
                run.done(&of_key(id.as_str(), State::Made, key), || format!("{id}  made  {}", plan.key.name()));
            }
            Err(failure) => run.failure(id.as_str(), &failure),
        }
    }
    drop(made);
    let made = run.number(State::Made);
    let exit = finish(run, made, "key", "made", stop.cause())?;
    if made > 0 {
        ui.hint(&format!("write the requests next: certreq csr --out DIR{}", dir_flag(&plan.dir)));
    }
    Ok(exit)
}

/// ` --dir DIR`, where it is not the working directory.
pub(super) fn dir_flag(dir: &Path) -> String {
    if dir == Path::new(".") { String::new() } else { format!(" --dir {}", dir.display()) }
}

fn verdict(layout: &Layout, id: &DeviceId, waiting: &HashMap<DeviceId, Fingerprint>, force: bool) -> Verdict {
    if let Some(key) = waiting.get(id) {
        return Verdict::Waits(*key);
    }
    let name = Layout::device_name(id);
    let refuse = |why: String, hint: &str| Verdict::Refuse(DeviceFailure::new(Exit::Unsafe, why).hint(hint));
    let replace = "--force makes a key for a new pair; join archives the old one";
    match scan::device(layout, id) {
        OnDisk::Absent => Verdict::Make,
        OnDisk::Obstacle(why) => refuse(format!("{name} {why}"), "move it away, then run it again"),
        OnDisk::Broken(_) | OnDisk::Pair(_) if force => Verdict::Make,
        OnDisk::Broken(why) => refuse(format!("{name} is incomplete: {why}"), replace),
        OnDisk::Pair(pair) if pair.leaf.validity_at(now()) == Validity::Valid => {
            Verdict::Has(Box::new(pair.leaf))
        }
        OnDisk::Pair(pair) => refuse(
            format!(
                "{name} holds a pair that is valid from {} to {}",
                pair.leaf.not_before.moment(),
                pair.leaf.not_after.moment()
            ),
            replace,
        ),
    }
}

async fn make(
    vault: &Vault,
    stop: &Stop,
    id: &DeviceId,
    spec: KeySpec,
    store: KeyStore,
) -> Result<Fingerprint, DeviceFailure> {
    if let KeyStore::Token(store) = store {
        let key = token_key::new(vault, stop, id, spec, store).await?;
        return Ok(Fingerprint::of(&key.public_key_info()));
    }
    let failed = |error: String| DeviceFailure::new(Exit::Failed, error);
    let made = async { tokio::task::spawn_blocking(move || PrivateKey::generate(spec)).await };
    let made = tokio::select! {
        biased;
        cause = stop.stopped() => return Err(DeviceFailure::not_reached(cause)),
        made = made => made,
    };
    let key = made.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(error.to_string()))?;
    let fingerprint = Fingerprint::of(&key.public_key_info());
    let staged = vault.stage(Subject { device: id.clone(), key: fingerprint }, pem).await;
    staged.map_err(|error| {
        failed(format!("the private key could not be written: {error}"))
            .hint("free disk space or repair the directory, then run it again")
    })?;
    Ok(fingerprint)
}
