//! Totals over the lines of all files.

use std::collections::{BTreeMap, HashMap};

use super::line::Line;
use crate::{
    commands::outcomes,
    failure::{Exit, Failure},
    fleet::shard::Shard,
    pki::fingerprint::Fingerprint,
};

/// Verbs whose lines can be added up.
const KNOWN: [&str; 4] = ["certreq.issue/1", "certreq.renew/1", "certreq.revoke/1", "certreq.verify/1"];

/// Words for states, at most: a line chooses them, a run has about twenty.
const WORDS: usize = 64;

/// Lines, added up.
#[derive(Debug, Default)]
pub(super) struct Tally {
    schema: Option<String>,
    /// The place in `words`, and the exit code, of each subject, which is known by a digest.
    subjects: HashMap<[u8; 16], (u8, u8)>,
    words: Vec<String>,
    count: Option<u32>,
    /// Exit codes of the shards that came to their end.
    ended: BTreeMap<u32, u8>,
    pub(super) unreadable: usize,
}

impl Tally {
    /// # Errors
    /// When it cannot be added to those before.
    pub(super) fn add(&mut self, line: &Line<'_>) -> Result<(), Failure> {
        let is_end = line.schema == outcomes::END;
        let schema = if is_end { line.of.as_deref().unwrap_or_default() } else { &*line.schema };
        self.schema_is(schema)?;
        if let Some(shard) = line.shard {
            self.shard_is(shard)?;
        }
        if let (true, Some(shard), Some(exit)) = (is_end, line.shard, line.exit) {
            self.ended.insert(shard.index, exit);
        }
        let (Some(subject), Some((state, code))) = (line.subject(), line.end()) else { return Ok(()) };
        // A line after the last one: the shard was started again.
        if let Some(shard) = line.shard {
            self.ended.remove(&shard.index);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&Fingerprint::of(subject.as_bytes()).as_bytes()[..16]);
        let word = self.word(state)?;
        self.subjects.insert(key, (word, code));
        Ok(())
    }

    fn schema_is(&mut self, schema: &str) -> Result<(), Failure> {
        if !KNOWN.contains(&schema) {
            return Err(Failure::usage(format!("lines of {schema} cannot be added up"))
                .hint("give the output of certreq issue, renew, revoke or verify with --format json"));
        }
        match &self.schema {
            Some(known) if known != schema => {
                Err(Failure::usage(format!("lines of {schema} cannot be added to lines of {known}"))
                    .hint("sum up each verb on its own"))
            }
            Some(_) => Ok(()),
            None => {
                self.schema = Some(schema.to_owned());
                Ok(())
            }
        }
    }

    fn shard_is(&mut self, Shard { count, .. }: Shard) -> Result<(), Failure> {
        match self.count {
            Some(known) if known != count => {
                Err(Failure::usage(format!("one shard of {count} and one of {known} are not of the same run")))
            }
            _ => {
                self.count = Some(count);
                Ok(())
            }
        }
    }

    fn word(&mut self, state: &str) -> Result<u8, Failure> {
        let at = match self.words.iter().position(|word| word == state) {
            Some(at) => at,
            None if self.words.len() < WORDS => {
                self.words.push(state.to_owned());
                self.words.len() - 1
            }
            None => return Err(Failure::failed("the lines have too many states for a run")),
        };
        u8::try_from(at).map_err(|_| Failure::failed("the lines have too many states for a run"))
    }

    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    pub(super) fn total(&self) -> usize {
        self.subjects.len()
    }

    pub(super) fn count(&self) -> Option<u32> {
        self.count
    }

    pub(super) fn states(&self) -> BTreeMap<&str, usize> {
        let mut states = BTreeMap::new();
        for (word, _) in self.subjects.values() {
            *states.entry(self.words[usize::from(*word)].as_str()).or_default() += 1;
        }
        states
    }

    /// Shards that did not come to their end.
    pub(super) fn missing(&self) -> Vec<u32> {
        let verifies = self.schema().is_some_and(|schema| schema.starts_with("certreq.verify/"));
        // A verify run writes no last line.
        let count = self.count.filter(|_| !verifies).unwrap_or(0);
        (0..count).filter(|index| !self.ended.contains_key(index)).collect()
    }

    /// Exit code with which one run over all subjects would have ended.
    pub(super) fn exit(&self) -> Exit {
        let codes = || self.subjects.values().filter_map(|(_, code)| exit_of(*code));
        if self.schema().is_some_and(|schema| schema.starts_with("certreq.verify/")) {
            return Exit::worst(codes());
        }
        if !self.missing().is_empty() || (self.count.is_none() && self.unreadable > 0) {
            return Exit::Failed;
        }
        // `Partly` is trouble after a device got the requested certificate: it makes the run end with `Partly`, and the
        // device does not count as failed.
        let failed: Vec<Exit> = codes().filter(|exit| *exit != Exit::Partly).collect();
        let troubled = codes().any(|exit| exit == Exit::Partly);
        let cut = [Exit::Interrupted, Exit::Refused, Exit::Unavailable]
            .into_iter()
            .find(|cause| self.ended.values().any(|exit| exit_of(*exit) == Some(*cause)));
        match Exit::of_batch(self.total() - failed.len(), &failed) {
            Exit::Done if troubled => Exit::Partly,
            Exit::Done => self.ended.values().find_map(|exit| exit_of(*exit)).unwrap_or(Exit::Done),
            batch => cut.unwrap_or(batch),
        }
    }
}

/// The exit with this number; `None` for 0 and for unknown numbers.
fn exit_of(code: u8) -> Option<Exit> {
    const EXITS: [Exit; 13] = [
        Exit::Failed,
        Exit::Usage,
        Exit::Partly,
        Exit::Refused,
        Exit::Unavailable,
        Exit::Unsafe,
        Exit::ExpiresSoon,
        Exit::Expired,
        Exit::Revoked,
        Exit::NotYetValid,
        Exit::NotTrusted,
        Exit::Indeterminate,
        Exit::Interrupted,
    ];
    match code {
        0 => None,
        code => Some(EXITS.into_iter().find(|exit| *exit as u8 == code).unwrap_or(Exit::Failed)),
    }
}
