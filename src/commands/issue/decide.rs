//! Decision about each device, from the files on disk.

use std::collections::HashMap;

use crate::{
    device_id::{DeviceId, DeviceName},
    enroll::{DeviceFailure, Issued},
    evidence::fleet_authorities::FleetAuthorities,
    failure::Exit,
    fleet::{
        layout::Layout,
        scan::{self, OnDisk, Pair},
        vault::{Occupied, Unfinished},
    },
    pki::{
        alt_name::{self, AltName},
        certificate::{Certificate, Validity},
        chain,
        key::PrivateKey,
        time::Time,
    },
    platform::Skew,
};

/// Decision about one device.
pub(super) enum Decision {
    /// Get a certificate, for the key an earlier run left if there is one.
    Issue { key: Option<PrivateKey>, occupied: Occupied },
    /// It has a valid pair.
    Skip(Issued),
    /// It was revoked, and this device was not named: a revocation is not undone in passing.
    LeaveOut(Issued, String),
    /// The files on disk must not be touched.
    Refuse(DeviceFailure),
}

pub(super) struct Decided {
    pub(super) decisions: Vec<(DeviceId, Decision)>,
    /// Half-done devices of earlier runs that were not asked for.
    pub(super) left: usize,
}

/// Facts by which devices on disk are judged.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) layout: &'a Layout,
    pub(super) force: bool,
    pub(super) anchors: &'a [Certificate],
    pub(super) names: &'a [AltName],
    /// Of the login, where it is known.
    pub(super) tenant: Option<&'a str>,
    pub(super) now: Time,
    pub(super) skew: Option<Skew>,
    /// By which a pair may be revoked.
    pub(super) authorities: &'a FleetAuthorities,
    /// The devices were named, one by one.
    pub(super) named: bool,
}

/// Looks at every device's directory, on all cores: a restarted run of a hundred thousand devices reads them all.
pub(super) fn all(judge: Judge<'_>, ids: Vec<DeviceId>, unfinished: Vec<Unfinished>) -> Decided {
    let mut keys: HashMap<DeviceId, PrivateKey> =
        unfinished.into_iter().map(|unfinished| (unfinished.device, unfinished.key)).collect();
    let verdicts = scan::on_all_cores(&ids, |id| judge.verdict(id));
    let decisions = ids
        .into_iter()
        .zip(verdicts)
        .map(|(id, verdict)| {
            let decision = match verdict {
                Verdict::Issue(occupied) => Decision::Issue { key: keys.remove(&id), occupied },
                Verdict::Skip(issued) => Decision::Skip(issued),
                Verdict::LeaveOut(issued, words) => Decision::LeaveOut(issued, words),
                Verdict::Refuse(failure) => Decision::Refuse(failure),
            };
            (id, decision)
        })
        .collect();
    Decided { decisions, left: keys.len() }
}

enum Verdict {
    Issue(Occupied),
    Skip(Issued),
    LeaveOut(Issued, String),
    Refuse(DeviceFailure),
}

impl Judge<'_> {
    fn verdict(self, id: &DeviceId) -> Verdict {
        let name = Layout::device_name(id);
        let refuse = |message: String, hint: String| {
            Verdict::Refuse(DeviceFailure::new(Exit::Unsafe, message).hint(hint))
        };
        match scan::device(self.layout, id) {
            OnDisk::Absent => Verdict::Issue(Occupied::Refuse),
            OnDisk::Obstacle(reason) => {
                refuse(format!("{name} {reason}"), "move it away, then run it again".to_owned())
            }
            OnDisk::Broken(_) | OnDisk::Pair(_) if self.force => Verdict::Issue(Occupied::Archive),
            OnDisk::Broken(reason) => refuse(
                format!("{name} is incomplete: {reason}"),
                "--force issues a new pair and archives the old one".to_owned(),
            ),
            OnDisk::Pair(pair) => match (self.revoked(&pair), self.fault(&pair, id)) {
                (Some(words), _) if !self.named => Verdict::LeaveOut(Issued::new(&pair.leaf), words),
                (Some(words), _) => refuse(
                    format!("{name} holds a pair that is no longer good: {words}"),
                    format!(
                        "--force issues a new pair and archives this one; so does certreq renew --revoked -i {id}"
                    ),
                ),
                (None, None) => Verdict::Skip(Issued::new(&pair.leaf)),
                (None, Some(reason)) => {
                    refuse(format!("{name} holds a pair that {reason}"), self.next_step(&pair))
                }
            },
        }
    }

    fn revoked(self, pair: &Pair) -> Option<String> {
        let revoked = self.authorities.revoked(&pair.leaf, &pair.intermediates, self.now);
        revoked.map(|revocation| revocation.to_string())
    }

    fn next_step(self, pair: &Pair) -> String {
        let replace = "--force issues a new pair and archives this one";
        match self.skew {
            Some(skew) if pair.leaf.validity_at(self.now) == Validity::NotYetValid => {
                format!("{}; or {replace}", skew.advice())
            }
            _ => replace.to_owned(),
        }
    }

    /// Reason why a complete pair is not the one that was asked for.
    fn fault(self, pair: &Pair, id: &DeviceId) -> Option<String> {
        match pair.leaf.validity_at(self.now) {
            Validity::Expired => return Some(format!("expired at {}", pair.leaf.not_after.moment())),
            Validity::NotYetValid => {
                return Some(format!("is not valid before {}", pair.leaf.not_before.moment()));
            }
            Validity::Valid => {}
        }
        if !id.is_named_by(&pair.leaf) {
            return Some(format!("names {}", pair.leaf.subject));
        }
        let theirs = DeviceName::of(&pair.leaf).and_then(|named| named.tenant);
        if let (Some(ours), Some(theirs)) = (self.tenant, theirs)
            && ours != theirs
        {
            return Some(format!("belongs to the tenant {theirs}, and the login is of {ours}"));
        }
        let missing = alt_name::missing(&pair.leaf, self.names);
        if !missing.is_empty() {
            return Some(format!("is not for {}", alt_name::listed(&missing)));
        }
        chain::verify_client(&pair.leaf, &pair.intermediates, self.anchors, self.now)
            .err()
            .map(|error| format!("cannot be trusted: {error}"))
    }
}
