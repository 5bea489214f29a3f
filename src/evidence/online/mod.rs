//! Distribution points and OCSP responders that a certificate names: asked only with `--online`.
//!
//! The URLs come from the maker of the certificate and may be hostile. Therefore the requests use plain http, follow no
//! redirect, have a time limit and a size limit, and reach no address inside the own network unless that was allowed.

mod address;
mod cache;
mod http;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

pub use address::is_public;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use cache::Cache;
pub use http::{Fetcher, OnlineError};
use tokio::sync::OnceCell;

use crate::pki::{
    certificate::Certificate,
    crl::{Crl, CrlSet},
    ocsp::Question,
    places::Places,
    revocation::{Revocation, State},
    time::Time,
};

/// Limits of the requests to places that certificates name.
#[derive(Clone, Debug)]
pub struct Options {
    /// Ask private, loopback and link-local addresses, too.
    pub allow_private: bool,
    /// Time limit of one request and its answer.
    pub timeout: Duration,
    /// Directory that keeps fetched lists and answers until their nextUpdate; `None`: they are not kept.
    pub cache: Option<PathBuf>,
}

type Fetched = Arc<OnceCell<Result<Arc<CrlSet>, State>>>;

/// Asks the places certificates name; each list is fetched once.
#[derive(Debug)]
pub struct Online {
    fetcher: Fetcher,
    cache: Option<Cache>,
    lists: Mutex<HashMap<String, Fetched>>,
}

impl Online {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            fetcher: Fetcher::new(options.timeout, options.allow_private),
            cache: options.cache.map(Cache::new),
            lists: Mutex::default(),
        }
    }

    /// The state of `certificate` at `at`, by the responders and lists that it names: responders first, lists only
    /// while no answer is conclusive. `known` are the lists at hand, for a responder's own certificate.
    pub async fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Time,
        known: &CrlSet,
    ) -> Revocation {
        let places = Places::of(certificate);
        let mut answers = Vec::new();
        for url in &places.responders {
            let answer = self.ask(url, certificate, issuer, at, known).await;
            let is_enough = answer.state.is_conclusive();
            answers.push(answer);
            if is_enough {
                return decide(answers);
            }
        }
        for url in &places.lists {
            let answer = self.look_up(url, certificate, issuer, at).await;
            let is_enough = answer.state.is_conclusive();
            answers.push(answer);
            if is_enough {
                break;
            }
        }
        decide(answers)
    }

    async fn ask(
        &self,
        url: &str,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Time,
        known: &CrlSet,
    ) -> Revocation {
        let mut nonce = [0; 32];
        if SystemRandom::new().fill(&mut nonce).is_err() {
            return Revocation::unknown("the system gives no randomness");
        }
        let question = match Question::new(certificate, issuer, nonce) {
            Ok(question) => question,
            Err(error) => return Revocation::unknown(error.to_string()),
        };
        let kept = self.cache.as_ref().and_then(|cache| cache.answer(url, &question));
        if let Some(said) = kept.and_then(|answer| question.judge_kept(&answer, at, url, known)) {
            return said;
        }
        match self.fetcher.ask(url, question.der().to_vec()).await {
            Ok(answer) => {
                let said = question.judge(&answer, at, url, known);
                // Only a verified answer with no other nonce than ours is kept: a replayed answer must not get into
                // the cache, where it would last longer.
                if let Some(cache) = &self.cache
                    && question.is_answered_by(&answer)
                    && question.judge_kept(&answer, at, url, known).is_some()
                {
                    cache.keep_answer(url, &question, &answer);
                }
                said
            }
            Err(error) => Revocation { state: error.state(url), evidence: None },
        }
    }

    async fn look_up(
        &self,
        url: &str,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Time,
    ) -> Revocation {
        let cell = {
            let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lists.entry(url.to_owned()).or_default())
        };
        match cell.get_or_init(|| self.list(url, issuer, at)).await {
            Ok(list) => list.status(certificate, issuer, at),
            Err(state) => Revocation { state: state.clone(), evidence: None },
        }
    }

    /// The list at `url`: from the cache while it is current, else fetched. Only a verified list is kept.
    async fn list(&self, url: &str, issuer: &Certificate, at: Time) -> Result<Arc<CrlSet>, State> {
        if let Some(list) = self.cache.as_ref().and_then(|cache| cache.current(url, issuer, at)) {
            return Ok(set(list, url));
        }
        let bytes = self.fetcher.get(url).await.map_err(|error| error.state(url))?;
        let list = Crl::from_bytes(bytes)
            .map_err(|error| State::unknown(format!("{url} answered no list: {error}")))?;
        if let Some(cache) = &self.cache
            && list.check_issuer(issuer).is_ok()
        {
            cache.keep(url, list.der());
        }
        Ok(set(list, url))
    }
}

fn set(list: Crl, url: &str) -> Arc<CrlSet> {
    let mut set = CrlSet::new();
    set.add(list, url);
    Arc::new(set)
}

fn decide(answers: Vec<Revocation>) -> Revocation {
    Revocation::decide(answers)
        .unwrap_or_else(|| Revocation::unknown("the certificate names no place to ask about its revocation"))
}
