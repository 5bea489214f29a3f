//! Grants that bring a token: a password, or a refresh token.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::tokens::{self, Realm, Session};
use crate::{
    authority::{Account, Login},
    serve::{problem::Problem, state::Shared},
};

/// The client for scripts; releases 1.0 have it, disabled.
const FOR_SCRIPTS: &str = "dev-test-cli";
/// The client of the web page: it may not ask for a password.
const FOR_BROWSERS: &str = "gui";

/// RFC 6749 §5.2, with the status and the words of Keycloak.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) error: &'static str,
    pub(super) why: Option<&'static str>,
    /// Seconds after which another try is worth its while.
    pub(super) retry_after: Option<i64>,
}

fn bad(error: &'static str, why: &'static str) -> Refused {
    Refused { status: StatusCode::BAD_REQUEST, error, why: Some(why), retry_after: None }
}

/// Answers one form.
pub(super) async fn answer(
    shared: &Shared,
    realm: &Realm,
    client_address: IpAddr,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Refused> {
    if !is_form(headers) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let error = "HTTP 415 Unsupported Media Type";
        return Err(Refused { status, error, why: None, retry_after: None });
    }
    let field = |wanted: &str| {
        let mut fields = form_urlencoded::parse(body);
        fields.find(|(name, _)| name == wanted).map(|(_, value)| Zeroizing::new(value.into_owned()))
    };
    let client = field("client_id").unwrap_or_default();
    if ![FOR_SCRIPTS, FOR_BROWSERS].contains(&client.as_str()) {
        return Err(bad("invalid_client", "Invalid client credentials"));
    }
    let kind =
        field("grant_type").ok_or_else(|| bad("invalid_request", "Missing form parameter: grant_type"))?;
    let now = shared.authority.now();
    let (account, session) = match kind.as_str() {
        "password" if client.as_str() == FOR_BROWSERS => {
            return Err(bad("unauthorized_client", "Client not allowed for direct access grants"));
        }
        "password" => {
            let user =
                field("username").ok_or_else(|| bad("invalid_request", "Missing parameter: username"))?;
            let account = log_in(shared, client_address, &user, field("password").unwrap_or_default()).await?;
            (account, Session::begin(now))
        }
        "refresh_token" => {
            let token = field("refresh_token").ok_or_else(|| bad("invalid_request", "No refresh token"))?;
            let invalid = || bad("invalid_grant", "Invalid refresh token");
            let (user, session) = realm.check_refresh(&token, &client).ok_or_else(invalid)?;
            if session.is_over(now) {
                return Err(bad("invalid_grant", "Token is not active"));
            }
            let account = shared.authority.account(&user).await.map_err(Problem::from)?;
            (account.ok_or_else(invalid)?, session)
        }
        _ => return Err(bad("unsupported_grant_type", "Unsupported grant_type")),
    };
    let grant = realm.issue(&account, &client, &session, now);
    let grant = grant.map_err(|reason| Problem::unexpected(&reason))?;
    Ok(json!({
        "access_token": grant.access,
        "expires_in": grant.access_life,
        "refresh_expires_in": grant.refresh_life,
        "refresh_token": grant.refresh,
        "token_type": "bearer",
        "not-before-policy": 0,
        "scope": "profile email",
    }))
}

async fn log_in(
    shared: &Shared,
    client: IpAddr,
    user: &str,
    secret: Zeroizing<String>,
) -> Result<Account, Refused> {
    let busy = |status, error, seconds| Refused { status, error, why: None, retry_after: Some(seconds) };
    if let Some(allowance) = shared.allowance(client, user).await.map_err(Problem::from)?
        && !allowance.allowed
    {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Err(busy(status, "too_many_requests", allowance.wait));
    }
    match shared.log_in(client, user, secret).await.map_err(Problem::from)? {
        Login::Granted(account) if account.tenant == tokens::NAME => Ok(account),
        Login::Busy => Err(busy(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", 1)),
        _ => Err(Refused {
            status: StatusCode::UNAUTHORIZED,
            ..bad("invalid_grant", "Invalid user credentials")
        }),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
