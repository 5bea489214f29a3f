//! One check: what was looked at, what was found, and what to do about it.

use serde::Serialize;

use crate::{
    failure::{Exit, Failure},
    platform::{ErrorKind, PlatformError},
};

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Area {
    Machine,
    Platform,
    Fleet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Ok,
    /// It works, and should be looked at.
    Warn,
    Fail,
    /// It was not made; the message says why.
    Skipped,
}

#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) area: Area,
    /// At most ten letters.
    pub(super) name: &'static str,
    pub(super) state: State,
    /// May hold text from outside.
    pub(super) message: String,
    /// The next command, or what else to do.
    pub(super) hint: Option<String>,
    /// What a failure counts as.
    #[serde(skip)]
    pub(super) exit: Exit,
}

impl Check {
    fn new(area: Area, name: &'static str, state: State, message: impl Into<String>) -> Self {
        let exit = if state == State::Fail { Exit::Failed } else { Exit::Done };
        Self { area, name, state, message: message.into(), hint: None, exit }
    }

    pub(super) fn ok(area: Area, name: &'static str, message: impl Into<String>) -> Self {
        Self::new(area, name, State::Ok, message)
    }

    pub(super) fn warn(
        area: Area,
        name: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(area, name, State::Warn, message).hint(hint)
    }

    pub(super) fn fail(
        area: Area,
        name: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(area, name, State::Fail, message).hint(hint)
    }

    pub(super) fn skipped(area: Area, name: &'static str, why: impl Into<String>) -> Self {
        Self::new(area, name, State::Skipped, why)
    }

    /// Adds the next step.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Ends with another code than 1 when it fails.
    pub(super) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// A failure of what the platform was asked for.
    pub(super) fn refused(name: &'static str, error: &PlatformError) -> Self {
        let hint = error.hint.clone().unwrap_or_else(|| {
            let next = match error.kind {
                ErrorKind::Unauthenticated => "check the user (-u) and the secret",
                ErrorKind::Forbidden => "ask the platform's administrator",
                ErrorKind::Busy | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
                    "try again later; the platform's operator can see why"
                }
                _ => "is that a dojot platform? Check the host (-h) and the port (-p)",
            };
            next.to_owned()
        });
        let exit = error.kind.into();
        Self::fail(Area::Platform, name, error.to_string(), hint).exit(exit)
    }

    /// What was given on the command line and cannot be used.
    pub(super) fn unusable(name: &'static str, failure: Failure) -> Self {
        let check = Self::new(Area::Machine, name, State::Fail, failure.message);
        match failure.hints.into_iter().next() {
            Some(hint) => check.hint(hint),
            None => check,
        }
    }
}

/// The code of all checks together. Waiting may help only where nothing but the platform fails.
pub(super) fn exit(checks: &[Check]) -> Exit {
    let order = [Exit::Unsafe, Exit::Refused, Exit::Failed, Exit::Unavailable];
    let failed = |exit: &Exit| checks.iter().any(|check| check.state == State::Fail && check.exit == *exit);
    order.into_iter().find(failed).unwrap_or(Exit::Done)
}
