//! Comparison of a name with the base of a name constraint, for each form of name (RFC 5280 §4.2.1.10).

use url::{Host, Url};

/// The result: inside the subtree, outside, or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Inside,
    Outside,
    /// One of the two cannot be read.
    Unknown,
}

impl Fit {
    pub(super) fn when(inside: bool) -> Self {
        if inside { Self::Inside } else { Self::Outside }
    }
}

/// Zero or more labels may be added on the left of the base. `excluding`: a wildcard counts for all it may stand for.
pub(super) fn dns(base: &str, name: &str, excluding: bool) -> Fit {
    let (Some(base), Some(name)) = (host(base), host(name)) else { return Fit::Unknown };
    if base.is_empty() || below(&name, &base) {
        return Fit::Inside;
    }
    let Some(parent) = name.strip_prefix("*.") else { return Fit::Outside };
    let one_of_it = base.split_once('.').is_some_and(|(_, rest)| rest == parent);
    Fit::when(excluding && one_of_it)
}

/// Compares a mail address. The base is a mailbox, or a host for all its mailboxes, or with a dot in front a domain
/// for the mailboxes of every host below it.
pub(super) fn mail(base: &str, name: &str) -> Fit {
    let Some((local, at)) = name.rsplit_once('@') else { return Fit::Unknown };
    let Some(at) = host(at).filter(|at| !at.is_empty() && !local.is_empty()) else { return Fit::Unknown };
    match base.rsplit_once('@') {
        Some((wanted, base)) => match host(base) {
            Some(base) => Fit::when(local == wanted && at == base),
            None => Fit::Unknown,
        },
        None => on(base, &at),
    }
}

/// Compares the host of a URI. A URI without a host, or with an IP address, is never inside.
pub(super) fn uri(base: &str, name: &str) -> Fit {
    let Ok(url) = Url::parse(name) else { return Fit::Unknown };
    let at = match url.host() {
        // The URL library does not recognise an IPv4 address in the host of a scheme that is not of the web.
        Some(Host::Domain(name)) if name.parse::<core::net::Ipv4Addr>().is_err() => host(name),
        _ => None,
    };
    match at.filter(|at| !at.is_empty()) {
        Some(at) => on(base, &at),
        None => Fit::Unknown,
    }
}

/// Compares an address with a base of address and mask.
pub(super) fn ip(base: &[u8], name: &[u8]) -> Fit {
    if !matches!(base.len(), 8 | 32) || !matches!(name.len(), 4 | 16) {
        return Fit::Unknown;
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let all_fit = |name: &[u8]| {
        name.iter().zip(network).zip(mask).all(|((byte, network), mask)| byte & mask == network & mask)
    };
    Fit::when(network.len() == name.len() && all_fit(name))
}

/// Compares a host. A base without a dot in front means the host itself, a base with a dot any host below it.
fn on(base: &str, at: &str) -> Fit {
    match host(base) {
        Some(base) if base.is_empty() => Fit::Inside,
        Some(base) if base.starts_with('.') => Fit::when(at.ends_with(&base) && at.len() > base.len()),
        Some(base) => Fit::when(at == base),
        None => Fit::Unknown,
    }
}

/// `name` is `base`, or has labels more on its left; a base with a dot in front wants at least one.
fn below(name: &str, base: &str) -> bool {
    match name.strip_suffix(base) {
        Some("") => !base.starts_with('.'),
        Some(rest) => base.starts_with('.') || rest.ends_with('.'),
        None => false,
    }
}

/// A host name in lower case without the dot at its end; `None` for what is no host name.
fn host(text: &str) -> Option<String> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'*');
    text.bytes().all(is_host).then(|| text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase())
}

/// At least two labels of letters, digits, hyphens and underscores: what openssl takes for a host, too.
pub(super) fn looks_like_host(name: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    name.contains('.') && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_own_idea_of_below() {
        for (fit, expected) in [
            (dns("example.com", "example.com", false), Fit::Inside),
            (dns("Example.com", "a.b.EXAMPLE.com.", false), Fit::Inside),
            (dns("example.com", "badexample.com", false), Fit::Outside),
            (dns(".example.com", "example.com", false), Fit::Outside),
            (dns(".example.com", "a.example.com", false), Fit::Inside),
            (dns("", "anything", false), Fit::Inside),
            (dns("a.example.com", "*.example.com", false), Fit::Outside),
            (dns("a.example.com", "*.example.com", true), Fit::Inside),
            (dns("example.com", "*.example.com", false), Fit::Inside),
            (dns("example.com", "b\u{fc}cher.example.com", false), Fit::Unknown),
            (mail("example.com", "a@example.com"), Fit::Inside),
            (mail("example.com", "a@b.example.com"), Fit::Outside),
            (mail(".example.com", "a@b.example.com"), Fit::Inside),
            (mail(".example.com", "a@example.com"), Fit::Outside),
            (mail("a@example.com", "a@EXAMPLE.com"), Fit::Inside),
            (mail("a@example.com", "A@example.com"), Fit::Outside),
            (mail("example.com", "example.com"), Fit::Unknown),
            (uri("example.com", "https://example.com:8443/x"), Fit::Inside),
            (uri("example.com", "https://a.example.com/"), Fit::Outside),
            (uri(".example.com", "ldap://a.example.com/cn=x"), Fit::Inside),
            (uri("example.com", "https://user@example.com.evil.org/"), Fit::Outside),
            (uri("example.com", "urn:dev:example.com"), Fit::Unknown),
            (uri("example.com", "https://192.0.2.1/"), Fit::Unknown),
            (ip(&[10, 0, 0, 0, 255, 0, 0, 0], &[10, 1, 2, 3]), Fit::Inside),
            (ip(&[10, 0, 0, 0, 255, 0, 0, 0], &[11, 1, 2, 3]), Fit::Outside),
            (ip(&[10, 0, 0, 0, 255, 0, 0, 0], &[0; 16]), Fit::Outside),
            (ip(&[10, 0, 0, 0], &[10, 0, 0, 0]), Fit::Unknown),
        ] {
            assert_eq!(fit, expected);
        }
    }

    #[test]
    fn a_serial_number_with_a_dot_looks_like_a_host() {
        for (name, expected) in [
            ("sn.0001", true),
            ("dev1.acme.example", true),
            ("dev1", false),
            ("a b.c", false),
            ("tenant:a.b", false),
        ] {
            assert_eq!(looks_like_host(name), expected, "{name}");
        }
    }
}
