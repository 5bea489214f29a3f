//! `certreq key`: keys for devices, made where no network is.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{StreamExt, stream};

use super::report::{Line, Report};
use crate::{
    commands::workspace::{lock, now, open_vault, unfinished},
    device_id::DeviceId,
    enroll::{DeviceFailure, Stop},
    failure::{Exit, Failure},
    fleet::{
        layout::Layout,
        scan::{self, OnDisk},
        vault::{Subject, Vault},
    },
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
    /// Also where a pair is: the certificate that is joined replaces it.
    pub force: bool,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
}

/// What happens to one device.
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
/// What stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run(plan: Plan, stop: Arc<Stop>, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    let _lock = lock(&layout, plan.wait, ui).await?;
    let waiting: HashMap<DeviceId, Fingerprint> = unfinished(&layout)?
        .into_iter()
        .map(|left| (left.device, Fingerprint::of(&left.key.public_key_info())))
        .collect();
    let verdicts = scan::on_all_cores(&plan.ids, |id| verdict(&layout, id, &waiting, plan.force));
    let mut report = Report::new("certreq.key/1", plan.json, plan.ids.len(), ui);
    let mut wanted = Vec::new();
    for (id, verdict) in plan.ids.iter().zip(verdicts) {
        match verdict {
            Verdict::Make => wanted.push(id.clone()),
            Verdict::Waits(key) => report.skipped(&line(id, "kept", key, "a key is there already")),
            Verdict::Has(leaf) => report.skipped(&Line {
                device: id.as_str(),
                state: "skipped",
                file: None,
                directory: None,
                public_key: None,
                leaf: Some(&leaf),
                words: format!("has a pair, valid until {}", leaf.not_after),
            }),
            Verdict::Refuse(failure) => report.failed(id.as_str(), &failure),
        }
    }
    let vault = open_vault(layout)?;
    let mut made = stream::iter(wanted)
        .map(|id| {
            let (vault, stop) = (vault.clone(), Arc::clone(&stop));
            async move {
                let result = match stop.cause() {
                    Some(cause) => Err(DeviceFailure::not_reached(cause)),
                    None => make(&vault, &id, plan.key).await,
                };
                (id, result)
            }
        })
        .buffered(UNDER_WAY);
    while let Some((id, result)) = made.next().await {
        match result {
            Ok(key) => report.done(&line(&id, "made", key, plan.key.name())),
            Err(failure) => report.failed(id.as_str(), &failure),
        }
    }
    drop(made);
    let made = report.done_so_far();
    let exit = report.finish("key", "made")?;
    if made > 0 {
        ui.hint(&format!("write the requests next: certreq csr --out DIR{}", dir_flag(&plan.dir)));
    }
    Ok(if stop.cause().is_some() && exit != Exit::Done { Exit::Interrupted } else { exit })
}

/// ` --dir DIR`, where it is not the working directory.
pub(super) fn dir_flag(dir: &Path) -> String {
    if dir == Path::new(".") { String::new() } else { format!(" --dir {}", dir.display()) }
}

fn line<'a>(id: &'a DeviceId, state: &'static str, key: Fingerprint, words: &str) -> Line<'a> {
    Line {
        device: id.as_str(),
        state,
        file: None,
        directory: None,
        public_key: Some(key),
        leaf: None,
        words: words.to_owned(),
    }
}

fn verdict(layout: &Layout, id: &DeviceId, waiting: &HashMap<DeviceId, Fingerprint>, force: bool) -> Verdict {
    if let Some(key) = waiting.get(id) {
        return Verdict::Waits(*key);
    }
    let name = Layout::device_name(id);
    let refuse = |why: String, hint: &str| Verdict::Refuse(DeviceFailure::new(Exit::Unsafe, why).hint(hint));
    let replace = "--force makes a key for a new pair; join archives what is there";
    match scan::device(layout, id) {
        OnDisk::Absent => Verdict::Make,
        OnDisk::Obstacle(why) => refuse(format!("{name} {why}"), "move it away, then run it again"),
        OnDisk::Broken(_) | OnDisk::Pair(_) if force => Verdict::Make,
        OnDisk::Broken(why) => refuse(format!("{name} is there but incomplete: {why}"), replace),
        OnDisk::Pair(pair) if pair.leaf.validity_at(now()) == Validity::Valid => {
            Verdict::Has(Box::new(pair.leaf))
        }
        OnDisk::Pair(pair) => refuse(
            format!("{name} holds a pair valid from {} to {}", pair.leaf.not_before, pair.leaf.not_after),
            replace,
        ),
    }
}

async fn make(vault: &Vault, id: &DeviceId, spec: KeySpec) -> Result<Fingerprint, DeviceFailure> {
    let failed = |error: String| DeviceFailure::new(Exit::Failed, error);
    let made = tokio::task::spawn_blocking(move || PrivateKey::generate(spec)).await;
    let key = made.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(error.to_string()))?;
    let fingerprint = Fingerprint::of(&key.public_key_info());
    let staged = vault.stage(Subject { device: id.clone(), key: fingerprint }, pem).await;
    staged.map_err(|error| {
        failed(format!("the private key could not be written: {error}"))
            .hint("make room or mend the directory, then run it again")
    })?;
    Ok(fingerprint)
}
