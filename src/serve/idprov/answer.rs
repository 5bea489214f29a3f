//! Answers in JSON, also for a request that failed: `{"error": words, "code": "..."}`.

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::json;

use crate::{authority::provisioning::ProvisioningError, pki::idprov::MessageError, serve::body::BodyError};

/// JSON, as it is.
pub(super) fn json(body: impl Into<Bytes>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, kind)], body.into()).into_response()
}

/// A request that gets no success.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// Seconds.
    retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }
}

impl From<ProvisioningError> for Problem {
    fn from(error: ProvisioningError) -> Self {
        let message = error.to_string();
        match error {
            ProvisioningError::Invalid(_) => Self::new(StatusCode::BAD_REQUEST, "invalid", message),
            ProvisioningError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", message),
            ProvisioningError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", message),
            ProvisioningError::Locked(seconds) => {
                let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "locked", message);
                Self { retry_after: Some(seconds), ..problem }
            }
            ProvisioningError::Failed(reason) => {
                tracing::error!(reason, "a request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "an unexpected error has occurred")
            }
        }
    }
}

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", error.to_string())
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        let (code, message) = match error {
            BodyError::TooLarge => ("too_large", "the body is too large"),
            BodyError::TooSlow => ("too_slow", "the body came too slowly"),
            BodyError::Broken => ("broken", "the body broke off"),
        };
        Self::new(error.status(), code, message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.message, "code": self.code }).to_string();
        let mut response = json(body);
        *response.status_mut() = self.status;
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

pub(super) async fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "this path does not exist")
}

pub(super) async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this path does not take this method")
}
