//! The next token: bought with the refresh token, by one for all, before the old one ends or when it is refused.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use certreq::platform::{
    ErrorKind, Platform,
    dojot::{Auth, Dojot, Token},
};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Barrier;

use super::{TOKEN, bearer, field, grant, options, text};
use crate::dojot::ca_answer;
use crate::support::scripted::{Reply, Request, Scripted};

fn openid(server: &Scripted) -> Dojot {
    Dojot::new(certreq::platform::dojot::Options { auth: Auth::OpenId, ..options(&server.url()) }).unwrap()
}

fn unauthorized() -> Reply {
    Reply::json(401, json!({ "message": "Token claims invalid: [\"exp\"]=\"token expired\"" }))
}

/// Grants that were handed in at the token endpoint, in order.
fn grants(server: &Scripted) -> Vec<String> {
    let requests = server.requests();
    let bought = requests.iter().filter(|request| request.line() == TOKEN);
    bought.map(|request| field(request, "refresh_token").unwrap_or("a password".to_owned())).collect()
}

/// Names the tokens 1, 2, 3...
fn numbered(life: u64) -> impl Fn(&Request) -> Option<Reply> {
    let count = AtomicUsize::new(0);
    move |request| {
        let name = || (count.fetch_add(1, Ordering::SeqCst) + 1).to_string();
        (request.line() == TOKEN).then(|| grant(&name(), life))
    }
}

#[tokio::test]
async fn a_token_about_to_end_is_followed_by_one_for_the_latest_refresh_token() {
    let tokens = numbered(0);
    let server = Scripted::start(move |request| tokens(request).unwrap_or_else(ca_answer));
    let kept = Arc::new(Mutex::new(Vec::new()));
    let mut options = options(&server.url());
    options.auth = Auth::OpenId;
    let store = Arc::clone(&kept);
    options.on_token =
        Some(Box::new(move |token: &Token| store.lock().unwrap().push(token.expose().to_owned())));
    let client = Dojot::new(options).unwrap();
    for _ in 0..3 {
        client.root().await.unwrap();
    }
    assert_eq!(grants(&server), ["a password", "refresh-1", "refresh-2"]);
    let kept = kept.lock().unwrap();
    assert_eq!(kept.len(), 3);
    assert!(!kept.iter().any(|token| token.contains("refresh")), "no refresh token is handed out to be kept");
}

#[tokio::test]
async fn sixty_four_refused_requests_make_one_refresh() {
    let (tokens, barrier) = (numbered(300), Arc::new(Barrier::new(64)));
    let first = AtomicUsize::new(0);
    let server = Scripted::start(move |request| match tokens(request) {
        Some(reply) => reply,
        None if bearer(request, "1") && first.fetch_add(1, Ordering::SeqCst) > 0 => {
            unauthorized().together(&barrier)
        }
        None => ca_answer(),
    });
    let client = openid(&server);
    client.root().await.unwrap();
    for outcome in join_all((0..64).map(|_| client.root())).await {
        outcome.unwrap();
    }
    assert_eq!(grants(&server), ["a password", "refresh-1"]);
    assert_eq!(server.count("GET /x509/v1/ca"), 1 + 2 * 64);
}

#[tokio::test]
async fn a_session_that_is_over_is_followed_by_a_login() {
    let tokens = numbered(0);
    let server = Scripted::start(move |request| match field(request, "refresh_token") {
        Some(_) => {
            Reply::json(400, json!({ "error": "invalid_grant", "error_description": "Session not active" }))
        }
        None => tokens(request).unwrap_or_else(ca_answer),
    });
    let client = openid(&server);
    client.root().await.unwrap();
    client.root().await.unwrap();
    assert_eq!(grants(&server), ["a password", "refresh-1", "a password"]);
}

#[tokio::test]
async fn a_token_near_its_end_is_used_when_the_token_endpoint_is_in_trouble() {
    let tokens = numbered(0);
    let server = Scripted::start(move |request| match field(request, "refresh_token") {
        Some(_) => Reply::status(503),
        None => tokens(request).unwrap_or_else(ca_answer),
    });
    let client = openid(&server);
    for _ in 0..3 {
        client.root().await.unwrap();
    }
    assert_eq!(grants(&server), ["a password", "refresh-1"], "asked once, not before every request");
}

#[tokio::test]
async fn an_access_token_that_was_given_is_all_there_is() {
    let answers = AtomicUsize::new(0);
    let server = Scripted::openid(move |request| {
        assert_eq!(request.header("authorization"), Some("Bearer opaque"));
        if answers.fetch_add(1, Ordering::SeqCst) == 0 { ca_answer() } else { unauthorized() }
    });
    let mut options = options(&server.url());
    options.token = Token::new("opaque");
    options.only_token = true;
    let shown = format!("{options:?}");
    let client = Dojot::new(options).unwrap();
    assert!(!format!("{shown}{client:?}").contains("opaque"));
    client.root().await.unwrap();
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(text(&error).contains("token expired"), "{error}");
    assert!(text(&error).contains("the access token is not accepted"), "{}", text(&error));
    assert_eq!(server.requests().len(), 2, "nobody logs in");
}
