//! The current revocation list, and answers about single certificates.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{
    authority::Authority,
    ca::BuildError,
    crl::{self, CurrentCrl},
    error::Refusal,
    ocsp::{self, Question},
    partition::Part,
    repository::{Revocation, StoredCrl},
};
use crate::pki::time::Time;

/// How often another instance may be quicker; each time there is a newer list to hand out.
const RACES: usize = 8;

/// Seconds between the clocks of two instances that are no trouble.
const SKEW: i64 = 60;

impl Authority {
    /// The revocation list: the last one while it is fresh and complete, else a new one with the next number.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn crl(&self) -> Result<Arc<CurrentCrl>, Refusal> {
        self.current(Part::WHOLE, &self.crl).await
    }

    /// The list of a part, by the number of parts and its own, likewise; `None` where certificates name no such list.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn crl_of_part(&self, of: u16, number: u16) -> Result<Option<Arc<CurrentCrl>>, Refusal> {
        let part = self.partitions.part(number).filter(|_| of == self.partitions.count());
        let Some((part, held)) = part.zip(self.parts.get(usize::from(number))) else { return Ok(None) };
        // A list for no place in particular would be for every certificate.
        if self.repository.list_head(part).await?.urls == 0 {
            return Ok(None);
        }
        self.current(part, held).await.map(Some)
    }

    async fn current(
        &self,
        part: Part,
        held: &Mutex<Option<Arc<CurrentCrl>>>,
    ) -> Result<Arc<CurrentCrl>, Refusal> {
        // Held until the new list is stored: one is enough.
        let mut held = held.lock().await;
        let mut wanted = None;
        for _ in 0..RACES {
            let latest = self.repository.list_head(part).await?;
            // Revocations before this question are in the list; later ones may be.
            let wanted = *wanted.get_or_insert(latest);
            let current = match held.take().filter(|held| held.number == latest.number) {
                Some(current) => Some(current),
                // The first one here, or another instance made one.
                None => self.repository.crl(part).await?.map(CurrentCrl::new).map(Arc::new),
            };
            let now = self.now();
            let every = self.crl_publish_every.map(seconds);
            let current = match current {
                Some(current) if current.is_fresh(now, self.skew(), &wanted, every) => Some(current),
                previous => self.next_crl(part, previous.as_deref(), now).await?.map(Arc::new),
            };
            if let Some(current) = current {
                *held = Some(Arc::clone(&current));
                return Ok(current);
            }
        }
        Err(Refusal::Failed("other instances make one list after the other".to_owned()))
    }

    /// Seconds by which clocks of instances may differ.
    fn skew(&self) -> i64 {
        if self.repository.is_shared() { SKEW } else { 0 }
    }

    /// `None` when another instance was quicker.
    async fn next_crl(
        &self,
        part: Part,
        previous: Option<&CurrentCrl>,
        now: Time,
    ) -> Result<Option<CurrentCrl>, Refusal> {
        // A list never looks older than the one before it.
        let now = match previous.map(|previous| previous.this_update) {
            Some(before) if before.unix() - now.unix() <= self.skew() => now.max(before),
            _ => now,
        };
        // Keep an expired certificate for one list made after its end (RFC 5280 §3.3).
        let since = previous.map_or(Time::from_unix(i64::MIN), |previous| previous.this_update);
        let bases = if part.is_whole() { Vec::new() } else { self.repository.list_urls().await? };
        let (revoked, covers) = self.repository.revocations(part, since).await?;
        let number = previous.map_or(0, |previous| previous.number) + 1;
        let next_update = now.plus(seconds(self.crl_lifetime));
        let urls: Vec<String> = bases.iter().map(|base| part.url(base)).collect();
        let named = i64::try_from(urls.len()).unwrap_or(i64::MAX);
        let der = self.list(number, now, next_update, revoked, urls).await?;
        let stored = StoredCrl { number, der, this_update: now, next_update, covers, urls: named };
        Ok(self.repository.save_crl(part, stored.clone()).await?.then(|| CurrentCrl::new(stored)))
    }

    async fn list(
        &self,
        number: u64,
        this_update: Time,
        next_update: Time,
        revoked: Vec<Revocation>,
        urls: Vec<String>,
    ) -> Result<Vec<u8>, Refusal> {
        let signer = Arc::clone(&self.signer);
        let list = move || {
            crl::list(&signer.ca, number, this_update, next_update, &revoked, &urls).map_err(Refusal::from)
        };
        tokio::task::spawn_blocking(list).await.unwrap_or_else(|error| Err(Refusal::Failed(error.to_string())))
    }

    /// Answers a DER OCSP request (RFC 6960), DER; octets that are no request get the answer `malformedRequest`.
    ///
    /// # Errors
    /// When the records or the signature fail.
    pub async fn ocsp(&self, request: &[u8]) -> Result<Vec<u8>, Refusal> {
        let Some(question) = Question::read(request) else { return Ok(ocsp::malformed()?) };
        let statuses = self.repository.statuses(question.serials(&self.signer.ca)).await?;
        let now = self.now();
        let signer = Arc::clone(&self.signer);
        let next_update = now.plus(seconds(self.crl_lifetime));
        let answer =
            move || -> Result<Vec<u8>, BuildError> { question.answer(&signer.ca, &statuses, now, next_update) };
        if !self.signer.ca.is_slow() {
            return Ok(answer()?);
        }
        let answered = tokio::task::spawn_blocking(answer).await;
        Ok(answered.map_err(|error| Refusal::Failed(error.to_string()))??)
    }
}

fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
