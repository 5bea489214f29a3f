//! Waits that the user should know of.
//!
//! They are events, so that a log has them, too; the code that shows them on the screen listens for [`TARGET`].

use std::time::Duration;

/// The target of these events. They have the fields `message`, `seconds` and `next`.
pub const TARGET: &str = "certreq::wait";

/// A wait shorter than this is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(2);

/// Announces that no request is sent for `wait`, the reason, and the user's next step (may be empty).
pub fn announce(why: &str, wait: Duration, next: &str) {
    if wait >= WORTH_A_WORD {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        tracing::info!(target: TARGET, seconds, next, "{why}");
    }
}

/// The wait before the next attempt: `pause`, or the platform's own wish if that is longer. Announces it.
pub fn before_next(pause: Duration, asked: Option<Duration>) -> Duration {
    if let Some(asked) = asked.filter(|asked| *asked >= pause) {
        announce("the platform asks for a pause", asked, "");
        asked
    } else {
        announce("the platform gave no usable answer", pause, "");
        pause
    }
}
