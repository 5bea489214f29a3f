//! Areas of a doctor's checks, and the exit code of all checks together.

use serde::Serialize;

use crate::{
    failure::{Exit, Failure},
    output::checks::{Check, Tone},
    platform::{ErrorKind, PlatformError},
};

/// Area of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Area {
    Machine,
    Platform,
    Fleet,
}

/// Checks of the machine and of the platform, in the order in which one needs the other. Every other check is about
/// the fleet, and they are made in their order.
const MACHINE: [&str; 5] = ["version", "clock", "config", "settings", "proxy"];
const PLATFORM: [&str; 12] = [
    "authority",
    "ca key",
    "name",
    "connection",
    "tls",
    "http",
    "release",
    "root",
    "token",
    "login",
    "rights",
    "crl",
];

/// Area of a check, by its name.
pub(super) fn area(check: &Check) -> Area {
    if MACHINE.contains(&check.name) {
        Area::Machine
    } else if PLATFORM.contains(&check.name) {
        Area::Platform
    } else {
        Area::Fleet
    }
}

/// Sorts the checks: those that others need come first.
pub(super) fn sort(checks: &mut [Check]) {
    let place = |check: &Check| MACHINE.iter().chain(&PLATFORM).position(|name| *name == check.name);
    checks.sort_by_key(|check| place(check).unwrap_or(usize::MAX));
}

/// The check of an answer that the platform did not give.
pub(super) fn refused(name: &'static str, error: &PlatformError) -> Check {
    let next = match error.kind {
        ErrorKind::Unauthenticated => "check the user (-u) and the secret",
        ErrorKind::Forbidden => "ask the platform's administrator",
        ErrorKind::Busy | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
            "try again later; the platform's operator can see why"
        }
        _ => "is that a dojot platform? Check the host (-h) and the port (-p)",
    };
    let hint = error.hint.clone().unwrap_or_else(|| next.to_owned());
    Check::fail(name, error.to_string()).hint(hint).exit(error.kind.into())
}

/// The check of an argument on the command line that cannot be used.
pub(super) fn unusable(name: &'static str, failure: Failure) -> Check {
    Check { hint: failure.hints.into_iter().next(), ..Check::fail(name, failure.message) }
}

/// The exit code of all checks together. `Unavailable` comes last: waiting may help only when just the platform fails.
pub(super) fn exit(checks: &[Check]) -> Exit {
    let order = [Exit::Unsafe, Exit::Refused, Exit::Failed, Exit::Revoked, Exit::Unavailable];
    let failed = |exit: &Exit| checks.iter().any(|check| check.tone == Tone::Bad && check.exit == *exit);
    order.into_iter().find(failed).unwrap_or(Exit::Done)
}
