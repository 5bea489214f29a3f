//! The word for a certificate at a moment.

use serde::Serialize;

use super::{
    certificate::Validity,
    revocation::{Revocation, State as RevocationState},
    time::Time,
};

/// The state of a certificate at a moment, which an operator wants to know first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Valid,
    ExpiresSoon,
    Expired,
    NotYetValid,
    Revoked,
    OnHold,
}

impl State {
    /// As it is printed.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::ExpiresSoon => "EXPIRES SOON",
            Self::Expired => "EXPIRED",
            Self::NotYetValid => "NOT YET VALID",
            Self::Revoked => "REVOKED",
            Self::OnHold => "ON HOLD",
        }
    }
}

/// A validity period (RFC 5280 §4.1.2.5); both ends belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    pub not_before: Time,
    pub not_after: Time,
}

impl Lifetime {
    /// Whole seconds; 0 when the end is before the beginning.
    #[must_use]
    pub fn seconds(self) -> i64 {
        (self.not_after.unix() - self.not_before.unix()).max(0)
    }

    /// Seconds left; negative after the end.
    #[must_use]
    pub fn left(self, now: Time) -> i64 {
        self.not_after.unix() - now.unix()
    }

    /// How much of it is used, in thousandths, from 0 to 1000.
    #[must_use]
    pub fn used(self, now: Time) -> u16 {
        let (whole, gone) = (i128::from(self.seconds()), i128::from(now.unix() - self.not_before.unix()));
        if whole == 0 {
            return if gone > 0 { 1000 } else { 0 };
        }
        u16::try_from((gone * 1000 / whole).clamp(0, 1000)).unwrap_or(1000)
    }

    #[must_use]
    pub fn at(self, now: Time) -> Validity {
        if now < self.not_before {
            Validity::NotYetValid
        } else if now > self.not_after {
            Validity::Expired
        } else {
            Validity::Valid
        }
    }

    /// Its end is nearer than `within`.
    #[must_use]
    pub fn ends_within(self, now: Time, within: Within) -> bool {
        self.left(now) <= within.seconds(self)
    }

    /// The word for it. Revoked is for ever, so it outranks the dates.
    #[must_use]
    pub fn state(self, now: Time, within: Within, revocation: Option<&Revocation>) -> State {
        match revocation.map(|revocation| &revocation.state) {
            Some(RevocationState::Revoked { .. }) => return State::Revoked,
            Some(RevocationState::OnHold { .. }) => return State::OnHold,
            _ => {}
        }
        match self.at(now) {
            Validity::Expired => State::Expired,
            Validity::NotYetValid => State::NotYetValid,
            Validity::Valid if self.ends_within(now, within) => State::ExpiresSoon,
            Validity::Valid => State::Valid,
        }
    }
}

/// How near the end is soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// 30 days, and for short lives a third of them.
    #[default]
    Usual,
    Seconds(i64),
    /// Of the lifetime, 0 to 100.
    Percent(u8),
}

impl Within {
    /// In seconds, for a certificate of this lifetime.
    #[must_use]
    pub fn seconds(self, lifetime: Lifetime) -> i64 {
        const MONTH: i64 = 30 * 86_400;
        match self {
            Self::Usual => MONTH.min(lifetime.seconds() / 3),
            Self::Seconds(seconds) => seconds,
            Self::Percent(percent) => lifetime.seconds().saturating_mul(i64::from(percent)) / 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn life(days: i64) -> Lifetime {
        Lifetime { not_before: Time::from_unix(0), not_after: Time::from_unix(days * DAY) }
    }

    #[test]
    fn both_ends_belong_to_the_lifetime() {
        let word = |seconds| life(1).state(Time::from_unix(seconds), Within::Seconds(0), None);
        assert_eq!(word(-1), State::NotYetValid);
        assert_eq!(word(0), State::Valid);
        assert_eq!(word(DAY - 1), State::Valid);
        assert_eq!(word(DAY), State::ExpiresSoon, "not a second is left");
        assert_eq!(word(DAY + 1), State::Expired);
    }

    #[test]
    fn soon_is_what_was_asked_for() {
        let word =
            |days: i64, left: i64, within| life(days).state(Time::from_unix((days - left) * DAY), within, None);
        assert_eq!(word(365, 31, Within::Usual), State::Valid);
        assert_eq!(word(365, 30, Within::Usual), State::ExpiresSoon);
        assert_eq!(word(9, 4, Within::Usual), State::Valid, "a third of nine days is three");
        assert_eq!(word(9, 3, Within::Usual), State::ExpiresSoon);
        assert_eq!(word(100, 33, Within::Percent(33)), State::ExpiresSoon);
        assert_eq!(word(100, 34, Within::Percent(33)), State::Valid);
    }

    #[test]
    fn use_is_counted_over_the_whole_calendar() {
        let all = Lifetime { not_before: Time::from_unix(i64::MIN), not_after: Time::from_unix(i64::MAX) };
        assert_eq!(all.used(Time::from_unix(i64::MAX)), 1000);
        assert_eq!(life(10).used(Time::from_unix(DAY)), 100);
        assert_eq!(life(10).used(Time::from_unix(-DAY)), 0);
        assert_eq!(life(0).used(Time::from_unix(1)), 1000);
    }
}
