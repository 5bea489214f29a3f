//! Logging in: rarely, once at a time, and never in a circle.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use certreq::platform::{
    ErrorKind, Platform,
    dojot::{Dojot, Token},
};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Barrier;

use super::{SECRET, ca_answer, client, granted, jwt, now, options, pair, sign_request, signed_answer, text};
use crate::support::scripted::{Reply, Scripted};

fn bearer(name: &str) -> String {
    format!("Bearer {}", jwt(json!({ "jti": name })))
}

fn grant(name: &str) -> Reply {
    Reply::json(200, json!({ "jwt": jwt(json!({ "jti": name })) }))
}

fn unauthorized() -> Reply {
    Reply::json(401, json!({ "message": "Unauthorized" }))
}

#[tokio::test]
async fn one_login_serves_the_whole_run() {
    let (server, client) = pair(|_| ca_answer());
    assert_eq!(client.tenant(), None);
    for _ in 0..3 {
        client.root().await.unwrap();
    }
    assert_eq!(client.tenant().as_deref(), Some("acme"));
    assert_eq!(server.count("POST /auth"), 1);
    let requests = server.requests();
    assert_eq!(requests[0].json(), json!({ "username": "admin", "passwd": SECRET }));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].header("authorization"), None);
    let ids: HashSet<_> = requests.iter().map(|request| request.header("x-request-id").unwrap()).collect();
    assert_eq!(ids.len(), requests.len(), "every request has an id of its own");
    for request in &requests {
        let agent = request.header("user-agent").unwrap();
        assert!(agent.starts_with("certreq/"), "{agent}");
        assert_eq!(request.connection, 0, "the connection is kept");
    }
    let expected = format!("Bearer {}", jwt(json!({ "username": "admin", "service": "acme" })));
    assert_eq!(requests[1].header("authorization"), Some(expected.as_str()));
}

#[tokio::test]
async fn a_refused_user_or_password_is_not_tried_again() {
    for (status, words, hint) in
        [(403, "AuthorizationError", "password is wrong"), (401, "AuthenticationError", "user is unknown")]
    {
        let server =
            Scripted::start(move |_| Reply::json(status, json!({ "message": words, "status": status })));
        let client = client(&server);
        for _ in 0..3 {
            let error = client.root().await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unauthenticated);
            assert!(text(&error).contains("could not log in as admin"), "{error}");
            assert!(text(&error).contains(words), "{error}");
            assert!(text(&error).contains(hint), "{error}");
            assert!(!format!("{error:?}").contains(SECRET));
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_login_without_a_token_is_no_login() {
    for body in [
        json!({ "jwt": null }),
        json!({ "jwt": "" }),
        json!({ "jwt": "null" }),
        json!({}),
        json!(null),
        json!("a.b.c"),
    ] {
        let server = Scripted::sequence([Reply::json(200, body.clone())]);
        let error = client(&server).root().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidResponse, "{body}: {error}");
        assert!(!error.to_string().contains("a.b.c"), "what may be a token is not repeated: {error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn waits_when_the_gateway_says_how_long() {
    let limited = |wait: &str| {
        Reply::json(429, json!({ "message": "API rate limit exceeded" })).header("retry-after", wait)
    };
    let server = Scripted::sequence([limited("0"), granted(), ca_answer()]);
    client(&server).root().await.unwrap();

    let server = Scripted::sequence([limited("2400")]);
    let error = client(&server).root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert!(error.message.contains("API rate limit exceeded"), "{error}");
    assert!(error.message.contains("40 min"), "{error}");
    assert_eq!(error.retry_after.unwrap().as_secs(), 2400);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn never_makes_as_many_logins_as_the_gateway_refuses() {
    let (server, client) = pair(|_| ca_answer());
    for _ in 0..4 {
        client.login().await.unwrap();
    }
    let error = client.login().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert!(error.retry_after.unwrap().as_secs() <= 60);
    assert!(error.message.contains("4 logins within 1 min"), "{error}");
    assert_eq!(server.count("POST /auth"), 4);
    client.root().await.expect("the token it has still serves");
}

/// The token `old` is refused once 64 requests with it are under way.
fn rotating(next_is_good: bool) -> Scripted {
    let barrier = Arc::new(Barrier::new(64));
    let old = bearer("old");
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => grant("new"),
        _ if request.header("authorization") == Some(&old) => unauthorized().together(&barrier),
        _ if next_is_good => signed_answer(),
        _ => unauthorized(),
    })
}

fn with_old_token(server: &Scripted) -> Dojot {
    let mut options = options(server);
    options.token = Token::new(&jwt(json!({ "jti": "old" })));
    Dojot::new(options).unwrap()
}

#[tokio::test]
async fn sixty_four_refused_requests_make_one_login() {
    let server = rotating(true);
    let client = with_old_token(&server);
    let request = sign_request("a1998e");
    for outcome in join_all((0..64).map(|_| client.sign(&request))).await {
        outcome.unwrap();
    }
    assert_eq!(server.count("POST /auth"), 1);
    assert_eq!(server.count("POST /x509/v1/certificates"), 128);
}

#[tokio::test]
async fn a_token_refused_as_soon_as_it_came_ends_the_run() {
    let server = rotating(false);
    let client = with_old_token(&server);
    let request = sign_request("a1998e");
    for outcome in join_all((0..64).map(|_| client.sign(&request))).await {
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::Unauthenticated);
    }
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(text(&error).contains("Unauthorized"), "{error}");
    assert_eq!(server.count("POST /auth"), 1, "no second login");
}

#[tokio::test]
async fn those_who_waited_for_a_failed_login_do_not_repeat_it() {
    let server = Scripted::start(|_| Reply::json(500, json!({ "message": "Problem connecting to database" })));
    let client = client(&server);
    let request = sign_request("a1998e");
    for outcome in join_all((0..8).map(|_| client.sign(&request))).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert!(error.message.contains("Problem connecting to database"), "{error}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn without_a_secret_it_says_how_to_give_one() {
    let (server, _) = pair(|_| ca_answer());
    let mut bare = options(&server);
    bare.secret = None;
    let error = Dojot::new(bare).unwrap().root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(text(&error).contains("--secret-file"), "{error}");
    assert!(server.requests().is_empty());

    let server = Scripted::sequence([ca_answer(), unauthorized()]);
    let mut bare = options(&server);
    bare.secret = None;
    bare.token = Token::new("opaque");
    let client = Dojot::new(bare).unwrap();
    client.root().await.expect("a token is enough as long as it is taken");
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(text(&error).contains("does not take the token"), "{error}");
    assert!(text(&error).contains("CERTREQ_SECRET"), "{error}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires_and_handed_to_be_kept() {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (server, _) = pair(|_| ca_answer());
    let mut options = options(&server);
    options.token = Token::new(&jwt(json!({ "exp": now() + 20 })));
    let store = Arc::clone(&kept);
    options.on_token =
        Some(Box::new(move |token: &Token| store.lock().unwrap().push(token.expose().to_owned())));
    let client = Dojot::new(options).unwrap();
    client.root().await.unwrap();
    client.root().await.unwrap();
    assert_eq!(server.requests()[0].line(), "POST /auth");
    assert_eq!(server.count("POST /auth"), 1);
    assert_eq!(*kept.lock().unwrap(), [jwt(json!({ "username": "admin", "service": "acme" }))]);
}

#[tokio::test]
async fn a_token_near_its_end_is_used_when_no_other_can_be_had() {
    let server = Scripted::start(|request| match request.line().as_str() {
        "POST /auth" => Reply::json(429, json!({ "message": "API rate limit exceeded" })),
        _ => ca_answer(),
    });
    let mut options = options(&server);
    options.token = Token::new(&jwt(json!({ "exp": now() - 5 })));
    let client = Dojot::new(options).unwrap();
    client.root().await.unwrap();
    client.root().await.unwrap();
    assert_eq!(server.count("POST /auth"), 1, "asked once, not before every request");
}

#[tokio::test]
async fn a_wrong_clock_does_not_make_every_request_log_in() {
    let issued = now() - 86_400;
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": jwt(json!({ "iat": issued, "exp": issued + 420 })) })),
        _ => ca_answer(),
    });
    let client = client(&server);
    for _ in 0..3 {
        client.root().await.unwrap();
    }
    assert_eq!(server.count("POST /auth"), 1);
}

#[tokio::test]
async fn nothing_printable_holds_a_secret() {
    let (server, _) = pair(|_| ca_answer());
    let mut options = options(&server);
    options.token = Token::new("very.private.token");
    let shown = format!("{options:?} {:?}", options.token);
    let client = Dojot::new(options).unwrap();
    let shown = format!("{shown} {client:?}");
    assert!(!shown.contains(SECRET) && !shown.contains("private"), "{shown}");
}
