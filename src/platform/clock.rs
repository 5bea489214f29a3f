//! Difference between the platform's clock and ours: a judgement of dates needs to know which of the two is wrong.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Differences up to this are not worth a warning.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// How far the platform's clock is ahead of ours, in seconds; negative when it is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew(pub i64);

impl Skew {
    /// From the seconds since the epoch that the platform names, right when its answer arrived.
    pub(crate) fn from_platform_time(seconds: i64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(seconds.saturating_sub(i64::try_from(now.as_secs()).unwrap_or(i64::MAX)))
    }

    /// The difference is over 5 minutes: dates cannot be judged with such a clock.
    #[must_use]
    pub fn is_serious(self) -> bool {
        self.0.unsigned_abs() > TOLERANCE.as_secs()
    }

    /// `this machine's clock is 2 h 5 min behind the platform's`
    #[must_use]
    pub fn words(self) -> String {
        match self.0 {
            0 => "this machine's clock agrees with the platform's".to_owned(),
            ahead @ 1.. => {
                format!("this machine's clock is {} behind the platform's", length(ahead.unsigned_abs()))
            }
            behind => {
                format!("this machine's clock is {} ahead of the platform's", length(behind.unsigned_abs()))
            }
        }
    }

    /// Advice for a certificate whose dates do not fit: the difference of the clocks, and the next step.
    #[must_use]
    pub fn advice(self) -> String {
        let next = if self.0 == 0 {
            "ask the platform's operator about its dates"
        } else {
            "set the one that is wrong, then run the same command again"
        };
        format!("{}; {next}", self.words())
    }
}

/// A length of time in its two largest units.
fn length(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(3);
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, name) in units.iter().skip(first).take(2) {
        if left / unit > 0 {
            parts.push(format!("{} {name}", left / unit));
        }
        left %= unit;
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_clock_is_behind_and_by_how_much() {
        assert_eq!(Skew(7_500).words(), "this machine's clock is 2 h 5 min behind the platform's");
        assert_eq!(Skew(-90_061).words(), "this machine's clock is 1 d 1 h ahead of the platform's");
        assert_eq!(Skew(3_600).words(), "this machine's clock is 1 h behind the platform's");
        assert_eq!(Skew(i64::MIN).words().split(' ').next(), Some("this"));
        assert!(!Skew(300).is_serious() && Skew(301).is_serious() && Skew(-301).is_serious());
    }
}
