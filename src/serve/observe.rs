//! One event in the access log for each request, and the id that ties it to the client's answer.

use std::time::Instant;

use aws_lc_rs::rand;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of the longest id a client may choose.
const LONGEST: usize = 128;

/// Keeps or makes the X-Request-Id, returns it, and logs the request without its query, headers and body.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request.headers().get(&REQUEST_ID).filter(|id| acceptable(id)).cloned();
    let id = id.unwrap_or_else(make);
    let logged = tracing::enabled!(target: "certreq::access", tracing::Level::INFO)
        .then(|| (request.method().clone(), request.uri().path().to_owned()));
    let mut response = next.run(request).await;
    if let Some((method, path)) = logged {
        tracing::info!(
            target: "certreq::access",
            %method,
            // Debug form: control characters stay escaped.
            path = ?path,
            status = response.status().as_u16(),
            micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            request_id = id.to_str().unwrap_or_default(),
        );
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn acceptable(id: &HeaderValue) -> bool {
    !id.is_empty() && id.len() <= LONGEST && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

fn make() -> HeaderValue {
    let mut bytes = [0; 16];
    // Without randomness the ids are alike, which is the least of the troubles then.
    let _ = rand::fill(&mut bytes);
    let id = format!("{:032x}", u128::from_be_bytes(bytes));
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("-"))
}
