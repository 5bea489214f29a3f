//! When certificates end, counted by week.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::pki::time::Time;

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// In a smaller fleet a week in which many certificates expire is no trouble.
const CROWD: usize = 20;
/// 1969-12-29, a Monday.
const MONDAY: i64 = -3 * DAY;

/// A week and the certificates that end in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Week {
    /// Its Monday, 00:00 UTC.
    pub(super) from: Time,
    pub(super) devices: usize,
}

impl Week {
    /// More than a tenth of a fleet of at least [`CROWD`] devices ends in it.
    pub(super) fn is_cliff(self, fleet: usize) -> bool {
        fleet >= CROWD && self.devices * 10 > fleet
    }

    /// `2026-12-07`
    pub(super) fn date(self) -> String {
        self.from.to_string().chars().take(10).collect()
    }
}

/// The weeks in which something ends, in their order; weeks without are left out.
pub(super) fn count(ends: impl Iterator<Item = Time>) -> Vec<Week> {
    let mut weeks: BTreeMap<i64, usize> = BTreeMap::new();
    for end in ends {
        *weeks.entry((end.unix() - MONDAY).div_euclid(WEEK)).or_default() += 1;
    }
    let week = |(number, devices)| Week { from: Time::from_unix(number * WEEK + MONDAY), devices };
    weeks.into_iter().map(week).collect()
}

/// Weeks between two that follow each other in the list.
pub(super) fn between(one: Week, next: Week) -> i64 {
    (next.from.unix() - one.from.unix()) / WEEK - 1
}

/// `devices` of `fleet` in percent, rounded.
pub(super) fn percent(devices: usize, fleet: usize) -> usize {
    (devices * 200 / fleet.max(1)).div_ceil(2)
}

/// The same for a person: few of many are `<1`, and not all of many are `>99`.
pub(super) fn share(devices: usize, fleet: usize) -> String {
    match percent(devices, fleet) {
        0 if devices > 0 => "<1".to_owned(),
        100 if devices < fleet => ">99".to_owned(),
        percent => percent.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_a_cliff_is_more_than_a_tenth() {
        // 2026-11-25 is a Wednesday.
        let wednesday = 1_795_564_800;
        let ends = [0, 4 * DAY + DAY - 1, 5 * DAY, 5 * DAY + 1].map(|after| Time::from_unix(wednesday + after));
        let weeks = count(ends.into_iter());
        assert_eq!(
            weeks.iter().map(|week| (week.date(), week.devices)).collect::<Vec<_>>(),
            [("2026-11-23".to_owned(), 2), ("2026-11-30".to_owned(), 2)]
        );
        assert_eq!(between(weeks[0], weeks[1]), 0);
        assert!(!weeks[0].is_cliff(19) && !weeks[0].is_cliff(20), "a tenth, and a small fleet");
        assert!(Week { devices: 3, ..weeks[0] }.is_cliff(20));
        let shares = [(0, 10), (1, 1_000), (1, 3), (2, 3), (5, 1_000), (999, 1_000), (3, 3)];
        let shares = shares.map(|(devices, fleet)| share(devices, fleet));
        assert_eq!(shares, ["0", "<1", "33", "67", "1", ">99", "100"]);
        assert_eq!(count([Time::from_unix(i64::MIN)].into_iter()).len(), 1);
    }
}
