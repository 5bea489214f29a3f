//! This machine's clock, when it cannot be right.

use crate::{
    output::{Ui, span},
    pki::time::Time,
};

/// Clocks that say less were never set: this program did not exist then.
const FIRST_YEAR: i32 = 2025;
/// Clocks that say more are broken: this program will not be that old when it runs.
const LAST_YEAR: i32 = 2050;

/// Hint for a clock that cannot be right.
pub(super) const SET_IT: &str = "set the clock: timedatectl set-ntp true";

/// Why this cannot be the time; `None` when it can.
pub(super) fn impossible(now: Time) -> Option<String> {
    let can_be = (FIRST_YEAR..LAST_YEAR).contains(&now.calendar().year());
    (!can_be).then(|| format!("{} cannot be: every date will be judged wrongly", span::moment(now)))
}

/// Says so before certificates are made and judged by such a clock.
pub(super) fn warn(now: Time, ui: &Ui) {
    if let Some(why) = impossible(now) {
        ui.warn(&format!("the clock of this machine: {why}"));
        ui.hint(SET_IT);
    }
}
