//! The root, the revocation list, and OCSP.

use std::sync::atomic::Ordering;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Value, json};

use super::{
    body::{BodyError, Raw},
    caller::Caller,
    problem::Problem,
    routes,
    state::Shared,
};
use crate::authority::{Refusal, ocsp};

/// `GET /x509/v1/ca`.
pub(super) async fn root(State(shared): State<Shared>, _: Caller) -> Json<Value> {
    let root = shared.authority.root();
    Json(json!({ "certificateFingerprint": root.fingerprint(), "caPem": root.to_pem().trim_end() }))
}

/// `GET /x509/v1/ca/crl`.
pub(super) async fn crl(State(shared): State<Shared>, _: Caller) -> Result<Response, Problem> {
    Ok(([(CONTENT_TYPE, "application/json")], shared.list_json().await?).into_response())
}

/// `GET /crl.der`: the address in the distribution points of issued certificates (RFC 5280 §4.2.1.13).
pub(super) async fn crl_der(
    State(shared): State<Shared>,
) -> Result<([(HeaderName, &'static str); 1], Bytes), Problem> {
    let crl = shared.authority.crl().await?;
    Ok(([(CONTENT_TYPE, "application/pkix-crl")], crl.der.clone()))
}

/// `GET /crl/{number of parts}/{part}.der`: the same for certificates that name a part of the list.
pub(super) async fn crl_part(
    State(shared): State<Shared>,
    Path((of, name)): Path<(String, String)>,
) -> Response {
    let number = name.strip_suffix(".der").and_then(|number| number.parse().ok());
    let Some((of, number)) = of.parse().ok().zip(number) else { return routes::no_route().into_response() };
    match shared.authority.crl_of_part(of, number).await {
        Ok(Some(crl)) => ([(CONTENT_TYPE, "application/pkix-crl")], crl.der.clone()).into_response(),
        Ok(None) => routes::no_route().into_response(),
        Err(refusal) => Problem::from(refusal).into_response(),
    }
}

/// `POST /ocsp` (RFC 6960 Appendix A).
pub(super) async fn ocsp_post(State(shared): State<Shared>, body: Result<Raw, BodyError>) -> Response {
    match body {
        Ok(Raw(request)) => answer(&shared, &request).await,
        Err(error) => error.into_response(),
    }
}

/// `GET /ocsp/{base64 of the request}` (RFC 6960 Appendix A); the padding may be missing.
pub(super) async fn ocsp_get(State(shared): State<Shared>, Path(request): Path<String>) -> Response {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    // Some clients double the slash before the request.
    let request = LENIENT.decode(request.trim_start_matches('/')).unwrap_or_default();
    answer(&shared, &request).await
}

async fn answer(shared: &Shared, request: &[u8]) -> Response {
    let answered = shared.authority.ocsp(request).await.or_else(|refusal| {
        tracing::error!(%refusal, "an OCSP request failed");
        ocsp::failed(matches!(refusal, Refusal::Unavailable(_)))
    });
    match answered {
        Ok(der) => ([(CONTENT_TYPE, "application/ocsp-response")], der).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /health` and `/health/ready`: requests can be answered. Not so while the records cannot be reached, and once
/// the server was told to stop: a balancer sends new ones elsewhere.
pub(super) async fn health(State(shared): State<Shared>) -> Response {
    let unready = if shared.draining.load(Ordering::Relaxed) {
        Some("the server stops".to_owned())
    } else {
        shared.authority.answers().await.err().map(|error| error.to_string())
    };
    match unready {
        None => Json(json!({ "status": "pass" })).into_response(),
        Some(reason) => {
            tracing::warn!(reason, "not ready");
            Problem::x509(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response()
        }
    }
}

/// `GET /health/live`: the process answers. It says nothing of the records: to start it again would not bring them back.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "pass" }))
}
