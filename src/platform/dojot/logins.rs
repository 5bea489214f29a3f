//! Logins of a run, kept below the number that the gateway allows.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use super::{asked::Ask, token::Token, words};
use crate::platform::{ErrorKind, PlatformError};

/// The most logins in a window of time, one less than the gateway allows.
const BUDGET: [(usize, Duration); 2] = [(4, Duration::from_secs(60)), (39, Duration::from_secs(3600))];

/// Result of a login: a token, its lifetime, and a refresh token.
pub(super) struct Grant {
    pub(super) token: Token,
    pub(super) life: Option<Duration>,
    pub(super) refresh: Option<Refresh>,
}

/// The refresh token, which buys the next token without the password. It is kept in memory only.
pub(super) struct Refresh {
    pub(super) token: Zeroizing<String>,
    pub(super) until: Option<Instant>,
}

/// Outcomes of this run's logins. A task that logs in holds the lock.
#[derive(Default)]
pub(super) struct Logins {
    times: VecDeque<Instant>,
    /// The platform answered 429 to one of the logins.
    pub(super) limited: bool,
    pub(super) failed: Option<PlatformError>,
    /// The error after which no login can succeed any more in this run.
    pub(super) closed: Option<PlatformError>,
    /// The platform's login is OpenID Connect; `None` until it was asked.
    pub(super) openid: Option<bool>,
    /// The refresh token of the latest OpenID login.
    pub(super) refresh: Option<Refresh>,
}

impl Logins {
    /// Notes one login, or refuses it before the gateway does.
    pub(super) fn count(&mut self, ask: &Ask<'_>, place: &str) -> Result<(), PlatformError> {
        let now = Instant::now();
        for (most, window) in BUDGET {
            let Some(earlier) = self.times.len().checked_sub(most).and_then(|index| self.times.get(index))
            else {
                continue;
            };
            let passed = now.saturating_duration_since(*earlier);
            if passed < window {
                let wait = window.saturating_sub(passed);
                let why = if self.limited {
                    format!("{place} answered 429 Too Many Requests to an earlier login, and ")
                } else {
                    String::new()
                };
                let text = format!(
                    "{why}{most} logins within {} are as many as this program makes, since the platform refuses \
                     more; wait {}",
                    words::duration(window),
                    words::duration(Duration::from_secs(wait.as_secs() + 1)),
                );
                let mut error = ask.error(ErrorKind::Busy, text).hint("certreq login keeps a token");
                error.retry_after = Some(wait);
                return Err(error);
            }
        }
        self.times.push_back(now);
        if self.times.len() > BUDGET[1].0 {
            self.times.pop_front();
        }
        Ok(())
    }
}
