//! How long a device waits for somebody at the platform to approve it.

use std::time::{Duration, Instant};

use super::backoff::fraction;
use crate::platform::wait;

/// Between two tries, when the platform does not say.
const PAUSE: Duration = Duration::from_secs(30);

/// The shortest pause, whatever the platform says.
const SHORTEST: Duration = Duration::from_secs(1);

/// The wait of one device, which begins with its first try.
#[derive(Debug)]
pub(super) struct Approval {
    until: Instant,
    longest: Duration,
}

impl Approval {
    pub(super) fn new(longest: Duration) -> Self {
        let now = Instant::now();
        // Beyond what the clock can say, the longest it can.
        let until = now.checked_add(longest).or_else(|| now.checked_add(Duration::from_secs(1 << 32)));
        Self { until: until.unwrap_or(now), longest }
    }

    /// The pause before the next try; `None` when there was enough of it. What the platform asks for is spread, so
    /// that devices that asked together do not come back together.
    pub(super) fn next_pause(&self, asked: Option<Duration>) -> Option<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if self.longest.is_zero() || left.is_zero() {
            return None;
        }
        let pause = asked.unwrap_or(PAUSE).max(SHORTEST);
        let pause = pause.saturating_add(pause.mul_f64(fraction() / 4.0)).min(left);
        wait::announce("an approval at the platform is waited for", pause, "");
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_ends_when_its_time_is_over_and_no_pause_reaches_beyond() {
        assert!(Approval::new(Duration::ZERO).next_pause(None).is_none());
        let long = Approval::new(Duration::MAX).next_pause(Some(Duration::from_secs(40))).unwrap();
        assert!((Duration::from_secs(40)..=Duration::from_secs(50)).contains(&long), "{long:?}");
        assert!(Approval::new(Duration::from_secs(5)).next_pause(None).unwrap() <= Duration::from_secs(5));
        let hasty = Approval::new(Duration::from_secs(60)).next_pause(Some(Duration::ZERO)).unwrap();
        assert!(hasty >= SHORTEST);
    }
}
