//! Records of certificates: list, filter, link, delete.

use reqwest::Method;
use serde_json::json;

use crate::support::lab::{Lab, csr, read, text};

const PATH: &str = "/x509/v1/certificates";

#[tokio::test]
async fn an_issued_certificate_is_on_record_with_its_owner() {
    let lab = Lab::start().await;
    lab.register(&["a1998e"]).await;
    let (fingerprint, pem) = lab.issue(&csr("a1998e"), Some("a1998e")).await;
    let (status, record) = lab.get(&format!("{PATH}/{fingerprint}")).await;
    assert_eq!(status, 200);
    let now = lab.clock.now().to_string().replace('Z', ".000Z");
    assert_eq!(record["createdAt"], now);
    assert_eq!(record["validity"]["notBefore"].as_str().unwrap()[17..], *"00.000Z", "a full minute");
    let rest = json!({
        "fingerprint": fingerprint,
        "pem": pem,
        "subjectDN": "CN=a1998e, O=dojot IoT Platform",
        "validity": record["validity"],
        "createdAt": now,
        "modifiedAt": now,
        "issuedByDojotPki": true,
        "autoRegistered": false,
        "belongsTo": { "device": "a1998e" },
        "tenant": "admin",
    });
    assert_eq!(record, rest);
}

#[tokio::test]
async fn a_fingerprint_in_the_path_may_be_spelled_any_way() {
    let lab = Lab::start().await;
    let (fingerprint, _) = lab.issue(&csr("a"), None).await;
    let plain = fingerprint.replace(':', "");
    for spelling in [&fingerprint, &fingerprint.to_lowercase(), &plain, &plain.to_lowercase()] {
        let (status, record) = lab.get(&format!("{PATH}/{spelling}?fields=fingerprint")).await;
        assert_eq!((status, text(&record["fingerprint"])), (200, fingerprint.clone()));
    }
    let (status, body) = lab.get(&format!("{PATH}/null")).await;
    let error = r#"No records found for the following parameters: {"fingerprint":"NU:LL","tenant":"admin"}"#;
    assert_eq!((status, body), (404, json!({ "error": error })));
}

#[tokio::test]
async fn owners_are_checked_against_the_registry_before_anything_is_issued() {
    let lab = Lab::start().await;
    let unknown = json!({ "error": "Device identifier 'a1998e' was not found for tenant 'admin'." });
    let body = json!({ "csr": csr("a1998e"), "belongsTo": { "device": "a1998e" } });
    assert_eq!(lab.post(PATH, body).await, (400, unknown.clone()));
    assert_eq!(lab.get(PATH).await.1["paging"]["totalItems"], 0);

    let (fingerprint, _) = lab.issue(&csr("a1998e"), None).await;
    let one = format!("{PATH}/{fingerprint}");
    let owner = json!({ "belongsTo": { "device": "a1998e" } });
    assert_eq!(lab.patch(&one, owner.clone()).await, (400, unknown));
    lab.register(&["a1998e"]).await;
    assert_eq!(lab.patch(&one, owner.clone()).await.0, 204);
    assert_eq!(lab.get(&one).await.1["belongsTo"], json!({ "device": "a1998e" }));
    assert_eq!(lab.patch(&one, json!({ "belongsTo": { "device": null } })).await.0, 204);
    assert_eq!(lab.get(&one).await.1["belongsTo"], json!({ "device": null }), "as the platform remembers it");
    assert_eq!(lab.patch(&one, owner.clone()).await.0, 204);
    assert_eq!(lab.delete(&format!("{one}/belongsto")).await.0, 204);
    assert_eq!(lab.get(&one).await.1["belongsTo"], json!({}));

    let none = format!("{PATH}/{}", "00".repeat(32));
    assert_eq!(lab.patch(&none, owner).await.0, 404);
    assert_eq!(lab.delete(&format!("{none}/belongsto")).await.0, 404);
}

#[tokio::test]
async fn bodies_are_checked_by_the_platforms_schemas() {
    let lab = Lab::start().await;
    let failed = async |body| {
        let (status, body) = lab.post(PATH, body).await;
        assert_eq!((status, body["error"].as_str()), (400, Some("Input data schema validation failure.")));
        body["detail"]["schemaErrors"].as_array().unwrap().clone()
    };
    for device in ["ab", "a1998g", "a1998e/..", ""] {
        let errors = failed(json!({ "csr": csr("a"), "belongsTo": { "device": device } })).await;
        assert_eq!(errors[0]["dataPath"], ".belongsTo.device", "{device}");
        assert_eq!(errors[0]["params"]["pattern"], "^[0-9a-fA-F-]{5,36}$");
    }
    assert_eq!(failed(json!({})).await.last().unwrap()["keyword"], "oneOf");
    assert_eq!(failed(json!([])).await[0]["keyword"], "type");
    assert_eq!(failed(json!({ "csr": 7 })).await[0]["message"], "should be string");
    failed(json!({ "csr": csr("a"), "certificateChain": "x" })).await;
    failed(json!({ "csr": csr("a"), "belongsTo": {} })).await;

    let body = json!({ "csr": csr("a"), "extra": 1, "belongsTo": { "device": null, "more": [] } });
    assert_eq!(lab.post(PATH, body).await.0, 201, "unknown properties are dropped");
    let body = json!({ "csr": csr("a"), "belongsTo": { "application": "kafka" } });
    let (status, body) = lab.post(PATH, body).await;
    let error = "Operations on certificates for applications are not authorized through this endpoint.";
    assert_eq!((status, body), (403, json!({ "error": error })));

    let (fingerprint, _) = lab.issue(&csr("a"), None).await;
    let (status, body) = lab.patch(&format!("{PATH}/{fingerprint}"), json!({})).await;
    assert_eq!((status, &body["detail"]["schemaErrors"][0]["keyword"]), (400, &json!("required")));
}

#[tokio::test]
async fn bodies_have_a_type_a_form_and_a_size() {
    let lab = Lab::start().await;
    let post = || lab.request(Method::POST, PATH);
    let (status, body) =
        read(post().body("{").header("Content-Type", "application/json").send().await.unwrap()).await;
    assert!(status == 400 && body["error"].is_string(), "{body}");
    let (status, body) = read(post().body(r#"{"csr":"x"}"#).send().await.unwrap()).await;
    assert_eq!(status, 400, "without a JSON content type the body is not looked at");
    assert_eq!(body["detail"]["schemaErrors"][0]["keyword"], "required");
    let (status, body) = lab.post(PATH, json!({ "csr": "x".repeat(100 * 1024) })).await;
    assert_eq!((status, body), (413, json!({ "error": "request entity too large" })));
}

#[tokio::test]
async fn lists_have_pages_fields_and_filters() {
    let lab = Lab::start().await;
    lab.register(&["00001", "00002"]).await;
    let mut all = Vec::new();
    for device in [None, Some("00001"), Some("00002"), Some("00001"), None] {
        all.push(lab.issue(&csr("x"), device).await.0);
    }
    let (status, page) = lab.get(&format!("{PATH}?limit=2&page=2&fields=fingerprint,belongsTo.device")).await;
    assert_eq!(status, 200);
    let url = |number| {
        let query = "fields=fingerprint,belongsTo.device";
        format!("/api/v1/certificates?limit=2&page={number}&{query}")
    };
    assert_eq!(
        page,
        json!({
            "paging": {
                "previous": { "number": 1, "url": url(1) },
                "current": { "number": 2, "url": url(2) },
                "next": { "number": 3, "url": url(3) },
                "totalItems": 5, "totalPages": 3, "limitPerPage": 2,
            },
            "certificates": [
                { "fingerprint": all[2], "belongsTo": { "device": "00002" } },
                { "fingerprint": all[3], "belongsTo": { "device": "00001" } },
            ],
        })
    );
    let (_, page) = lab.get(&format!("{PATH}?limit=9999")).await;
    assert_eq!(page["paging"]["limitPerPage"], 250);
    let (_, page) = lab.get(&format!("{PATH}?page=99")).await;
    assert_eq!(page["certificates"], json!([]));
    let wrong = json!({ "error": "The fields provided are not valid: [x,y]" });
    assert_eq!(lab.get(&format!("{PATH}?fields=pem,x,y")).await, (400, wrong));

    let count =
        async |filter: &str| lab.get(&format!("{PATH}?{filter}")).await.1["paging"]["totalItems"].clone();
    assert_eq!(count("keyVal=belongsTo.device=00001").await, 2);
    assert_eq!(count("keyVal=belongsTo.device:!00001").await, 3);
    assert_eq!(count("keyVal=belongsTo.device=null").await, 2);
    assert_eq!(count("keyVal=belongsTo.device=00001,issuedByDojotPki=false").await, 0);
    assert_eq!(count(&format!("keyVal=fingerprint={}", all[0].replace(':', ""))).await, 1);
    assert_eq!(count("keyVal=nonsense=1").await, 5, "an unknown key filters nothing");
    assert_eq!(count("belongsTo.device=00001").await, 5, "nor does a field outside keyVal");
    assert_eq!(lab.get(&format!("{PATH}?keyVal=a=1&keyVal=b=2")).await.0, 500);
}

#[tokio::test]
async fn a_deleted_certificate_is_gone_and_deleting_it_again_says_so() {
    let lab = Lab::start().await;
    let (fingerprint, _) = lab.issue(&csr("a"), None).await;
    let one = format!("{PATH}/{fingerprint}");
    assert_eq!(lab.delete(&one).await, (204, serde_json::Value::Null));
    assert_eq!(lab.get(&one).await.0, 404);
    assert_eq!(lab.delete(&one).await.0, 404);
}
