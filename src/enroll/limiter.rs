//! How many requests are in flight: as many as the platform takes, never more than allowed.
//!
//! Additive increase, multiplicative decrease (RFC 5681 §3.1): doubles while all goes well at the start, then one
//! more for each full round; half of it after a refusal or a time-out, and then not again for the requests that
//! were in flight at that moment.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// Requests in flight when a run starts.
const START: f64 = 4.0;

/// The gate every request passes.
#[derive(Debug)]
pub(crate) struct RequestLimiter {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    limit: f64,
    most: f64,
    in_flight: usize,
    /// Doubling, until the first congestion.
    slow_start: bool,
    /// The time of the last halving; requests sent before it do not halve the limit again.
    halved_at: Option<Instant>,
    /// The time before which no request is sent.
    closed_until: Option<Instant>,
    /// The time of the quickest answer so far, which `latency_holds` compares with.
    quickest: Option<Duration>,
    typical: Duration,
}

/// A permit for one request. Give it back with the outcome of the request.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limiter: &'a RequestLimiter,
    sent: Instant,
}

impl RequestLimiter {
    /// A limiter for at most `most` requests at once.
    pub(crate) fn new(most: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a number of requests in flight")]
        let most = most.max(1) as f64;
        let state = State {
            limit: START.min(most),
            most,
            in_flight: 0,
            slow_start: true,
            halved_at: None,
            closed_until: None,
            quickest: None,
            typical: Duration::ZERO,
        };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state has plain numbers only, which stay valid after a panic elsewhere.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more request may be sent.
    pub(crate) async fn enter(&self) -> Permit<'_> {
        loop {
            let changed = self.changed.notified();
            let closed_until = {
                let mut state = self.state();
                let now = Instant::now();
                match state.closed_until.filter(|until| *until > now) {
                    Some(until) => Some(until),
                    #[expect(clippy::cast_precision_loss, reason = "a number of requests in flight")]
                    None if (state.in_flight as f64) < state.limit.floor() => {
                        state.in_flight += 1;
                        return Permit { limiter: self, sent: now };
                    }
                    None => None,
                }
            };
            match closed_until {
                Some(until) => tokio::time::sleep_until(until.into()).await,
                None => changed.await,
            }
        }
    }
}

impl Permit<'_> {
    /// Gives the permit back: the request was answered.
    pub(crate) fn answered(self) {
        let took = self.sent.elapsed();
        let mut state = self.limiter.state();
        state.observe(took);
        if state.latency_holds() {
            state.limit += if state.slow_start { 1.0 } else { 1.0 / state.limit };
            state.limit = state.limit.min(state.most);
        } else {
            state.slow_start = false;
        }
    }

    /// Gives the permit back: the platform is overloaded, or gave no answer; `wait` is the pause that it asked for.
    pub(crate) fn congested(self, wait: Option<Duration>) {
        let mut state = self.limiter.state();
        let now = Instant::now();
        if state.halved_at.is_none_or(|at| self.sent > at) {
            state.limit = (state.limit / 2.0).max(1.0);
            state.halved_at = Some(now);
            state.slow_start = false;
        }
        if let Some(until) = wait.and_then(|wait| now.checked_add(wait)) {
            state.closed_until = state.closed_until.max(Some(until));
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limiter.state().in_flight -= 1;
        // Two waiting requests are woken: when the limit grew, this one place became two.
        self.limiter.changed.notify_one();
        self.limiter.changed.notify_one();
    }
}

impl State {
    fn observe(&mut self, took: Duration) {
        self.quickest = Some(self.quickest.map_or(took, |quickest| quickest.min(took)));
        self.typical =
            if self.typical.is_zero() { took } else { self.typical.mul_f64(0.9) + took.mul_f64(0.1) };
    }

    /// True when the typical request takes at most 4 times as long as the quickest one, plus 25 ms.
    fn latency_holds(&self) -> bool {
        let quickest = self.quickest.unwrap_or_default();
        self.typical <= quickest * 4 + Duration::from_millis(25)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl RequestLimiter {
        fn limit(&self) -> f64 {
            self.state().limit
        }
    }

    #[tokio::test]
    async fn grows_while_all_goes_well_and_halves_once_for_a_burst() {
        let limiter = RequestLimiter::new(64);
        for _ in 0..100 {
            limiter.enter().await.answered();
        }
        assert!((limiter.limit() - 64.0).abs() < f64::EPSILON, "{}", limiter.limit());
        let burst = [limiter.enter().await, limiter.enter().await, limiter.enter().await];
        for permit in burst {
            permit.congested(None);
        }
        assert!((limiter.limit() - 32.0).abs() < f64::EPSILON, "{}", limiter.limit());
        limiter.enter().await.answered();
        assert!(limiter.limit() < 32.1, "after congestion it grows slowly: {}", limiter.limit());
    }

    #[tokio::test]
    async fn never_falls_below_one_and_waits_as_long_as_asked() {
        let limiter = RequestLimiter::new(1);
        let asked = Duration::from_millis(30);
        let before = Instant::now();
        limiter.enter().await.congested(Some(asked));
        limiter.enter().await.answered();
        assert!(before.elapsed() >= asked);
        assert!((limiter.limit() - 1.0).abs() < f64::EPSILON);
    }
}
