//! The token in use, and when the next one is due.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, SystemTime},
};

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::token::{Claims, MARGIN, Token};
use crate::pki::time::Time;

/// The token in use. Each login brings a new generation.
pub(super) struct ActiveToken {
    pub(super) token: Token,
    pub(super) header: HeaderValue,
    pub(super) generation: u64,
    /// The time at which the next token is fetched, even if the platform still takes this one.
    due: Option<Instant>,
    renewal_failed: AtomicBool,
    /// True when the token came from a login of this run, not of an earlier one.
    fresh: bool,
    accepted: AtomicBool,
}

impl ActiveToken {
    /// A token of an earlier run.
    pub(super) fn known(token: Token) -> Option<Self> {
        let due = token.claims().and_then(|claims| renewal(&claims, false));
        Self::new(token, 1, false, due)
    }

    /// A token that a login of this run brought, good for `life` if the login said so.
    pub(super) fn fresh(token: Token, generation: u64, life: Option<Duration>) -> Option<Self> {
        let due = match life {
            Some(life) => Instant::now().checked_add(usable(life)),
            None => token.claims().and_then(|claims| renewal(&claims, true)),
        };
        Self::new(token, generation, true, due)
    }

    fn new(token: Token, generation: u64, fresh: bool, due: Option<Instant>) -> Option<Self> {
        let value = Zeroizing::new(format!("Bearer {}", token.expose()));
        let mut header = HeaderValue::from_str(&value).ok()?;
        header.set_sensitive(true);
        let (renewal_failed, accepted) = (AtomicBool::new(false), AtomicBool::new(false));
        Some(Self { token, header, generation, due, renewal_failed, fresh, accepted })
    }

    /// Notes that the platform took the token.
    pub(super) fn accept(&self) {
        if !self.accepted.load(Ordering::Relaxed) {
            self.accepted.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that the renewal failed; this token is used until it is refused.
    pub(super) fn keep(&self) {
        self.renewal_failed.store(true, Ordering::Relaxed);
    }

    /// True when the token came from a login of this run, is not old, and was never taken: the token of another login
    /// would be refused as well.
    pub(super) fn is_hopeless(&self) -> bool {
        // The token may be old when the machine slept meanwhile.
        let is_old = self.due.is_some_and(|due| Instant::now() >= due);
        self.fresh && !is_old && !self.accepted.load(Ordering::Relaxed)
    }

    /// True when the next token is due; never after a renewal failed.
    pub(super) fn is_due(&self) -> bool {
        !self.renewal_failed.load(Ordering::Relaxed) && self.due.is_some_and(|due| Instant::now() >= due)
    }
}

/// The time to renew a token, thirty seconds before its end. The lifetime of a fresh token counts from now, so that a
/// wrong clock does no harm.
fn renewal(claims: &Claims, fresh: bool) -> Option<Instant> {
    let start = claims.issued.filter(|_| fresh).unwrap_or_else(|| Time::from(SystemTime::now()));
    let life = claims.expires?.unix().saturating_sub(start.unix());
    let life = Duration::from_secs(u64::try_from(life).unwrap_or(0));
    let usable = if fresh { usable(life) } else { life.saturating_sub(Duration::from_secs(MARGIN)) };
    Instant::now().checked_add(usable)
}

/// Usable until thirty seconds before the end; a token that lives for less than a minute is used for half of its
/// life.
fn usable(life: Duration) -> Duration {
    life.saturating_sub(Duration::from_secs(MARGIN).min(life / 2))
}
