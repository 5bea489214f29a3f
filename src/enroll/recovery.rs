//! Finds certificates whose answer was lost, by their public key.
//!
//! Searching means reading every page of the platform's list, so devices that wait at the same time share one
//! search.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex as SyncMutex, MutexGuard, PoisonError},
};

use tokio::sync::Mutex;

use crate::{
    pki::{certificate::Certificate, fingerprint::Fingerprint},
    platform::{CertificateRecord, Platform, PlatformError},
};

/// A certificate the platform has for one of our keys.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub certificate_pem: String,
    pub fingerprint: String,
    /// The platform knows whose it is.
    pub owned: bool,
}

/// SHA-256 over the SubjectPublicKeyInfo.
type KeyHash = Fingerprint;

type Answer = Result<Option<Found>, PlatformError>;

#[derive(Debug, Default)]
pub(super) struct Recovery {
    /// Held by whoever searches.
    search: Mutex<()>,
    board: SyncMutex<Board>,
}

#[derive(Debug, Default)]
struct Board {
    wanted: HashSet<KeyHash>,
    answers: HashMap<KeyHash, Answer>,
}

impl Recovery {
    /// The platform's certificate for this key, if it has one; the owned one, if there are several.
    pub(super) async fn find<P: Platform>(&self, platform: &P, public_key_info: &[u8]) -> Answer {
        let key = KeyHash::of(public_key_info);
        self.board().wanted.insert(key);
        let _turn = self.search.lock().await;
        // The search before ours may have taken this key along.
        if let Some(answer) = self.board().answers.remove(&key) {
            return answer;
        }
        let wanted = std::mem::take(&mut self.board().wanted);
        let result = search(platform, &wanted).await;
        let mut board = self.board();
        for hash in wanted {
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

async fn search<P: Platform>(
    platform: &P,
    wanted: &HashSet<KeyHash>,
) -> Result<HashMap<KeyHash, Found>, PlatformError> {
    let records =
        platform.certificates(&|record| key_of(record).is_some_and(|key| wanted.contains(&key))).await?;
    let mut found: HashMap<KeyHash, Found> = HashMap::new();
    for record in records {
        let owned = record.device().is_some();
        if let (Some(key), Some(certificate_pem)) = (key_of(&record), record.pem)
            && (owned || !found.contains_key(&key))
        {
            found.insert(key, Found { certificate_pem, fingerprint: record.fingerprint, owned });
        }
    }
    Ok(found)
}

fn key_of(record: &CertificateRecord) -> Option<KeyHash> {
    let chain = Certificate::all_from_pem(record.pem.as_deref()?).ok()?;
    chain.first().map(|leaf| KeyHash::of(leaf.public_key_info()))
}
