//! How long a request is waited for that somebody has to approve.

use std::time::{Duration, Instant};

/// The pause where the platform names none.
const USUAL: Duration = Duration::from_secs(5);
/// No platform is asked more often.
const SHORTEST: Duration = Duration::from_secs(1);

/// What is left of the patience with one request.
#[derive(Debug)]
pub(super) struct Approval {
    until: Option<Instant>,
}

impl Approval {
    pub(super) fn new(patience: Duration) -> Self {
        let until = (!patience.is_zero()).then(|| Instant::now().checked_add(patience)).flatten();
        Self { until }
    }

    /// How long to wait before the same request is sent again, as the platform asks; `None` when that is too long.
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
