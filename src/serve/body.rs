//! Request bodies: bounded in size and in time.

use axum::{
    body::Bytes,
    extract::{FromRef, FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use serde_json::{Map, Value};

use super::{problem::Problem, state::Shared};

/// Octets of the largest body, the platform's 100 kb.
pub(super) const LIMIT: usize = 100 * 1024;

/// Octets of the largest body that is read before a token or a secret was checked.
pub(super) const SMALL: usize = 16 * 1024;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLarge,
    TooSlow,
    Broken,
}

/// The whole body.
#[derive(Debug)]
pub(super) struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw
where
    Shared: FromRef<S>,
{
    type Rejection = BodyError;

    async fn from_request(request: Request, state: &S) -> Result<Self, BodyError> {
        let patience = Shared::from_ref(state).patience;
        let read = tokio::time::timeout(patience, Bytes::from_request(request, state)).await;
        match read {
            Err(_) => Err(BodyError::TooSlow),
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(BodyError::TooLarge)
            }
            Ok(Err(_)) => Err(BodyError::Broken),
            Ok(Ok(bytes)) => Ok(Self(bytes)),
        }
    }
}

impl BodyError {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

impl axum::response::IntoResponse for BodyError {
    fn into_response(self) -> axum::response::Response {
        self.status().into_response()
    }
}

/// A JSON body as x509-identity-mgmt reads it: another content type, or nothing at all, is an empty object.
#[derive(Debug)]
pub(super) struct JsonBody(pub Value);

impl FromRequest<Shared> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let Raw(bytes) = Raw::from_request(request, shared).await.map_err(|error| match error {
            BodyError::TooLarge => Problem::x509(error.status(), "request entity too large"),
            BodyError::TooSlow => Problem::x509(error.status(), "request timeout"),
            BodyError::Broken => Problem::x509(error.status(), "request aborted"),
        })?;
        if !json || bytes.is_empty() {
            return Ok(Self(Value::Object(Map::new())));
        }
        match serde_json::from_slice(&bytes) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(Self(value)),
            Ok(_) => Err(Problem::x509(StatusCode::BAD_REQUEST, "Unexpected token in JSON at position 0")),
            Err(error) => {
                Err(Problem::x509(StatusCode::BAD_REQUEST, format!("Unexpected token in JSON: {error}")))
            }
        }
    }
}

/// The content type is JSON, with any parameters.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
