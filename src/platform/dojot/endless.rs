//! Limits after which a list is taken to be endless: it repeats itself, or takes more memory or time than any list of a
//! platform.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use crate::pki::fingerprint::Fingerprint;

/// Pages without a new entry after which a list is taken to be endless.
const REPEATS: usize = 3;
/// The most entries of a list.
const MOST: usize = 1_800_000;
/// The most bytes of text that are kept of one list.
const MOST_TEXT: usize = 32 << 20;
/// The longest time one list may take.
const LONGEST: Duration = Duration::from_secs(3600);

/// Entries of a list seen so far.
pub(super) struct Seen {
    names: HashSet<u128>,
    text: usize,
    /// Entries seen before the current page began.
    before: usize,
    repeats: usize,
    began: Instant,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { names: HashSet::new(), text: 0, before: 0, repeats: 0, began: Instant::now() }
    }

    /// Notes an entry; false when it was there already.
    pub(super) fn add(&mut self, name: &str) -> bool {
        self.names.insert(short_name(name))
    }

    /// Adds to the number of bytes of the list that are kept.
    pub(super) fn keep(&mut self, bytes: usize) {
        self.text += bytes;
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Notes that a page is over; true when the list is taken to be endless.
    pub(super) fn is_endless(&mut self) -> bool {
        self.repeats = if self.names.len() == self.before { self.repeats + 1 } else { 0 };
        self.before = self.names.len();
        self.repeats == REPEATS
            || self.names.len() > MOST
            || self.text > MOST_TEXT
            || self.began.elapsed() > LONGEST
    }
}

/// A short name for an entry, 16 octets of its hash: a list may have millions of entries.
pub(super) fn short_name(name: &str) -> u128 {
    let hash = Fingerprint::of(name.as_bytes());
    hash.as_bytes().iter().take(16).fold(0, |name, byte| name << 8 | u128::from(*byte))
}
