//! The wait for a request that an operator has to approve.

use std::time::{Duration, Instant};

/// The pause where the platform names none.
const USUAL: Duration = Duration::from_secs(5);
/// The shortest pause: no platform is asked more often.
const SHORTEST: Duration = Duration::from_secs(1);

/// The time that is left for one request to be approved; `until` is `None` when the run does not wait at all.
#[derive(Debug)]
pub(super) struct Approval {
    until: Option<Instant>,
}

impl Approval {
    pub(super) fn new(patience: Duration) -> Self {
        let until = (!patience.is_zero()).then(|| Instant::now().checked_add(patience)).flatten();
        Self { until }
    }

    /// The pause before the same request is sent again, as the platform asks; `None` when less time is left than that.
    pub(super) fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let left = self.until?.checked_duration_since(Instant::now())?;
        Some(asked.unwrap_or(USUAL).max(SHORTEST)).filter(|pause| *pause <= left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_as_asked_but_not_longer_than_patience() {
        let seconds = Duration::from_secs;
        assert_eq!(Approval::new(seconds(0)).next(Some(seconds(1))), None);
        let mut approval = Approval::new(seconds(60));
        assert_eq!(approval.next(Some(seconds(0))), Some(SHORTEST));
        assert_eq!(approval.next(Some(seconds(30))), Some(seconds(30)));
        assert_eq!(approval.next(None), Some(USUAL));
        assert_eq!(approval.next(Some(seconds(600))), None);
    }
}
