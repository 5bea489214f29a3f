//! Changing the owner of a certificate, and revoking it.

use certreq::{
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, Registry},
};
use serde_json::json;

use super::{FINGERPRINT, pair, text};
use crate::support::scripted::Reply;

fn certificate() -> Fingerprint {
    FINGERPRINT.parse().unwrap()
}

#[tokio::test]
async fn an_owner_is_set_and_taken_away() {
    let (server, client) = pair(|_| Reply::status(204));
    client.set_owner(&certificate(), &"a1998e".parse().unwrap()).await.unwrap();
    client.remove_owner(&certificate()).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[1].line(), format!("PATCH /x509/v1/certificates/{FINGERPRINT}"));
    assert_eq!(requests[1].json(), json!({ "belongsTo": { "device": "a1998e" } }));
    assert_eq!(requests[2].line(), format!("DELETE /x509/v1/certificates/{FINGERPRINT}/belongsto"));
}

#[tokio::test]
async fn a_refused_owner_is_explained_for_each_release() {
    let errors = json!([{ "dataPath": ".belongsTo.device", "message": "should match" }]);
    let old = json!({ "schema$id": "x", "schemaErrors": errors });
    let new = json!({ "error": "Input data schema validation failure.", "detail": { "schemaErrors": errors } });
    for (body, words) in [(old, "releases up to 0.6"), (new, "5 to 36 hex digits")] {
        let (_server, client) = pair(move |_| Reply::json(400, body.clone()));
        let error = client.set_owner(&certificate(), &"ab".parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
        assert!(text(&error).contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_is_revoked_by_its_fingerprint() {
    let (server, client) = pair(|_| Reply::status(204));
    client.delete(&certificate()).await.unwrap();
    assert_eq!(server.count(&format!("DELETE /x509/v1/certificates/{FINGERPRINT}")), 1);
}

#[tokio::test]
async fn only_the_platforms_own_words_say_that_a_record_is_gone() {
    let gone = json!({ "error": "No records found for the following parameters: {\"fingerprint\":\"27\"}" });
    let (_server, client) = pair(move |_| Reply::json(404, gone.clone()));
    assert_eq!(client.delete(&certificate()).await.unwrap_err().kind, ErrorKind::NotFound);
    for reply in
        [Reply::status(404), Reply::html(404, "<html>"), Reply::json(404, json!({ "error": "Not Found" }))]
    {
        let (_server, client) = pair(move |_| reply.clone());
        assert_eq!(client.delete(&certificate()).await.unwrap_err().kind, ErrorKind::InvalidResponse);
    }
}

#[tokio::test]
async fn a_failed_revocation_warns_that_the_record_may_be_gone() {
    for reply in [Reply::json(500, json!({ "error": "An unexpected error has occurred." })), Reply::cut()] {
        let (server, client) = pair(move |_| reply.clone());
        let error = client.delete(&certificate()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert!(error.message.contains("its record may be gone although it was not revoked"), "{error}");
        assert!(text(&error).contains("revocation list"), "{error}");
        assert_eq!(server.requests().len(), 2, "one login, one request");
    }
}
