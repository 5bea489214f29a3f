//! The address of an IDProv server, as a person writes it.

use std::{fmt, net::SocketAddr, str::FromStr};

use crate::{
    pki::idprov::{DIRECTORY_PATH, PORT},
    platform::dojot::BaseUrl,
};

/// Host and port, and the path of its directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub base: BaseUrl,
    pub directory: String,
}

impl Address {
    /// A server that was found on the network.
    #[must_use]
    pub fn found(at: SocketAddr, directory: &str) -> Option<Self> {
        let base = BaseUrl::parse(&format!("https://{at}"), None).ok()?;
        Some(Self { base, directory: directory.to_owned() })
    }
}

impl FromStr for Address {
    type Err = String;

    /// `[https://]HOST[:PORT]`; the port of the standard when there is none.
    fn from_str(text: &str) -> Result<Self, String> {
        let host = match text.split_once("://") {
            None => text,
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest.trim_end_matches('/'),
            Some(_) => return Err("IDProv needs TLS: write HOST, or https://HOST".to_owned()),
        };
        let after_brackets = host.rsplit_once(']').map_or(host, |(_, after)| after);
        // More than one colon means an IPv6 address without brackets.
        let has_port = after_brackets.matches(':').count() == 1;
        let base = BaseUrl::parse(&format!("https://{host}"), (!has_port).then_some(PORT))?;
        Ok(Self { base, directory: DIRECTORY_PATH.to_owned() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.base.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_every_spelling_people_use() {
        for (text, shown) in [
            ("hub", "https://hub:43776"),
            ("hub:8880", "https://hub:8880"),
            ("https://hub/", "https://hub:43776"),
            ("https://hub:8880", "https://hub:8880"),
            ("192.0.2.1", "https://192.0.2.1:43776"),
            ("2001:db8::1", "https://[2001:db8::1]:43776"),
            ("[2001:db8::1]:8880", "https://[2001:db8::1]:8880"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), shown, "{text}");
        }
        for text in ["http://hub", "hub/idprov", "", "a b"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
