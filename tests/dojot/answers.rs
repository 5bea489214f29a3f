//! Every answer that is no success becomes one message: what was asked, of whom, what came back.

use certreq::platform::{ErrorKind, Platform};
use serde_json::json;

use super::{ROOT, ca_answer, client, granted, pair, platform, root, sign_request, text};
use crate::support::scripted::{Reply, Scripted};

#[tokio::test]
async fn the_status_decides_what_to_do_next() {
    let kinds = [
        (400, ErrorKind::Rejected),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (405, ErrorKind::Rejected),
        (409, ErrorKind::Rejected),
        (413, ErrorKind::Rejected),
        (429, ErrorKind::Busy),
        (500, ErrorKind::OutcomeUnknown),
        (502, ErrorKind::OutcomeUnknown),
        (503, ErrorKind::Busy),
        (504, ErrorKind::OutcomeUnknown),
    ];
    for (status, kind) in kinds {
        for key in ["error", "message"] {
            let (server, client) = pair(move |_| Reply::json(status, json!({ key: "Because of this." })));
            let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
            assert_eq!(error.kind, kind, "{status}");
            let sent = server.requests().pop().unwrap();
            let expected = format!(
                "could not get a certificate for a1998e: {} answered {status} {}: Because of this. (request id {})",
                server.url(),
                error.message.split(&format!(" {status} ")).nth(1).unwrap().split(':').next().unwrap(),
                sent.header("x-request-id").unwrap(),
            );
            assert_eq!(error.to_string(), expected);
            assert_eq!(server.count("POST /x509/v1/certificates"), 1, "never issued twice");
        }
    }
}

#[tokio::test]
async fn the_platforms_request_id_wins_over_ours() {
    let (_server, client) = pair(|_| Reply::status(400).header("X-Request-Id", "theirs-1"));
    assert_eq!(client.root().await.unwrap_err().request_id.as_deref(), Some("theirs-1"));
}

#[tokio::test]
async fn refusals_without_json_are_still_explained() {
    let cases = [
        (Reply::status(403), ErrorKind::Forbidden, "403 Forbidden, without a reason"),
        (Reply::status(400).body("plain words"), ErrorKind::Rejected, "400 Bad Request: plain words"),
        (Reply::json(400, json!(null)), ErrorKind::Rejected, "400 Bad Request: null"),
        (Reply::json(400, json!({ "msg": "Internal Error" })), ErrorKind::Rejected, "Internal Error"),
        (Reply::json(404, json!({ "error": "Not Found" })), ErrorKind::InvalidResponse, "dojot gateway"),
        (
            Reply::json(404, json!({ "message": "no Route matched with those values" })),
            ErrorKind::InvalidResponse,
            "no Route matched",
        ),
        (Reply::html(404, "<html><title>nginx</title>"), ErrorKind::InvalidResponse, "titled \"nginx\""),
        (Reply::status(407), ErrorKind::Rejected, "proxy"),
        (Reply::status(304), ErrorKind::InvalidResponse, "304"),
        (Reply::status(400).body("x".repeat(5000)), ErrorKind::Rejected, "xxx..."),
    ];
    for (reply, kind, words) in cases {
        let (_server, client) = pair(move |_| reply.clone());
        let error = client.root().await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(text(&error).contains(words), "{error} lacks {words}");
        assert!(error.message.len() < 600, "{}", error.message.len());
    }
}

#[tokio::test]
async fn both_shapes_of_a_schema_failure_name_the_property() {
    let errors = json!([{ "dataPath": ".csr", "message": "should match the pattern" }]);
    let shapes = [
        json!({ "schema$id": "u", "schemaErrors": errors }),
        json!({ "error": "Input data schema validation failure.", "detail": { "schemaErrors": errors } }),
    ];
    for shape in shapes {
        let (_server, client) = pair(move |_| Reply::json(400, shape.clone()));
        let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
        assert!(error.message.contains("(.csr should match the pattern)"), "{error}");
    }
}

#[tokio::test]
async fn a_strict_gateways_expired_token_is_renewed() {
    let server = Scripted::sequence([
        granted(),
        ca_answer(),
        Reply::json(401, json!({ "exp": "token expired" })),
        granted(),
        ca_answer(),
    ]);
    let client = client(&server);
    client.root().await.unwrap();
    client.root().await.unwrap();
    assert_eq!(server.count("POST /auth"), 2);
}

#[tokio::test]
async fn a_web_page_is_called_one() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to\n the hotel</title></head></html>";
    let (_server, client) = pair(move |_| Reply::html(200, page));
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert!(error.message.contains("the answer is a web page"), "{error}");
    assert!(error.message.contains("\"Sign in to the hotel\""), "{error}");
}

#[tokio::test]
async fn a_redirect_is_reported_and_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = platform(|_| ca_answer());
        let target = format!("{}/auth?secret=1", elsewhere.url());
        let server = Scripted::start(move |_| Reply::status(status).header("location", &target));
        let error = client(&server).root().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidResponse, "{status}");
        let words = format!("redirect to {}; use that address", elsewhere.url());
        assert!(error.message.contains(&words), "{error}");
        assert!(elsewhere.requests().is_empty(), "{status}: nothing was sent there");
    }
    let (_server, client) = pair(|_| Reply::status(302).header("location", "/login?next=x"));
    let error = client.root().await.unwrap_err();
    assert!(text(&error).contains("redirect to /login"), "{error}");
    assert!(text(&error).contains("is that a dojot platform?"), "{error}");
    for location in ["mailto:a@b", "http://", ""] {
        let (_server, client) = pair(move |_| Reply::status(301).header("location", location));
        assert_eq!(client.root().await.unwrap_err().kind, ErrorKind::InvalidResponse, "{location}");
    }
}

#[tokio::test]
async fn answers_that_no_platform_gives_are_refused() {
    let pem = ROOT.to_pem();
    let other = root("another").fingerprint();
    let bodies = [
        json!(null),
        json!({}),
        json!([]),
        json!({ "caPem": null }),
        json!({ "caPem": "null" }),
        json!({ "caPem": format!("{pem}{pem}") }),
        json!({ "caPem": pem, "certificateFingerprint": other }),
        json!({ "caPem": pem, "certificateFingerprint": "null" }),
    ];
    for body in bodies {
        let (server, client) = pair(move |_| Reply::json(200, body.clone()));
        let error = client.root().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidResponse, "{error}");
        assert!(error.message.contains(&server.url()), "{error}");
        assert_eq!(server.count("GET /x509/v1/ca"), 1, "the same question gets the same answer");
    }
    let bare = json!({ "caPem": pem });
    let (_server, client) = pair(move |_| Reply::json(200, bare.clone()).header("x-odd", "1"));
    assert_eq!(client.root().await.unwrap(), *ROOT, "the fingerprint may be missing");
    let text = json!({ "caPem": ROOT.to_pem() }).to_string();
    let (_server, client) = pair(move |_| Reply::html(200, &text));
    assert_eq!(client.root().await.unwrap(), *ROOT, "a wrong content type does not make it wrong");
}

#[tokio::test]
async fn a_revocation_list_must_look_like_one() {
    let good = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----";
    let (_server, client) = pair(move |_| Reply::json(200, json!({ "crl": good })));
    assert_eq!(client.crl().await.unwrap(), good);
    for body in [json!({ "crl": null }), json!({ "crl": "" }), json!({ "crl": ROOT.to_pem() }), json!(null)] {
        let (_server, client) = pair(move |_| Reply::json(200, body.clone()));
        assert_eq!(client.crl().await.unwrap_err().kind, ErrorKind::InvalidResponse);
    }
}
