//! Additions that the platform's web framework makes to the answers of x509-identity-mgmt: the character set, an
//! entity tag, 304 for a client that has the answer already, and the methods of a path for `OPTIONS`.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Gives answers of the service under `/x509` the form that the framework gives them; others pass as they are.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/x509/") {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    tagged(next.run(request).await, &method, known.as_ref()).await
}

/// Answers `OPTIONS` with the methods of a path. Stands around the routes: they say only afterwards which they have.
pub(super) async fn options(request: Request, next: Next) -> Response {
    let asked = request.method() == Method::OPTIONS && request.uri().path().starts_with("/x509/");
    let response = next.run(request).await;
    let known = asked && response.status() == StatusCode::NOT_FOUND;
    match response.headers().get(ALLOW).filter(|_| known) {
        Some(allow) => methods(allow),
        None => response,
    }
}

async fn tagged(response: Response, method: &Method, known: Option<&HeaderValue>) -> Response {
    let is_json =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    if !is_json {
        return unless_known(response, method, known);
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(CONTENT_TYPE, JSON);
    // The body is one piece in memory: nothing is copied.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if !parts.headers.contains_key(ETAG) && *method != Method::HEAD {
        parts.headers.insert(ETAG, tag(&bytes));
    }
    unless_known(Response::from_parts(parts, Body::from(bytes)), method, known)
}

fn unless_known(mut response: Response, method: &Method, known: Option<&HeaderValue>) -> Response {
    let fresh = [Method::GET, Method::HEAD].contains(method) && response.status() == StatusCode::OK;
    let tag = response.headers().get(ETAG).map(|tag| tag.as_bytes().to_vec());
    if fresh && let (Some(tag), Some(known)) = (tag, known) {
        let plain = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_vec();
        let mut tags = known.as_bytes().split(|octet| *octet == b',').map(<[u8]>::trim_ascii);
        if tags.any(|one| one == b"*" || plain(one) == plain(&tag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(CONTENT_TYPE);
            response.headers_mut().remove(CONTENT_LENGTH);
            *response.body_mut() = Body::empty();
        }
    }
    response
}

/// `W/"length-digest"`, as the framework makes it of the bytes.
pub(super) fn tag(bytes: &Bytes) -> HeaderValue {
    let digest = STANDARD_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes));
    let text = format!("W/\"{:x}-{}\"", bytes.len(), digest.get(..27).unwrap_or(&digest));
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// The methods as the framework lists them: HEAD, which it adds, is the last.
fn methods(allow: &HeaderValue) -> Response {
    let listed = allow.to_str().unwrap_or_default().split(',').map(str::trim);
    let mut listed: Vec<&str> = listed.filter(|method| !method.is_empty()).collect();
    listed.sort_by_key(|method| *method == "HEAD");
    let listed = listed.join(",");
    ([(ALLOW, listed.clone()), (CONTENT_TYPE, "text/html; charset=utf-8".to_owned())], listed).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_the_framework() {
        // Tags that the package etag makes of an empty text and of "{}".
        assert_eq!(tag(&Bytes::new()), "W/\"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk\"");
        assert_eq!(tag(&Bytes::from_static(b"{}")), "W/\"2-vyGp6PvFo4RvsFtPoIWeCReyIC8\"");
    }
}
