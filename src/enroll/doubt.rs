//! Requests whose outcome is open: how long the platform may be at work on one, and which keys may have more
//! certificates than the one that is used.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{recovery::Wanted, work::Predecessor};
use crate::{
    fleet::{journal::InDoubt, vault::Subject},
    pki::fingerprint::Fingerprint,
};

/// The keys in doubt of one batch.
#[derive(Debug)]
pub(super) struct Doubts {
    longest_request: Duration,
    keys: Mutex<HashMap<Fingerprint, Doubt>>,
}

#[derive(Debug)]
struct Doubt {
    subject: Subject,
    wanted: Wanted,
    /// The latest moment at which the platform may still be at work on a request that was not answered in time.
    until: Option<Instant>,
    /// The platform was asked for this key once more.
    asked_again: bool,
    /// The certificate that is used, and the further ones that were found and are in the journal.
    used: Option<(Fingerprint, Vec<String>)>,
}

/// A key that may have more certificates than the one that is used.
#[derive(Clone, Debug)]
pub(super) struct Doubtful {
    pub(super) subject: Subject,
    pub(super) wanted: Wanted,
    pub(super) used: Fingerprint,
    /// Further certificates that are in the journal already.
    pub(super) noted: Vec<String>,
}

impl Doubts {
    pub(super) fn new(longest_request: Duration) -> Self {
        Self { longest_request, keys: Mutex::default() }
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<Fingerprint, Doubt>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that the outcome of a request for this key is open. `late` is the time it was sent, if no answer came in
    /// time.
    pub(super) fn open(&self, subject: &Subject, wanted: Wanted, late: Option<Instant>) {
        let mut keys = self.keys();
        let doubt = keys.entry(subject.key).or_insert_with(|| Doubt {
            subject: subject.clone(),
            wanted,
            until: None,
            asked_again: false,
            used: None,
        });
        doubt.until = doubt.until.max(late.and_then(|sent| sent.checked_add(self.longest_request)));
    }

    /// Notes that a request for this key leaves.
    pub(super) fn asks(&self, key: Fingerprint) {
        if let Some(doubt) = self.keys().get_mut(&key) {
            doubt.asked_again = true;
        }
    }

    /// The time for which the platform may still be at work on a request for this key; `None` when it cannot be at work
    /// on one any more.
    pub(super) fn left(&self, key: Fingerprint) -> Option<Duration> {
        let until = self.keys().get(&key)?.until?;
        Some(until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    /// True when this key may have more certificates than the one that was found; `surplus` were found beside it.
    pub(super) fn is_in_doubt(&self, key: Fingerprint, surplus: &[String]) -> bool {
        self.keys().get(&key).is_some_and(|doubt| doubt.asked_again || !surplus.is_empty())
    }

    /// Takes over the keys whose certificates earlier runs did not look for.
    pub(super) fn adopt(&self, left: &[InDoubt]) {
        let mut keys = self.keys();
        for InDoubt { device, key, used, known } in left {
            let Ok(device) = device.parse() else { continue };
            // A certificate that was in use once is no surplus, even where the key is the same.
            let wanted = Wanted { key: *key, predecessor: Some(Predecessor::known(known.clone())) };
            let subject = Subject { device, key: *key };
            let used = Some((*used, Vec::new()));
            keys.insert(*key, Doubt { subject, wanted, until: None, asked_again: true, used });
        }
    }

    /// Notes that this certificate is used from now on; `surplus` are the others of its key.
    pub(super) fn settled(&self, key: Fingerprint, used: Fingerprint, surplus: Vec<String>) {
        let mut keys = self.keys();
        match keys.get_mut(&key) {
            Some(doubt) if doubt.asked_again || !surplus.is_empty() => doubt.used = Some((used, surplus)),
            _ => drop(keys.remove(&key)),
        }
    }

    /// The keys to search for once more, and how long the platform may still be at work on a request for one of them.
    pub(super) fn rest(&self) -> (Vec<Doubtful>, Duration) {
        let keys = self.keys();
        let in_doubt = keys.values().filter_map(|doubt| Some((doubt, doubt.used.as_ref()?)));
        let rest: Vec<Doubtful> = in_doubt
            .map(|(doubt, (used, noted))| Doubtful {
                subject: doubt.subject.clone(),
                wanted: doubt.wanted.clone(),
                used: *used,
                noted: noted.clone(),
            })
            .collect();
        let until = keys.values().filter(|doubt| doubt.used.is_some()).filter_map(|doubt| doubt.until).max();
        (rest, until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default())
    }
}
