//! How often somebody may log in: five times a minute and forty times an hour for each client address, counted in
//! calendar minutes and hours as the platform's gateway does.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};

use crate::pki::time::Time;

const MINUTE: Window = Window { seconds: 60, limit: 5 };
const HOUR: Window = Window { seconds: 3600, limit: 40 };

/// Addresses remembered before those of past hours are forgotten.
const CROWD: usize = 4096;

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
}

#[derive(Clone, Copy, Default)]
struct Count {
    window: i64,
    used: u32,
}

impl Count {
    /// What is used up of the window `now` falls into.
    fn used(self, window: &Window, now: Time) -> u32 {
        if self.window == window.index(now) { self.used } else { 0 }
    }

    fn add(&mut self, window: &Window, now: Time) {
        *self = Self { window: window.index(now), used: self.used(window, now) + 1 };
    }
}

/// Counts of every address.
#[derive(Default)]
pub(super) struct Limiter {
    counts: Mutex<HashMap<IpAddr, (Count, Count)>>,
}

/// What is left for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub allowed: bool,
    minute_left: u32,
    hour_left: u32,
    /// Seconds until the narrower of the two windows ends.
    reset: i64,
}

impl Limiter {
    /// Counts an attempt, unless it is refused.
    pub(super) fn attempt(&self, address: IpAddr, now: Time) -> Allowance {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= CROWD {
            counts.retain(|_, (_, hour)| hour.window == HOUR.index(now));
        }
        let (minute, hour) = counts.entry(address).or_default();
        let allowed = minute.used(&MINUTE, now) < MINUTE.limit && hour.used(&HOUR, now) < HOUR.limit;
        if allowed {
            minute.add(&MINUTE, now);
            hour.add(&HOUR, now);
        }
        let minute_left = MINUTE.limit - minute.used(&MINUTE, now);
        let hour_left = HOUR.limit - hour.used(&HOUR, now);
        let window = if hour_left < minute_left || hour_left == 0 { &HOUR } else { &MINUTE };
        Allowance { allowed, minute_left, hour_left, reset: window.seconds_left(now) }
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
            headers.insert(RETRY_AFTER, HeaderValue::from(self.reset));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_a_minute_and_forty_an_hour_for_each_address() {
        let limiter = Limiter::default();
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([10, 0, 0, 1]));
        let start = Time::from_unix(1_800_000_000);
        for _ in 0..5 {
            assert!(limiter.attempt(here, start).allowed);
        }
        let refused = limiter.attempt(here, start.plus(13));
        assert!(!refused.allowed);
        assert_eq!(refused.headers()[RETRY_AFTER], "47");
        assert!(limiter.attempt(there, start).allowed, "another address has its own count");
        for minute in 1..8 {
            for _ in 0..5 {
                assert!(limiter.attempt(here, start.plus(60 * minute)).allowed);
            }
        }
        let refused = limiter.attempt(here, start.plus(60 * 8));
        assert!(!refused.allowed, "the forty-first of the hour");
        assert_eq!(refused.headers()[RETRY_AFTER], (3600 - 480).to_string().as_str());
        assert!(limiter.attempt(here, start.plus(3600)).allowed);
    }
}
