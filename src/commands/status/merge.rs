//! Several directories, shown as one fleet: the shards of a run, wherever they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::fleet::{Fleet, Part};
use crate::{
    failure::Failure,
    fleet::shard::{self, Shard},
    output::count,
    pki::fingerprint::Fingerprint,
};

/// Names in one sentence; the other formats have all devices.
const NAMED: usize = 5;

/// The directories that were named, with the shards below those that are no fleet; each once.
///
/// # Errors
/// When one cannot be listed.
pub(super) fn places(dirs: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let (mut places, mut known) = (Vec::new(), BTreeSet::new());
    for dir in dirs {
        let shards =
            shard::below(dir).map_err(|error| Failure::failed(format!("the fleet cannot be read: {error}")))?;
        let named = if shards.is_empty() { vec![dir.clone()] } else { shards };
        places.extend(
            named
                .into_iter()
                .filter(|place| known.insert(place.canonicalize().unwrap_or_else(|_| place.clone()))),
        );
    }
    Ok(places)
}

/// One fleet of several; with one, that one.
///
/// # Errors
/// When no directory was given.
pub(super) fn one_of(fleets: Vec<Fleet>, dirs: &[PathBuf]) -> Result<Fleet, Failure> {
    let is_one = fleets.len() == 1;
    let mut fleets = fleets.into_iter();
    let mut all = fleets.next().ok_or_else(|| Failure::usage("no directory given"))?;
    if is_one {
        return Ok(all);
    }
    let mut doubts = Doubts::default();
    doubts.of(&mut all);
    for mut fleet in fleets {
        doubts.of(&mut fleet);
        join(&mut all, fleet);
    }
    all.devices.sort_by(|one, other| (&one.id, one.part).cmp(&(&other.id, other.part)));
    doubts.about_doubles(&all);
    doubts.about_shards(&all);
    all.doubts = doubts.sentences;
    let named: Vec<String> = dirs.iter().take(NAMED).map(|dir| dir.display().to_string()).collect();
    let more = dirs.len() - named.len();
    all.directory = named.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() };
    Ok(all)
}

fn join(all: &mut Fleet, fleet: Fleet) {
    let at = all.parts.len();
    all.parts.extend(fleet.parts);
    all.devices.extend(fleet.devices.into_iter().map(|mut device| {
        device.part = at;
        device
    }));
    all.half_done.extend(fleet.half_done);
    all.strays.extend(fleet.strays);
    all.limits.extend(fleet.limits);
    all.journal.open.extend(fleet.journal.open);
    all.journal.is_denied |= fleet.journal.is_denied;
    all.journal.damage = all.journal.damage.take().or(fleet.journal.damage);
    all.roots.extend(fleet.roots.into_iter().filter(|root| !all.roots.contains(root)).collect::<Vec<_>>());
    all.list_doubt = all.list_doubt.take().or(fleet.list_doubt);
    // The newest is shown.
    if fleet.list.as_ref().map(|list| list.this_update) > all.list.as_ref().map(|list| list.this_update) {
        all.list = fleet.list;
    }
}

/// Doubts about a fleet of several directories, one sentence each.
#[derive(Default)]
struct Doubts {
    sentences: Vec<String>,
    roots: Option<(String, BTreeSet<Fingerprint>)>,
}

impl Doubts {
    /// Takes over the doubts of one directory, and compares its roots with those of the first.
    fn of(&mut self, fleet: &mut Fleet) {
        let place = &fleet.directory;
        self.sentences.extend(fleet.doubts.drain(..).map(|doubt| format!("{place}: {doubt}")));
        fleet.strays.iter_mut().for_each(|stray| *stray = format!("{place}/{stray}"));
        for limit in &mut fleet.limits {
            *limit = format!("{place}: {limit}");
        }
        let roots: BTreeSet<_> =
            fleet.roots.iter().map(crate::pki::certificate::Certificate::fingerprint).collect();
        match &self.roots {
            _ if roots.is_empty() => {}
            None => self.roots = Some((place.clone(), roots)),
            Some((first, known)) if *known != roots => {
                self.sentences.push(format!("{place}: ca/ca.pem is another than in {first}"));
            }
            Some(_) => {}
        }
    }

    /// One device in two directories has two keys, and most likely two certificates.
    fn about_doubles(&mut self, all: &Fleet) {
        let pairs = all.devices.windows(2).filter(|pair| pair[0].id == pair[1].id);
        let doubles: BTreeSet<&str> = pairs.map(|pair| pair[0].id.as_str()).collect();
        if !doubles.is_empty() {
            let number = count(doubles.len(), "device");
            self.sentences.push(format!("{number} in several directories: {}", some(doubles)));
        }
    }

    /// Shards of one run fit together: all of them are there, and each has its own devices.
    fn about_shards(&mut self, all: &Fleet) {
        let mut runs: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for Part { shard, directory, .. } in &all.parts {
            let Some(Shard { index, count }) = *shard else { continue };
            if !runs.entry(count).or_default().insert(index) {
                self.sentences.push(format!("{directory} is not the only directory of shard {index}/{count}"));
            }
        }
        if runs.len() > 1 {
            let counts = runs.keys().map(u32::to_string).collect::<Vec<_>>().join(" and of ");
            self.sentences.push(format!("these are shards of different runs: of {counts}"));
        }
        for (of, there) in runs {
            let missing: Vec<String> =
                (0..of).filter(|index| !there.contains(index)).map(|index| index.to_string()).collect();
            if !missing.is_empty() {
                let number = count(missing.len(), "shard");
                let names = some(missing.iter().map(String::as_str));
                self.sentences.push(format!("{number} of {of} missing: {names}"));
            }
        }
        let is_strange = |part: usize, id: &str| all.parts[part].shard.is_some_and(|shard| !shard.holds(id));
        let strangers: BTreeSet<&str> = all
            .devices
            .iter()
            .filter(|device| is_strange(device.part, device.id.as_str()))
            .map(|device| device.id.as_str())
            .collect();
        if !strangers.is_empty() {
            let number = count(strangers.len(), "device");
            self.sentences.push(format!("{number} in the directory of another shard: {}", some(strangers)));
        }
    }
}

/// The first few of many.
fn some<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<&str> = names.by_ref().take(NAMED).collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
