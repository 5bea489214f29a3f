//! The top of every error: the text for a person, the next step, and the exit code.

use std::fmt;

use crate::platform::{ErrorKind, PlatformError};

/// Exit codes; scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Everything asked for is so.
    Done = 0,
    /// It could not be done.
    Failed = 1,
    /// Wrong usage.
    Usage = 2,
    /// Some devices succeeded, some failed.
    Partly = 3,
    /// The platform refused the login or the action.
    Refused = 4,
    /// The platform cannot be reached, or is overloaded.
    Unavailable = 5,
    /// Stopped by a safety check: another root, another key, a directory that would be overwritten.
    Unsafe = 6,
    /// The certificate expires soon.
    ExpiresSoon = 10,
    Expired = 11,
    /// Revoked, or on hold.
    Revoked = 12,
    NotYetValid = 13,
    /// Not trusted, or it does not match.
    NotTrusted = 14,
    /// Its revocation cannot be determined.
    Indeterminate = 15,
    /// Interrupted; started again, it continues.
    Interrupted = 130,
}

impl Exit {
    /// The code of a batch: all done, some done, or the failure that all have; [`Exit::Failed`] for different failures.
    #[must_use]
    pub fn of_batch(done: usize, failed: &[Self]) -> Self {
        match failed {
            [] => Self::Done,
            _ if done > 0 => Self::Partly,
            [first, rest @ ..] if rest.iter().all(|exit| exit == first) => *first,
            _ => Self::Failed,
        }
    }

    /// The code of several certificates: the worst. Revoked, not trusted, expired, not yet valid, indeterminate,
    /// unreadable, expires soon, in this order: first states that help an attacker, then omissions of an administrator.
    #[must_use]
    pub fn worst(exits: impl IntoIterator<Item = Self>) -> Self {
        const ORDER: [Exit; 7] = [
            Exit::Revoked,
            Exit::NotTrusted,
            Exit::Expired,
            Exit::NotYetValid,
            Exit::Indeterminate,
            Exit::Failed,
            Exit::ExpiresSoon,
        ];
        let rank = |exit: &Self| ORDER.iter().position(|known| known == exit).unwrap_or(ORDER.len());
        exits.into_iter().min_by_key(rank).unwrap_or(Self::Done)
    }
}

/// Exit code of a monitoring plugin. Its numbers mean something else than those of [`Exit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

impl Health {
    /// As it stands in the plugin's line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// How the process ends: with one of our codes, or with one of a monitoring plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Exit(Exit),
    Health(Health),
}

impl From<Exit> for Ended {
    fn from(exit: Exit) -> Self {
        Self::Exit(exit)
    }
}

impl From<Health> for Ended {
    fn from(health: Health) -> Self {
        Self::Health(health)
    }
}

impl From<Ended> for std::process::ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(match ended {
            Ended::Exit(exit) => exit as u8,
            Ended::Health(health) => health as u8,
        })
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Ended::from(exit).into()
    }
}

/// Why a command ended without doing its task.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// The failed action, its object, and the reason. Shown after `error: `; may hold untrusted text, which the output
    /// escapes.
    pub message: String,
    /// Next steps, one sentence each.
    pub hints: Vec<String>,
}

impl Failure {
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hints: Vec::new() }
    }

    /// Exit 1.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// Exit 2.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Puts the action before the message: `context: message`.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.message = format!("{context}: {}", self.message);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Unauthenticated | ErrorKind::Forbidden | ErrorKind::Pretended => Self::Refused,
            ErrorKind::Busy | ErrorKind::Pending | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
                Self::Unavailable
            }
            ErrorKind::Untrusted => Self::Unsafe,
            ErrorKind::NotFound | ErrorKind::Rejected | ErrorKind::InvalidResponse | ErrorKind::NotOffered => {
                Self::Failed
            }
        }
    }
}

impl From<PlatformError> for Failure {
    fn from(error: PlatformError) -> Self {
        let failure = Self::new(error.kind.into(), error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_ends_as_its_devices_did() {
        assert_eq!(Exit::of_batch(0, &[]), Exit::Done);
        assert_eq!(Exit::of_batch(3, &[]), Exit::Done);
        assert_eq!(Exit::of_batch(3, &[Exit::Refused]), Exit::Partly);
        assert_eq!(Exit::of_batch(0, &[Exit::Refused, Exit::Refused]), Exit::Refused);
        assert_eq!(Exit::of_batch(0, &[Exit::Refused, Exit::Unsafe]), Exit::Failed);
    }
}
