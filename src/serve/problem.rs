//! Failures in the words and shapes of whichever service of the platform would have answered.

use axum::{
    Json,
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::authority::{AuthorityError, Refusal};

/// A request that gets no success.
#[derive(Debug)]
pub(super) enum Problem {
    /// x509-identity-mgmt: `{"error", "detail"?}`.
    X509 { status: StatusCode, error: String, detail: Option<Value> },
    /// The authentication service and device-manager: `{"message", "status"}`.
    Service { status: StatusCode, message: String },
    /// The gateway: its own JSON.
    Gateway { status: StatusCode, body: Value },
    /// The gateway's policy check says no without a word.
    Forbidden,
    /// Too much at once, or the records cannot be reached now: another try is worth its while in a second.
    Busy,
}

impl Problem {
    pub(super) fn x509(status: StatusCode, error: impl Into<String>) -> Self {
        Self::X509 { status, error: error.into(), detail: None }
    }

    pub(super) fn service(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Service { status, message: message.into() }
    }

    /// 401 of the gateway.
    pub(super) fn unauthorized(message: &str) -> Self {
        Self::Gateway { status: StatusCode::UNAUTHORIZED, body: json!({ "message": message }) }
    }

    /// 503, because the records cannot be reached; the reason goes to the log only.
    fn unavailable(reason: &str) -> Self {
        tracing::warn!(reason, "a request has to come again");
        Self::Busy
    }

    /// 500; the reason goes to the log only.
    pub(super) fn unexpected(reason: &str) -> Self {
        tracing::error!(reason, "a request failed");
        Self::x509(StatusCode::INTERNAL_SERVER_ERROR, "An unexpected error has occurred.")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(error) => Self::x509(StatusCode::BAD_REQUEST, error),
            Refusal::NotFound(error) => Self::x509(StatusCode::NOT_FOUND, error),
            Refusal::Conflict(error) => Self::x509(StatusCode::CONFLICT, error),
            Refusal::Unavailable(reason) => Self::unavailable(&reason),
            // The platform has no other answer to a request that it cannot read.
            Refusal::Failed(reason) | Refusal::Unreadable(reason) => Self::unexpected(&reason),
            Refusal::Chain(ref reason) => {
                tracing::info!(reason, "a chain of certificates was refused");
                Self::X509 {
                    status: StatusCode::BAD_REQUEST,
                    error: refusal.to_string(),
                    detail: Some(json!({ "chainOfTrustResult": "No valid certificate paths found" })),
                }
            }
        }
    }
}

impl From<AuthorityError> for Problem {
    fn from(error: AuthorityError) -> Self {
        if error.may_pass() {
            return Self::unavailable(&error.to_string());
        }
        tracing::error!(%error, "a request failed");
        Self::service(StatusCode::INTERNAL_SERVER_ERROR, "Problem connecting to database")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::X509 { status, error, detail: None } => {
                (status, Json(json!({ "error": error }))).into_response()
            }
            Self::X509 { status, error, detail: Some(detail) } => {
                (status, Json(json!({ "error": error, "detail": detail }))).into_response()
            }
            Self::Service { status, message } => {
                let body = json!({ "message": message, "status": status.as_u16() });
                (status, Json(body)).into_response()
            }
            Self::Gateway { status, body } => (status, Json(body)).into_response(),
            Self::Forbidden => StatusCode::FORBIDDEN.into_response(),
            Self::Busy => {
                let body = json!({ "error": "Service Unavailable" });
                (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], Json(body)).into_response()
            }
        }
    }
}
