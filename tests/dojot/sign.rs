//! A certificate is asked for once; when it is unknown whether it was issued, the error says that.

use certreq::platform::{
    ErrorKind, Platform,
    dojot::{BaseUrl, Dojot},
};
use serde_json::{Value, json};

use super::{FINGERPRINT, client, granted, pair, sign_request, signed_answer, text};
use crate::support::{
    port::Port,
    scripted::{Reply, Request, Scripted},
};

#[tokio::test]
async fn one_request_names_the_owner_and_brings_the_certificate() {
    let (server, client) = pair(|_| signed_answer().header("x-request-id", "theirs"));
    let signed = client.sign(&sign_request("a1998e")).await.unwrap();
    assert_eq!(signed.certificate_pem, "pem");
    assert_eq!(signed.fingerprint, FINGERPRINT);
    assert_eq!(signed.request_id.as_deref(), Some("theirs"));
    let request = server.requests().pop().unwrap();
    assert_eq!(request.json(), json!({ "csr": "csr", "belongsTo": { "device": "a1998e" } }));
}

fn refused_owner(old: bool) -> Reply {
    let errors = json!([{ "keyword": "pattern", "dataPath": ".belongsTo.device", "message": "should match" }]);
    let body = if old {
        json!({ "schema$id": "http://x/schema.json", "schemaErrors": errors })
    } else {
        json!({ "error": "Input data schema validation failure.", "detail": { "schemaId": "x", "schemaErrors": errors } })
    };
    Reply::json(400, body)
}

fn owner(request: &Request) -> Option<Value> {
    request.json().get("belongsTo").cloned()
}

#[tokio::test]
async fn a_release_up_to_0_6_is_asked_without_an_owner_from_then_on() {
    let (server, client) = pair(|request| match request.line().as_str() {
        "POST /x509/v1/certificates" if owner(request).is_some() => refused_owner(true),
        "POST /x509/v1/certificates" => signed_answer(),
        _ => Reply::json(200, json!({ "id": "a1998e" })),
    });
    client.sign(&sign_request("a1998e")).await.unwrap();
    client.sign(&sign_request("a1998f")).await.unwrap();
    let requests = server.requests();
    let posts = requests.iter().filter(|request| request.line() == "POST /x509/v1/certificates");
    let owners: Vec<bool> = posts.map(|request| owner(request).is_some()).collect();
    assert_eq!(owners, [true, false, false]);
}

#[tokio::test]
async fn a_release_up_to_0_6_that_cannot_sign_is_not_asked_with_an_owner_again() {
    let (server, client) = pair(|request| match request.line().as_str() {
        "POST /x509/v1/certificates" if owner(request).is_some() => refused_owner(true),
        "POST /x509/v1/certificates" => Reply::json(500, json!({ "message": "EJBCA is away" })),
        _ => Reply::json(200, json!({ "id": "a1998e" })),
    });
    for _ in 0..3 {
        client.sign(&sign_request("a1998e")).await.unwrap_err();
    }
    assert_eq!(server.count("POST /x509/v1/certificates"), 4, "one with an owner, three without");
}

#[tokio::test]
async fn a_release_up_to_0_6_signs_only_for_devices_that_are_there() {
    let (server, client) = pair(|request| match request.line().as_str() {
        "POST /x509/v1/certificates" if owner(request).is_some() => refused_owner(true),
        "POST /x509/v1/certificates" => signed_answer(),
        _ => Reply::json(404, json!({ "message": "No such device: c0ffee", "status": 404 })),
    });
    let error = client.sign(&sign_request("c0ffee")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(text(&error).contains("has no such device"), "{error}");
    assert_eq!(server.count("POST /x509/v1/certificates"), 1);
}

#[tokio::test]
async fn a_later_release_says_which_ids_it_takes() {
    let (server, client) = pair(|_| refused_owner(false));
    let error = client.sign(&sign_request("ab")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(text(&error).contains("5 to 36 hex digits and dashes"), "{error}");
    assert_eq!(server.count("POST /x509/v1/certificates"), 1);
}

#[tokio::test]
async fn an_open_outcome_is_reported_and_not_repeated() {
    let good = json!({ "certificateFingerprint": FINGERPRINT, "certificatePem": "pem" });
    let replies = [
        Reply::status(500),
        Reply::status(502),
        Reply::status(504),
        Reply::cut(),
        Reply::json(201, good.clone()).cut_after(20),
        Reply::json(201, json!(null)),
        Reply::json(201, json!({ "certificatePem": null, "certificateFingerprint": FINGERPRINT })),
        Reply::status(201),
        Reply::status(201).body("{\"certificateFingerprint\":\"27"),
        Reply::html(200, "<html><title>Welcome</title>"),
        Reply::raw("HTTP/1.1 2"),
        Reply::raw("what?\r\n\r\n"),
    ];
    for reply in replies {
        let shown = format!("{reply:?}");
        let (server, client) = pair(move |_| reply.clone());
        let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown, "{shown}: {error}");
        assert!(error.request_id.is_some(), "{shown}");
        assert_eq!(server.count("POST /x509/v1/certificates"), 1, "{shown}");
    }
}

#[tokio::test]
async fn what_was_not_handled_is_busy_or_unreachable() {
    let (server, client) = pair(|_| Reply::status(503).header("retry-after", "7"));
    let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert_eq!(error.retry_after.unwrap().as_secs(), 7);
    let nobody = Port::reserve();
    let mut options = super::options(&server);
    options.base = BaseUrl::parse("http://127.0.0.1", Some(nobody.number)).unwrap();
    let error = Dojot::new(options).unwrap().sign(&sign_request("a1998e")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_refused_token_is_no_reason_to_fail() {
    let server =
        Scripted::sequence([granted(), signed_answer(), Reply::status(401), granted(), signed_answer()]);
    let client = client(&server);
    client.sign(&sign_request("a1998e")).await.unwrap();
    client.sign(&sign_request("a1998f")).await.unwrap();
}

#[tokio::test]
async fn an_unknown_device_is_refused_in_the_platforms_words() {
    let words = "Device identifier 'a1998e' was not found for tenant 'admin'.";
    let (_server, client) = pair(move |_| Reply::json(400, json!({ "error": words })));
    let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.message.contains(words), "{error}");
    assert!(error.hint.is_some_and(|hint| hint.contains("certreq devices")), "and says what to do");
}
