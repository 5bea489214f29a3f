//! Sorts failures of the database: those after which another try is worth its while, and those that stay.

use std::{fmt, io::ErrorKind, time::Duration};

use tokio_postgres::{Error, error::SqlState};

use super::address::said;
use crate::authority::repository::{Fault as Kind, StoreError};

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
                // The server sent no word: the connection itself broke. A mistake in our request has no such cause.
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

    /// The error for the caller; the database's own words go to the log.
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
                tracing::debug!("{place}: {}", said(error));
                StoreError::Unreachable { place: place.to_owned(), why: connection(error).to_owned() }
            }
            Self::Database(error) => {
                tracing::debug!("{place}: {}", said(error));
                StoreError::Faulty { place: place.to_owned(), fault: kind(error) }
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(why) => f.write_str(why),
            Self::Silent(time) => write!(f, "no answer within {} s", time.as_secs()),
            Self::Database(error) => f.write_str(connection(error)),
            Self::Decided(error) => error.fmt(f),
        }
    }
}

/// A failure that stays, by its code.
fn kind(error: &Error) -> Kind {
    match error.code().map(SqlState::code) {
        Some("42501") => Kind::Forbidden,
        Some("3D000") => Kind::Missing,
        Some("42P01" | "42703" | "3F000") => Kind::Changed,
        Some("XX001" | "XX002") => Kind::Damaged,
        Some("58030") => Kind::Disk,
        Some("25006") => Kind::ReadOnly,
        Some(code) if code.starts_with("28") => Kind::Login,
        _ => Kind::Other,
    }
}

/// A connection that failed, in words.
pub(super) fn connection(error: &Error) -> &'static str {
    match error.code().map(SqlState::code) {
        Some("53300") => return "it has too many connections",
        Some("40001" | "40P01" | "55P03" | "25P02") => {
            return "other servers held the same records for too long";
        }
        Some("25006") => return "it is a standby, which cannot be changed",
        Some(code) if code.starts_with("57P") => return "it stops, or starts",
        _ => {}
    }
    match io(error).map(std::io::Error::kind) {
        Some(ErrorKind::ConnectionRefused) => "no server listens at this address",
        Some(ErrorKind::TimedOut) => "there was no answer in time",
        Some(ErrorKind::NotFound) => "its socket does not exist",
        Some(ErrorKind::PermissionDenied) => "this user may not use its socket",
        Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => "there is no route to its host",
        Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof) => {
            "the connection was lost"
        }
        Some(ErrorKind::InvalidData) => "TLS failed: check its certificate, and sslrootcert",
        _ if error.is_closed() => "the connection was lost",
        _ => "the connection failed; CERTREQ_LOG=debug shows more",
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
    io(error).is_some()
}

fn io(error: &Error) -> Option<&std::io::Error> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref() {
            return Some(io);
        }
        cause = error.source();
    }
    None
}
