//! Routes of the server, and the layers that every request passes through.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, Uri},
    middleware,
    routing::{delete, get, post},
};
use serde_json::json;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{Predicate, SizeAbove},
    },
};

use super::{
    body, ca,
    caller::Caller,
    certificates, devices, est, express, large, login, observe, openid,
    problem::Problem,
    registry, schemas,
    state::{Settings, Shared},
    trusted,
};
use crate::authority::Authority;

/// Octets a body must have before it is compressed; as on the platform.
const COMPRESSED_ABOVE: u16 = 1024;

/// The whole HTTP face.
pub(super) fn router(authority: Arc<Authority>, settings: Settings) -> Router {
    let est = settings.est.clone();
    let shared = Shared::new(authority, settings);
    let est = est.map(|settings| est::router(shared.clone(), settings)).unwrap_or_default();
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(COMPRESSED_ABOVE).and(NotBinary));
    let logins = match &shared.openid {
        None => Router::new().route("/auth", post(login::log_in).layer(small())),
        Some(_) => Router::new()
            .route("/auth/realms/{realm}/protocol/openid-connect/token", post(openid::token).layer(small()))
            .route("/auth/realms/{realm}/protocol/openid-connect/certs", get(openid::certs))
            .route("/auth/realms/{realm}/.well-known/openid-configuration", get(openid::discovery)),
    };
    let inner = logins
        .route("/device", get(devices::list).post(registry::add).delete(registry::remove_all))
        .route("/device/{id}", get(devices::get).delete(registry::remove))
        .route(
            "/template",
            get(registry::templates).post(registry::add_template).delete(registry::forget_templates),
        )
        .route("/x509/v1/ca", get(ca::root))
        .route("/x509/v1/ca/crl", get(ca::crl))
        .route("/x509/v1/certificates", get(certificates::list).post(certificates::add))
        .route(
            "/x509/v1/certificates/{fingerprint}",
            get(certificates::get).patch(certificates::link).delete(certificates::delete),
        )
        .route("/x509/v1/certificates/{fingerprint}/belongsto", delete(certificates::unlink))
        .route("/x509/v1/trusted-cas", get(trusted::list).post(trusted::add))
        .route(
            "/x509/v1/trusted-cas/{fingerprint}",
            get(trusted::get).patch(trusted::update).delete(trusted::delete),
        )
        .route("/x509/v1/schemas/{name}", get(schemas::get))
        .route("/crl.der", get(ca::crl_der))
        .route("/crl/{of}/{name}", get(ca::crl_part))
        .route("/ocsp", post(ca::ocsp_post).layer(small()))
        .route("/ocsp/{*request}", get(ca::ocsp_get))
        .route("/health", get(ca::health))
        .route("/health/ready", get(ca::health))
        .route("/health/live", get(ca::live))
        .fallback(unknown_route)
        .method_not_allowed_fallback(unknown_route)
        .layer(middleware::from_fn(express::dress))
        .layer(compression)
        .layer(middleware::from_fn_with_state(shared.clone(), large::bounded))
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .with_state(shared);
    est.fallback_service(inner)
        .layer(middleware::from_fn(express::options))
        .layer(middleware::from_fn(observe::observe))
}

/// A path or method without a handler. The gateway checks the token before a service can say so.
async fn unknown_route(uri: Uri, caller: Result<Caller, Problem>) -> Problem {
    let path = uri.path();
    let under =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match caller {
        Err(problem) if under("/x509") || under("/device") || under("/template") => problem,
        _ if under("/x509") => Problem::x509(StatusCode::NOT_FOUND, "Not Found"),
        _ if under("/device") || under("/template") => {
            Problem::Gateway { status: StatusCode::NOT_FOUND, body: json!({ "msg": "Not Found" }) }
        }
        _ => no_route(),
    }
}

/// The gateway's answer for a path that leads nowhere.
pub(super) fn no_route() -> Problem {
    let body = json!({ "message": "no Route matched with those values" });
    Problem::Gateway { status: StatusCode::NOT_FOUND, body }
}

/// Bodies that need no token are short.
fn small() -> DefaultBodyLimit {
    DefaultBodyLimit::max(body::SMALL)
}

/// Signed bytes do not shrink.
#[derive(Clone, Copy)]
struct NotBinary;

impl Predicate for NotBinary {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        let kind = response.headers().get(axum::http::header::CONTENT_TYPE);
        kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
    }
}
