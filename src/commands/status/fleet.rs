//! The whole fleet: its devices, and the problems that only show when all of them are seen together.

use std::{collections::HashMap, path::Path};

use super::{
    Plan,
    compare::Comparison,
    device::{Code, Device, Known, Standing},
    judge::Judge,
    merge,
    weeks::{self, Week},
};
use crate::{
    device_id::DeviceId,
    evidence::{
        fleet_authorities::{FleetAuthorities, ListDates},
        journal::Journal,
    },
    failure::{Exit, Failure},
    fleet::{
        layout::Layout,
        pair, scan,
        shard::{self, ClaimError, Shard},
        survey,
    },
    output,
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        time::Time,
    },
};

/// Everything a report is made of.
#[derive(Debug)]
pub(super) struct Fleet {
    pub(super) directory: String,
    /// The directories it is made of, at least one.
    pub(super) parts: Vec<Part>,
    /// The moment everything was judged at.
    pub(super) at: Time,
    pub(super) devices: Vec<Device>,
    /// Devices in each state, in the order of [`Standing::ALL`].
    pub(super) counts: [usize; Standing::ALL.len()],
    pub(super) weeks: Vec<Week>,
    pub(super) shared: Vec<Shared>,
    /// Devices whose pair is still growing in `.certreq/staged`.
    pub(super) half_done: Vec<DeviceId>,
    pub(super) strays: Vec<String>,
    pub(super) journal: Journal,
    pub(super) roots: Vec<Certificate>,
    pub(super) list: Option<ListDates>,
    pub(super) list_doubt: Option<String>,
    /// Further doubts about the fleet, one sentence each.
    pub(super) doubts: Vec<String>,
    /// Files that this user may not read; that is no fault of the fleet.
    pub(super) limits: Vec<String>,
    pub(super) platform: Option<Comparison>,
}

/// One key that several devices have.
#[derive(Debug, serde::Serialize)]
pub(super) struct Shared {
    /// SHA-256 over the SubjectPublicKeyInfo.
    pub(super) key: Fingerprint,
    pub(super) devices: Vec<DeviceId>,
}

/// One of the directories a fleet is made of.
#[derive(Debug, serde::Serialize)]
pub(super) struct Part {
    pub(super) directory: String,
    /// The part of the devices it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shard: Option<Shard>,
    pub(super) total: usize,
}

impl Fleet {
    /// Looks at everything on the disk.
    ///
    /// # Errors
    /// When a directory cannot be listed.
    pub(super) fn look(plan: &Plan) -> Result<Self, Failure> {
        let mut fleets = Vec::new();
        for dir in merge::places(&plan.dirs)? {
            fleets.push(Self::of_directory(&dir, plan)?);
        }
        let mut fleet = merge::one_of(fleets, &plan.dirs)?;
        fleet.shared = shared_keys(&mut fleet.devices);
        for device in &fleet.devices {
            fleet.counts[device.standing.index()] += 1;
        }
        fleet.weeks = weeks::count(fleet.devices.iter().filter_map(|device| device.ends(plan.now)));
        Ok(fleet)
    }

    /// Fleet of one directory, without the problems that only show when all devices are seen together.
    fn of_directory(dir: &Path, plan: &Plan) -> Result<Self, Failure> {
        let layout = Layout::new(dir);
        let mut authorities = FleetAuthorities::read(&layout);
        let (root_doubts, list_doubts) = authorities.doubts_at(plan.now);
        let mut list_doubts: Vec<String> =
            authorities.unusable_lists.iter().cloned().chain(list_doubts).collect();
        let mut doubts: Vec<String> = authorities.unusable.drain(..).chain(root_doubts).collect();
        let judge = Judge { authorities: &authorities, now: plan.now, within: plan.within };
        let wanted = |id: &DeviceId| plan.shard.is_none_or(|shard| shard.holds(id.as_str()));
        let survey = survey::survey(&layout, wanted, |found| judge.judge(found))
            .map_err(|error| Failure::failed(format!("the fleet cannot be read: {error}")))?;
        let devices = survey.devices;
        if list_doubts.is_empty() {
            list_doubts.extend(not_listed(&devices));
        }
        doubts.extend(list_doubts.iter().cloned());
        let mut limits: Vec<String> = not_compared(&devices).into_iter().collect();
        let half_done = match scan::staged_devices(&layout) {
            Ok(mut ids) => {
                ids.sort_unstable();
                ids
            }
            Err(error) => {
                let text = format!(".certreq/staged cannot be read: {error}");
                let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
                if denied {
                    limits.push(text);
                } else {
                    doubts.push(text);
                }
                Vec::new()
            }
        };
        let journal = authorities.take_journal();
        let damage = journal.damage.as_ref().map(|why| format!("the journal: {why}"));
        if journal.is_denied {
            limits.extend(damage);
        } else {
            doubts.extend(damage);
        }
        let shard = match shard::recorded(&layout) {
            Ok(shard) => shard,
            Err(error) => {
                let denied = matches!(&error, ClaimError::Disk(error)
                    if error.source.kind() == std::io::ErrorKind::PermissionDenied);
                if denied { &mut limits } else { &mut doubts }.push(error.to_string());
                None
            }
        };
        let directory = dir.display().to_string();
        Ok(Self {
            parts: vec![Part { directory: directory.clone(), shard, total: devices.len() }],
            directory,
            at: plan.now,
            weeks: Vec::new(),
            counts: [0; Standing::ALL.len()],
            devices,
            shared: Vec::new(),
            half_done,
            strays: survey.strays,
            journal,
            list: authorities.lists.into_iter().next(),
            roots: authorities.roots,
            list_doubt: list_doubts.into_iter().next(),
            doubts,
            limits,
            platform: None,
        })
    }

    /// It is made of several directories.
    pub(super) fn is_merged(&self) -> bool {
        self.parts.len() > 1
    }

    /// Where a device of several directories is.
    pub(super) fn directory_of(&self, device: &Device) -> Option<&str> {
        self.parts.get(device.part).filter(|_| self.is_merged()).map(|part| part.directory.as_str())
    }

    pub(super) fn count(&self, standing: Standing) -> usize {
        self.counts[standing.index()]
    }

    /// The devices whose certificates end next, the nearest first.
    pub(super) fn next(&self, most: usize) -> Vec<(&Device, Time)> {
        let ends = self.devices.iter().filter_map(|device| Some((device, device.ends(self.at)?)));
        let mut next: Vec<_> = ends.collect();
        next.sort_by_key(|(device, end)| (*end, &device.id));
        next.truncate(most);
        next
    }

    /// Weeks in which more than a tenth of the fleet ends.
    pub(super) fn cliffs(&self) -> impl Iterator<Item = Week> {
        self.weeks.iter().copied().filter(|week| week.is_cliff(self.devices.len()))
    }

    pub(super) fn with(&self, code: Code) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(move |device| device.has(code))
    }

    /// Devices whose key others can use: handed over like that for reading, or by a slip.
    pub(super) fn with_exposed_key(&self, handed_over: bool) -> impl Iterator<Item = &Device> {
        let is_handed_over = |device: &&Device| device.key_mode.is_some_and(pair::is_handed_over);
        self.with(Code::KeyExposed).filter(move |device| is_handed_over(device) == handed_over)
    }

    pub(super) fn that_are(&self, standing: Standing) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(move |device| device.standing == standing)
    }

    /// Every root is expired or not yet valid, so that servers refuse all certificates.
    pub(super) fn has_only_dead_roots(&self) -> bool {
        !self.roots.is_empty() && self.roots.iter().all(|root| root.validity_at(self.at) != Validity::Valid)
    }

    /// The exit code of `--check`: the worst of all devices, of the list, and of the platform.
    pub(super) fn worst(&self) -> Exit {
        let states = Standing::ALL.into_iter().filter(|standing| self.count(*standing) > 0).map(Standing::exit);
        let list = self.list_doubt.as_ref().map(|_| Exit::Indeterminate);
        let platform = self.platform.iter().flat_map(Comparison::exits);
        let roots = self.has_only_dead_roots().then_some(Exit::NotTrusted);
        let exposed = self.with_exposed_key(false).next().map(|_| Exit::NotTrusted);
        Exit::worst(states.chain(exposed).chain(list).chain(roots).chain(platform))
    }
}

/// Marks the devices whose key another one has, too.
fn shared_keys(devices: &mut [Device]) -> Vec<Shared> {
    let mut places: HashMap<Fingerprint, usize> = HashMap::with_capacity(devices.len());
    let mut shared: Vec<(Fingerprint, Vec<usize>)> = Vec::new();
    let mut groups: HashMap<Fingerprint, usize> = HashMap::new();
    for (place, device) in devices.iter().enumerate() {
        let Some(key) = device.key else { continue };
        let Some(first) = places.insert(key, place) else { continue };
        let group = *groups.entry(key).or_insert_with(|| {
            shared.push((key, vec![first]));
            shared.len() - 1
        });
        shared[group].1.push(place);
    }
    let named = |places: &[usize], devices: &[Device]| -> Vec<DeviceId> {
        places.iter().map(|place| devices[*place].id.clone()).collect()
    };
    let mut found = Vec::with_capacity(shared.len());
    for (key, places) in shared {
        let ids = named(&places, devices);
        for (own, place) in places.iter().enumerate() {
            // The first other one stands for all of them.
            let other = &ids[usize::from(own == 0)];
            let more = match ids.len() - 2 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            devices[*place].add(Code::KeyShared, format!("its key is also that of {other}{more}"));
        }
        found.push(Shared { key, devices: ids });
    }
    found
}

/// Devices of which no list can tell: those of another root than that of the lists at hand.
fn not_listed(devices: &[Device]) -> Option<String> {
    let is_open = |device: &&Device| {
        device.revocation == Known::Unknown
            && matches!(device.standing, Standing::Valid | Standing::ExpiresSoon)
    };
    let number = devices.iter().filter(is_open).count();
    let first = &devices.iter().find(is_open)?.id;
    let named = match number {
        1 => first.to_string(),
        _ => format!("{} ({first}, ...)", output::count(number, "device")),
    };
    Some(format!("the revocation lists here do not cover {named}"))
}

fn not_compared(devices: &[Device]) -> Option<String> {
    let number = devices.iter().filter(|device| device.has(Code::KeyNotCompared)).count();
    let devices = output::count(number, "device");
    (number > 0).then(|| format!("the keys of {devices} were not compared: encrypted, or not ours to read"))
}
