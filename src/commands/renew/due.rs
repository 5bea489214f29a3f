//! The devices that are due, from the disk alone.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::{
    device_id::DeviceId,
    enroll::DeviceFailure,
    failure::Exit,
    fleet::{
        layout::Layout,
        scan::{self, OnDisk, Pair},
    },
    pki::{
        fingerprint::Fingerprint,
        state::{Lifetime, Within},
        time::Time,
    },
};

/// By how many seconds the clocks of an authority and of a device may differ without a word.
const SKEW: i64 = 86_400;

/// Conditions that make a device due.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// It expires within this.
    pub within: Within,
    /// Everything is due.
    pub all: bool,
    /// Revoked ones are due.
    pub revoked: bool,
    /// Each device is due earlier by a part of this that is its own.
    pub spread: Duration,
}

impl Terms {
    /// When a certificate becomes due. Spreading never takes more than the second half of its life.
    pub(super) fn due_at(&self, device: &DeviceId, lifetime: Lifetime) -> Time {
        let due = lifetime.not_after.plus(self.within.seconds(lifetime).saturating_neg());
        let half = lifetime.not_before.plus(lifetime.seconds() / 2);
        let room = (due.unix() - half.unix()).max(0);
        let spread = i64::try_from(self.spread.as_secs()).unwrap_or(i64::MAX).min(room);
        due.plus(-part(device, spread))
    }
}

/// A stable, evenly distributed offset from 0 to `whole`: the first 32 bits of a hash of the id.
fn part(device: &DeviceId, whole: i64) -> i64 {
    let digest = Fingerprint::of(device.as_str().as_bytes());
    let [a, b, c, d, ..] = *digest.as_bytes();
    let share = (i128::from(whole) * i128::from(u32::from_be_bytes([a, b, c, d]))) >> 32;
    i64::try_from(share).unwrap_or(0)
}

/// Why it is a device's turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// An earlier run began, and did not come to the end.
    Begun,
    All,
    Expired(Time),
    /// Since when it is due.
    Expiring(Time),
    /// With the words of the list.
    Revoked(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Begun => f.write_str("an earlier run began with it"),
            Self::All => f.write_str("--all"),
            Self::Expired(at) => write!(f, "expired at {}", at.moment()),
            Self::Expiring(since) => write!(f, "due since {}", since.moment()),
            Self::Revoked(words) => f.write_str(words),
        }
    }
}

/// Decision about a device.
pub(super) enum Verdict {
    Due {
        why: Why,
        pair: Box<Pair>,
    },
    /// Not before this time.
    Later {
        due_at: Time,
        pair: Box<Pair>,
    },
    /// The device's directory holds no pair that can be renewed.
    Refuse(DeviceFailure),
}

/// Facts by which devices are judged.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) layout: &'a Layout,
    pub(super) terms: Terms,
    pub(super) now: Time,
    /// Renewals that an earlier run began.
    pub(super) begun: &'a HashSet<DeviceId>,
    /// Devices that were renewed a short while ago, and until when they rest.
    pub(super) resting: &'a HashMap<DeviceId, Time>,
}

impl Judge<'_> {
    pub(super) fn verdict(&self, id: &DeviceId) -> Verdict {
        let name = Layout::device_name(id);
        let refuse = |message: String, hint: String| {
            Verdict::Refuse(DeviceFailure::new(Exit::Unsafe, message).hint(hint))
        };
        let pair = match scan::device(self.layout, id) {
            OnDisk::Absent => {
                let failure = DeviceFailure::new(Exit::Failed, format!("there is no {name} to renew"));
                return Verdict::Refuse(
                    failure.hint(format!("get its first certificate: certreq issue -i {id}")),
                );
            }
            OnDisk::Obstacle(reason) => {
                return refuse(format!("{name} {reason}"), "move it away, then issue a new pair".to_owned());
            }
            OnDisk::Broken(reason) => {
                return refuse(
                    format!("{name} is incomplete: {reason}"),
                    format!("certreq issue --force -i {id} makes a new pair and archives the old one"),
                );
            }
            OnDisk::Pair(pair) => pair,
        };
        if !id.is_named_by(&pair.leaf) {
            return refuse(
                format!("{name} holds a certificate that names {}", pair.leaf.subject),
                format!("certreq issue --force -i {id} makes a new pair and archives this one"),
            );
        }
        self.date(id, pair)
    }

    fn date(&self, id: &DeviceId, pair: Box<Pair>) -> Verdict {
        let lifetime = Lifetime { not_before: pair.leaf.not_before, not_after: pair.leaf.not_after };
        let due_at = self.terms.due_at(id, lifetime);
        let due_at = self.resting.get(id).map_or(due_at, |rest| due_at.max(*rest));
        let why = match () {
            () if self.begun.contains(id) => Why::Begun,
            () if self.terms.all => Why::All,
            () if self.is_far_ahead(lifetime) => return self.refuse_early(id, lifetime),
            () if self.now > lifetime.not_after => Why::Expired(lifetime.not_after),
            () if self.now >= due_at => Why::Expiring(due_at),
            () => return Verdict::Later { due_at, pair },
        };
        Verdict::Due { why, pair }
    }

    /// Whether the certificate begins far in the future, because a clock is wrong: the one here, or the authority's.
    /// Renewing by a wrong clock would replace a whole fleet. `--revoked` renews for another reason.
    fn is_far_ahead(&self, lifetime: Lifetime) -> bool {
        !self.terms.revoked && lifetime.not_before.unix() > self.now.unix().saturating_add(SKEW)
    }

    fn refuse_early(&self, id: &DeviceId, lifetime: Lifetime) -> Verdict {
        let (name, now) = (Layout::device_name(id), self.now.moment());
        let failure = DeviceFailure::new(
            Exit::Unsafe,
            format!(
                "{name} holds a certificate that is not valid before {}; it is {now} here",
                lifetime.not_before.moment()
            ),
        );
        Verdict::Refuse(failure.hint(format!("if the clock here is right: certreq renew --all -i {id}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn each_device_has_its_own_time_in_the_window_and_always_the_same() {
        let year = Lifetime { not_before: Time::from_unix(0), not_after: Time::from_unix(365 * DAY) };
        let terms = |days: u64| Terms {
            within: Within::Seconds(30 * DAY),
            all: false,
            revoked: false,
            spread: Duration::from_secs(days * 86_400),
        };
        let ids: Vec<DeviceId> = (0..1000).map(|n| format!("{n:06x}").parse().unwrap()).collect();
        assert!(ids.iter().all(|id| terms(0).due_at(id, year).unix() == 335 * DAY));
        let mut days = HashMap::<i64, usize>::new();
        for id in &ids {
            let due = terms(14).due_at(id, year).unix();
            assert!(due > (335 - 14) * DAY && due <= 335 * DAY, "{id}: {due}");
            assert_eq!(due, terms(14).due_at(id, year).unix());
            *days.entry(due / DAY).or_default() += 1;
        }
        // A thousand on fourteen days are 71 a day.
        assert!(days.len() >= 14 && days.values().all(|count| *count < 120), "{days:?}");
        let short = Lifetime { not_before: Time::from_unix(0), not_after: Time::from_unix(40 * DAY) };
        assert!(ids.iter().all(|id| terms(14).due_at(id, short).unix() <= 20 * DAY), "no room: at once");
        assert!(ids.iter().all(|id| terms(14).due_at(id, short).unix() >= 10 * DAY));
    }
}
