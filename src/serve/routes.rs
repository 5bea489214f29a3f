//! Which path goes where, and what every request passes through.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{delete, get, post},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{Predicate, SizeAbove},
    },
};

use super::{
    body, ca, certificates, devices, limiter::Limiter, login, observe, openid, problem, token::Tokens, trusted,
};
use crate::authority::Authority;

/// How the HTTP face behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a login token is accepted.
    pub token_lifetime: Duration,
    /// Five logins a minute and forty an hour for each client address, as the platform's gateway allows.
    pub login_limit: bool,
    /// Logs in as releases 1.0 do, with tokens of their own; there is no `POST /auth` then.
    pub openid: Option<openid::Realm>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { token_lifetime: Duration::from_secs(420), login_limit: true, openid: None }
    }
}

/// What every handler may use.
#[derive(Clone)]
pub(super) struct Shared(Arc<Parts>);

pub(super) struct Parts {
    pub authority: Arc<Authority>,
    pub tokens: Tokens,
    pub limiter: Option<Limiter>,
    pub openid: Option<openid::Realm>,
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Octets a body must have before it is compressed; a single certificate stays as it is, it hardly shrinks.
const COMPRESSED_ABOVE: u16 = 2048;

/// The whole HTTP face.
pub(super) fn router(authority: Arc<Authority>, settings: Settings) -> Router {
    let shared = Shared(Arc::new(Parts {
        tokens: Tokens::new(authority.token_key(), settings.token_lifetime),
        limiter: settings.login_limit.then(Limiter::default),
        openid: settings.openid,
        authority,
    }));
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(COMPRESSED_ABOVE).and(NotBinary));
    let logins = match &shared.openid {
        None => Router::new().route("/auth", post(login::log_in)),
        Some(_) => Router::new()
            .route("/auth/realms/{realm}/protocol/openid-connect/token", post(openid::token))
            .route("/auth/realms/{realm}/protocol/openid-connect/certs", get(openid::certs))
            .route("/auth/realms/{realm}/.well-known/openid-configuration", get(openid::discovery)),
    };
    logins
        .route("/device", get(devices::list))
        .route("/device/{id}", get(devices::get))
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
        .route("/crl.der", get(ca::crl_der))
        .route("/ocsp", post(ca::ocsp_post))
        .route("/ocsp/{*request}", get(ca::ocsp_get))
        .route("/health", get(ca::health))
        .fallback(problem::unknown_route)
        .method_not_allowed_fallback(problem::unknown_route)
        .layer(compression)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(middleware::from_fn(observe::observe))
        .with_state(shared)
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
