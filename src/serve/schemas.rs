//! `GET /x509/v1/schemas/{name}`: schemas of request bodies, as JSON Schema (draft 7). For the group `admin`.

use axum::{Json, extract::Path, http::StatusCode};
use serde_json::{Value, json};

use super::{
    gate::Admin,
    problem::Problem,
    property::{APPLICATION, CERTIFICATES, DEVICE, FINGERPRINT, REQUEST, Text},
    validator::BASE,
};

/// One schema.
pub(super) async fn get(_: Admin, Path(name): Path<String>) -> Result<Json<Value>, Problem> {
    let mut schema = match name.as_str() {
        "defs.json" => definitions(),
        "register-or-generate-certificate.json" => new_certificate(),
        "change-owner-certificate.json" => {
            closed(&json!({ "belongsTo": reference("belongsTo") }), &["belongsTo"])
        }
        "register-trusted-ca-certificate.json" => closed(
            &json!({ "caPem": reference("cert-pem"), "allowAutoRegistration": { "type": "boolean", "default": false } }),
            &["caPem"],
        ),
        "update-trusted-ca-certificate.json" => {
            closed(&json!({ "allowAutoRegistration": { "type": "boolean" } }), &["allowAutoRegistration"])
        }
        _ => return Err(Problem::x509(StatusCode::NOT_FOUND, "Not Found")),
    };
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema");
    schema["$id"] = json!(format!("{BASE}/{name}"));
    Ok(Json(schema))
}

fn definitions() -> Value {
    json!({ "definitions": {
        "fingerprint": text(&FINGERPRINT),
        "cert-pem": text(&CERTIFICATES),
        "csr": text(&REQUEST),
        "belongsTo": {
            "type": "object",
            "default": { "device": null },
            "additionalProperties": false,
            "properties": { "device": text(&DEVICE), "application": text(&APPLICATION) },
            "oneOf": one_of(["device", "application"]),
            "dependencies": apart(["device", "application"]),
        },
    } })
}

fn new_certificate() -> Value {
    const KINDS: [&str; 2] = ["certificateChain", "csr"];
    let mut schema = closed(
        &json!({
            "caFingerprint": reference("fingerprint"),
            "certificateChain": reference("cert-pem"),
            "csr": reference("csr"),
            "belongsTo": reference("belongsTo"),
        }),
        &[],
    );
    schema["oneOf"] = one_of(KINDS);
    schema["dependencies"] = apart(KINDS);
    schema
}

/// An object of these properties and no others.
fn closed(properties: &Value, required: &[&str]) -> Value {
    let mut schema = json!({
        "type": "object",
        "default": {},
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn one_of(pair: [&str; 2]) -> Value {
    json!(pair.map(|name| json!({ "required": [name] })))
}

fn apart([first, second]: [&str; 2]) -> Value {
    json!({ first: { "not": { "required": [second] } }, second: { "not": { "required": [first] } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{BASE}/defs.json#/definitions/{name}") })
}

fn text(rule: &Text) -> Value {
    let mut schema = json!({
        "type": if rule.nullable { json!(["string", "null"]) } else { json!("string") },
        "maxLength": rule.longest,
        "pattern": rule.pattern,
    });
    if rule.shortest > 0 {
        schema["minLength"] = json!(rule.shortest);
    }
    schema
}
