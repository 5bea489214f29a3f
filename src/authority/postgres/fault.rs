//! Sorts failures of the database: those after which another try is worth its while, and those that stay.

use std::{fmt, time::Duration};

use tokio_postgres::{Error, error::SqlState};

use super::address::said;
use crate::authority::repository::StoreError;

/// One attempt that failed.
#[derive(Debug)]
pub(super) enum Fault {
    Database(Error),
    /// No connection, for a reason of its own.
    Connect(String),
    /// No answer in this time.
    Silent(Duration),
    /// Decided by us.
    Decided(StoreError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl Fault {
    /// Another connection, or another moment, may do: the connection was lost, the server restarts or is a standby,
    /// transactions were in each other's way.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Silent(_) => true,
            Self::Decided(_) => false,
            Self::Database(error) => match error.code() {
                Some(code) => passes(code),
                // No word of the server: the connection itself broke. What we sent wrongly has no such cause.
                None => error.is_closed() || is_io(error),
            },
        }
    }

    /// The database itself cannot be reached, or takes no connection.
    pub(super) fn is_loss(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Silent(_) => true,
            Self::Decided(_) => false,
            Self::Database(error) => match error.code() {
                Some(code) => code.code().starts_with("57P") || code.code().starts_with("08"),
                None => error.is_closed() || is_io(error),
            },
        }
    }

    /// What is told to whoever asked.
    pub(super) fn store(&self, place: &str) -> StoreError {
        match self {
            Self::Decided(error) => error.clone(),
            Self::Connect(_) | Self::Silent(_) => {
                StoreError::Unreachable { place: place.to_owned(), why: self.to_string() }
            }
            Self::Database(error) if error.code() == Some(&SqlState::DISK_FULL) => {
                StoreError::NoSpace { place: place.to_owned() }
            }
            Self::Database(error) if self.may_pass() => {
                StoreError::Unreachable { place: place.to_owned(), why: said(error) }
            }
            Self::Database(error) => StoreError::Failed(said(error)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(why) => f.write_str(why),
            Self::Silent(time) => write!(f, "no answer within {} s", time.as_secs()),
            Self::Database(error) => f.write_str(&said(error)),
            Self::Decided(error) => error.fmt(f),
        }
    }
}

fn passes(code: &SqlState) -> bool {
    const PASSING: [SqlState; 6] = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IN_FAILED_SQL_TRANSACTION,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    // 57P: the server ends, restarts, or is not ready yet; 08: the connection.
    PASSING.contains(code) || code.code().starts_with("57P") || code.code().starts_with("08")
}

/// The certificate of the server was refused: another try brings the same one.
pub(super) fn is_untrusted(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let refused = inside.and_then(|inside| inside.downcast_ref::<rustls::Error>());
        if matches!(refused, Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        cause = error.source();
    }
    false
}

fn is_io(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<std::io::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}
