//! `certreq serve --auth oidc` answers as the 1.0 line does.

use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{
    lab::{client, read},
    platform::{SECRET, Served},
    tools::mode,
};

const REALM: &str = "/auth/realms/admin";

async fn ask(http: &Client, served: &Served, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = http.post(format!("{}{REALM}/protocol/openid-connect/token", served.url));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.finish());
    read(request.send().await.unwrap()).await
}

async fn log_in(http: &Client, served: &Served) -> Value {
    let fields = [
        ("client_id", "dev-test-cli"),
        ("grant_type", "password"),
        ("username", "Admin"),
        ("password", SECRET),
    ];
    let (status, body) = ask(http, served, &fields).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn root(http: &Client, served: &Served, token: &str) -> (u16, Value) {
    read(http.get(format!("{}/x509/v1/ca", served.url)).bearer_auth(token).send().await.unwrap()).await
}

async fn get(http: &Client, url: &str) -> (u16, Value) {
    read(http.get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn the_token_is_checked_by_anybody_with_the_key_of_the_discovery_document() {
    let (served, http) = (Served::start(&["--auth", "oidc"]), client());
    let (_, document) = get(&http, &format!("{}{REALM}/.well-known/openid-configuration", served.url)).await;
    assert_eq!(document["issuer"], format!("{}{REALM}", served.url));
    let (_, keys) = get(&http, document["jwks_uri"].as_str().unwrap()).await;
    let keys: JwkSet = serde_json::from_value(keys).unwrap();
    let grant = log_in(&http, &served).await;
    assert_eq!((&grant["expires_in"], &grant["refresh_expires_in"]), (&json!(300), &json!(1800)));
    let token = grant["access_token"].as_str().unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&["account"]);
    rules.set_issuer(&[document["issuer"].as_str().unwrap()]);
    let claims = jsonwebtoken::decode::<Value>(token, &key, &rules).unwrap().claims;
    assert_eq!(claims["preferred_username"], "admin");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert_eq!(root(&http, &served, token).await.0, 200);
    let (status, body) =
        get(&http, &format!("{}/auth/realms/other/protocol/openid-connect/certs", served.url)).await;
    assert_eq!((status, body), (404, json!({ "error": "Realm does not exist" })));
}

#[tokio::test]
async fn there_is_no_post_auth_and_what_is_wrong_is_said_in_keycloaks_words() {
    let (served, http) = (Served::start(&["--auth", "oidc"]), client());
    let body = json!({ "username": "admin", "passwd": SECRET });
    assert_eq!(http.post(format!("{}/auth", served.url)).json(&body).send().await.unwrap().status(), 404);
    let user = ("username", "admin");
    for (fields, status, error) in [
        (
            vec![("client_id", "dev-test-cli"), ("grant_type", "password"), user, ("password", "x")],
            401,
            "invalid_grant",
        ),
        (
            vec![
                ("client_id", "dev-test-cli"),
                ("grant_type", "password"),
                ("username", "nobody"),
                ("password", "x"),
            ],
            401,
            "invalid_grant",
        ),
        (
            vec![("client_id", "gui"), ("grant_type", "password"), user, ("password", SECRET)],
            400,
            "unauthorized_client",
        ),
        (
            vec![("client_id", "other"), ("grant_type", "password"), user, ("password", SECRET)],
            400,
            "invalid_client",
        ),
        (vec![("client_id", "dev-test-cli"), ("grant_type", "password")], 400, "invalid_request"),
        (vec![("client_id", "dev-test-cli"), ("grant_type", "magic")], 400, "unsupported_grant_type"),
        (
            vec![("client_id", "dev-test-cli"), ("grant_type", "refresh_token"), ("refresh_token", "x")],
            400,
            "invalid_grant",
        ),
    ] {
        let (found, body) = ask(&http, &served, &fields).await;
        assert_eq!((found, body["error"].as_str()), (status, Some(error)), "{fields:?}: {body}");
    }
}

#[tokio::test]
async fn tokens_outlive_a_restart_and_nobody_elses_are_taken() {
    let args = ["--auth", "oidc", "--public-url", "http://platform.example/"];
    let (served, http) = (Served::start(&args), client());
    let grant = log_in(&http, &served).await;
    let token = grant["access_token"].as_str().unwrap();
    assert_eq!(mode(&served.authority().join("openid.key")), 0o600);
    let served = Served::start_in(served.kill(), &args);
    assert_eq!(root(&http, &served, token).await.0, 200);

    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims;
    assert_eq!(claims["iss"], format!("http://platform.example{REALM}"));
    let mine = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let mine = mine.serialize_der();
    let mine = EncodingKey::from_rsa_der(
        pkcs8::PrivateKeyInfoRef::try_from(mine.as_slice()).unwrap().private_key.as_bytes(),
    );
    let secret = EncodingKey::from_secret(b"guessed");
    let forged = |algorithm, key| jsonwebtoken::encode(&Header::new(algorithm), &claims, key).unwrap();
    let refresh = grant["refresh_token"].as_str().unwrap().to_owned();
    for (token, said) in [
        (forged(Algorithm::RS256, &mine), "Invalid token signature"),
        (forged(Algorithm::HS256, &secret), "Invalid algorithm"),
        (refresh, "Invalid algorithm"),
        ("nonsense".to_owned(), "Bad token; invalid JSON"),
    ] {
        let (status, body) = root(&http, &served, &token).await;
        assert_eq!((status, body["message"].as_str()), (401, Some(said)));
    }
    let args = ["--auth", "oidc", "--public-url", "http://elsewhere.example"];
    let served = Served::start_in(served.kill(), &args);
    assert_eq!(root(&http, &served, token).await.1["message"], "Token issuer not allowed");
}

#[tokio::test]
async fn a_token_ends_and_the_refresh_token_buys_the_next() {
    let (served, http) = (Served::start(&["--auth", "oidc", "--token-lifetime", "1s"]), client());
    let grant = log_in(&http, &served).await;
    let token = grant["access_token"].as_str().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let said = loop {
        match root(&http, &served, token).await {
            (200, _) => assert!(Instant::now() < deadline, "the token never ends"),
            other => break other,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(said, (401, json!({ "message": "Token claims invalid: [\"exp\"]=\"token expired\"" })));
    let refresh = grant["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let (status, next) = ask(&http, &served, &[&fields[..], &[("client_id", "dev-test-cli")]].concat()).await;
    assert_eq!(status, 200, "{next}");
    assert_ne!(next["access_token"], grant["access_token"]);
    let (status, _) = ask(&http, &served, &[&fields[..], &[("client_id", "gui")]].concat()).await;
    assert_eq!(status, 400, "it belongs to the client that logged in");
}
