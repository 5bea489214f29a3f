//! `POST /auth`: a user name and a secret for a token.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    body::{BodyError, Raw, is_json},
    problem::Problem,
    state::Shared,
};
use crate::authority::Login;

/// Answers `{"jwt"}`; 401 for an unknown user, 403 for a wrong secret, 429 when tried too often.
pub(super) async fn log_in(
    State(shared): State<Shared>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Raw, BodyError>,
) -> Response {
    let Some(limiter) = &shared.limiter else { return answer(&shared, &headers, body).await.into_response() };
    let allowance = limiter.attempt(client.ip().to_canonical(), shared.authority.now());
    let answered = if allowance.allowed {
        answer(&shared, &headers, body).await
    } else {
        let body = json!({ "message": "API rate limit exceeded" });
        Err(Problem::Gateway { status: StatusCode::TOO_MANY_REQUESTS, body })
    };
    (allowance.headers(), answered).into_response()
}

async fn answer(
    shared: &Shared,
    headers: &HeaderMap,
    body: Result<Raw, BodyError>,
) -> Result<Json<Value>, Problem> {
    let bad = |message: &str| Problem::service(StatusCode::BAD_REQUEST, message);
    let Raw(bytes) = body.map_err(|error| Problem::service(error.status(), "unreadable request"))?;
    if !is_json(headers) {
        return Err(bad("invalid mimetype"));
    }
    let (name, secret) = credentials(&bytes)?;
    let name = name.ok_or_else(|| bad("missing username"))?;
    let secret = secret.ok_or_else(|| bad("missing password"))?;
    match shared.authority.log_in(&name, secret).await? {
        Login::Granted(account) => {
            let token = shared.tokens.issue(&account, shared.authority.now());
            let token = token.map_err(|reason| Problem::unexpected(&reason))?;
            Ok(Json(json!({ "jwt": token })))
        }
        Login::UnknownUser => Err(Problem::service(StatusCode::UNAUTHORIZED, "AuthenticationError")),
        Login::WrongSecret => Err(Problem::service(StatusCode::FORBIDDEN, "AuthorizationError")),
    }
}

fn credentials(bytes: &[u8]) -> Result<(Option<String>, Option<Zeroizing<String>>), Problem> {
    #[derive(serde::Deserialize)]
    struct Credentials {
        username: Option<String>,
        passwd: Option<String>,
    }
    serde_json::from_slice::<Credentials>(bytes)
        .map(|given| (given.username, given.passwd.map(Zeroizing::new)))
        .map_err(|_| Problem::service(StatusCode::BAD_REQUEST, "malformed JSON"))
}
