//! `POST /auth`: a user name and a secret for a token.

use std::net::{IpAddr, SocketAddr};

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
    limiter::Allowance,
    problem::Problem,
    state::Shared,
};
use crate::authority::Login;

/// Answers `{"jwt"}`; 401 for an unknown user, 403 for a wrong secret, 429 when tried too often, 503 when too many log
/// in at once.
pub(super) async fn log_in(
    State(shared): State<Shared>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Raw, BodyError>,
) -> Response {
    let given = read(&headers, body);
    let account = given.as_ref().map_or("", |(name, _)| name.as_str());
    let allowance = match shared.allowance(client.ip(), account).await {
        Ok(allowance) => allowance,
        Err(error) => return Problem::from(error).into_response(),
    };
    let answered = match given {
        _ if allowance.is_some_and(|allowance| !allowance.allowed) => {
            let body = json!({ "message": "API rate limit exceeded" });
            Err(Problem::Gateway { status: StatusCode::TOO_MANY_REQUESTS, body })
        }
        Err(problem) => Err(problem),
        Ok((name, secret)) => answer(&shared, client.ip(), &name, secret).await,
    };
    (allowance.map(Allowance::headers).unwrap_or_default(), answered).into_response()
}

fn read(headers: &HeaderMap, body: Result<Raw, BodyError>) -> Result<(String, Zeroizing<String>), Problem> {
    let bad = |message: &str| Problem::service(StatusCode::BAD_REQUEST, message);
    let Raw(bytes) = body.map_err(|error| Problem::service(error.status(), "unreadable request"))?;
    if !is_json(headers) {
        return Err(bad("invalid mimetype"));
    }
    let (name, secret) = credentials(&bytes)?;
    let name = name.ok_or_else(|| bad("missing username"))?;
    Ok((name, secret.ok_or_else(|| bad("missing password"))?))
}

async fn answer(
    shared: &Shared,
    client: IpAddr,
    name: &str,
    secret: Zeroizing<String>,
) -> Result<Json<Value>, Problem> {
    match shared.log_in(client, name, secret).await? {
        Login::Granted(account) => {
            let token = shared.tokens.issue(&account, shared.authority.now());
            let token = token.map_err(|reason| Problem::unexpected(&reason))?;
            Ok(Json(json!({ "jwt": token })))
        }
        Login::UnknownUser => Err(Problem::service(StatusCode::UNAUTHORIZED, "AuthenticationError")),
        Login::WrongSecret => Err(Problem::service(StatusCode::FORBIDDEN, "AuthorizationError")),
        Login::Busy => Err(Problem::Busy),
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
