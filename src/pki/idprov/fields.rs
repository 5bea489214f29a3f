//! The fields of a JSON object, found as Go finds them: the case of a name does not matter, and unknown fields are
//! passed over.

use serde_json::{Map, Value};

use super::message::MessageError;

/// Octets of the longest message that is read.
const LONGEST: usize = 256 * 1024;

pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        if bytes.len() > LONGEST {
            return Err(MessageError::TooLong);
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(MessageError::NotAnObject),
            Err(error) => Err(MessageError::Json(error.to_string())),
        }
    }

    pub(super) fn of(value: Value) -> Result<Self, MessageError> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(MessageError::NotAnObject),
        }
    }

    /// The exact name goes first.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let exact = self.0.remove(name);
        let found = exact.or_else(|| {
            let alike = self.0.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
            self.0.remove(&alike)
        });
        found.filter(|value| !value.is_null())
    }

    /// A string; empty when it is missing or null.
    pub(super) fn text(&mut self, name: &'static str) -> Result<String, MessageError> {
        match self.take(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(MessageError::NoText(name)),
        }
    }

    /// A string that must be there.
    pub(super) fn needed(&mut self, name: &'static str) -> Result<String, MessageError> {
        let text = self.text(name)?;
        if text.is_empty() { Err(MessageError::Missing(name)) } else { Ok(text) }
    }

    pub(super) fn into_strings(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            _ => None,
        })
    }
}
