//! Which login it is, and what a refusal means: one clear error, and the password in no place but the right one.

use certreq::platform::{
    ErrorKind, Platform,
    dojot::{Auth, Dojot},
};
use serde_json::json;

use super::{DISCOVERY, SECRET, TOKEN, client, discovery, form, grant, options, text};
use crate::dojot::ca_answer;
use crate::support::scripted::{Reply, Request, Scripted};

fn lines(server: &Scripted) -> Vec<String> {
    server.requests().iter().map(Request::line).collect()
}

/// A platform of the 1.0 line whose token endpoint gives this answer.
fn answering(reply: Reply) -> Scripted {
    Scripted::openid(move |request| match request.line().as_str() {
        DISCOVERY => discovery(),
        TOKEN => reply.clone(),
        _ => ca_answer(),
    })
}

#[tokio::test]
async fn the_1_0_line_is_recognised_and_gets_the_password_at_its_token_endpoint_only() {
    let server = answering(grant("first", 300));
    let client = client(&server);
    for _ in 0..2 {
        client.root().await.unwrap();
    }
    assert_eq!(lines(&server), [DISCOVERY, TOKEN, "GET /x509/v1/ca", "GET /x509/v1/ca"]);
    let requests = server.requests();
    assert!(requests[0].body.is_empty(), "the question carries no password");
    assert_eq!(requests[1].header("content-type"), Some("application/x-www-form-urlencoded"));
    let fields = [
        ("client_id", "dev-test-cli"),
        ("grant_type", "password"),
        ("username", "admin"),
        ("password", SECRET),
    ];
    assert_eq!(form(&requests[1]), fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(super::bearer(&requests[2], "first"));
    assert_eq!(client.tenant().as_deref(), Some("acme"), "the last segment of the issuer");
}

#[tokio::test]
async fn an_older_platform_is_recognised_too() {
    let page = "<html><title>dojot</title></html>";
    let unknown =
        [Reply::status(404), Reply::json(401, json!({ "message": "Unauthorized" })), Reply::html(200, page)];
    for answer in unknown {
        let server = Scripted::openid(move |request| match request.line().as_str() {
            DISCOVERY => answer.clone(),
            "POST /auth" => Reply::json(200, json!({ "jwt": "a.b.c" })),
            _ => ca_answer(),
        });
        client(&server).root().await.unwrap();
        assert_eq!(lines(&server), [DISCOVERY, "POST /auth", "GET /x509/v1/ca"]);
    }
}

#[tokio::test]
async fn a_question_that_is_not_answered_sends_the_password_nowhere() {
    let busy = Reply::json(429, json!({ "message": "API rate limit exceeded" })).header("retry-after", "3000");
    for (reply, kind) in [
        (Reply::json(503, json!({ "message": "no healthy upstream" })), ErrorKind::Busy),
        (busy, ErrorKind::Busy),
        (Reply::status(500), ErrorKind::OutcomeUnknown),
        (Reply::cut(), ErrorKind::OutcomeUnknown),
        (Reply::status(301).header("location", "https://iot.example/x"), ErrorKind::InvalidResponse),
    ] {
        let server = Scripted::openid(move |_| reply.clone());
        let error = client(&server).login().await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert_eq!(lines(&server), [DISCOVERY], "{error}");
    }
}

#[tokio::test]
async fn who_says_which_login_it_is_is_not_asked_for() {
    let server = Scripted::openid(|request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": "a.b.c" })),
        "POST /auth/realms/acme/protocol/openid-connect/token" => grant("first", 300),
        line => panic!("unexpected request: {line}"),
    });
    for auth in [Auth::Dojot, Auth::OpenId] {
        let mut options = options(&server.url());
        (options.auth, options.realm) = (auth, "acme".parse().unwrap());
        Dojot::new(options).unwrap().login().await.unwrap();
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_refused_login_says_why_and_what_to_do_and_is_not_repeated() {
    let refused = |status, error: &str, why: &str| {
        Reply::json(status, json!({ "error": error, "error_description": why }))
    };
    for (reply, words, hint) in [
        (
            refused(401, "invalid_grant", "Invalid user credentials"),
            "Invalid user credentials",
            "password is wrong",
        ),
        (refused(400, "invalid_grant", "Account is not fully set up"), "not fully set up", "browser"),
        (refused(400, "invalid_grant", "Account disabled"), "Account disabled", "administrator"),
        (
            refused(400, "unauthorized_client", "Client not allowed for direct access grants"),
            "not allowed for direct access grants",
            "--access-token-file",
        ),
        (refused(401, "invalid_client", "Invalid client credentials"), "Invalid client", "client dev-test-cli"),
        (Reply::json(404, json!({ "error": "Realm does not exist" })), "Realm does not exist", "--realm admin"),
        (Reply::status(405), "405", "/auth/realms/admin/protocol/openid-connect/token"),
    ] {
        let server = answering(reply);
        let client = client(&server);
        for _ in 0..3 {
            let error = client.root().await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unauthenticated, "{error}");
            assert!(text(&error).contains("could not log in as admin"), "{error}");
            assert!(text(&error).contains(words), "{}", text(&error));
            assert!(text(&error).contains(hint), "{}", text(&error));
            assert!(!format!("{error:?}").contains(SECRET));
        }
        assert_eq!(server.count(TOKEN), 1);
    }
}

#[tokio::test]
async fn a_realm_that_does_not_exist_is_told_and_the_password_is_not_tried_elsewhere() {
    let server = Scripted::openid(|_| Reply::json(404, json!({ "error": "Realm does not exist" })));
    let error = client(&server).login().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert_eq!(lines(&server), [DISCOVERY, TOKEN]);
}

#[tokio::test]
async fn what_is_no_answer_of_a_token_endpoint_is_said_to_be_none() {
    for (reply, words) in [
        (Reply::html(200, "<html><title>Portal</title></html>"), "Portal"),
        (Reply::html(502, "<html><title>Bad Gateway</title></html>"), "Bad Gateway"),
        (Reply::json(200, json!({ "access_token": null })), "without an access token"),
        (Reply::json(200, json!({ "token": "a.b.c" })), "without an access token"),
        (Reply::json(200, json!("a.b.c")), "a dojot platform does not send this"),
        (Reply::status(307).header("location", "https://evil.example/"), "evil.example"),
        (Reply::json(200, json!({ "access_token": "x" })).cut_after(5), "broke off"),
    ] {
        let server = answering(reply);
        let error = client(&server).login().await.unwrap_err();
        assert!(text(&error).contains(words), "{}", text(&error));
        assert!(!text(&error).contains("a.b.c"), "what may be a token is not repeated: {error}");
        assert_eq!(lines(&server), [DISCOVERY, TOKEN]);
    }
}

#[tokio::test]
async fn a_platform_that_refuses_the_tokens_of_its_own_login_ends_the_run_with_a_hint() {
    let server = Scripted::openid(|request| match request.line().as_str() {
        DISCOVERY => discovery(),
        TOKEN => grant("first", 300),
        _ => Reply::json(401, json!({ "message": "Token issuer not allowed" })),
    });
    let client = client(&server);
    for _ in 0..2 {
        let error = client.root().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        assert!(text(&error).contains("Token issuer not allowed"), "{error}");
        assert!(text(&error).contains("domain"), "{}", text(&error));
    }
    assert_eq!(server.count(TOKEN), 1);
}
