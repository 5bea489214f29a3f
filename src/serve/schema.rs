//! The platform's JSON schemas for request bodies, and its words for what breaks them. Unknown properties are not
//! an error; they are dropped.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::problem::Problem;

const BASE: &str =
    "https://raw.githubusercontent.com/dojot/dojot/development/iam/x509-identity-mgmt/js/schemas";

/// Characters of the longest PEM text.
const LONGEST_PEM: usize = 65_536;

/// Who a certificate shall belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BelongsTo {
    /// No owner, or `null`.
    Nobody,
    Device(String),
    /// Never allowed here, whatever it names.
    Application,
}

/// Body of `POST /x509/v1/certificates`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NewCertificate {
    Issue { csr: String, belongs_to: BelongsTo },
    Register { chain: String, ca_fingerprint: Option<String>, belongs_to: BelongsTo },
}

/// Checks a body against `register-or-generate-certificate.json`.
pub(super) fn new_certificate(body: &Value) -> Result<NewCertificate, Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "").unwrap_or(&empty);
    let ca_fingerprint = errors.text(object, "caFingerprint", FINGERPRINT);
    let chain = errors.text(object, "certificateChain", CERTIFICATES);
    let csr = errors.text(object, "csr", REQUEST);
    let belongs_to = match object.get("belongsTo") {
        None => BelongsTo::Nobody,
        Some(value) => errors.belongs_to(value),
    };
    errors.one_of(object, "", "certificateChain", "csr");
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
    let object = errors.object(body, "").unwrap_or(&empty);
    let belongs_to = match object.get("belongsTo") {
        None => {
            errors.required("", "belongsTo", "#/required");
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
    let object = errors.object(body, "").unwrap_or(&empty);
    let pem = errors.text(object, "caPem", CERTIFICATES);
    if !object.contains_key("caPem") {
        errors.required("", "caPem", "#/required");
    }
    let allow = errors.flag(object, "allowAutoRegistration").unwrap_or(false);
    errors.finish("register-trusted-ca-certificate.json", (pem.unwrap_or_default(), allow))
}

/// Checks a body against `update-trusted-ca-certificate.json`.
pub(super) fn update_trusted_ca(body: &Value) -> Result<bool, Problem> {
    let mut errors = Errors::default();
    let empty = Map::new();
    let object = errors.object(body, "").unwrap_or(&empty);
    if !object.contains_key("allowAutoRegistration") {
        errors.required("", "allowAutoRegistration", "#/required");
    }
    let allow = errors.flag(object, "allowAutoRegistration").unwrap_or(false);
    errors.finish("update-trusted-ca-certificate.json", allow)
}

/// A string property: its bounds, its pattern as the platform prints it, and the same pattern as code.
#[derive(Clone, Copy)]
struct Text {
    at: &'static str,
    nullable: bool,
    shortest: usize,
    longest: usize,
    pattern: &'static str,
    matches: fn(&str) -> bool,
}

const FINGERPRINT: Text = Text {
    at: "defs.json#/definitions/fingerprint",
    nullable: false,
    shortest: 64,
    longest: 95,
    pattern: "^([A-Fa-f0-9]{2}:?){32}$",
    matches: is_fingerprint,
};

const CERTIFICATES: Text = Text {
    at: "defs.json#/definitions/cert-pem",
    nullable: false,
    shortest: 0,
    longest: LONGEST_PEM,
    pattern: r"^(-{5}BEGIN CERTIFICATE-{5}(\r\n|\r|\n)([-A-Za-z0-9+/=]{1,64}(\r\n|\r|\n))+-{5}END CERTIFICATE-{5}(\r\n|\r|\n)?)+$",
    matches: |text| is_pem(text, "CERTIFICATE", true),
};

const REQUEST: Text = Text {
    at: "defs.json#/definitions/csr",
    nullable: false,
    shortest: 0,
    longest: LONGEST_PEM,
    pattern: r"^-{5}BEGIN CERTIFICATE REQUEST-{5}(\r\n|\r|\n)([-A-Za-z0-9+/=]{1,64}(\r\n|\r|\n))+-{5}END CERTIFICATE REQUEST-{5}(\r\n|\r|\n)?$",
    matches: |text| is_pem(text, "CERTIFICATE REQUEST", false),
};

const DEVICE: Text = Text {
    at: "defs.json#/definitions/belongsTo/properties/device",
    nullable: true,
    shortest: 0,
    longest: 36,
    pattern: "^[0-9a-fA-F-]{5,36}$",
    matches: |text| {
        (5..=36).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    },
};

const APPLICATION: Text = Text {
    at: "defs.json#/definitions/belongsTo/properties/application",
    nullable: true,
    shortest: 0,
    longest: 64,
    pattern: "^[0-9a-zA-Z-]{1,64}$",
    matches: |text| {
        (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    },
};

/// What was found wrong, in the validator's shape.
#[derive(Default)]
struct Errors(Vec<Value>);

impl Errors {
    fn add(&mut self, keyword: &str, data: &str, schema: &str, params: &Value, message: &str) {
        self.0.push(json!({
            "keyword": keyword,
            "dataPath": data,
            "schemaPath": schema,
            "params": params,
            "message": message,
        }));
    }

    fn finish<T>(self, schema: &str, value: T) -> Result<T, Problem> {
        if self.0.is_empty() {
            return Ok(value);
        }
        Err(Problem::X509 {
            status: StatusCode::BAD_REQUEST,
            error: "Input data schema validation failure.".to_owned(),
            detail: Some(json!({ "schemaId": format!("{BASE}/{schema}"), "schemaErrors": self.0 })),
        })
    }

    fn object<'a>(&mut self, value: &'a Value, path: &str) -> Option<&'a Map<String, Value>> {
        if value.as_object().is_none() {
            self.add("type", path, "#/type", &json!({ "type": "object" }), "should be object");
        }
        value.as_object()
    }

    fn required(&mut self, path: &str, property: &str, schema: &str) {
        let message = format!("should have required property '{property}'");
        self.add("required", path, schema, &json!({ "missingProperty": property }), &message);
    }

    /// Exactly one of two properties must be there.
    fn one_of(&mut self, object: &Map<String, Value>, path: &str, first: &str, second: &str) {
        let passing = match (object.contains_key(first), object.contains_key(second)) {
            (true, false) | (false, true) => return,
            (true, true) => {
                self.add(
                    "not",
                    path,
                    &format!("#/dependencies/{first}/not"),
                    &json!({}),
                    "should NOT be valid",
                );
                json!([0, 1])
            }
            (false, false) => {
                self.required(path, first, "#/oneOf/0/required");
                self.required(path, second, "#/oneOf/1/required");
                Value::Null
            }
        };
        let params = json!({ "passingSchemas": passing });
        self.add("oneOf", path, "#/oneOf", &params, "should match exactly one schema in oneOf");
    }

    fn flag(&mut self, object: &Map<String, Value>, name: &str) -> Option<bool> {
        let value = object.get(name)?;
        if value.as_bool().is_none() {
            let schema = format!("#/properties/{name}/type");
            self.add("type", &format!(".{name}"), &schema, &json!({ "type": "boolean" }), "should be boolean");
        }
        value.as_bool()
    }

    fn text(&mut self, object: &Map<String, Value>, name: &str, rule: Text) -> Option<String> {
        self.text_at(object, "", name, rule)
    }

    fn text_at(&mut self, object: &Map<String, Value>, under: &str, name: &str, rule: Text) -> Option<String> {
        let value = object.get(name)?;
        if value.is_null() && rule.nullable {
            return None;
        }
        let path = format!("{under}.{name}");
        let schema = |keyword: &str| format!("{BASE}/{}/{keyword}", rule.at);
        let Some(text) = value.as_str() else {
            let kinds = if rule.nullable { "string,null" } else { "string" };
            self.add("type", &path, &schema("type"), &json!({ "type": kinds }), &format!("should be {kinds}"));
            return None;
        };
        let length = text.chars().count();
        if length > rule.longest {
            let message = format!("should NOT be longer than {} characters", rule.longest);
            self.add("maxLength", &path, &schema("maxLength"), &json!({ "limit": rule.longest }), &message);
        }
        if length < rule.shortest {
            let message = format!("should NOT be shorter than {} characters", rule.shortest);
            self.add("minLength", &path, &schema("minLength"), &json!({ "limit": rule.shortest }), &message);
        }
        if !(rule.matches)(text) {
            let message = format!("should match pattern \"{}\"", rule.pattern);
            self.add("pattern", &path, &schema("pattern"), &json!({ "pattern": rule.pattern }), &message);
        }
        Some(text.to_owned())
    }

    fn belongs_to(&mut self, value: &Value) -> BelongsTo {
        let Some(object) = self.object(value, ".belongsTo") else { return BelongsTo::Nobody };
        let device = self.text_at(object, ".belongsTo", "device", DEVICE);
        self.text_at(object, ".belongsTo", "application", APPLICATION);
        self.one_of(object, ".belongsTo", "device", "application");
        match device {
            _ if object.contains_key("application") => BelongsTo::Application,
            Some(device) => BelongsTo::Device(device),
            None => BelongsTo::Nobody,
        }
    }
}

fn is_fingerprint(text: &str) -> bool {
    let mut rest = text.as_bytes();
    for _ in 0..32 {
        let [first, second, after @ ..] = rest else { return false };
        if !(first.is_ascii_hexdigit() && second.is_ascii_hexdigit()) {
            return false;
        }
        rest = after.strip_prefix(b":").unwrap_or(after);
    }
    rest.is_empty()
}

/// One PEM block, or `many`, without anything before, between or after; lines of at most 64 characters.
fn is_pem(text: &str, label: &str, many: bool) -> bool {
    let mut rest = text;
    loop {
        let Some(after) = pem_block(rest, label) else { return false };
        if after.is_empty() {
            return true;
        }
        if !many {
            return false;
        }
        rest = after;
    }
}

/// What follows a block and its optional line end.
fn pem_block<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let end = format!("-----END {label}-----");
    let mut rest = line_end(text.strip_prefix(&format!("-----BEGIN {label}-----"))?)?;
    let mut lines = 0;
    loop {
        if let Some(after) = rest.strip_prefix(&end) {
            return (lines > 0).then(|| line_end(after).unwrap_or(after));
        }
        let length =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-+/=".contains(byte)).count();
        if !(1..=64).contains(&length) {
            return None;
        }
        rest = line_end(&rest[length..])?;
        lines += 1;
    }
}

fn line_end(text: &str) -> Option<&str> {
    ["\r\n", "\r", "\n"].iter().find_map(|end| text.strip_prefix(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_is_taken_exactly_as_the_platform_takes_it() {
        let csr = |body: &str, after: &str| {
            format!("-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----{after}")
        };
        let takes = |text: &str| is_pem(text, "CERTIFICATE REQUEST", false);
        assert!(takes(&csr("AAAA", "")) && takes(&csr("AAAA", "\n")) && takes(&csr("AA\r\nAA", "\r\n")));
        assert!(takes(&csr(&"A".repeat(64), "")));
        assert!(!takes(&csr(&"A".repeat(65), "")), "lines are short");
        assert!(!takes(&csr("AAAA", "\n\n")), "one newline at the end, no more");
        assert!(!takes(&csr("", "")) && !takes(&format!("x{}", csr("AAAA", ""))) && !takes(""));
        assert!(!takes(&csr("AAAA", "").replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")));
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(is_pem(&certificate.repeat(3), "CERTIFICATE", true));
        assert!(is_pem(&certificate.trim_end().repeat(2), "CERTIFICATE", true));
    }

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
