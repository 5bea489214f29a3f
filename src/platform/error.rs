//! Failures between us and a platform, sorted by the caller's next step.

use std::{fmt, time::Duration};

/// The kind of a failure: the next step decides it, not the place where the failure came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// It does not know who we are: wrong password, a token it refuses twice.
    Unauthenticated,
    /// It knows us and does not allow this.
    Forbidden,
    /// It has no such record.
    NotFound,
    /// It rejected this request; the same request gets the same answer.
    Rejected,
    /// It did not handle the request and may later: 429, 503.
    Busy,
    /// It keeps the request until an operator there approves it: 202 of EST. The same request is sent again later.
    Pending,
    /// No connection; nothing was sent.
    Unreachable,
    /// The request may have been handled; the outcome is open: time-outs, resets, 500, 502, 504.
    OutcomeUnknown,
    /// It sent an answer that no platform gives: HTML, `null`, cut JSON, a redirect.
    InvalidResponse,
    /// It cannot be trusted: for example, none of its CA certificates has the fingerprint that was given.
    Untrusted,
    /// Platforms of this kind do not have what was requested; nothing was sent.
    NotOffered,
    /// It reports success and has done nothing: releases up to 0.6 do so with trusted CAs.
    Pretended,
}

/// How far a failed request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// It was refused, or the exchange broke off.
    #[default]
    Elsewise,
    /// The platform says that it failed: 500, 502 and the like.
    Failed,
    /// No answer came in time; the platform may be at work on it still.
    TooSlow,
}

/// One failed request, in words a person can act on.
#[derive(Clone, Debug)]
pub struct PlatformError {
    pub kind: ErrorKind,
    /// The failure and its cause; control characters are still in it.
    pub message: String,
    /// The next step, when there is one.
    pub hint: Option<String>,
    /// The X-Request-Id of the failed request.
    pub request_id: Option<String>,
    /// How long the platform asked us to wait.
    pub retry_after: Option<Duration>,
    pub ended: Ended,
}

impl PlatformError {
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            request_id: None,
            retry_after: None,
            ended: Ended::default(),
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PlatformError {}
