//! Where a list is taken to be endless: it repeats itself, or takes more memory or time than any list of a platform.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use crate::pki::fingerprint::Fingerprint;

/// Pages without anything new after which a list is taken to be endless.
const REPEATS: usize = 3;
/// The longest list that is believed.
const MOST: usize = 1_800_000;
/// Bytes of text that are kept of one list.
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

    /// So many bytes of the list are kept.
    pub(super) fn keep(&mut self, bytes: usize) {
        self.text += bytes;
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// A page is over: is the list without an end?
    pub(super) fn is_endless(&mut self) -> bool {
        self.repeats = if self.names.len() == self.before { self.repeats + 1 } else { 0 };
        self.before = self.names.len();
        self.repeats == REPEATS
            || self.names.len() > MOST
            || self.text > MOST_TEXT
            || self.began.elapsed() > LONGEST
    }
}

/// Which entry it is, in few bytes: there may be millions.
pub(super) fn short_name(name: &str) -> u128 {
    let hash = Fingerprint::of(name.as_bytes());
    hash.as_bytes().iter().take(16).fold(0, |name, byte| name << 8 | u128::from(*byte))
}
