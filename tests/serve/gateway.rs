//! Checks in front of every route: login, tokens, ids, limits.

use std::time::Duration;

use certreq::authority::repository::Group;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::lab::{Lab, SECRET, csr, read};

#[tokio::test]
async fn a_login_gives_a_token_with_the_platforms_claims() {
    let lab = Lab::start().await;
    let (status, body) = lab.auth(json!({ "username": "ADMIN", "passwd": SECRET })).await;
    assert_eq!(status, 200);
    let token = body["jwt"].as_str().unwrap();
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap();
    assert_eq!(claims.header.alg, Algorithm::HS256);
    let claims = claims.claims;
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 420);
    assert_eq!(claims["iat"], lab.clock.now().unix());
    for (claim, value) in [
        ("service", json!("admin")),
        ("username", json!("admin")),
        ("profile", json!("admin")),
        ("groups", json!([1])),
        ("userid", json!(1)),
    ] {
        assert_eq!(claims[claim], value, "{claim}");
    }
    assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
    assert!(!claims["iss"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_login_that_fails_says_why_as_the_platform_does() {
    let lab = Lab::start().await;
    let wrong = json!({ "username": "admin", "passwd": "admin" });
    assert_eq!(lab.auth(wrong).await, (403, json!({ "message": "AuthorizationError", "status": 403 })));
    let unknown = json!({ "username": "root", "passwd": SECRET });
    assert_eq!(lab.auth(unknown).await, (401, json!({ "message": "AuthenticationError", "status": 401 })));
    let bad = |message: &str| (400, json!({ "message": message, "status": 400 }));
    assert_eq!(lab.auth(json!({ "passwd": "x" })).await, bad("missing username"));
    assert_eq!(lab.auth(json!({ "username": "x" })).await, bad("missing password"));
    let form = lab.client.post(format!("{}/auth", lab.url)).body("username=admin").send().await.unwrap();
    assert_eq!(read(form).await, bad("invalid mimetype"));
}

#[tokio::test]
async fn the_sixth_login_of_a_minute_waits() {
    let lab = Lab::with(|_, _| ()).await;
    // The lab itself logged in once; bring the clock to the start of a minute.
    lab.clock.advance(60 - lab.clock.now().unix().rem_euclid(60));
    for _ in 0..5 {
        assert_eq!(lab.auth(json!({ "username": "admin", "passwd": SECRET })).await.0, 200);
    }
    lab.clock.advance(23);
    let body = json!({ "username": "admin", "passwd": SECRET });
    let answer = lab.client.post(format!("{}/auth", lab.url)).json(&body).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "37");
    assert_eq!(answer.headers()["x-ratelimit-remaining-minute"], "0");
    assert_eq!(answer.headers()["ratelimit-limit"], "5");
    assert_eq!(read(answer).await, (429, json!({ "message": "API rate limit exceeded" })));
    lab.clock.advance(37);
    assert_eq!(lab.auth(body).await.0, 200);
}

#[tokio::test]
async fn nothing_behind_the_gateway_answers_without_a_genuine_token() {
    let lab = Lab::start().await;
    let unauthorized = (401, json!({ "message": "Unauthorized" }));
    for path in [
        "/device",
        "/device/x",
        "/x509/v1/ca",
        "/x509/v1/ca/crl",
        "/x509/v1/certificates",
        "/x509/v1/trusted-cas",
        "/x509/v1/nothing",
        "/device/x/y",
    ] {
        let answer = lab.client.get(format!("{}{path}", lab.url)).send().await.unwrap();
        assert_eq!(read(answer).await, unauthorized, "{path}");
    }
    let with = async |token: &str| {
        read(lab.client.get(format!("{}/x509/v1/ca", lab.url)).bearer_auth(token).send().await.unwrap()).await
    };
    assert_eq!(with(&lab.token).await.0, 200);
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&lab.token).unwrap().claims;
    let forge = |algorithm, key: &[u8]| {
        jsonwebtoken::encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(key)).unwrap()
    };
    let message = |text: &str| (401, json!({ "message": text }));
    assert_eq!(with(&forge(Algorithm::HS256, b"guess")).await, message("Invalid signature"));
    assert_eq!(
        with(&forge(Algorithm::HS512, lab.authority.token_key())).await,
        message("Invalid algorithm"),
        "not even with the right key"
    );
    // {"alg":"none","typ":"JWT"}, the real claims, no signature.
    let payload = lab.token.split('.').nth(1).unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
    assert_eq!(with(&none).await.0, 401);
    assert_eq!(with("null").await.0, 401);
    let mut other = claims.clone();
    other["iss"] = json!("somebody");
    let key = EncodingKey::from_secret(lab.authority.token_key());
    let other = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &other, &key).unwrap();
    assert_eq!(with(&other).await, message("No credentials found for given 'iss'"));
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    let lab = Lab::start().await;
    lab.clock.advance(419);
    assert_eq!(lab.get("/x509/v1/ca").await.0, 200);
    lab.clock.advance(1);
    assert_eq!(lab.get("/x509/v1/ca").await, (401, json!({ "exp": "token expired" })));
    let short = Lab::with(|_, settings| settings.token_lifetime = Duration::from_secs(5)).await;
    short.clock.advance(5);
    assert_eq!(short.get("/device").await.0, 401);
}

#[tokio::test]
async fn users_see_their_own_tenant_and_only_admins_touch_trusted_cas() {
    let mut lab = Lab::start().await;
    let (fingerprint, _) = lab.issue(&csr("a"), None).await;
    let secret = Zeroizing::new("s".to_owned());
    assert!(lab.authority.add_user("Bob", "other", Group::User, secret.clone()).await.unwrap());
    assert!(!lab.authority.add_user("bob", "third", Group::User, secret).await.unwrap(), "taken");
    let (_, body) = lab.auth(json!({ "username": "bob", "passwd": "s" })).await;
    body["jwt"].as_str().unwrap().clone_into(&mut lab.token);
    assert_eq!(lab.get("/x509/v1/certificates").await.1["paging"]["totalItems"], 0);
    assert_eq!(lab.get(&format!("/x509/v1/certificates/{fingerprint}")).await.0, 404);
    assert_eq!(lab.delete(&format!("/x509/v1/certificates/{fingerprint}")).await.0, 404);
    assert_eq!(lab.get("/x509/v1/trusted-cas").await, (403, Value::Null));
    lab.log_in().await;
    assert_eq!(lab.get(&format!("/x509/v1/certificates/{fingerprint}")).await.0, 200);
}

#[tokio::test]
async fn a_request_id_is_kept_or_made_and_returned() {
    let lab = Lab::start().await;
    let id = async |given: Option<&str>| {
        let request = lab.request(Method::GET, "/x509/v1/ca");
        let request = given.into_iter().fold(request, |request, id| request.header("X-Request-Id", id));
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id(Some("run-7/a1998e")).await, "run-7/a1998e");
    let made = id(None).await;
    assert!(made.len() == 32 && made != id(None).await);
    assert_ne!(id(Some("with space")).await, "with space");
}

#[tokio::test]
async fn lists_are_compressed_for_those_who_ask() {
    let lab = Lab::start().await;
    for _ in 0..5 {
        lab.issue(&csr("a"), None).await;
    }
    let raw = reqwest::Client::builder().no_proxy().no_gzip().tls_certs_only([]).build().unwrap();
    let plain = raw.get(format!("{}/x509/v1/certificates", lab.url)).bearer_auth(&lab.token);
    let asked = plain.try_clone().unwrap().header("Accept-Encoding", "gzip").send().await.unwrap();
    assert_eq!(asked.headers()["content-encoding"], "gzip");
    let not = plain.header("Accept-Encoding", "identity").send().await.unwrap();
    assert!(not.headers().get("content-encoding").is_none());
    assert_eq!(lab.get("/x509/v1/certificates").await.1["paging"]["totalItems"], 5);
}

#[tokio::test]
async fn what_nobody_serves_is_not_found_in_the_words_of_who_would_have() {
    let lab = Lab::start().await;
    assert_eq!(lab.get("/x509/v1/nothing").await, (404, json!({ "error": "Not Found" })));
    assert_eq!(lab.delete("/x509/v1/ca").await, (404, json!({ "error": "Not Found" })));
    assert_eq!(lab.get("/device/a/b").await.0, 404);
    assert_eq!(lab.get("/").await, (404, json!({ "message": "no Route matched with those values" })));
    let (status, health) = lab.bytes("/health").await;
    assert_eq!((status.as_u16(), health.as_slice()), (200, br#"{"status":"pass"}"#.as_slice()));
}
