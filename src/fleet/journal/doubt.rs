//! Keys in doubt: the platform may have one more certificate for them than the one in use, because a run ended before
//! it looked.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader},
    path::Path,
};

use super::{Event, JournalError, at, custody, parse, scan};
use crate::pki::fingerprint::Fingerprint;

/// A key that the next run looks for on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubt {
    pub device: String,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub key: Fingerprint,
    /// The certificate in use.
    pub used: Fingerprint,
    /// Every certificate of this key that was in use once.
    pub known: Vec<Fingerprint>,
}

/// The keys in doubt; most journals have none, and only lines about doubts are decoded to find out.
///
/// # Errors
/// When the journal cannot be read.
pub fn in_doubt(path: &Path) -> Result<Vec<InDoubt>, JournalError> {
    let mut open: HashMap<(String, String), InDoubt> = HashMap::new();
    let file = match custody::open_own(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(path)(error).into()),
    };
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(at(path))?;
        let Some(text) = str::from_utf8(&line).ok().filter(|text| is_about_doubt(text)) else { continue };
        let Some(record) = parse(text) else { continue };
        let subject = (record.device.clone(), record.key.clone());
        match record.event {
            Event::LookedThrough { .. } => drop(open.remove(&subject)),
            Event::InDoubt { fingerprint } => {
                if let (Ok(key), Ok(used)) = (record.key.parse(), fingerprint.parse()) {
                    open.insert(subject, InDoubt { device: record.device, key, used, known: Vec::new() });
                }
            }
            _ => {}
        }
    }
    if open.is_empty() {
        return Ok(Vec::new());
    }
    scan(path, |record| {
        if let Event::Published { fingerprint, .. } = record.event
            && let Some(doubt) = open.get_mut(&(record.device, record.key))
        {
            doubt.known.extend(fingerprint.parse::<Fingerprint>());
        }
    })?;
    // A pair that never got its final name is left out: the run that resumes it searches for its key anyway.
    Ok(open.into_values().filter(|doubt| doubt.known.contains(&doubt.used)).collect())
}

fn is_about_doubt(line: &str) -> bool {
    ["\"event\":\"in_doubt\"", "\"event\":\"looked_through\""].iter().any(|event| line.contains(event))
}
