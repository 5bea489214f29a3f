//! One part of the devices of a run that is spread over many processes.
//!
//! Which shard an id belongs to depends on the id alone, so that others can compute it: the first 8 octets of
//! SHA-256 over the id, as a big-endian number, modulo the number of shards. In Python:
//!
//! ```python
//! int.from_bytes(hashlib.sha256(b"a1998e").digest()[:8], "big") % 16
//! ```

use std::{fmt, fs, io, path::Path, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    layout::Layout,
    scan,
    write::{self, DiskError},
};
use crate::{custody, device_id::DeviceId, pki::fingerprint::Fingerprint};

/// Shards of one run, at most: Kubernetes and AWS Batch have no more.
const MOST: u32 = 100_000;

/// The most octets of the file that remembers the shard of a directory.
const LONGEST: u64 = 64;

/// Number `index` of `count`, counted from 0, as Kubernetes and AWS Batch count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Numbers")]
pub struct Shard {
    pub index: u32,
    pub count: u32,
}

/// A shard as JSON has it, unchecked.
#[derive(Deserialize)]
struct Numbers {
    index: u32,
    count: u32,
}

impl TryFrom<Numbers> for Shard {
    type Error = ShardError;

    fn try_from(Numbers { index, count }: Numbers) -> Result<Self, ShardError> {
        Self::new(index, count)
    }
}

/// Why a text names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    #[error("{0:?} is not a shard")]
    Shape(String),
    #[error("the number of shards is 1 to {MOST}, not {0}")]
    Count(u32),
    #[error("shards are counted from 0: the last of {count} is {last}/{count}", last = .count - 1)]
    Index { count: u32 },
}

impl Shard {
    /// # Errors
    /// When there is no such shard.
    pub fn new(index: u32, count: u32) -> Result<Self, ShardError> {
        match (index, count) {
            (_, count) if !(1..=MOST).contains(&count) => Err(ShardError::Count(count)),
            (index, count) if index >= count => Err(ShardError::Index { count }),
            (index, count) => Ok(Self { index, count }),
        }
    }

    /// True when the device with this id belongs to the shard.
    #[must_use]
    pub fn holds(self, id: &str) -> bool {
        let digest = Fingerprint::of(id.as_bytes());
        let number = digest.as_bytes().iter().take(8).fold(0, |sum, octet| sum << 8 | u64::from(*octet));
        number % u64::from(self.count) == u64::from(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|c| c.is_ascii_digit()));
        let parts = text.split_once('/').and_then(|(index, count)| Some((number(index)?, number(count)?)));
        let (index, count) = parts.ok_or_else(|| ShardError::Shape(text.to_owned()))?;
        Self::new(index, count)
    }
}

/// Why a directory cannot be taken for a shard.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("{place} belongs to shard {recorded}, and this run is shard {given}")]
    Other { place: String, recorded: Shard, given: Shard },
    #[error("{place} holds {device}, which does not belong to shard {given}")]
    Foreign { place: String, device: DeviceId, given: Shard },
    #[error("{place} is damaged: it should hold K/N")]
    Damaged { place: String },
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// The shard a fleet directory belongs to; `None` when it was never given one.
///
/// # Errors
/// When the record is damaged or cannot be read.
pub fn recorded(layout: &Layout) -> Result<Option<Shard>, ClaimError> {
    let path = layout.shard();
    match custody::open_own(&path).and_then(|file| io::read_to_string(io::Read::take(file, LONGEST))) {
        Ok(text) => text.trim_end().parse().map(Some).map_err(|_| damaged(&path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(damaged(&path)),
        Err(error) => Err(write::at(&path)(error).into()),
    }
}

/// Gives a fleet directory to a shard for good. The caller holds the fleet's lock.
///
/// # Errors
/// When it belongs to another shard, or holds a device of another one.
pub fn claim(layout: &Layout, given: Shard) -> Result<(), ClaimError> {
    if may_claim(layout, given)? {
        write::replace(&layout.shard(), 0o600, format!("{given}\n").as_bytes())?;
    }
    Ok(())
}

/// Whether a directory may be given to a shard, and is not yet; changes nothing.
///
/// # Errors
/// As [`claim`].
pub fn may_claim(layout: &Layout, given: Shard) -> Result<bool, ClaimError> {
    let place = || layout.root().display().to_string();
    match recorded(layout)? {
        Some(recorded) if recorded == given => return Ok(false),
        Some(recorded) => return Err(ClaimError::Other { place: place(), recorded, given }),
        None => {}
    }
    if !layout.root().exists() {
        return Ok(true);
    }
    let staged = scan::staged_devices(layout).map_err(write::at(&layout.staging()))?;
    if let Some(device) =
        scan::devices(layout)?.into_iter().chain(staged).find(|device| !given.holds(device.as_str()))
    {
        return Err(ClaimError::Foreign { place: place(), device, given });
    }
    Ok(true)
}

/// The fleets below a directory that are shards, by name; empty when it is a fleet itself, or holds no shard.
///
/// # Errors
/// When it cannot be listed.
pub fn below(directory: &Path) -> Result<Vec<std::path::PathBuf>, DiskError> {
    let failed = |error| write::at(directory)(error);
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == ".certreq" || name == "ca" || Layout::is_like_a_device(&name) {
            return Ok(Vec::new());
        }
        if fs::symlink_metadata(Layout::new(&path).shard()).is_ok_and(|file| file.is_file()) {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn damaged(path: &Path) -> ClaimError {
    ClaimError::Damaged { place: path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_device_belongs_to_the_shard_that_others_compute() {
        let known = [("a1998e", 14, 4), ("b2c3d4", 10, 2), ("4c1e8a0e-6c3d-4ab2-9f1b-0c9f3d4e5a6b", 12, 1)];
        for (id, of_16, of_7) in known {
            for (count, index) in [(16, of_16), (7, of_7), (1, 0)] {
                let holders: Vec<u32> =
                    (0..count).filter(|index| Shard::new(*index, count).unwrap().holds(id)).collect();
                assert_eq!(holders, [index], "{id} of {count}");
            }
        }
    }

    #[test]
    fn what_is_no_shard_is_refused_and_says_that_counting_begins_at_0() {
        assert_eq!("3/16".parse(), Ok(Shard { index: 3, count: 16 }));
        assert_eq!("0/1".parse(), Ok(Shard { index: 0, count: 1 }));
        assert_eq!("0/100000".parse(), Ok(Shard { index: 0, count: 100_000 }));
        for text in ["", "3", "/", "3/", "a/4", "+1/4", "-1/4", "1/4/5", " 1/4", "99999999999/4"] {
            assert!(matches!(text.parse::<Shard>(), Err(ShardError::Shape(_))), "{text}");
        }
        assert_eq!("0/0".parse::<Shard>(), Err(ShardError::Count(0)));
        assert_eq!("0/100001".parse::<Shard>(), Err(ShardError::Count(100_001)));
        let error = "16/16".parse::<Shard>().unwrap_err().to_string();
        assert_eq!(error, "shards are counted from 0: the last of 16 is 15/16");
    }
}
