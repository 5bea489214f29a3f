//! Points in time as certificates carry them: whole seconds, UTC, years 1950 to 9999 (RFC 5280 §4.1.2.5).

use std::fmt;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Seconds since 1970-01-01T00:00:00Z. Prints as RFC 3339 in UTC, without fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// From seconds since the epoch; values outside the years 1 to 9999 are moved to the nearest one inside.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        const YEAR_1: i64 = -62_135_596_800;
        const END_OF_9999: i64 = 253_402_300_799;
        Self(seconds.clamp(YEAR_1, END_OF_9999))
    }

    /// Seconds since the epoch; negative before 1970.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// This time moved by `seconds`.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// From RFC 3339, as [`fmt::Display`] writes it; `None` for anything else.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::from)
    }

    /// As a person reads it: `2026-11-23 08:00 UTC`.
    #[must_use]
    pub fn moment(self) -> String {
        let text = self.to_string();
        let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
        format!("{date} {} UTC", clock.get(..5).unwrap_or(clock))
    }

    /// The calendar form, for libraries that want it.
    #[must_use]
    pub fn calendar(self) -> OffsetDateTime {
        // `from_unix` keeps the value inside the library's range, so the epoch is never really used.
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl From<OffsetDateTime> for Time {
    fn from(value: OffsetDateTime) -> Self {
        Self::from_unix(value.unix_timestamp())
    }
}

impl From<std::time::SystemTime> for Time {
    fn from(value: std::time::SystemTime) -> Self {
        Self::from(OffsetDateTime::from(value))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.calendar().format(&Rfc3339).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_whole_range_certificates_can_hold() {
        assert_eq!(Time::from_unix(253_402_300_799).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Time::from_unix(-631_152_000).to_string(), "1950-01-01T00:00:00Z");
        assert_eq!(Time::from_unix(i64::MAX).plus(1).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Time::from_unix(i64::MIN).to_string(), "0001-01-01T00:00:00Z");
    }
}
