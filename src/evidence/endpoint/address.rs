//! How people write where a server is.

use std::{fmt, str::FromStr};

use url::Url;

/// A TLS server: host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// A DNS name or an IP address, IPv6 without brackets.
    pub host: String,
    pub port: u16,
}

/// A text that names no TLS server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("write a server as host:port, https://host or mqtts://host")]
    Shape,
    #[error("the address holds a user name or a password, which are not sent: remove the part before the @")]
    Secret,
    #[error("{0} does not use TLS; write https:// or mqtts://, or host:port")]
    Plain(String),
}

impl FromStr for Endpoint {
    type Err = AddressError;

    /// `host:port`, `[::1]:port`, or a URL; https and wss mean port 443, mqtts 8883, ldaps 636.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
        let default = match scheme.map(str::to_ascii_lowercase).as_deref() {
            None | Some("tls" | "ssl") => None,
            Some("https" | "wss") => Some(443),
            Some("mqtts" | "ssl+mqtt") => Some(8883),
            Some("ldaps") => Some(636),
            Some(plain @ ("http" | "mqtt" | "ws" | "ldap" | "tcp")) => {
                return Err(AddressError::Plain(format!("{plain}://")));
            }
            Some(_) => return Err(AddressError::Shape),
        };
        // A scheme without a default port of its own keeps every port that was written.
        let url = Url::parse(&format!("tls://{rest}")).map_err(|_| AddressError::Shape)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Secret);
        }
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let only_place = scheme.is_some() || (url.path().is_empty() && url.query().is_none());
        match url.port().or(default) {
            Some(port) if !host.is_empty() && port != 0 && only_place => Ok(Self { host, port }),
            _ => Err(AddressError::Shape),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_people_paste() {
        for (text, shown) in [
            ("broker:8883", "broker:8883"),
            ("192.0.2.1:443", "192.0.2.1:443"),
            ("[2001:db8::1]:8883", "[2001:db8::1]:8883"),
            ("https://example.org", "example.org:443"),
            ("https://example.org/path?q", "example.org:443"),
            ("HTTPS://example.org", "example.org:443"),
            ("mqtts://broker", "broker:8883"),
            ("mqtts://broker:443", "broker:443"),
            ("mqtts://[::1]", "[::1]:8883"),
        ] {
            assert_eq!(
                text.parse::<Endpoint>().map(|endpoint| endpoint.to_string()),
                Ok(shown.to_owned()),
                "{text}"
            );
        }
        for text in
            ["", "broker", ":8883", "broker:", "broker:0", "broker:99999", "leaf.pem", "a/b:1/c", "ftp://x:1"]
        {
            assert_eq!(text.parse::<Endpoint>(), Err(AddressError::Shape), "{text}");
        }
        for text in ["https://user@example.org:8443/", "mqtts://u:p@broker", "u:p@broker:8883"] {
            assert_eq!(text.parse::<Endpoint>(), Err(AddressError::Secret), "{text}");
        }
        assert!(matches!("http://x".parse::<Endpoint>(), Err(AddressError::Plain(_))));
    }
}
