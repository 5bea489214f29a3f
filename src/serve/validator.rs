//! Collects the errors of a body, in the shape and words of the platform's schema validator.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    problem::Problem,
    property::{APPLICATION, DEVICE, Text},
};

/// Where the platform says its schemas are.
pub(super) const BASE: &str =
    "https://raw.githubusercontent.com/dojot/dojot/development/iam/x509-identity-mgmt/js/schemas";

/// The owner that a certificate is registered for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BelongsTo {
    /// No owner was named.
    Nobody,
    /// The device `null`.
    Null,
    Device(String),
    /// An application, which is never allowed here.
    Application,
}

/// Errors that were found, in the validator's shape.
#[derive(Default)]
pub(super) struct Errors(Vec<Value>);

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

    pub(super) fn finish<T>(self, schema: &str, value: T) -> Result<T, Problem> {
        if self.0.is_empty() {
            return Ok(value);
        }
        Err(Problem::X509 {
            status: StatusCode::BAD_REQUEST,
            error: "Input data schema validation failure.".to_owned(),
            detail: Some(json!({ "schemaId": format!("{BASE}/{schema}"), "schemaErrors": self.0 })),
        })
    }

    pub(super) fn object<'a>(
        &mut self,
        value: &'a Value,
        path: &str,
        rules: &str,
    ) -> Option<&'a Map<String, Value>> {
        if value.as_object().is_none() {
            self.add("type", path, &format!("{rules}/type"), &json!({ "type": "object" }), "should be object");
        }
        value.as_object()
    }

    pub(super) fn required(&mut self, path: &str, property: &str, schema: &str) {
        let message = format!("should have required property '{property}'");
        self.add("required", path, schema, &json!({ "missingProperty": property }), &message);
    }

    /// Neither of two properties goes with the other. `rules` is where the schema says so.
    pub(super) fn apart(&mut self, object: &Map<String, Value>, path: &str, rules: &str, pair: [&str; 2]) {
        if pair.iter().all(|name| object.contains_key(*name)) {
            for name in pair {
                let schema = format!("{rules}/dependencies/{name}/not");
                self.add("not", path, &schema, &json!({}), "should NOT be valid");
            }
        }
    }

    /// Exactly one of two properties must be there. A value that is no object fulfils both, as validators see it.
    pub(super) fn one_of(&mut self, value: &Value, path: &str, rules: &str, pair: [&str; 2]) {
        let holds = |name: &str| value.as_object().is_none_or(|object| object.contains_key(name));
        let passing = match pair.map(holds) {
            [true, false] | [false, true] => return,
            [true, true] => json!([0, 1]),
            [false, false] => {
                for (index, name) in pair.iter().enumerate() {
                    self.required(path, name, &format!("{rules}/oneOf/{index}/required"));
                }
                Value::Null
            }
        };
        let params = json!({ "passingSchemas": passing });
        let schema = format!("{rules}/oneOf");
        self.add("oneOf", path, &schema, &params, "should match exactly one schema in oneOf");
    }

    pub(super) fn flag(&mut self, object: &Map<String, Value>, name: &str) -> Option<bool> {
        let value = object.get(name)?;
        if value.as_bool().is_none() {
            let schema = format!("#/properties/{name}/type");
            self.add("type", &format!(".{name}"), &schema, &json!({ "type": "boolean" }), "should be boolean");
        }
        value.as_bool()
    }

    pub(super) fn text(&mut self, object: &Map<String, Value>, name: &str, rule: Text) -> Option<String> {
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

    pub(super) fn belongs_to(&mut self, value: &Value) -> BelongsTo {
        const PATH: &str = ".belongsTo";
        const PAIR: [&str; 2] = ["device", "application"];
        let rules = format!("{BASE}/defs.json#/definitions/belongsTo");
        let Some(object) = self.object(value, PATH, &rules) else {
            self.one_of(value, PATH, &rules, PAIR);
            return BelongsTo::Nobody;
        };
        self.apart(object, PATH, &rules, PAIR);
        let device = self.text_at(object, PATH, "device", DEVICE);
        self.text_at(object, PATH, "application", APPLICATION);
        self.one_of(value, PATH, &rules, PAIR);
        match device {
            _ if object.contains_key("application") => BelongsTo::Application,
            Some(device) => BelongsTo::Device(device),
            None => BelongsTo::Null,
        }
    }
}
