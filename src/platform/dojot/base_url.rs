//! The address of the platform, as a person writes it.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use reqwest::Url;

/// Scheme, host and port of a gateway; prints as a URL without a final slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The gateway's port when none is given.
    pub const HTTP_PORT: u16 = 8000;
    /// The port behind `https://` when none is given.
    pub const HTTPS_PORT: u16 = 443;

    /// Takes `host`, `host:port`, `http://host[:port]`, `https://host[:port]`; IPv6 with or without brackets.
    /// `port` is the one given apart from the host.
    ///
    /// # Errors
    /// In words, when it is none of these, when it has a user, a path or a query, or when two ports differ.
    pub fn parse(host: &str, port: Option<u16>) -> Result<Self, String> {
        if host.contains('@') {
            // The message does not repeat the host: the text before the @ may be a password.
            return Err("the host must not have a user or a password in it; use -u and a secret".to_owned());
        }
        let (scheme, rest) = split_scheme(host)?;
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if let Some(extra) = authority.find(['/', '?', '#', '\\']) {
            return Err(format!(
                "the host {host:?} must not have a path or a query ({:?})",
                &authority[extra..]
            ));
        }
        let (name, written) = split_port(host, authority)?;
        let port = match (written, port) {
            (Some(written), Some(given)) if written != given => {
                return Err(format!("two ports were given: {written} in the host {host:?}, and {given}"));
            }
            (Some(port), _) | (None, Some(port)) => port,
            (None, None) if scheme == "https" => Self::HTTPS_PORT,
            (None, None) => Self::HTTP_PORT,
        };
        if port == 0 {
            return Err("the port 0 cannot be connected to".to_owned());
        }
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '%') {
            return Err(format!("{host:?} is not a host name"));
        }
        let url = Url::parse(&format!("{scheme}://{name}:{port}/"))
            .map_err(|_| format!("{host:?} is not a host name"))?;
        Ok(Self(url))
    }

    /// True when the connection is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// A DNS name or an IP address, IPv6 without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_matches(['[', ']'])
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(Self::HTTP_PORT)
    }

    /// True when the host is this machine, which a proxy can never reach.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// True when a secret may go to `url` in plain HTTP: `url` is on this machine, or on the platform's own host, which
    /// is reached in plain HTTP anyway.
    #[must_use]
    pub fn is_trusted_in_plain(&self, url: &Url) -> bool {
        is_loopback(url) || (!self.is_https() && self.0.host() == url.host())
    }

    /// The URL of an absolute path with its query.
    pub(in crate::platform) fn endpoint(&self, path: &str) -> Result<Url, String> {
        self.0.join(path).map_err(|error| error.to_string())
    }

    /// The URL that a `Location` header points to.
    pub(in crate::platform) fn resolve(&self, location: &str) -> Option<Url> {
        self.0.join(location).ok()
    }

    /// The URL of an absolute path without a query.
    pub(in crate::platform) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Scheme, host and port of another URL.
    pub(in crate::platform) fn origin_of(url: &Url) -> Self {
        let mut origin = url.clone();
        origin.set_path("/");
        origin.set_query(None);
        Self(origin)
    }

    /// True when both have the same scheme, host and port.
    pub(in crate::platform) fn has_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// True when the host of a URL is this machine.
pub(in crate::platform) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let name = host.trim_end_matches('.');
    name == "localhost"
        || name.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn split_scheme(host: &str) -> Result<(&'static str, &str), String> {
    match host.split_once("://") {
        None => Ok(("http", host)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok(("http", rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok(("https", rest)),
        Some((scheme, _)) => Err(format!("the scheme {scheme:?} is neither http nor https")),
    }
}

/// Host (IPv6 in brackets) and port. The URL parser is no help: it drops a port that equals the scheme's own.
fn split_port(host: &str, authority: &str) -> Result<(String, Option<u16>), String> {
    if authority.parse::<Ipv6Addr>().is_ok() {
        return Ok((format!("[{authority}]"), None));
    }
    let end_of_address = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[end_of_address..].rsplit_once(':') {
        None => Ok((authority.to_owned(), None)),
        Some((_, digits)) => {
            let name = &authority[..authority.len() - digits.len() - 1];
            let port = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
            match port {
                Some(port) => Ok((name.to_owned(), Some(port))),
                None => {
                    Err(format!("the port {digits:?} of the host {host:?} is not a number from 1 to 65535"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(host: &str, port: Option<u16>) -> String {
        BaseUrl::parse(host, port).unwrap().to_string()
    }

    fn error(host: &str, port: Option<u16>) -> String {
        BaseUrl::parse(host, port).unwrap_err()
    }

    #[test]
    fn takes_every_spelling_people_use() {
        assert_eq!(url("iot.example", None), "http://iot.example:8000");
        assert_eq!(url("iot.example", Some(30001)), "http://iot.example:30001");
        assert_eq!(url("iot.example:80", None), "http://iot.example");
        assert_eq!(url("http://localhost", Some(8000)), "http://localhost:8000");
        assert_eq!(url("http://localhost:8000/", Some(8000)), "http://localhost:8000");
        assert_eq!(url("HTTPS://Iot.Example", None), "https://iot.example");
        assert_eq!(url("https://iot.example:8443", None), "https://iot.example:8443");
        assert_eq!(url("[::1]", None), "http://[::1]:8000");
        assert_eq!(url("::1", None), "http://[::1]:8000");
        assert_eq!(url("https://[2001:db8::7]:444", None), "https://[2001:db8::7]:444");
    }

    #[test]
    fn says_what_is_wrong_with_the_rest() {
        assert!(!error("http://admin:hunter2@host", None).contains("hunter2"));
        assert!(error("host/api", None).contains("path"));
        assert!(error("host?x=1", None).contains("query"));
        assert!(error("ftp://host", None).contains("neither http nor https"));
        assert!(error("host:8000", Some(9000)).contains("two ports"));
        assert!(error("host:http", None).contains("is not a number"));
        assert!(error("host:+80", None).contains("is not a number"));
        assert!(error("host:0", None).contains("port 0"));
        for host in ["", "http://", "a b", "[::1", "a:b:c", ":80", "host%00", "h\u{1b}"] {
            assert!(BaseUrl::parse(host, None).is_err(), "{host}");
        }
    }

    #[test]
    fn knows_this_machine() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "x.localhost", "https://LOCALHOST"] {
            assert!(BaseUrl::parse(host, None).unwrap().is_loopback(), "{host}");
        }
        for host in ["10.0.0.1", "localhost.example", "iot.example"] {
            assert!(!BaseUrl::parse(host, None).unwrap().is_loopback(), "{host}");
        }
    }
}
