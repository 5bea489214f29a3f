//! The address of an EST server, as a person writes it.

use std::{fmt, str::FromStr};

use crate::platform::dojot::BaseUrl;

const ROOT: &str = "/.well-known/est";

/// The operations of RFC 7030 §3.2.2; a label must not have one of these names.
const OPERATIONS: [&str; 6] =
    ["cacerts", "simpleenroll", "simplereenroll", "fullcmc", "serverkeygen", "csrattrs"];

/// Scheme, host and port, and the label of one of several CAs there (RFC 7030 §3.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub base: BaseUrl,
    pub label: Option<String>,
}

impl Address {
    /// The path of an operation.
    pub(super) fn path(&self, operation: &str) -> String {
        match &self.label {
            Some(label) => format!("{ROOT}/{label}/{operation}"),
            None => format!("{ROOT}/{operation}"),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    /// `[https://]HOST[:PORT]`, then `/LABEL`, or the path that begins with `/.well-known/est`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
        let base = BaseUrl::parse(&format!("{scheme}://{host}"), None)?;
        if !base.is_https() && !base.is_loopback() {
            return Err("EST needs TLS: write https://".to_owned());
        }
        let path = path.trim_end_matches('/');
        let path = path.strip_prefix(".well-known/est").map_or(path, |rest| rest.trim_start_matches('/'));
        if !path.is_empty() {
            check_label(path)?;
        }
        Ok(Self { base, label: (!path.is_empty()).then(|| path.to_owned()) })
    }
}

/// A label is one word of a path: letters, digits, `-`, `_`, `.` and `~`, and no operation.
///
/// # Errors
/// Why the text is no label, in words.
pub fn check_label(text: &str) -> Result<(), String> {
    if OPERATIONS.contains(&text) {
        return Err(format!("{text:?} is an operation of EST; leave it out"));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    if text.len() > 128 || text.starts_with('.') || !text.chars().all(fits) {
        return Err(format!(
            "{text:?} is not a label: letters, digits, \"-\", \"_\", \".\" and \"~\" (https://HOST/LABEL)"
        ));
    }
    Ok(())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.label {
            Some(label) => write!(f, "{}/{label}", self.base),
            None => self.base.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_every_spelling_people_use() {
        for (text, shown, path) in [
            ("ca.example", "https://ca.example", "/.well-known/est/cacerts"),
            ("ca.example:8443", "https://ca.example:8443", "/.well-known/est/cacerts"),
            ("https://ca.example/fleet-1", "https://ca.example/fleet-1", "/.well-known/est/fleet-1/cacerts"),
            ("https://ca.example/.well-known/est", "https://ca.example", "/.well-known/est/cacerts"),
            ("https://ca.example/.well-known/est/x/", "https://ca.example/x", "/.well-known/est/x/cacerts"),
            ("http://127.0.0.1:8085/x", "http://127.0.0.1:8085/x", "/.well-known/est/x/cacerts"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(
                (address.to_string().as_str(), address.path("cacerts").as_str()),
                (shown, path),
                "{text}"
            );
        }
    }

    #[test]
    fn says_what_is_wrong_with_the_rest() {
        let error = |text: &str| text.parse::<Address>().unwrap_err();
        assert!(error("http://ca.example").contains("TLS"));
        assert!(error("https://ca.example/cacerts").contains("operation"));
        assert!(error("https://ca.example/a/b").contains("is not a label"));
        assert!(error("https://ca.example/a?b").contains("is not a label"));
        assert!(error("https://ca.example/..").contains("is not a label"));
        assert!(!error("https://u:hunter2@ca.example").contains("hunter2"));
    }
}
