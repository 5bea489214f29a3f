//! An answer of the platform: read as a value, or turned into one message that says why there is none.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::fmt::rfc2822;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{asked::Ask, base_url::BaseUrl, words};
use crate::platform::{Ended, ErrorKind, PlatformError};

/// Characters of the platform's own words that a message repeats.
const MOST_WORDS: usize = 300;

/// The longest wait that is taken from an answer: it can be added to a clock without overflow, and no run waits so
/// long.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

pub(in crate::platform) const UNKNOWN_DEVICE: &str =
    "create the device on the platform first; certreq devices lists those it has";

const NOT_DOJOT: &str = "a dojot platform does not send this";

/// One HTTP answer, read to its end.
pub(in crate::platform) struct Answer {
    pub(in crate::platform) status: StatusCode,
    pub(in crate::platform) retry_after: Option<Duration>,
    /// The `Location` header of a redirect; `None` for every other answer.
    pub(in crate::platform) location: Option<String>,
    pub(in crate::platform) request_id: Option<String>,
    pub(in crate::platform) content_type: Option<String>,
    /// Each `WWW-Authenticate` of a 401.
    pub(in crate::platform) challenges: Vec<String>,
    pub(in crate::platform) body: Vec<u8>,
}

/// Properties that the platform's JSON schema refused.
pub(in crate::platform) struct SchemaErrors {
    /// Releases up to 0.6 put them at the top of the answer, later ones under `detail`.
    pub(in crate::platform) old_release: bool,
    /// The refused properties, written like `.belongsTo.device`, and why.
    pub(in crate::platform) properties: Vec<(String, String)>,
}

impl Answer {
    /// The value of a good answer.
    pub(in crate::platform) fn json<T: DeserializeOwned>(
        &self,
        ask: &Ask<'_>,
        place: &str,
    ) -> Result<T, PlatformError> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let what = match self.page() {
                Some(page) => page,
                None if self.body.is_empty() => "the answer is empty".to_owned(),
                None => NOT_DOJOT.to_owned(),
            };
            self.error(ask, ask.unreadable(), format!("{place} answered {}: {what}", self.status))
        })
    }

    /// Checks that a good answer has no body: the platform's answers to a change have none. A web page in its place
    /// comes from another server, and leaves the outcome of the request open.
    pub(in crate::platform) fn nothing(&self, ask: &Ask<'_>, place: &str) -> Result<(), PlatformError> {
        if self.body.trim_ascii().is_empty() {
            return Ok(());
        }
        let what = self.page().unwrap_or_else(|| NOT_DOJOT.to_owned());
        Err(self.error(ask, ask.unreadable(), format!("{place} answered {}: {what}", self.status)))
    }

    /// An error about this answer, with its request id.
    pub(in crate::platform) fn error(
        &self,
        ask: &Ask<'_>,
        kind: ErrorKind,
        text: impl std::fmt::Display,
    ) -> PlatformError {
        let mut error = ask.error(kind, text);
        error.request_id.clone_from(&self.request_id);
        error
    }

    /// The one message of an answer that is no success.
    pub(in crate::platform) fn refusal(&self, ask: &Ask<'_>, base: &BaseUrl) -> PlatformError {
        if let Some(location) = &self.location {
            return self.redirect(ask, base, location);
        }
        let status = self.status;
        let kind = self.kind();
        let said = self.page().or_else(|| self.words());
        let next = match &said {
            Some(said) if status == StatusCode::BAD_REQUEST && misses_the_device(said) => Some(UNKNOWN_DEVICE),
            _ => hint(status, kind),
        };
        let reason = said.map_or_else(|| ", without a reason".to_owned(), |said| format!(": {said}"));
        let wait = match self.retry_after {
            Some(wait) if kind == ErrorKind::Busy => format!("; it asks to wait {}", words::duration(wait)),
            _ => String::new(),
        };
        let mut error = self.error(ask, kind, format!("{base} answered {status}{reason}{wait}"));
        error.retry_after = self.retry_after.filter(|_| kind == ErrorKind::Busy);
        error.hint = next.map(str::to_owned);
        error.ended = match status.as_u16() {
            // A gateway says 504 when it does not wait any longer; the service behind it goes on.
            504 => Ended::TooSlow,
            500..=599 if kind == ErrorKind::OutcomeUnknown => Ended::Failed,
            _ => Ended::Elsewise,
        };
        error
    }

    fn kind(&self) -> ErrorKind {
        match self.status.as_u16() {
            401 => ErrorKind::Unauthenticated,
            403 => ErrorKind::Forbidden,
            404 if self.knows_the_route() => ErrorKind::NotFound,
            408 | 425 | 429 | 503 => ErrorKind::Busy,
            400..=403 | 405..=499 => ErrorKind::Rejected,
            500..=599 => ErrorKind::OutcomeUnknown,
            _ => ErrorKind::InvalidResponse,
        }
    }

    /// Tells "no such record" from "no such path": a 404 means that a record is gone only when it has the platform's
    /// own words.
    fn knows_the_route(&self) -> bool {
        self.object()
            .and_then(|object| own_words(&object))
            .is_some_and(|words| words != "Not Found" && !words.starts_with("no Route matched"))
    }

    fn redirect(&self, ask: &Ask<'_>, base: &BaseUrl, location: &str) -> PlatformError {
        let target = base.resolve(location).filter(|url| matches!(url.scheme(), "http" | "https"));
        let (text, hint) = match target {
            Some(url) if base.has_origin_of(&url) => {
                let path = words::cut(url.path(), 80);
                let text = format!("{base} answered {} with a redirect to {path}", self.status);
                (text, "is that a dojot platform? Redirects are not followed".to_owned())
            }
            Some(url) => {
                let origin = words::cut(&url.origin().ascii_serialization(), 200);
                let text = format!("{base} answered with a redirect to {origin}; use that address");
                (text, format!("redirects are not followed, so that no password goes elsewhere: -h {origin}"))
            }
            None => (format!("{base} answered {} with a redirect to nowhere", self.status), String::new()),
        };
        let error = self.error(ask, ErrorKind::InvalidResponse, text);
        if hint.is_empty() { error } else { error.hint(hint) }
    }

    /// The first line of the answer's own words, or of the message that it is a web page; `None` when it is empty.
    pub(in crate::platform) fn first_words(&self) -> Option<String> {
        let said = self.page().or_else(|| self.words())?;
        said.lines().next().map(str::to_owned)
    }

    /// Message about a body that is HTML, with its title; `None` for any other body.
    fn page(&self) -> Option<String> {
        words::is_web_page(&self.body).then(|| match words::title(&self.body) {
            Some(title) => format!("the answer is a web page, not the platform's, titled {title:?}"),
            None => "the answer is a web page, not the platform's".to_owned(),
        })
    }

    fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The platform's own words in either of its shapes; plain text as it is.
    fn words(&self) -> Option<String> {
        let Some(object) = self.object() else {
            let text = String::from_utf8_lossy(&self.body);
            let text = text.trim();
            return (!text.is_empty()).then(|| words::cut(text, MOST_WORDS));
        };
        let mut text = own_words(&object).unwrap_or_default();
        if let Some(errors) = self.schema_errors() {
            for (property, reason) in errors.properties.iter().take(5) {
                let gap = if text.is_empty() { "" } else { " " };
                text = format!("{text}{gap}({property} {reason})");
            }
        }
        (!text.is_empty()).then(|| words::cut(&text, MOST_WORDS))
    }

    /// Errors of the platform's schema check, which a 400 lists.
    pub(in crate::platform) fn schema_errors(&self) -> Option<SchemaErrors> {
        if self.status != StatusCode::BAD_REQUEST {
            return None;
        }
        let object = self.object()?;
        let old = object.get("schemaErrors");
        let new = object.get("detail").and_then(|detail| detail.get("schemaErrors"));
        let entries = old.or(new)?.as_array()?;
        let text = |entry: &Value, name: &str| {
            entry.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
        };
        let properties =
            entries.iter().map(|entry| (text(entry, "dataPath"), text(entry, "message"))).collect();
        Some(SchemaErrors { old_release: old.is_some(), properties })
    }
}

impl SchemaErrors {
    pub(in crate::platform) fn name(&self, property: &str) -> bool {
        self.properties.iter().any(|(path, _)| path == property)
    }
}

/// The platform's text in an answer: `error` since 0.7, `message` before it and from the gateway, `msg` from unknown
/// routes, `exp` from a strict gateway.
fn own_words(object: &Map<String, Value>) -> Option<String> {
    ["error", "message", "msg", "exp"].iter().find_map(|name| {
        let words = object.get(*name)?.as_str()?.trim();
        (!words.is_empty()).then(|| words.to_owned())
    })
}

/// True when the text says that the device is unknown; the platform has no error code for that.
fn misses_the_device(said: &str) -> bool {
    said.starts_with("Device identifier ") && said.contains(" was not found for tenant ")
}

fn hint(status: StatusCode, kind: ErrorKind) -> Option<&'static str> {
    match (status.as_u16(), kind) {
        (407, _) => Some("a proxy wants a login: check HTTP_PROXY and NO_PROXY"),
        (404, ErrorKind::Rejected | ErrorKind::InvalidResponse) => {
            Some("is that the address of a dojot gateway? Check the host (-h) and the port (-p)")
        }
        (_, ErrorKind::Forbidden) => Some("the user may not do this; ask the platform's administrator"),
        (_, ErrorKind::Busy) => Some("try again later, or with fewer requests at a time"),
        _ => None,
    }
}

/// Seconds, or an HTTP date (RFC 9110 §10.2.3). A wait longer than [`LONGEST`] is read as [`LONGEST`].
pub(in crate::platform) fn retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let then = Duration::from_secs(u64::try_from(http_date(value)?).ok()?);
    Some(then.saturating_sub(now).min(LONGEST))
}

/// Seconds since the epoch of an HTTP date (RFC 9110 §5.6.7).
pub(in crate::platform) fn http_date(value: &str) -> Option<i64> {
    Some(rfc2822::parse(value.trim()).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms_of_retry_after() {
        assert_eq!(retry_after("37"), Some(Duration::from_secs(37)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let far = retry_after("Fri, 01 Jan 2100 00:00:00 GMT").unwrap();
        assert!(far > Duration::from_secs(86_400));
        for junk in ["", "soon", "-1", "1.5"] {
            assert_eq!(retry_after(junk), None, "{junk}");
        }
        for absurd in ["9223372036854775807", "18446744073709551615", "99999999999999999999999"] {
            assert_eq!(retry_after(absurd), Some(LONGEST), "{absurd}");
        }
        assert_eq!(retry_after("Wed, 01 Dec 9999 00:00:00 GMT"), Some(LONGEST));
    }
}
