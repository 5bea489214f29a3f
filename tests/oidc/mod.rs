//! The login of the 1.0 release line, OpenID Connect: recognised, and used without the password where that is possible.
//! Against a scripted Keycloak, against `certreq serve --auth oidc`, and against a provider that others wrote.

#![expect(clippy::unwrap_used, reason = "what fails in a test fails the test")]

mod grants;
mod keycloak;
mod provider;
mod run;
mod served;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use certreq::platform::{
    PlatformError,
    dojot::{BaseUrl, Dojot, Options},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::scripted::{Reply, Request, Scripted};

const SECRET: &str = "correct horse & battery";
const DISCOVERY: &str = "GET /auth/realms/admin/.well-known/openid-configuration";
const TOKEN: &str = "POST /auth/realms/admin/protocol/openid-connect/token";

/// A token with these claims; its signature is invalid.
#[expect(clippy::needless_pass_by_value, reason = "reads like the token it makes")]
fn jwt(claims: Value) -> String {
    format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// The answer of a token endpoint; the tokens are called by this name.
fn grant(name: &str, expires_in: u64) -> Reply {
    Reply::json(
        200,
        json!({
            "access_token": jwt(json!({ "jti": name, "iss": "http://127.0.0.1/auth/realms/acme" })),
            "expires_in": expires_in,
            "refresh_token": format!("refresh-{name}"),
            "refresh_expires_in": 1800,
            "token_type": "bearer",
        }),
    )
}

fn bearer(request: &Request, name: &str) -> bool {
    let token = jwt(json!({ "jti": name, "iss": "http://127.0.0.1/auth/realms/acme" }));
    request.header("authorization") == Some(&format!("Bearer {token}"))
}

fn discovery() -> Reply {
    Reply::json(
        200,
        json!({ "issuer": "http://x/auth/realms/admin", "token_endpoint": "http://elsewhere/token" }),
    )
}

/// The fields of a form.
fn form(request: &Request) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

fn field(request: &Request, name: &str) -> Option<String> {
    form(request).into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
}

/// A user with a secret; pauses between tries too short to notice.
fn options(url: &str) -> Options {
    Options {
        secret: Some(Zeroizing::new(SECRET.to_owned())),
        retry_delay: std::time::Duration::from_millis(1),
        ..Options::new(BaseUrl::parse(url, None).unwrap(), "admin")
    }
}

fn client(server: &Scripted) -> Dojot {
    Dojot::new(options(&server.url())).unwrap()
}

/// The message and the hint, as a person would see them.
fn text(error: &PlatformError) -> String {
    format!("{error}\n{}", error.hint.as_deref().unwrap_or_default())
}
