//! The journal of a fleet directory, with everything it ever asked a platform for: `.certreq/journal`, append-only, one
//! checksummed record a line.
//!
//! ```text
//! 1f2e3d4c {"at":"2026-11-23T08:00:00Z","device":"a1998e","key":"AB:..","event":"begun"}
//! ```
//!
//! A record is written before the event that it announces can happen. So every certificate that exists because of this
//! directory has a record, even if the process or the machine dies in between. The last line may be torn; any other
//! damage is an error.

mod compact;
mod doubt;

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use compact::Kept;
pub use compact::compact;
pub use doubt::{InDoubt, in_doubt};

use super::write::{self, DiskError, at};
use crate::pki::{fingerprint::Fingerprint, time::Time};
use crate::{custody, device_id::DeviceId};

/// An event in the life of one key of one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// RFC 3339, UTC.
    pub at: String,
    pub device: String,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub key: String,
    #[serde(flatten)]
    pub event: Event,
}

impl Record {
    fn line(&self) -> Line<'_> {
        Line { at: &self.at, device: &self.device, key: &self.key, event: &self.event }
    }

    /// Which key of which device, in few bytes.
    fn subject(&self) -> [u8; 32] {
        self.line().subject()
    }
}

/// A [`Record`] as it is written, of words that belong to others.
#[derive(Clone, Copy, Serialize)]
struct Line<'a> {
    at: &'a str,
    device: &'a str,
    key: &'a str,
    #[serde(flatten)]
    event: &'a Event,
}

impl Line<'_> {
    /// Which key of which device, in few bytes.
    fn subject(&self) -> [u8; 32] {
        match self.event {
            // A revocation has a line of its own beside the certificate's, and so has what is owed.
            Event::Revocation { fingerprint, .. } => hash(&["revocation", fingerprint]),
            Event::Owed { .. } | Event::Settled { .. } => hash(&[self.device, "owed"]),
            Event::Object { uri, .. } => hash(&["object", uri]),
            Event::InDoubt { .. } | Event::LookedThrough { .. } => hash(&[self.device, self.key, "doubt"]),
            _ => hash(&[self.device, self.key]),
        }
    }
}

fn hash(words: &[&str]) -> [u8; 32] {
    *Fingerprint::of(words.join(" ").as_bytes()).as_bytes()
}

impl Event {
    /// True while the fate of the key, or of a certificate, is open: its run is still at work, or was cut.
    fn is_open(&self) -> bool {
        match self {
            Self::Begun
            | Self::Sent
            | Self::Unanswered { .. }
            | Self::Pending { .. }
            | Self::Answered { .. }
            | Self::Owed { .. }
            | Self::InDoubt { .. } => true,
            Self::Revocation { step, .. } => step.is_open(),
            Self::Object { object, .. } => matches!(object, ObjectStep::Planned | ObjectStep::Leaving),
            _ => false,
        }
    }

    /// True for a record of a further certificate, beside the one of the key's last record.
    fn is_extra(&self) -> bool {
        matches!(self, Self::Surplus { .. })
    }
}

/// The steps of a key's way to a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The key is on disk. Its request may leave from now on.
    Begun,
    /// A request leaves; whether it arrives is open.
    Sent,
    /// No answer came that says whether the platform acted on the request.
    Unanswered {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
        error: String,
    },
    /// The platform keeps the request until an operator there approves it.
    Pending {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
        error: String,
    },
    /// The platform said that it did nothing; no certificate comes of this request.
    Refused {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
        error: String,
    },
    /// The platform has one more certificate for this key than the one that is used.
    Surplus { fingerprint: String },
    /// The platform answered with a certificate that passed every check.
    Answered {
        fingerprint: String,
        serial: String,
        /// Found on the platform after its first answer was lost.
        recovered: bool,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
    },
    /// The pair has its final name.
    Published {
        fingerprint: String,
        serial: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
    },
    /// A certificate is being taken out, or was.
    Revocation {
        fingerprint: String,
        serial: String,
        step: RevocationStep,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        request_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        error: Option<String>,
    },
    /// Once this pair has its final name, more is to be done. The last one of a device counts.
    Owed {
        fingerprint: String,
        /// The user's command was not run yet, or failed.
        exec: bool,
        /// Certificates that were replaced, to be deleted on the platform.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        delete: Vec<Replaced>,
    },
    /// All that was owed for a pair is done.
    Settled { fingerprint: String },
    /// This certificate is used from now on, and the platform may have one more for its key: it is looked through at
    /// the end of this run, or of the next.
    InDoubt { fingerprint: String },
    /// The platform was looked through, and has no further certificate for this key.
    LookedThrough { fingerprint: String },
    /// A step in the life of a key object in a token; `uri` names the object (RFC 7512).
    Object { uri: String, object: ObjectStep },
}

/// How far a key object in a token came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectStep {
    /// It is about to be made under this name.
    Planned,
    /// It is in the token, and a file names it.
    Made,
    /// No file names it any more; it is removed next.
    Leaving,
    /// It is not in the token.
    Removed,
}

/// How far a revocation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationStep {
    /// The request leaves; whether it arrives is open.
    Asked,
    /// The platform says that it is revoked.
    Done,
    /// The platform had no such record.
    Gone,
    /// The platform removed its record of another authority's certificate; only that authority can revoke the
    /// certificate.
    Removed,
    /// The platform says that it did nothing, or was never asked.
    Refused,
    /// No answer settles it: the record may be gone and the certificate not revoked.
    Open,
}

impl RevocationStep {
    /// It is not known whether the certificate was revoked.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Open)
    }
}

/// A certificate that was replaced by another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub fingerprint: String,
    pub serial: String,
}

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{}: line {line} is damaged", path.display())]
    Damaged { path: PathBuf, line: usize },
}

/// A journal being written.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    now: fn() -> Time,
    /// The time of the last line, to the second, and its text.
    moment: (Time, String),
    /// Lines of the batch that is being put together.
    pending: Vec<u8>,
    /// The lines of the file and of the batch that a shortened journal keeps; `None` when the file has to be read to
    /// find them.
    kept: Option<Kept>,
}

/// The placeholder for the checksum of a line.
const NO_CHECKSUM: &[u8] = b"00000000 ";

impl Journal {
    /// Opens it for appending; a torn last line is cut off first.
    pub(super) fn open(path: &Path, now: fn() -> Time) -> Result<Self, JournalError> {
        let mut kept = Kept::default();
        let whole = scan(path, |record| kept.learn(record.line()))?;
        let file = custody::append(path).map_err(at(path))?;
        file.set_len(whole).map_err(at(path))?;
        let moment = (Time::from_unix(0), Time::from_unix(0).to_string());
        Ok(Self { path: path.to_owned(), file, now, moment, pending: Vec::new(), kept: Some(kept) })
    }

    /// Adds a record to the batch; [`Self::append`] writes it.
    pub(super) fn add(&mut self, device: &DeviceId, key: &Fingerprint, event: &Event) {
        self.add_for(device.as_str(), key, event);
    }

    /// Adds a record for the owner that a platform names, which may be no id of a device; empty when there is no owner.
    pub(super) fn add_for(&mut self, device: &str, key: &Fingerprint, event: &Event) {
        let now = (self.now)();
        if self.moment.0 != now {
            self.moment = (now, now.to_string());
        }
        let began = self.pending.len();
        self.pending.extend_from_slice(NO_CHECKSUM);
        let json = self.pending.len();
        let key = key.to_string();
        let line = Line { at: &self.moment.1, device, key: &key, event };
        // The error cannot occur: a record holds strings, flags and lists of strings, which JSON can always hold.
        if serde_json::to_writer(&mut self.pending, &line).is_err() {
            return self.pending.truncate(began);
        }
        if let Some(kept) = &mut self.kept {
            kept.learn(line);
        }
        let sum = checksum(&self.pending[json..]);
        self.pending[began..began + sum.len()].copy_from_slice(sum.as_bytes());
        self.pending.push(b'\n');
    }

    /// Writes the batch; the caller flushes. A batch that cannot be written is taken back as a whole.
    pub(super) fn append(&mut self) -> Result<&Path, DiskError> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(&self.path);
        }
        let before = self.file.metadata().map_err(at(&self.path))?.len();
        self.file.write_all(&pending).map_err(|error| {
            // Half a batch would be damage in the middle of the file once more is appended.
            let _ = self.file.set_len(before);
            self.kept = None;
            at(&self.path)(error)
        })?;
        Ok(&self.path)
    }

    /// Compacts the file and goes on at its end.
    pub(super) fn compact(&mut self) -> Result<(), JournalError> {
        match self.kept.take().filter(|_| self.pending.is_empty()) {
            Some(kept) => compact::shorten(&self.path, kept)?,
            None => compact(&self.path)?,
        }
        // The shortened file has a new inode, in which every line is whole. The batch in memory stays.
        self.file = custody::append(&self.path).map_err(at(&self.path))?;
        Ok(())
    }
}

/// The first 32 bits of SHA-256: enough to tell a torn or damaged line from a whole one.
fn checksum(json: &[u8]) -> String {
    let digest = Fingerprint::of(json);
    let [a, b, c, d, ..] = *digest.as_bytes();
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

fn parse(text: &str) -> Option<Record> {
    let (sum, json) = text.split_once(' ')?;
    if sum != checksum(json.as_bytes()) {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Calls `each` for every record and returns the length of the whole ones in bytes. A missing file is an empty journal.
fn scan(path: &Path, mut each: impl FnMut(Record)) -> Result<u64, JournalError> {
    let file = match custody::open_own(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(at(path)(error).into()),
    };
    let mut reader = BufReader::new(file);
    let mut whole = 0;
    let mut torn = None;
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        let read = reader.read_until(b'\n', &mut text).map_err(at(path))?;
        if read == 0 {
            break;
        }
        if let Some(line) = torn {
            return Err(JournalError::Damaged { path: path.to_owned(), line });
        }
        let record = text.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok()).and_then(parse);
        match record {
            Some(record) => {
                whole += read as u64;
                each(record);
            }
            None => torn = Some(number),
        }
    }
    Ok(whole)
}

/// Calls `each` for every whole record, oldest first.
///
/// # Errors
/// When the file cannot be read, or a line that is not the last one is damaged; records before it were delivered.
pub fn each(path: &Path, each: impl FnMut(Record)) -> Result<(), JournalError> {
    scan(path, each).map(drop)
}

/// Every whole record, oldest first.
///
/// # Errors
/// When the file cannot be read, or a line that is not the last one is damaged.
pub fn read(path: &Path) -> Result<Vec<Record>, JournalError> {
    let mut records = Vec::new();
    scan(path, |record| records.push(record))?;
    Ok(records)
}

/// The last record of every key whose fate is still open, oldest first; `each` sees every record on the way.
///
/// # Errors
/// When the file cannot be read, or a line that is not the last one is damaged.
pub fn open_records(path: &Path, mut each: impl FnMut(&Record)) -> Result<Vec<Record>, JournalError> {
    let mut open: HashMap<[u8; 32], (usize, Record)> = HashMap::new();
    let mut number = 0;
    scan(path, |record| {
        number += 1;
        each(&record);
        if record.event.is_open() {
            open.insert(record.subject(), (number, record));
        } else if !record.event.is_extra() && !open.is_empty() {
            open.remove(&record.subject());
        }
    })?;
    let mut records: Vec<_> = open.into_values().collect();
    records.sort_unstable_by_key(|(number, _)| *number);
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// The answers whose certificates were not published, as far as the journal knows.
pub(super) fn unpublished(path: &Path) -> Result<Vec<Record>, JournalError> {
    let mut open: HashMap<[u8; 32], Record> = HashMap::new();
    scan(path, |record| match record.event {
        Event::Answered { .. } => drop(open.insert(record.subject(), record)),
        Event::Published { .. } => drop(open.remove(&record.subject())),
        _ => {}
    })?;
    Ok(open.into_values().collect())
}

/// The keys in tokens that were made for a directory and not removed since, as the journal knows.
///
/// # Errors
/// When the journal cannot be read.
pub fn key_objects(path: &Path) -> Result<Vec<String>, JournalError> {
    let mut there = BTreeSet::new();
    scan(path, |record| match record.event {
        Event::Object { uri, object: ObjectStep::Removed } => {
            there.remove(&uri);
        }
        Event::Object { uri, .. } => {
            there.insert(uri);
        }
        _ => {}
    })?;
    Ok(there.into_iter().collect())
}

/// The history of every device of a directory: the work that is owed for its pair, and the certificates that were ever
/// in use.
///
/// # Errors
/// When the journal cannot be read.
pub fn history(path: &Path) -> Result<HashMap<String, History>, JournalError> {
    let mut all: HashMap<String, History> = HashMap::new();
    scan(path, |record| {
        let device = all.entry(record.device).or_default();
        match record.event {
            Event::Published { fingerprint, .. } => device.published.extend(fingerprint.parse::<Fingerprint>()),
            Event::Settled { .. } => device.owed = None,
            owed @ Event::Owed { .. } => device.owed = Some((record.key, owed)),
            _ => {}
        }
    })?;
    Ok(all)
}

/// The history of one device, as the journal tells it.
#[derive(Debug, Default)]
pub struct History {
    pub published: Vec<Fingerprint>,
    /// The key of the pair, and an [`Event::Owed`].
    pub owed: Option<(String, Event)>,
}

#[cfg(test)]
mod tests;
