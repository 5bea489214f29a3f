//! What to do for each device, from what is on disk.

use std::{collections::HashMap, num::NonZero, thread};

use crate::{
    enroll::{DeviceFailure, check},
    failure::Exit,
    fleet::{
        device_id::DeviceId,
        layout::Layout,
        scan::{self, OnDisk, Pair},
        vault::{Occupied, Unfinished},
    },
    pki::{
        certificate::{Certificate, Validity},
        chain,
        key::PrivateKey,
        time::Time,
    },
};

/// What happens to one device.
pub(super) enum Decision {
    /// Get a certificate, for the key an earlier run left if there is one.
    Issue { key: Option<PrivateKey>, occupied: Occupied },
    /// It has a valid pair.
    Skip(Box<Certificate>),
    /// What is on disk must not be touched.
    Refuse(DeviceFailure),
}

pub(super) struct Decided {
    pub(super) decisions: Vec<(DeviceId, Decision)>,
    /// Half-done devices of earlier runs that were not asked for.
    pub(super) left: usize,
}

/// Looks at every device's directory, on all cores: a restarted run of a hundred thousand devices reads them all.
pub(super) fn all(
    layout: &Layout,
    ids: Vec<DeviceId>,
    unfinished: Vec<Unfinished>,
    force: bool,
    anchors: &[Certificate],
    now: Time,
) -> Decided {
    let mut keys: HashMap<DeviceId, PrivateKey> =
        unfinished.into_iter().map(|unfinished| (unfinished.device, unfinished.key)).collect();
    let verdicts = verdicts(layout, &ids, force, anchors, now);
    let decisions = ids
        .into_iter()
        .zip(verdicts)
        .map(|(id, verdict)| {
            let key = keys.remove(&id);
            let decision = match verdict {
                Verdict::Issue(occupied) => Decision::Issue { key, occupied },
                Verdict::Skip(leaf) => Decision::Skip(leaf),
                Verdict::Refuse(failure) => Decision::Refuse(failure),
            };
            (id, decision)
        })
        .collect();
    Decided { decisions, left: keys.len() }
}

enum Verdict {
    Issue(Occupied),
    Skip(Box<Certificate>),
    Refuse(DeviceFailure),
}

fn verdicts(
    layout: &Layout,
    ids: &[DeviceId],
    force: bool,
    anchors: &[Certificate],
    now: Time,
) -> Vec<Verdict> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = ids.len().div_ceil(cores).max(1);
    let judge = |part: &[DeviceId]| -> Vec<Verdict> {
        part.iter().map(|id| verdict(layout, id, force, anchors, now)).collect()
    };
    thread::scope(|scope| {
        let parts: Vec<_> = ids.chunks(share).map(|part| (part, scope.spawn(move || judge(part)))).collect();
        parts
            .into_iter()
            // A part whose thread broke down is looked at again here, where the reason surfaces.
            .flat_map(|(part, thread)| thread.join().unwrap_or_else(|_| judge(part)))
            .collect()
    })
}

fn verdict(layout: &Layout, id: &DeviceId, force: bool, anchors: &[Certificate], now: Time) -> Verdict {
    let name = Layout::device_name(id);
    let refuse =
        |message: String, hint: &str| Verdict::Refuse(DeviceFailure::new(Exit::Unsafe, message).hint(hint));
    match scan::device(layout, id) {
        OnDisk::Absent => Verdict::Issue(Occupied::Refuse),
        OnDisk::Obstacle(reason) => refuse(format!("{name} {reason}"), "move it away, then run it again"),
        OnDisk::Broken(_) | OnDisk::Pair(_) if force => Verdict::Issue(Occupied::Archive),
        OnDisk::Broken(reason) => refuse(
            format!("{name} is there but incomplete: {reason}"),
            "--force issues a new pair and archives what is there",
        ),
        OnDisk::Pair(pair) => match fault(&pair, id, anchors, now) {
            None => Verdict::Skip(Box::new(pair.leaf)),
            Some(reason) => refuse(
                format!("{name} holds a pair that {reason}"),
                "--force issues a new pair and archives this one",
            ),
        },
    }
}

/// What keeps a complete pair from being the one that was asked for.
fn fault(pair: &Pair, id: &DeviceId, anchors: &[Certificate], now: Time) -> Option<String> {
    match pair.leaf.validity_at(now) {
        Validity::Expired => return Some(format!("expired at {}", pair.leaf.not_after)),
        Validity::NotYetValid => return Some(format!("is not valid before {}", pair.leaf.not_before)),
        Validity::Valid => {}
    }
    if !check::names(&pair.leaf, id) {
        return Some(format!("names {}", pair.leaf.subject));
    }
    chain::verify_client(&pair.leaf, &pair.intermediates, anchors, now)
        .err()
        .map(|error| format!("cannot be trusted: {error}"))
}
