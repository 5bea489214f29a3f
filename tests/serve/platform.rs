//! Request by request: what dojot's own services answer, and what this server does.
//!
//! The answers are those of x509-identity-mgmt 0.8, its authentication service, device-manager and gateway, as read from
//! their sources and taken from a running service. What differs on purpose, and why:
//!
//! | request | dojot | here | because |
//! | --- | --- | --- | --- |
//! | JSON that is none | the words of V8 | other words, the same status and shape | they change with each V8 |
//! | `/auth` with no JSON | a page of HTML | JSON with status 400 | clients read one form of error |
//! | a subject or name that is not well formed | whatever the CA does with it | 400 with the reason | it is never signed |
//! | too many logins at once | no bound | 503 with Retry-After | memory and cores have an end |
//! | a login, six times a minute | counted for each address | for each account at each address | one client locks out no other |
//! | the profile, the delay of the list | one | options: `--certificate-profile`, `--crl-publish-every` | tests want both |
//! | templates | kept | numbered and forgotten | nothing here depends on them |

use reqwest::{
    Method,
    header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use serde_json::{Value, json};

use super::trusted::foreign_chain;
use crate::support::lab::{Lab, csr, openssl, read};

/// One request: method, path, JSON body, and what comes back: status, and parts of the JSON body (`null`: no body).
struct Row(&'static str, &'static str, Value, u16, Value);

/// Every member of `part` is in `whole`, too, at each depth; arrays are whole.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|whole| holds(whole, value)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
        }
        _ => whole == part,
    }
}

const BASE: &str =
    "https://raw.githubusercontent.com/dojot/dojot/development/iam/x509-identity-mgmt/js/schemas";

fn error(text: &str) -> Value {
    json!({ "error": text })
}

fn no_record(key: &str, shown: &str) -> Value {
    let parameters = json!({ key: shown, "tenant": "admin" });
    error(&format!("No records found for the following parameters: {parameters}"))
}

/// A schema failure: keyword, data path and end of the schema path of each error, in order.
fn schema(file: &str, errors: &[(&str, &str, &str)]) -> Value {
    let errors: Vec<Value> = errors
        .iter()
        .map(|(keyword, data, path)| {
            let path = path.replace("defs:", &format!("{BASE}/defs.json#/definitions/"));
            json!({ "keyword": keyword, "dataPath": data, "schemaPath": path })
        })
        .collect();
    json!({
        "error": "Input data schema validation failure.",
        "detail": { "schemaId": format!("{BASE}/{file}"), "schemaErrors": errors },
    })
}

fn failed() -> Value {
    error("An unexpected error has occurred.")
}

/// A request that is none: base64 of nothing in particular.
fn garbage(label: &str) -> String {
    format!("-----BEGIN {label}-----\nTm90IEROIG9mIGFueSBraW5k\n-----END {label}-----\n")
}

/// A request whose signature was made by another key.
fn forged() -> String {
    let one = pem_body(&csr("a1998e"));
    let other = pem_body(&csr("a1998e"));
    // The key of one, the signature of the other: the last third of the octets.
    let cut = one.len() * 2 / 3;
    let mixed = [&one[..cut], &other[cut..]].concat();
    certreq::pki::pem::encode("CERTIFICATE REQUEST", &mixed).trim_end().to_owned()
}

fn pem_body(text: &str) -> Vec<u8> {
    pem::parse(text).unwrap().into_contents()
}

async fn check(lab: &Lab, rows: Vec<Row>, places: &[(&str, &str)]) -> usize {
    let number = rows.len();
    for Row(method, path, body, status, expected) in rows {
        let path = places.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
        let text = places.iter().fold(expected.to_string(), |text, (name, value)| text.replace(name, value));
        let expected: Value = serde_json::from_str(&text).unwrap();
        let request = lab.request(method.parse().unwrap(), &path);
        let request = match &body {
            Value::Null => request,
            Value::String(text) => request.header("content-type", "application/json").body(text.clone()),
            body => request.json(body),
        };
        let (got, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(got, status, "{method} {path} {body}: {answer}");
        let same = if expected.is_null() { answer.is_null() } else { holds(&answer, &expected) };
        assert!(same, "{method} {path} {body}:\n  got      {answer}\n  expected {expected}");
    }
    number
}

const CERTS: &str = "/x509/v1/certificates";
const CAS: &str = "/x509/v1/trusted-cas";
const NEW: &str = "register-or-generate-certificate.json";
const OWNER: &str = "change-owner-certificate.json";
const CA: &str = "register-trusted-ca-certificate.json";
const UPDATE: &str = "update-trusted-ca-certificate.json";
const PEM_PATTERN: (&str, &str, &str) = ("pattern", ".csr", "defs:csr/pattern");

/// `POST /x509/v1/certificates`.
fn row(body: Value, status: u16, expected: Value) -> Row {
    Row("POST", CERTS, body, status, expected)
}

fn issuing() -> Vec<Row> {
    let whole = || csr("a1998e");
    let unknown = "Device identifier 'ffff0' was not found for tenant 'admin'.";
    let application = "Operations on certificates for applications are not authorized through this endpoint.";
    let both = [
        ("not", "", "#/dependencies/certificateChain/not"),
        ("not", "", "#/dependencies/csr/not"),
        ("pattern", ".certificateChain", "defs:cert-pem/pattern"),
        ("oneOf", "", "#/oneOf"),
    ];
    let nothing = [
        ("required", "", "#/oneOf/0/required"),
        ("required", "", "#/oneOf/1/required"),
        ("oneOf", "", "#/oneOf"),
    ];
    let no_object = [("type", "", "#/type"), ("oneOf", "", "#/oneOf")];
    let owners = [
        ("not", ".belongsTo", "defs:belongsTo/dependencies/device/not"),
        ("not", ".belongsTo", "defs:belongsTo/dependencies/application/not"),
        ("oneOf", ".belongsTo", "defs:belongsTo/oneOf"),
    ];
    let no_owner = [
        ("required", ".belongsTo", "defs:belongsTo/oneOf/0/required"),
        ("required", ".belongsTo", "defs:belongsTo/oneOf/1/required"),
        ("oneOf", ".belongsTo", "defs:belongsTo/oneOf"),
    ];
    let text_owner =
        [("type", ".belongsTo", "defs:belongsTo/type"), ("oneOf", ".belongsTo", "defs:belongsTo/oneOf")];
    let device = "defs:belongsTo/properties/device/";
    let of_device = |keyword: &'static str| (keyword, ".belongsTo.device", format!("{device}{keyword}"));
    let pattern = of_device("pattern");
    let length = of_device("maxLength");
    let kind = of_device("type");
    vec![
        row(json!({ "csr": whole(), "belongsTo": { "device": "a1998e" } }), 201, json!({})),
        row(json!({ "csr": whole(), "belongsTo": { "device": null } }), 201, json!({})),
        row(json!({ "csr": whole() }), 201, json!({})),
        row(json!({ "csr": format!("{}\n", whole()) }), 201, json!({})),
        row(
            json!({ "csr": whole(), "unknown": 1, "belongsTo": { "device": "a1998e", "more": 2 } }),
            201,
            json!({}),
        ),
        row(json!({ "csr": whole(), "belongsTo": { "device": "ffff0" } }), 400, error(unknown)),
        row(json!({ "csr": whole(), "belongsTo": { "application": "kafka" } }), 403, error(application)),
        row(json!({ "csr": garbage("CERTIFICATE REQUEST") }), 500, failed()),
        row(json!({ "csr": forged() }), 500, failed()),
        row(json!({ "csr": "" }), 400, schema(NEW, &[PEM_PATTERN])),
        row(json!({ "csr": "x" }), 400, schema(NEW, &[PEM_PATTERN])),
        row(json!({ "csr": format!("{}\n\n", whole()) }), 400, schema(NEW, &[PEM_PATTERN])),
        row(json!({ "csr": format!(" {}", whole()) }), 400, schema(NEW, &[PEM_PATTERN])),
        row(json!({ "csr": whole().repeat(2) }), 400, schema(NEW, &[PEM_PATTERN])),
        row(json!({ "csr": 7 }), 400, schema(NEW, &[("type", ".csr", "defs:csr/type")])),
        row(json!({ "csr": null }), 400, schema(NEW, &[("type", ".csr", "defs:csr/type")])),
        row(json!({ "csr": whole(), "certificateChain": "x" }), 400, schema(NEW, &both)),
        row(json!({}), 400, schema(NEW, &nothing)),
        row(json!({ "unknown": true }), 400, schema(NEW, &nothing)),
        row(json!([]), 400, schema(NEW, &no_object)),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": "a1998e", "application": "b" } }),
            400,
            schema(NEW, &owners),
        ),
        row(json!({ "csr": whole(), "belongsTo": {} }), 400, schema(NEW, &no_owner)),
        row(json!({ "csr": whole(), "belongsTo": "a1998e" }), 400, schema(NEW, &text_owner)),
        row(json!({ "csr": whole(), "belongsTo": [] }), 400, schema(NEW, &text_owner)),
        row(json!({ "csr": whole(), "belongsTo": null }), 400, schema(NEW, &text_owner)),
        row(json!({ "csr": whole(), "belongsTo": 1 }), 400, schema(NEW, &text_owner)),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": "ab" } }),
            400,
            schema(NEW, &[(pattern.0, pattern.1, &pattern.2)]),
        ),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": "nothex" } }),
            400,
            schema(NEW, &[(pattern.0, pattern.1, &pattern.2)]),
        ),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": "" } }),
            400,
            schema(NEW, &[(pattern.0, pattern.1, &pattern.2)]),
        ),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": "a".repeat(37) } }),
            400,
            schema(NEW, &[(length.0, length.1, &length.2), (pattern.0, pattern.1, &pattern.2)]),
        ),
        row(
            json!({ "csr": whole(), "belongsTo": { "device": 5 } }),
            400,
            schema(NEW, &[(kind.0, kind.1, &kind.2)]),
        ),
        row(json!("{"), 400, json!({})),
        row(json!("7"), 400, json!({})),
        row(json!("[1,"), 400, json!({})),
    ]
}

fn records() -> Vec<Row> {
    let first = json!({ "paging": { "current": { "number": 1 }, "totalItems": 5, "totalPages": 1, "limitPerPage": 25, "previous": null, "next": null } });
    let paged = json!({ "paging": { "current": { "number": 2 }, "previous": { "number": 1 }, "next": { "number": 3 }, "totalPages": 5 } });
    let total = |number: u64| json!({ "paging": { "totalItems": number } });
    let fields = error("The fields provided are not valid: [nothing]");
    let unknown = "D2:".repeat(31) + "D2";
    let missing = no_record("fingerprint", &unknown);
    vec![
        Row("GET", CERTS, Value::Null, 200, first),
        Row("GET", "/x509/v1/certificates?limit=1&page=2", Value::Null, 200, paged),
        Row("GET", "/x509/v1/certificates?limit=1&page=9", Value::Null, 200, json!({ "certificates": [] })),
        Row(
            "GET",
            "/x509/v1/certificates?limit=9999",
            Value::Null,
            200,
            json!({ "paging": { "limitPerPage": 250 } }),
        ),
        Row(
            "GET",
            "/x509/v1/certificates?limit=0",
            Value::Null,
            200,
            json!({ "paging": { "limitPerPage": 25 } }),
        ),
        Row(
            "GET",
            "/x509/v1/certificates?limit=-3&page=x",
            Value::Null,
            200,
            json!({ "paging": { "current": { "number": 1 } } }),
        ),
        Row("GET", "/x509/v1/certificates?fields=nothing", Value::Null, 400, fields.clone()),
        Row(
            "GET",
            "/x509/v1/certificates?limit=1&fields=belongsTo",
            Value::Null,
            200,
            json!({ "certificates": [{ "belongsTo": { "device": "a1998e" } }] }),
        ),
        Row("GET", "/x509/v1/certificates?keyVal=belongsTo.device=a1998e", Value::Null, 200, total(2)),
        Row("GET", "/x509/v1/certificates?keyVal=belongsTo.device=!a1998e", Value::Null, 200, total(3)),
        // An owner that was said to be null is there, and null.
        Row("GET", "/x509/v1/certificates?keyVal=belongsTo.device=null", Value::Null, 200, total(2)),
        Row("GET", "/x509/v1/certificates?keyVal=issuedByDojotPki=true", Value::Null, 200, total(5)),
        Row("GET", "/x509/v1/certificates?keyVal=issuedByDojotPki=maybe", Value::Null, 500, failed()),
        Row("GET", "/x509/v1/certificates?keyVal=nothing=1", Value::Null, 200, total(5)),
        Row("GET", "/x509/v1/certificates?keyVal=a=1&keyVal=b=2", Value::Null, 500, failed()),
        Row(
            "GET",
            "/x509/v1/certificates/{fp}",
            Value::Null,
            200,
            json!({ "fingerprint": "{fp}", "tenant": "admin", "issuedByDojotPki": true, "autoRegistered": false }),
        ),
        Row(
            "GET",
            "/x509/v1/certificates/{fp}?fields=belongsTo.device",
            Value::Null,
            200,
            json!({ "belongsTo": { "device": null } }),
        ),
        Row("GET", "/x509/v1/certificates/{fp}?fields=nothing", Value::Null, 400, fields),
        Row("GET", "/x509/v1/certificates/a", Value::Null, 500, failed()),
        Row("GET", "/x509/v1/certificates/null", Value::Null, 404, no_record("fingerprint", "NU:LL")),
        Row(
            "GET",
            "/x509/v1/certificates/d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2",
            Value::Null,
            404,
            missing,
        ),
    ]
}

fn changes() -> Vec<Row> {
    let total = |number: u64| json!({ "paging": { "totalItems": number } });
    vec![
        Row(
            "PATCH",
            "/x509/v1/certificates/{fp}",
            json!({ "belongsTo": { "device": "a1998e" } }),
            204,
            Value::Null,
        ),
        Row(
            "GET",
            "/x509/v1/certificates/{fp}",
            Value::Null,
            200,
            json!({ "belongsTo": { "device": "a1998e" } }),
        ),
        Row(
            "PATCH",
            "/x509/v1/certificates/{fp}",
            json!({ "belongsTo": { "device": null } }),
            204,
            Value::Null,
        ),
        Row("GET", "/x509/v1/certificates/{fp}", Value::Null, 200, json!({ "belongsTo": { "device": null } })),
        Row(
            "PATCH",
            "/x509/v1/certificates/{fp}",
            json!({ "belongsTo": { "device": "ffff0" } }),
            400,
            error("Device identifier 'ffff0' was not found for tenant 'admin'."),
        ),
        Row(
            "PATCH",
            "/x509/v1/certificates/{fp}",
            json!({}),
            400,
            schema(OWNER, &[("required", "", "#/required")]),
        ),
        Row("PATCH", "/x509/v1/certificates/{fp}", json!([]), 400, schema(OWNER, &[("type", "", "#/type")])),
        Row(
            "PATCH",
            "/x509/v1/certificates/{fp}",
            json!({ "belongsTo": 3 }),
            400,
            schema(
                OWNER,
                &[
                    ("type", ".belongsTo", "defs:belongsTo/type"),
                    ("oneOf", ".belongsTo", "defs:belongsTo/oneOf"),
                ],
            ),
        ),
        Row("PATCH", "/x509/v1/certificates/a", json!({ "belongsTo": { "device": null } }), 500, failed()),
        Row(
            "PATCH",
            "/x509/v1/certificates/null",
            json!({ "belongsTo": { "device": null } }),
            404,
            no_record("fingerprint", "NU:LL"),
        ),
        Row("DELETE", "/x509/v1/certificates/{fp}/belongsto", Value::Null, 204, Value::Null),
        Row("GET", "/x509/v1/certificates?keyVal=belongsTo.device=null", Value::Null, 200, total(3)),
        Row("DELETE", "/x509/v1/certificates/{fp}", Value::Null, 204, Value::Null),
        Row("DELETE", "/x509/v1/certificates/{fp}", Value::Null, 404, no_record("fingerprint", "{fp}")),
        Row("DELETE", "/x509/v1/certificates/x", Value::Null, 500, failed()),
        Row("DELETE", CERTS, Value::Null, 404, error("Not Found")),
        Row("PUT", "/x509/v1/certificates/{fp}", json!({}), 404, error("Not Found")),
    ]
}

fn foreign() -> Vec<Row> {
    let chain = "The certificate chain of trust is not valid.";
    vec![
        Row("POST", CAS, json!({ "caPem": "{root}" }), 201, json!({})),
        Row(
            "POST",
            CAS,
            json!({ "caPem": "{root}" }),
            409,
            error("The certificate with fingerprint '{ca}' already exists."),
        ),
        Row("POST", CAS, json!({ "caPem": garbage("CERTIFICATE") }), 500, failed()),
        Row(
            "POST",
            CAS,
            json!({ "caPem": "{platform}" }),
            400,
            error("It is not allowed to register a CA certificate with the same 'CNAME' of the platform."),
        ),
        Row("POST", CAS, json!({ "caPem": "{leaf}" }), 400, json!({})),
        Row(
            "POST",
            CAS,
            json!({ "caPem": "{root}{leaf}" }),
            400,
            error("Only one CA certificate is expected per request."),
        ),
        Row("POST", CAS, json!({}), 400, schema(CA, &[("required", "", "#/required")])),
        Row("POST", CAS, json!([]), 400, schema(CA, &[("type", "", "#/type")])),
        Row(
            "POST",
            CAS,
            json!({ "caPem": "x" }),
            400,
            schema(CA, &[("pattern", ".caPem", "defs:cert-pem/pattern")]),
        ),
        Row(
            "POST",
            CAS,
            json!({ "caPem": 1, "allowAutoRegistration": "no" }),
            400,
            schema(
                CA,
                &[
                    ("type", ".caPem", "defs:cert-pem/type"),
                    ("type", ".allowAutoRegistration", "#/properties/allowAutoRegistration/type"),
                ],
            ),
        ),
        Row("GET", CAS, Value::Null, 200, json!({ "paging": { "totalItems": 1 } })),
        Row(
            "GET",
            "/x509/v1/trusted-cas/{ca}",
            Value::Null,
            200,
            json!({ "caFingerprint": "{ca}", "allowAutoRegistration": false, "tenant": "admin" }),
        ),
        Row("GET", "/x509/v1/trusted-cas/{ca}?fields=caPem", Value::Null, 200, json!({})),
        Row("GET", "/x509/v1/trusted-cas/null", Value::Null, 404, no_record("caFingerprint", "NU:LL")),
        Row("GET", "/x509/v1/trusted-cas/x", Value::Null, 500, failed()),
        Row("PATCH", "/x509/v1/trusted-cas/{ca}", json!({ "allowAutoRegistration": true }), 204, Value::Null),
        Row(
            "PATCH",
            "/x509/v1/trusted-cas/{ca}",
            json!({}),
            400,
            schema(UPDATE, &[("required", "", "#/required")]),
        ),
        Row(
            "PATCH",
            "/x509/v1/trusted-cas/{ca}",
            json!({ "allowAutoRegistration": 1 }),
            400,
            schema(UPDATE, &[("type", ".allowAutoRegistration", "#/properties/allowAutoRegistration/type")]),
        ),
        Row(
            "POST",
            CERTS,
            json!({ "certificateChain": "{deep}", "caFingerprint": "{ca}" }),
            400,
            json!({ "error": chain, "detail": { "chainOfTrustResult": "No valid certificate paths found" } }),
        ),
        Row("POST", CERTS, json!({ "certificateChain": "{leaf}", "caFingerprint": "{ca}" }), 201, json!({})),
        Row("POST", CERTS, json!({ "certificateChain": "{leaf}", "caFingerprint": "{ca}" }), 409, json!({})),
        Row(
            "POST",
            CERTS,
            json!({ "certificateChain": "{leaf}", "caFingerprint": "x" }),
            400,
            schema(
                NEW,
                &[
                    ("minLength", ".caFingerprint", "defs:fingerprint/minLength"),
                    ("pattern", ".caFingerprint", "defs:fingerprint/pattern"),
                ],
            ),
        ),
        Row("DELETE", "/x509/v1/trusted-cas/{ca}", Value::Null, 400, json!({})),
    ]
}

fn around() -> Vec<Row> {
    let id = format!("{BASE}/defs.json");
    vec![
        Row("GET", "/x509/v1/ca", Value::Null, 200, json!({})),
        Row("GET", "/x509/v1/ca/crl", Value::Null, 200, json!({})),
        Row("DELETE", "/x509/v1/ca", Value::Null, 404, error("Not Found")),
        Row("GET", "/x509/v1/nothing", Value::Null, 404, error("Not Found")),
        Row(
            "GET",
            "/x509/v1/schemas/defs.json",
            Value::Null,
            200,
            json!({ "$id": id, "definitions": { "belongsTo": { "properties": { "device": { "pattern": "^[0-9a-fA-F-]{5,36}$" } } } } }),
        ),
        Row(
            "GET",
            "/x509/v1/schemas/change-owner-certificate.json",
            Value::Null,
            200,
            json!({ "required": ["belongsTo"] }),
        ),
        Row(
            "GET",
            "/x509/v1/schemas/register-or-generate-certificate.json",
            Value::Null,
            200,
            json!({ "additionalProperties": false }),
        ),
        Row("GET", "/x509/v1/schemas/nothing.json", Value::Null, 404, error("Not Found")),
        Row("GET", "/", Value::Null, 404, json!({ "message": "no Route matched with those values" })),
    ]
}

fn registry() -> Vec<Row> {
    vec![
        Row(
            "POST",
            "/template",
            json!({ "label": "CargoContainer", "attrs": [{ "label": "timestamp", "type": "dynamic", "value_type": "integer" }] }),
            200,
            json!({ "result": "ok", "template": { "id": 1, "label": "CargoContainer" } }),
        ),
        Row(
            "POST",
            "/device?count=3&verbose=false",
            json!({ "templates": [1], "attrs": {}, "label": "CargoContainer_0" }),
            200,
            json!({ "message": "devices created" }),
        ),
        Row(
            "POST",
            "/device",
            json!({ "templates": [1], "attrs": {}, "label": "one" }),
            200,
            json!({ "devices": [{ "label": "one" }] }),
        ),
        Row(
            "POST",
            "/device",
            json!({ "id": "b0a4d1", "label": "board", "templates": [] }),
            200,
            json!({ "devices": [{ "id": "b0a4d1", "label": "board" }] }),
        ),
        Row(
            "POST",
            "/device",
            json!({ "id": "b0a4d1", "label": "board", "templates": [] }),
            400,
            json!({ "status": 400 }),
        ),
        Row(
            "POST",
            "/device?verbose=true",
            json!({ "id": "b0a4d2", "label": "board" }),
            200,
            json!({ "message": "device created" }),
        ),
        Row(
            "POST",
            "/device?count=x",
            json!({ "label": "a" }),
            400,
            json!({ "message": "If provided, count must be integer", "status": 400 }),
        ),
        Row(
            "POST",
            "/device?count=2&verbose=true",
            json!({ "label": "a" }),
            400,
            json!({ "message": "Verbose can only be used for single device creation", "status": 400 }),
        ),
        Row("POST", "/device", json!("{"), 400, json!({ "status": 400 })),
        Row("POST", "/device", json!({ "id": "../../x", "label": "a" }), 400, json!({ "status": 400 })),
        Row("POST", "/device", json!({ "id": "a1998f" }), 400, json!({ "status": 400 })),
        Row("GET", "/device/b0a4d1", Value::Null, 200, json!({ "id": "b0a4d1", "label": "board" })),
        Row("GET", "/device/zzz", Value::Null, 404, json!({ "message": "No such device: zzz", "status": 404 })),
        Row(
            "GET",
            "/device?page_size=1&page_num=1",
            Value::Null,
            200,
            json!({ "pagination": { "page": 1, "total": 7, "has_next": true, "next_page": 2 } }),
        ),
        Row(
            "GET",
            "/device?page_num=0",
            Value::Null,
            400,
            json!({ "message": "Page numbers must be greater than 1", "status": 400 }),
        ),
        Row("GET", "/device?idsOnly=true&page_num=99", Value::Null, 200, json!([])),
        Row(
            "DELETE",
            "/device/b0a4d1",
            Value::Null,
            200,
            json!({ "result": "ok", "removed_device": { "id": "b0a4d1" } }),
        ),
        Row(
            "DELETE",
            "/device/b0a4d1",
            Value::Null,
            404,
            json!({ "message": "No such device: b0a4d1", "status": 404 }),
        ),
        Row("DELETE", "/device", Value::Null, 200, json!({ "result": "ok" })),
        Row("GET", "/device?idsOnly=true", Value::Null, 200, json!([])),
        Row("DELETE", "/template", Value::Null, 200, json!({ "result": "ok" })),
    ]
}

#[tokio::test]
async fn every_request_is_answered_as_the_platform_answers_it() {
    let lab = Lab::start().await;
    lab.register(&["a1998e"]).await;
    let mut number = check(&lab, issuing(), &[]).await;
    let (_, list) = lab.get("/x509/v1/certificates?limit=1&page=2").await;
    let fingerprint = list["certificates"][0]["fingerprint"].as_str().unwrap().to_owned();
    number += check(&lab, records(), &[("{fp}", &fingerprint)]).await;
    number += check(&lab, changes(), &[("{fp}", &fingerprint)]).await;

    let chain = foreign_chain(lab.dir.path());
    lab.clock.advance(60);
    let args =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    let more = ["-keyout", "/dev/null", "-subj", "/CN=X509 Identity CA"];
    let platform = openssl(&[&args[..], &more].concat(), b"");
    let root = certreq::pki::certificate::Certificate::all_from_pem(&chain.root).unwrap().remove(0);
    let fingerprint = root.fingerprint().to_string();
    // PEM has newlines: in JSON they are escaped, also where a text stands for another.
    let escaped = |text: &str| text.replace('\n', "\\n");
    let texts = [
        ("{root}", chain.root.clone()),
        ("{leaf}", chain.leaf.clone()),
        ("{deep}", chain.deep_leaf.clone()),
        ("{platform}", platform),
    ];
    let rows = foreign().into_iter().map(|Row(method, path, body, status, expected)| {
        let text = texts.iter().fold(body.to_string(), |text, (name, pem)| text.replace(name, &escaped(pem)));
        let body: Value = serde_json::from_str(&text.replace("{ca}", &fingerprint)).unwrap();
        Row(method, path, body, status, expected)
    });
    number += check(&lab, rows.collect(), &[("{ca}", &fingerprint)]).await;
    number += check(&lab, around(), &[]).await;
    number += check(&lab, registry(), &[]).await;
    assert!(number >= 100, "{number}");
}

#[tokio::test]
async fn answers_wear_the_clothes_of_the_platforms_web_framework() {
    let lab = Lab::start().await;
    let raw = reqwest::Client::builder().no_proxy().no_gzip().tls_certs_only([]).build().unwrap();
    for path in [
        "/x509/v1/ca",
        "/x509/v1/ca/crl",
        CERTS,
        CAS,
        "/x509/v1/schemas/defs.json",
        "/x509/v1/certificates/null",
    ] {
        let answer = raw.get(format!("{}{path}", lab.url)).bearer_auth(&lab.token).send().await.unwrap();
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json; charset=utf-8", "{path}");
        assert!(answer.headers().contains_key(CONTENT_LENGTH), "{path}");
        let tag = answer.headers()[ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{path}: {tag}");
        let status = answer.status();
        let again = lab.request(Method::GET, path).header(IF_NONE_MATCH, &tag).send().await.unwrap();
        if status == 200 {
            assert_eq!(
                (again.status().as_u16(), again.headers()[ETAG].to_str().unwrap()),
                (304, tag.as_str()),
                "{path}"
            );
            assert_eq!(again.bytes().await.unwrap().len(), 0);
        } else {
            assert_eq!(again.status(), status);
        }
        let other = lab.request(Method::GET, path).header(IF_NONE_MATCH, "W/\"1-x\"").send().await.unwrap();
        assert_eq!(other.status(), status);
    }
    let zipped = raw.get(format!("{}/x509/v1/schemas/defs.json", lab.url)).bearer_auth(&lab.token);
    let zipped = zipped.header(ACCEPT_ENCODING, "gzip").send().await.unwrap();
    assert_eq!(zipped.headers()[CONTENT_ENCODING], "gzip");
    for (path, methods) in [
        (CERTS, "GET,POST,HEAD"),
        (CAS, "GET,POST,HEAD"),
        ("/x509/v1/ca", "GET,HEAD"),
        ("/x509/v1/certificates/null/belongsto", "DELETE"),
    ] {
        let answer = lab.request(Method::OPTIONS, path).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()[ALLOW]),
            (200, &methods.parse().unwrap()),
            "{path}"
        );
        assert_eq!(answer.text().await.unwrap(), methods);
    }
    let refused = lab.client.request(Method::OPTIONS, format!("{}{CERTS}", lab.url)).send().await.unwrap();
    assert_eq!(refused.status(), 401, "the gateway wants a token first");
}

#[tokio::test]
async fn with_its_profile_and_its_delay_certificates_and_lists_are_those_of_the_platform() {
    let lab = Lab::with(|options, settings| {
        settings.login_limit = false;
        options.profile = certreq::authority::CertificateProfile::Dojot;
        options.crl_lifetime = std::time::Duration::from_secs(2 * 86_400);
        options.crl_publish_every = Some(std::time::Duration::from_secs(86_400));
    })
    .await;
    let (fingerprint, pem) = lab.issue(&csr("a1998e"), None).await;
    let shown = openssl(&["x509", "-noout", "-text"], pem.as_bytes());
    for line in [
        "TLS Web Client Authentication, TLS Web Server Authentication, E-mail Protection",
        "X509v3 Freshest CRL",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("OCSP") && shown.contains(":00 "), "{shown}");
    let (_, record) = lab.get(&format!("{CERTS}/{fingerprint}")).await;
    assert!(record["validity"]["notAfter"].as_str().unwrap().ends_with(":00.000Z"));

    let before = lab.get("/x509/v1/ca/crl").await.1;
    assert_eq!(lab.delete(&format!("{CERTS}/{fingerprint}")).await.0, 204);
    lab.clock.advance(86_399);
    let token = lab.auth(json!({ "username": "admin", "passwd": crate::support::lab::SECRET })).await.1;
    let list = async |token: &Value| {
        let request = lab.client.get(format!("{}/x509/v1/ca/crl", lab.url));
        read(request.bearer_auth(token["jwt"].as_str().unwrap()).send().await.unwrap()).await.1
    };
    assert_eq!(list(&token).await, before, "not before a day is over");
    lab.clock.advance(1);
    let after = list(&token).await;
    assert_ne!(after, before);
    let shown = openssl(&["crl", "-noout", "-text"], after["crl"].as_str().unwrap().as_bytes());
    assert!(shown.contains("Serial Number:"), "{shown}");
}
