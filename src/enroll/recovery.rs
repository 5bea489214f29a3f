//! Finds certificates whose answer was lost, by their public key.
//!
//! Searching means reading every page of the platform's list, so devices that wait at the same time share one
//! search.

use std::{
    collections::HashMap,
    sync::{Mutex as SyncMutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::work::Predecessor;
use crate::{
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        time::Time,
    },
    platform::{CertificateRecord, PlatformError, Registry},
};

/// The pause before a search: the platform may still be at work on a request that was cut off, and gets this long to
/// end it.
const SETTLE: Duration = Duration::from_millis(300);

/// A certificate the platform has for one of our keys.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub certificate_pem: String,
    pub fingerprint: String,
    /// The platform has an owner for it.
    pub owned: bool,
    /// Fingerprints of further certificates for the same key.
    pub surplus: Vec<String>,
}

impl Found {
    /// True when the certificate has expired already: the staged key was left for longer than the certificate's life.
    pub(super) fn has_expired(&self, now: Time) -> bool {
        Certificate::all_from_pem(&self.certificate_pem)
            .is_ok_and(|chain| chain.first().is_some_and(|leaf| leaf.validity_at(now) == Validity::Expired))
    }
}

/// SHA-256 over the SubjectPublicKeyInfo.
type KeyHash = Fingerprint;

/// A key that a search looks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) key: KeyHash,
    /// The certificate in use, which may be for the same key.
    pub(super) predecessor: Option<Predecessor>,
}

impl Wanted {
    /// True when the leaf may be the certificate of the lost answer.
    fn is_met_by(&self, leaf: &Certificate) -> bool {
        self.predecessor
            .as_ref()
            .is_none_or(|old| leaf.not_before >= old.not_before && !old.known.contains(&leaf.fingerprint()))
    }
}

type Answer = Result<Option<Found>, PlatformError>;

#[derive(Debug)]
pub(super) struct Recovery {
    /// The lock that a device holds while it searches.
    search: Mutex<()>,
    board: SyncMutex<Board>,
}

#[derive(Debug)]
struct Board {
    wanted: HashMap<KeyHash, Wanted>,
    answers: HashMap<KeyHash, Answer>,
    /// The time at which an outcome was left open last. It starts as the beginning of this run, as an earlier run may
    /// have ended just before.
    opened: Instant,
}

impl Recovery {
    pub(super) fn new() -> Self {
        let board = Board { wanted: HashMap::new(), answers: HashMap::new(), opened: Instant::now() };
        Self { search: Mutex::new(()), board: SyncMutex::new(board) }
    }

    /// Notes that a request ended and its outcome is open.
    pub(super) fn opened(&self) {
        self.board().opened = Instant::now();
    }

    /// Adds a key to the next search. The answer of an earlier search is dropped: it does not cover requests that were
    /// sent since.
    pub(super) fn want(&self, wanted: Wanted) {
        let mut board = self.board();
        board.answers.remove(&wanted.key);
        board.wanted.insert(wanted.key, wanted);
    }

    /// The platform's certificate for this key, if it has one; the owned one, if there are several.
    pub(super) async fn find(&self, registry: &dyn Registry, ours: Wanted) -> Answer {
        let key = ours.key;
        let _turn = self.search.lock().await;
        // The search of another device may have covered this key.
        if let Some(answer) = self.board().answers.remove(&key) {
            return answer;
        }
        let pause = SETTLE.saturating_sub(self.board().opened.elapsed());
        tokio::time::sleep(pause).await;
        let mut wanted = std::mem::take(&mut self.board().wanted);
        // The key may be missing here: the device whose search covered it may have been cut off before the answer.
        wanted.insert(key, ours);
        let result = search(registry, &wanted).await;
        let mut board = self.board();
        for hash in wanted.into_keys() {
            let answer = match &result {
                Ok(found) => Ok(found.get(&hash).cloned()),
                Err(error) => Err(error.clone()),
            };
            board.answers.insert(hash, answer);
        }
        board.answers.remove(&key).unwrap_or(Ok(None))
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn search(
    registry: &dyn Registry,
    wanted: &HashMap<KeyHash, Wanted>,
) -> Result<HashMap<KeyHash, Found>, PlatformError> {
    let is_wanted = |leaf: &Certificate| {
        wanted.get(&KeyHash::of(leaf.public_key_info())).is_some_and(|wanted| wanted.is_met_by(leaf))
    };
    let records = registry.certificates(&|record| leaf_of(record).is_some_and(|leaf| is_wanted(&leaf))).await?;
    let mut found: HashMap<KeyHash, Found> = HashMap::new();
    for record in records {
        let owned = record.device.is_some();
        let key = leaf_of(&record).map(|leaf| KeyHash::of(leaf.public_key_info()));
        let (Some(key), Some(certificate_pem)) = (key, record.pem) else { continue };
        let mut one = Found { certificate_pem, fingerprint: record.fingerprint, owned, surplus: Vec::new() };
        match found.get_mut(&key) {
            Some(first) if first.owned || !one.owned => first.surplus.push(one.fingerprint),
            Some(first) => {
                one.surplus = std::mem::take(&mut first.surplus);
                one.surplus.push(std::mem::take(&mut first.fingerprint));
                *first = one;
            }
            None => drop(found.insert(key, one)),
        }
    }
    Ok(found)
}

/// Every certificate the platform has for these keys.
pub(super) async fn all(
    registry: &dyn Registry,
    wanted: &HashMap<KeyHash, Wanted>,
) -> Result<HashMap<KeyHash, Vec<Certificate>>, PlatformError> {
    let key_of = |leaf: &Certificate| KeyHash::of(leaf.public_key_info());
    let is_wanted = |leaf: &Certificate| wanted.get(&key_of(leaf)).is_some_and(|wanted| wanted.is_met_by(leaf));
    let records = registry.certificates(&|record| leaf_of(record).is_some_and(|leaf| is_wanted(&leaf))).await?;
    let mut found: HashMap<KeyHash, Vec<Certificate>> = HashMap::new();
    for leaf in records.iter().filter_map(leaf_of) {
        found.entry(key_of(&leaf)).or_default().push(leaf);
    }
    Ok(found)
}

fn leaf_of(record: &CertificateRecord) -> Option<Certificate> {
    Certificate::all_from_pem(record.pem.as_deref()?).ok()?.into_iter().next()
}
