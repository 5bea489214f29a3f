//! `certreq join`: certificates that were carried back, joined to the keys that wait for them.

mod parcel;

use std::{collections::HashMap, path::PathBuf};

use parcel::{Parcel, Piece};

use super::report::finish;
use crate::{
    commands::{
        anchor::{self, Terms},
        outcomes::{Row, Run, State},
        workspace::{lock, now, open_vault, unfinished},
    },
    device_id::{DeviceId, DeviceName},
    enroll::{
        DeviceFailure, Issued,
        check::{self, Checked, Expected},
    },
    failure::{Exit, Failure},
    fleet::{
        anchor as pinned,
        layout::Layout,
        scan::{self, OnDisk},
        vault::{Occupied, Publication, Subject, Vault},
    },
    output::{Ui, count},
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// Every decision that does not need the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Files and directories that came back.
    pub paths: Vec<PathBuf>,
    pub dir: PathBuf,
    /// On which terms the root that came along is taken.
    pub root: Terms,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
}

/// A key that waits, and whose it is.
struct Waiting {
    device: DeviceId,
    public_key_info: Vec<u8>,
}

/// Joins every certificate to its key.
///
/// # Errors
/// A failure that stops the whole run. Certificates that cannot be joined are reported one by one and merged into the
/// exit code.
pub async fn run(plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    let parcel = parcel::open(&plan.paths)?;
    if !plan.dir.is_dir() {
        return Err(Failure::failed(format!("there is no directory {}", plan.dir.display()))
            .hint("give the directory with the keys: --dir DIR"));
    }
    let _lock = lock(&layout, plan.wait, ui).await?;
    let anchors = agree(&plan, &parcel, &layout, ui).await?;
    let mut keys: HashMap<Fingerprint, Waiting> = unfinished(&layout, ui)?
        .into_iter()
        .map(|left| {
            let public_key_info = left.key.public_key_info();
            (Fingerprint::of(&public_key_info), Waiting { device: left.device, public_key_info })
        })
        .collect();
    let vault = open_vault(layout.clone())?;
    let mut run = Run::new("certreq.join/1", plan.json, parcel.pieces.len(), ui);
    for (file, failure) in parcel.unusable {
        run.failure(&file, &failure);
    }
    for piece in parcel.pieces {
        let id = Fingerprint::of(piece.leaf.public_key_info());
        match keys.get(&id) {
            None => without_key(&layout, &piece, &keys, &mut run),
            Some(waiting) => match join(&layout, &vault, &anchors, waiting, &piece).await {
                Ok(checked) => {
                    say(&waiting.device, State::Joined, "joined ", &checked.leaf, &mut run);
                    keys.remove(&id);
                }
                Err(failure) => run.failure(waiting.device.as_str(), &failure),
            },
        }
    }
    if let Err(error) = vault.compact().await {
        ui.warn(&format!("the journal was not shortened: {error}"));
    }
    anchor::retire(&layout, ui);
    let joined = run.number(State::Joined);
    let exit = finish(run, joined, "certificate", "joined", None)?;
    if !keys.is_empty() {
        ui.note(&format!("{} still without a certificate", count(keys.len(), "key")));
    }
    Ok(exit)
}

/// Tells of a device that has its certificate.
fn say(device: &DeviceId, state: State, words: &str, leaf: &Certificate, run: &mut Run<'_>) {
    let (name, until) = (Layout::device_name(device), leaf.not_after.moment());
    let (directory, facts) = (Some(name.clone()), Some(leaf.into()));
    let row = Row::<()> { directory, facts, ..Row::new(device.as_str(), state) };
    run.done(&row, || format!("{device}  {words} valid until {until}  {name}/"));
}

/// The anchors: those on disk, and the root that came along, on the terms of the plan. On first use a person has to
/// vouch for the root, because it came by the same way as the certificates.
async fn agree(plan: &Plan, parcel: &Parcel, layout: &Layout, ui: &Ui) -> Result<Vec<Certificate>, Failure> {
    let held = pinned::read(layout).map_err(|error| Failure::new(Exit::Unsafe, error.to_string()))?;
    let Some(root) = parcel.root.clone() else {
        return held.ok_or_else(|| {
            Failure::new(Exit::Unsafe, "the root certificate is missing, in the files and in ca/ca.pem")
                .hint("copy ca.pem, too: certreq issue --csr writes it beside the certificates")
        });
    };
    if held.is_none() && plan.root.pin.is_none() {
        confirm(&root, ui).await?;
    }
    let terms = Terms { write: true, ..plan.root };
    anchor::settle(root, "the files that were carried here", None, layout, terms, ui)
}

async fn confirm(root: &Certificate, ui: &Ui) -> Result<(), Failure> {
    let fingerprint = root.fingerprint().to_string();
    let plain = fingerprint.replace(':', "").to_lowercase();
    if !Ui::can_ask() {
        return Err(Failure::new(Exit::Unsafe, "the root certificate in the files is not yet known here")
            .hint("nothing was written; compare its fingerprint with the one that issue --csr printed")
            .hint(format!("if it is the same, add\n--ca-fingerprint {plain}")));
    }
    let about = format!("the root certificate in the files: {}\n{plain}", root.subject);
    let asked = ui.clone();
    let question = "Is this the fingerprint that issue --csr showed?";
    let answer = tokio::task::spawn_blocking(move || asked.ask(&about, question)).await;
    match answer {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Failure::new(Exit::Unsafe, "not confirmed; nothing was written")),
        Ok(Err(error)) => Err(Failure::failed(format!("no answer from the terminal: {error}"))),
        Err(error) => Err(Failure::failed(format!("no answer from the terminal: {error}"))),
    }
}

async fn join(
    layout: &Layout,
    vault: &Vault,
    anchors: &[Certificate],
    waiting: &Waiting,
    piece: &Piece,
) -> Result<Checked, DeviceFailure> {
    let device = &waiting.device;
    let expected =
        Expected { device, public_key_info: &waiting.public_key_info, names: &[], anchors, now: now() };
    let checked = check::verify_issued(&piece.pem(), &piece.leaf.fingerprint().to_string(), &expected)
        .map_err(|fault| {
            DeviceFailure::new(fault.exit(), fault.to_string())
                .hint("nothing was written; the key needs another certificate")
        })?;
    let occupied = match scan::device(layout, device) {
        OnDisk::Absent => Occupied::Refuse,
        OnDisk::Pair(_) | OnDisk::Broken(_) => Occupied::Archive,
        OnDisk::Obstacle(why) => {
            let name = Layout::device_name(device);
            return Err(DeviceFailure::new(Exit::Unsafe, format!("{name} {why}"))
                .hint("move it away, then run it again"));
        }
    };
    let issued = Issued::new(&checked.leaf);
    let publication = Publication {
        subject: Subject { device: device.clone(), key: Fingerprint::of(&waiting.public_key_info) },
        certificate_pem: checked.to_pem(),
        fingerprint: issued.fingerprint,
        serial: issued.serial,
        recovered: false,
        request_id: None,
        occupied,
        owed: Vec::new(),
        keep: None,
        services: None,
    };
    vault.publish(publication).await.map_err(|error| {
        DeviceFailure::new(Exit::Failed, format!("the pair could not be written: {error}"))
            .hint(format!("nothing is lost: {}, then run it again", error.next_step()))
    })?;
    Ok(checked)
}

/// Reports a certificate that no key waits for: it was joined before, or belongs to another key.
fn without_key(layout: &Layout, piece: &Piece, keys: &HashMap<Fingerprint, Waiting>, run: &mut Run<'_>) {
    let named = DeviceName::of(&piece.leaf).and_then(|named| named.id.parse::<DeviceId>().ok());
    let Some(device) = named else {
        let why = format!("its certificate is for {}, which is not a device", piece.leaf.subject);
        return run.failure(&piece.file, &DeviceFailure::new(Exit::Unsafe, why));
    };
    if let OnDisk::Pair(pair) = scan::device(layout, &device)
        && pair.leaf == piece.leaf
    {
        return say(&device, State::Skipped, "skipped  joined before,", &pair.leaf, run);
    }
    let waits = keys.values().any(|waiting| waiting.device == device);
    let why =
        if waits { "the certificate does not match the new key" } else { "there is no new key for it here" };
    let failure = DeviceFailure::new(Exit::Unsafe, format!("{why} ({})", piece.file))
        .hint("nothing was written; check that --dir is the directory of the requests");
    run.failure(device.as_str(), &failure);
}
