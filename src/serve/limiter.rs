//! Limits of logins: five times a minute and forty times an hour, counted in calendar minutes and hours as
//! the platform's gateway does, for each account at each client address. A whole address may try sixty times a minute;
//! accounts that logged in from it before are not held up by that.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};

use crate::{
    authority::{
        Authority,
        repository::{Counting, StoreError, Tally},
    },
    pki::{fingerprint::Fingerprint, time::Time},
};

const MINUTE: Window = Window { seconds: 60, limit: 5 };
const HOUR: Window = Window { seconds: 3600, limit: 40 };

/// Attempts from a whole address in a minute.
const ADDRESS: Window = Window { seconds: 60, limit: 60 };

/// Entries remembered before those of past hours are forgotten, and the most there ever are.
const CROWD: usize = 4096;
const MOST: usize = 65_536;

struct Window {
    seconds: i64,
    limit: u32,
}

impl Window {
    fn index(&self, now: Time) -> i64 {
        now.unix().div_euclid(self.seconds)
    }

    fn seconds_left(&self, now: Time) -> i64 {
        self.seconds - now.unix().rem_euclid(self.seconds)
    }

    /// Attempts counted in the window that `now` falls into.
    fn used(&self, (window, used): (i64, u32), now: Time) -> u32 {
        if window == self.index(now) { used } else { 0 }
    }

    fn add(&self, count: &mut (i64, u32), now: Time) {
        *count = (self.index(now), self.used(*count, now).saturating_add(1));
    }
}

#[derive(Default)]
struct Counts {
    /// One account at one address.
    pairs: HashMap<(IpAddr, u64), Tally>,
    addresses: HashMap<IpAddr, Tally>,
    /// The minute in which counts of the past were forgotten last: once is enough, and it looks at all of them.
    tidied: i64,
}

/// Counts of every account and address.
#[derive(Default)]
pub(super) struct Limiter {
    counts: Mutex<Counts>,
    /// Names are kept as digests: a stranger chooses their length.
    names: RandomState,
}

/// Attempts that are left for an account at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub allowed: bool,
    minute_left: u32,
    hour_left: u32,
    /// Seconds until the narrower of the two windows ends.
    reset: i64,
    /// Seconds until another attempt is worth its while.
    pub wait: i64,
}

impl Limiter {
    /// Counts an attempt, unless it is refused.
    pub(super) fn attempt(&self, address: IpAddr, account: &str, now: Time) -> Allowance {
        let place = network(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.forget(now);
        let Counts { pairs, addresses, .. } = &mut *counts;
        let pair = pairs.entry((place, self.name(account))).or_default();
        attempt(pair, addresses.entry(place).or_default(), now)
    }

    /// Seconds until another attempt is worth its while, when one would be refused now; nothing is counted.
    pub(super) fn refuses(&self, address: IpAddr, account: &str, now: Time) -> Option<i64> {
        let place = network(address);
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pair = counts.pairs.get(&(place, self.name(account))).copied().unwrap_or_default();
        let mut everybody = counts.addresses.get(&place).copied().unwrap_or_default();
        let would_be = attempt(&mut pair, &mut everybody, now);
        (!would_be.allowed).then_some(would_be.wait)
    }

    /// The account logged in: attempts of others from its address do not hold it up in this hour.
    pub(super) fn welcome(&self, address: IpAddr, account: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = counts.pairs.get_mut(&(network(address), self.name(account))) {
            pair.welcome = true;
        }
    }

    fn name(&self, account: &str) -> u64 {
        self.names.hash_one(account.to_lowercase())
    }
}

/// Counts an attempt of an account at an address, unless it is refused.
fn attempt(pair: &mut Tally, everybody: &mut Tally, now: Time) -> Allowance {
    // It logged in from there in this hour.
    let is_welcome = pair.welcome && pair.hour.0 == HOUR.index(now);
    pair.welcome = is_welcome;
    let crowded = ADDRESS.used(everybody.minute, now) >= ADDRESS.limit && !is_welcome;
    // A used up hour still leaves an attempt a minute: the lock-out is short.
    let of_minute = if HOUR.used(pair.hour, now) < HOUR.limit { MINUTE.limit } else { 1 };
    let allowed = !crowded && MINUTE.used(pair.minute, now) < of_minute;
    if allowed {
        MINUTE.add(&mut pair.minute, now);
        HOUR.add(&mut pair.hour, now);
        ADDRESS.add(&mut everybody.minute, now);
    }
    let minute_left = if crowded { 0 } else { MINUTE.limit.saturating_sub(MINUTE.used(pair.minute, now)) };
    let hour_left = HOUR.limit.saturating_sub(HOUR.used(pair.hour, now));
    let window = if hour_left < minute_left || hour_left == 0 { &HOUR } else { &MINUTE };
    let (reset, wait) = (window.seconds_left(now), MINUTE.seconds_left(now));
    Allowance { allowed, minute_left, hour_left, reset, wait }
}

/// The same for all instances that share a database; `None` where this is the only one.
pub(super) async fn attempt_at_any(
    authority: &Authority,
    address: IpAddr,
    account: &str,
    now: Time,
) -> Result<Option<Allowance>, StoreError> {
    let found = Arc::new(Mutex::new(None));
    let told = Arc::clone(&found);
    let count: Counting = Arc::new(move |tallies| {
        if let [pair, everybody] = tallies {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(attempt(pair, everybody, now));
        }
        now
    });
    if authority.count_attempts(keys(address, account).to_vec(), count).await?.is_none() {
        return Ok(None);
    }
    let found = *found.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(found)
}

/// The account logged in, for all instances to know.
pub(super) async fn welcome_at_any(
    authority: &Authority,
    address: IpAddr,
    account: &str,
    now: Time,
) -> Result<(), StoreError> {
    let [pair, _] = keys(address, account);
    let welcome: Counting = Arc::new(move |tallies| {
        for pair in tallies {
            pair.welcome = true;
        }
        now
    });
    authority.count_attempts(vec![pair], welcome).await.map(|_| ())
}

/// Under which an account at an address, and the address, are counted: digests, for a stranger chooses their length.
fn keys(address: IpAddr, account: &str) -> [[u8; 32]; 2] {
    let place = network(address).to_string();
    [format!("{place} {}", account.to_lowercase()), place]
        .map(|name| *Fingerprint::of(name.as_bytes()).as_bytes())
}

impl Counts {
    fn forget(&mut self, now: Time) {
        if self.pairs.len().max(self.addresses.len()) >= CROWD && self.tidied != MINUTE.index(now) {
            self.tidied = MINUTE.index(now);
            self.pairs.retain(|_, pair| pair.hour.0 == HOUR.index(now));
            self.addresses.retain(|_, count| count.minute.0 == ADDRESS.index(now));
        }
        if self.pairs.len() >= MOST {
            self.pairs.clear();
        }
        if self.addresses.len() >= MOST {
            self.addresses.clear();
        }
    }
}

/// The address, or its /64 for IPv6: each subscriber has as many addresses there as it likes.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

impl Allowance {
    /// The gateway's headers.
    pub(super) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut say = |name: &'static str, value: i64| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        };
        let narrower =
            if self.reset > MINUTE.seconds || self.hour_left < self.minute_left { &HOUR } else { &MINUTE };
        say("ratelimit-limit", narrower.limit.into());
        say("ratelimit-remaining", self.minute_left.min(self.hour_left).into());
        say("ratelimit-reset", self.reset);
        say("x-ratelimit-limit-minute", MINUTE.limit.into());
        say("x-ratelimit-remaining-minute", self.minute_left.into());
        say("x-ratelimit-limit-hour", HOUR.limit.into());
        say("x-ratelimit-remaining-hour", self.hour_left.into());
        if !self.allowed {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.wait));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn start() -> Time {
        Time::from_unix(1_800_000_000)
    }

    #[test]
    fn five_a_minute_for_each_account_at_each_address_and_after_forty_an_hour_one_a_minute() {
        let limiter = Limiter::default();
        let there = IpAddr::from([10, 0, 0, 1]);
        for _ in 0..5 {
            assert!(limiter.attempt(HERE, "admin", start()).allowed);
        }
        let refused = limiter.attempt(HERE, "ADMIN", start().plus(13));
        assert!(!refused.allowed, "names differ in more than their case");
        assert_eq!(refused.headers()[RETRY_AFTER], "47");
        assert!(limiter.attempt(there, "admin", start()).allowed, "another address has its own count");
        assert!(limiter.attempt(HERE, "bob", start()).allowed, "another account has its own count");
        for minute in 1..8 {
            for _ in 0..5 {
                assert!(limiter.attempt(HERE, "admin", start().plus(60 * minute)).allowed);
            }
        }
        assert!(limiter.attempt(HERE, "admin", start().plus(60 * 8)).allowed, "one a minute is left");
        let refused = limiter.attempt(HERE, "admin", start().plus(60 * 8 + 1));
        assert!(!refused.allowed);
        assert_eq!(refused.headers()[RETRY_AFTER], "59", "not for the rest of the hour");
        assert_eq!(refused.headers()["x-ratelimit-remaining-hour"], "0");
        for _ in 0..5 {
            assert!(limiter.attempt(HERE, "admin", start().plus(3600)).allowed);
        }
    }

    #[test]
    fn who_tries_many_names_holds_up_none_that_logged_in_before() {
        let limiter = Limiter::default();
        assert!(limiter.attempt(HERE, "admin", start()).allowed);
        limiter.welcome(HERE, "admin");
        let tried = (0..1000).filter(|n| limiter.attempt(HERE, &format!("user{n}"), start()).allowed).count();
        assert_eq!(tried, 59);
        assert!(limiter.attempt(HERE, "admin", start()).allowed);
        assert!(!limiter.attempt(HERE, "bob", start()).allowed);
        assert!(limiter.attempt(HERE, "bob", start().plus(60)).allowed);
    }

    #[test]
    fn addresses_of_one_subscriber_are_one_and_the_counts_have_an_end() {
        let limiter = Limiter::default();
        let address = |n: u64| IpAddr::from((0x2001_0db8_u128 << 96 | u128::from(n)).to_be_bytes());
        let allowed = (0..100).filter(|n| limiter.attempt(address(*n), "admin", start()).allowed).count();
        assert_eq!(allowed, 5);
        for n in 0..70_000_u32 {
            limiter.attempt(IpAddr::from(n.to_be_bytes()), "admin", start());
        }
        assert!(limiter.counts.lock().unwrap().pairs.len() <= MOST);
    }
}
