//! Argon2id (RFC 9106) for logins: with memory that is used again, in a queue that has an end.
//!
//! A hash takes 19 MiB and some 40 ms of a core. Logins wait in a short queue; one too many is told to come back. A
//! login that looks right takes another lane, so that wrong ones cannot hold it up: 16 bits of a keyed digest of each
//! secret that was right are remembered, in memory alone. They decide nothing but the lane.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, PasswordHash, Salt},
};
use aws_lc_rs::{hmac, rand};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use zeroize::Zeroizing;

use super::{ca::BuildError, error::AuthorityError};

/// Logins that may wait for their turn in a lane.
const QUEUE: usize = 32;

/// How long they wait before they are told to come back.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hashes at a time, at most; a machine with few cores makes fewer, for there is other work.
const MOST: usize = 4;

/// Makes and checks hashes.
#[derive(Debug)]
pub(super) struct Hasher {
    ordinary: Lane,
    express: Lane,
    /// Memory of hashes that are done.
    idle: Arc<Mutex<Vec<Vec<Block>>>>,
    right: Mutex<HashMap<String, Mark>>,
    key: hmac::Key,
}

#[derive(Debug)]
struct Lane {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

/// Memory to make a hash with, and the right to make it now.
#[derive(Debug)]
pub(super) struct Memory {
    idle: Arc<Mutex<Vec<Vec<Block>>>>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// 16 bits that tell whether a secret looks like one that was right.
type Mark = [u8; 2];

impl Lane {
    fn new(turns: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(turns)), queue: Arc::new(Semaphore::new(QUEUE + turns)) }
    }

    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let _waiting = self.queue.try_acquire().ok()?;
        timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await.ok()?.ok()
    }
}

impl Hasher {
    /// # Errors
    /// When the system's random number generator failed.
    pub(super) fn new() -> Result<Self, BuildError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut key = [0; 32];
        rand::fill(&mut key).map_err(|_| BuildError::Random)?;
        Ok(Self {
            ordinary: Lane::new((cores / 2).clamp(1, MOST)),
            express: Lane::new(1),
            idle: Arc::default(),
            right: Mutex::default(),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        })
    }

    /// A turn for a login; `None` when too many wait.
    pub(super) async fn turn(&self, user: &str, secret: &str) -> Option<Memory> {
        let lane = if self.looks_right(user, secret) { &self.express } else { &self.ordinary };
        Some(Memory { idle: Arc::clone(&self.idle), _permit: Some(lane.turn().await?) })
    }

    /// `secret` is that of `user`: the next login with it takes the express lane.
    pub(super) fn remember(&self, user: &str, secret: &str) {
        let mark = self.mark(user, secret);
        self.right.lock().unwrap_or_else(PoisonError::into_inner).insert(user.to_owned(), mark);
    }

    /// Memory for one hash, without a turn: for the owner of the authority, at its start.
    pub(super) fn aside(&self) -> Memory {
        Memory { idle: Arc::clone(&self.idle), _permit: None }
    }

    fn looks_right(&self, user: &str, secret: &str) -> bool {
        let mark = self.mark(user, secret);
        self.right.lock().unwrap_or_else(PoisonError::into_inner).get(user) == Some(&mark)
    }

    fn mark(&self, user: &str, secret: &str) -> Mark {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(user.as_bytes());
        // No secret holds this octet, so no user's name can continue in it.
        context.update(&[0xff]);
        context.update(secret.as_bytes());
        let tag = context.sign();
        let tag = tag.as_ref();
        [tag[0], tag[1]]
    }
}

impl Memory {
    /// A hash with a random salt, PHC string.
    pub(super) fn hash(&self, secret: &str) -> Result<String, AuthorityError> {
        let mut salt = [0; 16];
        rand::fill(&mut salt).map_err(|_| BuildError::Random)?;
        let salt = Salt::new(&salt).map_err(bad)?;
        let params = Params::default();
        let output = self.output(&Argon2::default(), secret, &salt, Params::DEFAULT_OUTPUT_LEN)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: (&params).try_into().map_err(bad)?,
            salt: Some(salt),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    /// `secret` is the one that `hash` was made of.
    pub(super) fn matches(&self, secret: &str, hash: &str) -> Result<bool, AuthorityError> {
        let known = PasswordHash::new(hash).map_err(bad)?;
        let (Some(salt), Some(expected)) = (known.salt, known.hash) else {
            return Err(bad("the stored hash has no salt or no output"));
        };
        let algorithm = Algorithm::try_from(known.algorithm.as_str()).map_err(bad)?;
        let version = known.version.map_or(Ok(Version::default()), Version::try_from).map_err(bad)?;
        let params = Params::try_from(&known).map_err(bad)?;
        let made = self.output(&Argon2::new(algorithm, version, params), secret, &salt, expected.len())?;
        // In constant time.
        Ok(made == expected)
    }

    fn output(
        &self,
        argon: &Argon2<'_>,
        secret: &str,
        salt: &[u8],
        length: usize,
    ) -> Result<Output, AuthorityError> {
        let mut blocks = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        blocks.resize(argon.params().block_count(), Block::default());
        let mut buffer = Zeroizing::new([0; Output::MAX_LENGTH]);
        let out = buffer.get_mut(..length).ok_or_else(|| bad("the stored hash is too long"))?;
        let made = argon.hash_password_into_with_memory(secret.as_bytes(), salt, out, &mut blocks);
        let output = made.map_err(bad).and_then(|()| Output::new(out).map_err(bad));
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
        output
    }
}

fn bad(error: impl fmt::Display) -> AuthorityError {
    tracing::debug!("hashing: {error}");
    AuthorityError::Hash("its stored form is damaged".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_queue_that_is_full_says_so_and_what_was_right_before_passes_it() {
        let hasher = Hasher::new().unwrap();
        hasher.remember("admin", "right");
        let mut held = Vec::new();
        while held.len() < MOST {
            match timeout(Duration::from_millis(20), hasher.turn("admin", "wrong")).await {
                Ok(Some(turn)) => held.push(turn),
                _ => break,
            }
        }
        assert!(!held.is_empty());
        let waiting: Vec<_> = (0..QUEUE + MOST).map(|_| Box::pin(hasher.turn("admin", "wrong"))).collect();
        let mut waiting = futures_util::future::join_all(waiting);
        let right = futures_util::future::select(&mut waiting, Box::pin(hasher.turn("admin", "right"))).await;
        assert!(matches!(right, futures_util::future::Either::Right((Some(_), _))), "nothing holds it up");
        assert!(hasher.turn("admin", "wrong").await.is_none(), "the queue is full");
    }

    #[test]
    fn hashes_are_those_of_argon2_and_memory_is_used_again() {
        let hasher = Hasher::new().unwrap();
        let memory = hasher.aside();
        let hash = memory.hash("secret").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(memory.matches("secret", &hash).unwrap() && !memory.matches("Secret", &hash).unwrap());
        assert_eq!(hasher.idle.lock().unwrap().len(), 1);
    }
}
