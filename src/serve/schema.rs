//! The platform's JSON schemas for request bodies, and its words for bodies that break them. Unknown properties are
//! not an error; they are dropped.

use serde_json::{Map, Value};

use super::{
    problem::Problem,
    property::{CERTIFICATES, FINGERPRINT, REQUEST},
    validator::{BelongsTo, Errors},
};

/// Body of `POST /x509/v1/certificates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NewCertificate {
    Issue { csr: String, belongs_to: BelongsTo },
    Register { chain: String, ca_fingerprint: Option<String>, belongs_to: BelongsTo },
}

/// Properties of which a body has exactly one: a foreign certificate, or a request.
const KINDS: [&str; 2] = ["certificateChain", "csr"];

/// Checks a body against `register-or-generate-certificate.json`.
pub(super) fn new_certificate(body: &Value) -> Result<NewCertificate, Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "", "#").unwrap_or(&empty);
    errors.apart(object, "", "#", KINDS);
    let ca_fingerprint = errors.text(object, "caFingerprint", FINGERPRINT);
    let chain = errors.text(object, "certificateChain", CERTIFICATES);
    let csr = errors.text(object, "csr", REQUEST);
    let belongs_to = match object.get("belongsTo") {
        None => BelongsTo::Nobody,
        Some(value) => errors.belongs_to(value),
    };
    errors.one_of(body, "", "#", KINDS);
    let new = match (csr, chain) {
        (Some(csr), _) => NewCertificate::Issue { csr, belongs_to },
        (None, chain) => {
            NewCertificate::Register { chain: chain.unwrap_or_default(), ca_fingerprint, belongs_to }
        }
    };
    errors.finish("register-or-generate-certificate.json", new)
}

/// Checks a body against `change-owner-certificate.json`.
pub(super) fn change_owner(body: &Value) -> Result<BelongsTo, Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "", "#").unwrap_or(&empty);
    let belongs_to = match object.get("belongsTo") {
        None => {
            if body.is_object() {
                errors.required("", "belongsTo", "#/required");
            }
            BelongsTo::Nobody
        }
        Some(value) => errors.belongs_to(value),
    };
    errors.finish("change-owner-certificate.json", belongs_to)
}

/// Checks a body against `register-trusted-ca-certificate.json`: the PEM, and the flag (false by default).
pub(super) fn new_trusted_ca(body: &Value) -> Result<(String, bool), Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "", "#").unwrap_or(&empty);
    if body.is_object() && !object.contains_key("caPem") {
        errors.required("", "caPem", "#/required");
    }
    let pem = errors.text(object, "caPem", CERTIFICATES);
    let allow = errors.flag(object, "allowAutoRegistration").unwrap_or(false);
    errors.finish("register-trusted-ca-certificate.json", (pem.unwrap_or_default(), allow))
}

/// Checks a body against `update-trusted-ca-certificate.json`.
pub(super) fn update_trusted_ca(body: &Value) -> Result<bool, Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "", "#").unwrap_or(&empty);
    if body.is_object() && !object.contains_key("allowAutoRegistration") {
        errors.required("", "allowAutoRegistration", "#/required");
    }
    let allow = errors.flag(object, "allowAutoRegistration").unwrap_or(false);
    errors.finish("update-trusted-ca-certificate.json", allow)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_names_the_property_the_rule_and_the_schema() {
        let body = json!({ "csr": "x", "belongsTo": { "device": "ab", "extra": 1 }, "extra": 2 });
        let Err(Problem::X509 { status, error, detail: Some(detail) }) = new_certificate(&body) else {
            panic!("accepted");
        };
        assert_eq!((status.as_u16(), error.as_str()), (400, "Input data schema validation failure."));
        assert!(detail["schemaId"].as_str().unwrap().ends_with("/register-or-generate-certificate.json"));
        let errors = detail["schemaErrors"].as_array().unwrap();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[1]["dataPath"], ".belongsTo.device");
        assert_eq!(errors[1]["keyword"], "pattern");
        assert_eq!(errors[1]["params"]["pattern"], "^[0-9a-fA-F-]{5,36}$");
    }
}
