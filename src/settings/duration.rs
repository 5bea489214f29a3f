//! Durations as people write them: `30s`, `5m`, `12h`, `30d`, `2 weeks`.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

use crate::failure::Failure;

/// Parses the value of `flag`; a day has 24 hours.
///
/// # Errors
/// A usage failure that names the flag, for anything else than a positive duration.
pub(crate) fn parse(flag: &str, text: &str) -> Result<Duration, Failure> {
    let refuse = || {
        Failure::usage(format!("{flag}: {text:?} is not a duration")).hint("write it like 30s, 5m, 12h or 30d")
    };
    let span: Span = text.parse().map_err(|_| refuse())?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| refuse())?;
    let duration = Duration::try_from(duration).map_err(|_| refuse())?;
    if duration.is_zero() { Err(refuse()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_usual_ways_and_names_the_flag_otherwise() {
        for (text, seconds) in
            [("30s", 30), ("5m", 300), ("12h", 43_200), ("30d", 2_592_000), ("1h 30m", 5_400)]
        {
            assert_eq!(parse("--timeout", text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "30", "0s", "-5m", "soon", "1e9d", "99999999999999d"] {
            let failure = parse("--timeout", text).unwrap_err();
            assert!(failure.message.starts_with("--timeout: "), "{text}: {}", failure.message);
        }
    }
}
