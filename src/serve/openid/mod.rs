//! The login of the 1.0 release line, answer for answer as its Keycloak gives them: a realm's token endpoint, its
//! discovery document and its public key. There is no `POST /auth`.

mod grant;
mod tokens;

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
pub use tokens::Realm;

use super::{
    body::{BodyError, Raw},
    problem::Problem,
    state::Shared,
};
use grant::Refused;

/// `GET .../.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4.2).
pub(super) async fn discovery(State(shared): State<Shared>, Path(name): Path<String>) -> Response {
    let realm = match realm(&shared, &name) {
        Ok(realm) => realm,
        Err(refused) => return refused.into_response(),
    };
    let issuer = realm.issuer();
    let document = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/protocol/openid-connect/token"),
        "jwks_uri": format!("{issuer}/protocol/openid-connect/certs"),
        "grant_types_supported": ["refresh_token", "password"],
        "token_endpoint_auth_methods_supported": ["none"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["none"],
        "subject_types_supported": ["public"],
    });
    Json(document).into_response()
}

/// `GET .../protocol/openid-connect/certs`: the key that checks access tokens (RFC 7517).
pub(super) async fn certs(State(shared): State<Shared>, Path(name): Path<String>) -> Response {
    match realm(&shared, &name) {
        Ok(realm) => Json(json!({ "keys": [realm.public_key()] })).into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// `POST .../protocol/openid-connect/token` (RFC 6749 §4.3, §6).
pub(super) async fn token(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Raw, BodyError>,
) -> Response {
    let answered = match (realm(&shared, &name), body) {
        (Err(refused), _) => Err(refused),
        (Ok(_), Err(error)) => return error.into_response(),
        (Ok(realm), Ok(Raw(bytes))) => grant::answer(&shared, realm, client.ip(), &headers, &bytes).await,
    };
    // A cache between us and the client must not keep a secret.
    ([(CACHE_CONTROL, "no-store")], answered.map(Json)).into_response()
}

fn realm<'a>(shared: &'a Shared, name: &str) -> Result<&'a Realm, Refused> {
    let known = shared.openid.as_ref().filter(|_| name == tokens::NAME);
    known.ok_or(Refused {
        status: StatusCode::NOT_FOUND,
        error: "Realm does not exist",
        why: None,
        retry_after: None,
    })
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error });
        if let (Some(why), Value::Object(body)) = (self.why, &mut body) {
            body.insert("error_description".to_owned(), why.into());
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Problem> for Refused {
    /// The reason is in the log.
    fn from(problem: Problem) -> Self {
        if matches!(problem, Problem::Busy) {
            let (status, error) = (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable");
            return Self { status, error, why: None, retry_after: Some(1) };
        }
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, error: "unknown_error", why: None, retry_after: None }
    }
}
