//! The pauses before the platform is asked again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(20);

/// The pauses between the attempts of one device: exponential, with full jitter, so that many devices that failed
/// together do not come back together.
#[derive(Debug)]
pub(crate) struct Backoff {
    ceiling: Duration,
    left: usize,
}

impl Backoff {
    pub(crate) fn new(retries: usize) -> Self {
        Self { ceiling: FIRST, left: retries }
    }

    /// The next pause; `None` when no attempt is left.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let pause = self.ceiling.mul_f64(fraction());
        self.ceiling = (self.ceiling * 2).min(LONGEST);
        Some(pause)
    }
}

/// A random number, uniform in 0 to 1; the middle when the system gives no random bytes.
fn fraction() -> f64 {
    let mut bytes = [0; 4];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_spread_over_a_doubling_range_and_end() {
        let pauses: Vec<Vec<Duration>> = (0..200)
            .map(|_| {
                let mut backoff = Backoff::new(9);
                std::iter::from_fn(move || backoff.next()).collect()
            })
            .collect();
        for (number, ceiling) in [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0].into_iter().enumerate() {
            let seconds = || pauses.iter().map(|pauses| pauses[number].as_secs_f64());
            assert!(seconds().all(|pause| pause <= ceiling), "{number}");
            assert!(seconds().any(|pause| pause < ceiling / 4.0), "{number}: the jitter reaches down");
            assert!(seconds().any(|pause| pause > ceiling * 0.75), "{number}: and up");
        }
        assert!(pauses.iter().all(|pauses| pauses.len() == 9));
    }
}
