//! Names a server is reached under (RFC 5280 §4.2.1.6): what a request asks for and a certificate must hold.

use std::{fmt, net::IpAddr, str::FromStr};

use der::{
    Encode,
    asn1::{Ia5String, OctetString},
    oid::db::rfc5280::ID_CE_SUBJECT_ALT_NAME,
};
use rcgen::SanType;
use rustls::pki_types::DnsName;
use x509_cert::ext::pkix::{SubjectAltName, name::GeneralName};

use super::{
    certificate::Certificate,
    chain,
    names::{self, NameKind},
    request_info::WantedExtension,
};

/// A DNS name or an IP address. Prints as it is typed: `dns:broker.example.org`, `ip:192.0.2.1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AltName {
    /// Lower case, without a wildcard and without a dot at the end.
    Dns(String),
    Ip(IpAddr),
}

/// A text that names no server. Holds the text as it came: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AltNameError {
    #[error("{0:?} has no type; write dns:NAME or ip:ADDRESS")]
    Kind(String),
    #[error("{0:?} is a wildcard; name each server")]
    Wildcard(String),
    #[error("{0:?} is an IP address; write ip:{0}")]
    Address(String),
    #[error("{0:?} is not a DNS name{hint}", hint = ascii_hint(.0))]
    Dns(String),
    #[error("{0:?} is not an IP address")]
    Ip(String),
}

fn ascii_hint(text: &str) -> &'static str {
    if text.is_ascii() { "" } else { "; write its ASCII form (xn--...)" }
}

impl FromStr for AltName {
    type Err = AltNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, name) = text.split_once(':').ok_or_else(|| AltNameError::Kind(text.to_owned()))?;
        match kind.to_ascii_lowercase().as_str() {
            "dns" => dns(name).map(Self::Dns),
            "ip" => name.parse().map(Self::Ip).map_err(|_| AltNameError::Ip(name.to_owned())),
            _ => Err(AltNameError::Kind(text.to_owned())),
        }
    }
}

fn dns(name: &str) -> Result<String, AltNameError> {
    if name.contains('*') {
        return Err(AltNameError::Wildcard(name.to_owned()));
    }
    if name.parse::<IpAddr>().is_ok() {
        return Err(AltNameError::Address(name.to_owned()));
    }
    let name_of = DnsName::try_from(name).ok().filter(|_| !name.ends_with('.'));
    name_of.map(|name| name.as_ref().to_ascii_lowercase()).ok_or_else(|| AltNameError::Dns(name.to_owned()))
}

impl fmt::Display for AltName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "dns:{name}"),
            Self::Ip(address) => write!(f, "ip:{address}"),
        }
    }
}

impl AltName {
    /// The name as a client asks for it.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Dns(name) => name.clone(),
            Self::Ip(address) => address.to_string(),
        }
    }

    /// Names of one `--san` value: separated by commas, spaces around them dropped.
    ///
    /// # Errors
    /// The first part that is not a name.
    pub fn from_commas(text: &str) -> Result<Vec<Self>, AltNameError> {
        text.split(',').map(|name| name.trim().parse()).collect()
    }

    pub(super) fn for_request(&self) -> Result<SanType, rcgen::Error> {
        Ok(match self {
            Self::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
            Self::Ip(address) => SanType::IpAddress(*address),
        })
    }
}

/// A subjectAltName with these names (RFC 5280 §4.2.1.6); `None` without one.
///
/// # Errors
/// When a name cannot be encoded.
pub(super) fn extension(names: &[AltName]) -> Result<Option<WantedExtension>, der::Error> {
    if names.is_empty() {
        return Ok(None);
    }
    let general = |name: &AltName| {
        Ok(match name {
            AltName::Dns(name) => GeneralName::DnsName(Ia5String::new(name)?),
            AltName::Ip(IpAddr::V4(address)) => GeneralName::IpAddress(OctetString::new(address.octets())?),
            AltName::Ip(IpAddr::V6(address)) => GeneralName::IpAddress(OctetString::new(address.octets())?),
        })
    };
    let names = names.iter().map(general).collect::<Result<Vec<_>, der::Error>>()?;
    let value = SubjectAltName(names).to_der()?;
    Ok(Some(WantedExtension { oid: ID_CE_SUBJECT_ALT_NAME, critical: false, value }))
}

/// The names a certificate is for and a renewal of it must ask for again; kinds that are no server's are left out.
#[must_use]
pub fn of(leaf: &Certificate) -> Vec<AltName> {
    names::alternatives(leaf)
        .into_iter()
        .filter_map(|name| match name.kind {
            NameKind::Dns => dns(&name.value).ok().map(AltName::Dns),
            NameKind::Ip => name.value.parse().ok().map(AltName::Ip),
            _ => None,
        })
        .collect()
}

/// The name of a server in what people type: a URL, brackets, a zone, a port, letters beyond ASCII.
#[must_use]
pub fn typed(text: &str) -> String {
    let text = text.trim();
    let of_url = text.contains("://").then(|| url::Url::parse(text).ok()).flatten();
    let host = of_url.as_ref().and_then(url::Url::host_str).unwrap_or(text);
    let (inner, is_bracketed) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inner, _)) => (inner, true),
        None => (host, false),
    };
    let without_zone = inner.split_once('%').map_or(inner, |(address, _)| address);
    if let Ok(address) = without_zone.parse::<IpAddr>() {
        return address.to_string();
    }
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match inner.split_once(':') {
        Some((name, port)) if !is_bracketed && is_port(port) => name,
        _ => inner,
    };
    if name.is_ascii() && !name.contains('%') {
        return name.to_owned();
    }
    // The library does not convert the host of an mqtts URL to a DNS name, but percent-encodes it; so https is used.
    let encoded = format!("https://{name}/");
    let parsed = url::Url::parse(&encoded).ok();
    parsed.as_ref().and_then(url::Url::host_str).map_or_else(|| name.to_owned(), str::to_owned)
}

/// Those of `wanted` that a certificate is not for.
#[must_use]
pub fn missing(leaf: &Certificate, wanted: &[AltName]) -> Vec<AltName> {
    wanted.iter().filter(|name| chain::check_name(leaf, &name.value()).is_err()).cloned().collect()
}

/// `dns:a, ip:192.0.2.1`
#[must_use]
pub fn listed(names: &[AltName]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_and_addresses() {
        for (text, shown) in [
            ("dns:broker", "dns:broker"),
            ("DNS:Broker.Example.ORG", "dns:broker.example.org"),
            ("dns:my_broker", "dns:my_broker"),
            ("dns:xn--mnchen-3ya.example", "dns:xn--mnchen-3ya.example"),
            ("ip:192.0.2.1", "ip:192.0.2.1"),
            ("IP:2001:DB8:0::1", "ip:2001:db8::1"),
        ] {
            assert_eq!(text.parse::<AltName>().map(|name| name.to_string()), Ok(shown.to_owned()), "{text}");
        }
        let names = AltName::from_commas("dns:a, ip:::1").unwrap();
        assert_eq!(listed(&names), "dns:a, ip:::1");
    }

    #[test]
    fn a_certificate_tells_its_names() {
        let mut params = rcgen::CertificateParams::default();
        let names = AltName::from_commas("dns:broker.example.org,ip:192.0.2.1,ip:2001:db8::1").unwrap();
        params.subject_alt_names = names.iter().map(|name| name.for_request().unwrap()).collect();
        params.subject_alt_names.push(SanType::Rfc822Name("a@example.org".try_into().unwrap()));
        let der = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec();
        let leaf = Certificate::from_der(der).unwrap();
        assert_eq!(of(&leaf), names);
        assert_eq!(missing(&leaf, &names), []);
        let others = AltName::from_commas("dns:example.org,ip:192.0.2.1,ip:192.0.2.2").unwrap();
        assert_eq!(listed(&missing(&leaf, &others)), "dns:example.org, ip:192.0.2.2");
    }

    #[test]
    fn finds_the_name_in_what_people_type() {
        for (text, name) in [
            ("broker.example", "broker.example"),
            (" broker.example:8883 ", "broker.example"),
            ("mqtts://broker.example:8883", "broker.example"),
            ("https://user:secret@broker.example/path?x", "broker.example"),
            ("gerät.example", "xn--gert-noa.example"),
            ("mqtts://gerät.example:8883", "xn--gert-noa.example"),
            ("[::1]", "::1"),
            ("[2001:DB8:0::1]:8883", "2001:db8::1"),
            ("mqtts://[::1]:8883", "::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]", "fe80::1"),
            ("192.0.2.1:443", "192.0.2.1"),
            ("a..b", "a..b"),
            ("a b", "a b"),
        ] {
            assert_eq!(typed(text), name, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| text.parse::<AltName>().unwrap_err().to_string();
        assert_eq!(error("broker"), r#""broker" has no type; write dns:NAME or ip:ADDRESS"#);
        assert_eq!(error("uri:x"), r#""uri:x" has no type; write dns:NAME or ip:ADDRESS"#);
        assert_eq!(error("dns:*.example.org"), r#""*.example.org" is a wildcard; name each server"#);
        assert_eq!(error("dns:10.0.0.1"), r#""10.0.0.1" is an IP address; write ip:10.0.0.1"#);
        assert_eq!(error("ip:broker"), r#""broker" is not an IP address"#);
        assert_eq!(error("dns:münchen"), r#""münchen" is not a DNS name; write its ASCII form (xn--...)"#);
        let long = "a".repeat(64);
        for text in ["", "a..b", "a b", "-a", "a-", "a.", ".a", "a\u{1b}[31m", "a/b", long.as_str()] {
            assert!(matches!(format!("dns:{text}").parse::<AltName>(), Err(AltNameError::Dns(_))), "{text:?}");
        }
    }
}
