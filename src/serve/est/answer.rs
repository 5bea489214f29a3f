//! Answers, octet for octet as clients take them.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    authority::{AuthorityError, Denial, Refusal},
    pki::{
        base64_lines::{self, Lines},
        certificate::Certificate,
        cms,
    },
    serve::body::BodyError,
};

const CERTIFICATES: HeaderValue = HeaderValue::from_static("application/pkcs7-mime; smime-type=certs-only");
const ATTRIBUTES: HeaderValue = HeaderValue::from_static("application/csrattrs");

/// No header of HTTP, and RFC 8951 has it ignored; old clients look for it.
const ENCODING: HeaderName = HeaderName::from_static("content-transfer-encoding");

/// One line for every client but libest, which takes no long one; strongSwan 5.9.8 takes only one.
fn lines(request: &HeaderMap) -> Lines {
    let agent = request.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    if agent.starts_with("libest") { Lines::Short } else { Lines::One }
}

fn encoded(der: &[u8], kind: HeaderValue, request: &HeaderMap) -> Response {
    let body = base64_lines::encode(der, lines(request));
    let headers = [(header::CONTENT_TYPE, kind), (ENCODING, HeaderValue::from_static("base64"))];
    (headers, body).into_response()
}

/// Certificates alone.
pub(super) fn certificates(found: &[&Certificate], request: &HeaderMap) -> Response {
    match cms::certs_only(found) {
        Ok(der) => encoded(&der, CERTIFICATES, request),
        Err(error) => Problem::unexpected(&error.to_string()).into_response(),
    }
}

/// Attributes that requests shall hold.
pub(super) fn attributes(der: &[u8], request: &HeaderMap) -> Response {
    encoded(der, ATTRIBUTES, request)
}

/// A request that gets no certificate: a status, and words in plain text.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    words: String,
    more: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, words: impl Into<String>) -> Self {
        Self { status, words: words.into(), more: None }
    }

    /// Says which credentials are wanted.
    pub(super) fn unauthorized(words: impl Into<String>) -> Self {
        let wanted = HeaderValue::from_static("Basic realm=\"certreq\", charset=\"UTF-8\"");
        Self { more: Some((header::WWW_AUTHENTICATE, wanted)), ..Self::new(StatusCode::UNAUTHORIZED, words) }
    }

    /// Asks for another try after so many seconds.
    pub(super) fn later(status: StatusCode, words: impl Into<String>, seconds: i64) -> Self {
        Self { more: Some((header::RETRY_AFTER, HeaderValue::from(seconds))), ..Self::new(status, words) }
    }

    /// The records cannot be reached now; the reason goes to the log only.
    fn unavailable(reason: &str) -> Self {
        tracing::warn!(reason, "a request has to come again");
        Self::later(StatusCode::SERVICE_UNAVAILABLE, "the records cannot be reached", 1)
    }

    /// The reason goes to the log only.
    pub(super) fn unexpected(reason: &str) -> Self {
        tracing::error!(reason, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "an unexpected error has occurred")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, format!("{}\n", self.words)).into_response();
        if let Some((name, value)) = self.more {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Failed(reason) => Self::unexpected(&reason),
            Refusal::Unavailable(reason) => Self::unavailable(&reason),
            other => Self::new(StatusCode::BAD_REQUEST, other.to_string()),
        }
    }
}

impl From<AuthorityError> for Problem {
    fn from(error: AuthorityError) -> Self {
        let reason = error.to_string();
        if error.may_pass() { Self::unavailable(&reason) } else { Self::unexpected(&reason) }
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Forbidden(words) => Self::new(StatusCode::FORBIDDEN, words),
            Denial::Refused(refusal) => refusal.into(),
        }
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        let words = match error {
            BodyError::TooLarge => "the request is too large",
            BodyError::TooSlow => "the request did not come in time",
            BodyError::Broken => "the request broke off",
        };
        Self::new(error.status(), words)
    }
}
