//! Points in time and spans before an end, as people write them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::duration;
use crate::{
    failure::Failure,
    pki::{state::Within, time::Time},
};

/// Parses the value of `flag`: RFC 3339, or a date, which means its first second in UTC.
///
/// # Errors
/// A usage failure that names the flag.
pub(crate) fn parse(flag: &str, text: &str) -> Result<Time, Failure> {
    // The library also takes a date with a time and without a zone, and forgets the time.
    let only_date = (text.len() == 10).then_some(text);
    let from_date =
        || only_date?.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(from_date)
        .map(|moment| Time::from_unix(moment.as_second()))
        .ok_or_else(|| {
            Failure::usage(format!("{flag}: {text:?} is not a point in time"))
                .hint("write it like 2026-11-23, or 2026-11-23T08:00:00Z")
        })
}

/// Parses the value of `--within`: a duration, or a part of the lifetime in percent.
///
/// # Errors
/// A usage failure that names the flag.
pub(crate) fn within(flag: &str, text: &str) -> Result<Within, Failure> {
    let Some(percent) = text.strip_suffix('%') else {
        let seconds = duration::parse(flag, text)?.as_secs();
        return Ok(Within::Seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
    };
    percent.parse().ok().filter(|percent| (1..=100).contains(percent)).map(Within::Percent).ok_or_else(|| {
        Failure::usage(format!("{flag}: {text:?} is not a part of a lifetime")).hint("write it like 33%")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates_or_rfc_3339() {
        for (text, shown) in [
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z"),
            ("2026-11-23T08:00:00+02:00", "2026-11-23T06:00:00Z"),
        ] {
            assert_eq!(parse("--at", text).unwrap().to_string(), shown);
        }
        for text in ["", "now", "2026-13-01", "23.11.2026", "2026-11-23T08:00:00"] {
            assert!(parse("--at", text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_durations_or_percents() {
        assert_eq!(within("--within", "12h").unwrap(), Within::Seconds(43_200));
        assert_eq!(within("--within", "33%").unwrap(), Within::Percent(33));
        for text in ["", "33", "0%", "101%", "-5%", "%"] {
            assert!(within("--within", text).is_err(), "{text}");
        }
    }
}
