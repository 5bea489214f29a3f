//! The credentials, in the HTTP header that the server asks for: Basic (RFC 7617) and Digest (RFC 7616).

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use http_auth::{ChallengeRef, parser::ChallengeParser};
use md5::{Digest, Md5};
use reqwest::header::HeaderValue;
use sha2::Sha256;
use zeroize::Zeroizing;

/// A user and a password.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'a> {
    pub(super) user: &'a str,
    pub(super) secret: &'a str,
}

/// HTTP authentication that a server asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    Basic,
    Digest(Box<Nonce>),
}

/// A Digest challenge that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nonce {
    realm: String,
    /// The nonce of the server.
    value: String,
    opaque: Option<String>,
    hash: Hash,
    /// `qop=auth`; very old servers know none.
    has_qop: bool,
    /// `stale=true`: the last answer was right, but its nonce was too old.
    pub(super) is_stale: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha256,
}

impl Challenge {
    /// The strongest challenge that can be answered. A server that sends no challenge wants Basic (libest does so).
    pub(super) fn of(headers: &[String]) -> Option<Self> {
        if headers.is_empty() {
            return Some(Self::Basic);
        }
        let mut basic = false;
        let mut best: Option<Nonce> = None;
        for header in headers {
            for challenge in ChallengeParser::new(header).filter_map(Result::ok) {
                basic |= challenge.scheme.eq_ignore_ascii_case("basic");
                if let Some(nonce) = Nonce::of(&challenge)
                    && best.as_ref().is_none_or(|best| best.hash < nonce.hash)
                {
                    best = Some(nonce);
                }
            }
        }
        best.map(|nonce| Self::Digest(Box::new(nonce))).or_else(|| basic.then_some(Self::Basic))
    }
}

impl Nonce {
    fn of(challenge: &ChallengeRef<'_>) -> Option<Self> {
        if !challenge.scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let value = |name: &str| {
            let found = challenge.params.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        let hash = match value("algorithm").as_deref() {
            None | Some("MD5" | "md5") => Hash::Md5,
            Some("SHA-256" | "sha-256") => Hash::Sha256,
            _ => return None,
        };
        let has_qop = match value("qop") {
            Some(list) => list.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth")).then_some(true)?,
            None => false,
        };
        Some(Self {
            realm: value("realm")?,
            value: value("nonce")?,
            opaque: value("opaque"),
            hash,
            has_qop,
            is_stale: value("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }
}

impl Hash {
    fn hex(self, text: &str) -> String {
        fn hex(bytes: &[u8]) -> String {
            bytes.iter().fold(String::new(), |mut text, byte| {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
        }
        match self {
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => hex(&Sha256::digest(text.as_bytes())),
        }
    }
}

impl Credentials<'_> {
    /// The answer to a challenge, for one request; `None` when it cannot be written in a header, or the system gives no
    /// random bytes.
    pub(super) fn answer(self, challenge: &Challenge, method: &str, path: &str) -> Option<HeaderValue> {
        match challenge {
            Challenge::Basic => self.basic(),
            Challenge::Digest(nonce) => {
                let mut bytes = [0; 16];
                aws_lc_rs::rand::fill(&mut bytes).ok()?;
                sensitive(&self.digest(nonce, method, path, &format!("{:032x}", u128::from_be_bytes(bytes)))?)
            }
        }
    }

    fn basic(self) -> Option<HeaderValue> {
        let plain = Zeroizing::new(format!("{}:{}", self.user, self.secret));
        sensitive(&Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes()))))
    }

    fn digest(self, of: &Nonce, method: &str, path: &str, ours: &str) -> Option<String> {
        let Nonce { realm, value: nonce, opaque, hash, has_qop, .. } = of;
        let who = Zeroizing::new(format!("{}:{realm}:{}", self.user, self.secret));
        let who = Zeroizing::new(hash.hex(&who));
        let what = hash.hex(&format!("{method}:{path}"));
        let proof = if *has_qop {
            hash.hex(&format!("{}:{nonce}:00000001:{ours}:auth:{what}", who.as_str()))
        } else {
            hash.hex(&format!("{}:{nonce}:{what}", who.as_str()))
        };
        let name = match hash {
            Hash::Md5 => "MD5",
            Hash::Sha256 => "SHA-256",
        };
        let mut text = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, algorithm={name}, response=\"{proof}\"",
            quoted(self.user),
            quoted(realm),
            quoted(nonce),
            quoted(path),
        );
        if *has_qop {
            write!(text, ", qop=auth, nc=00000001, cnonce=\"{ours}\"").ok()?;
        }
        if let Some(opaque) = opaque {
            write!(text, ", opaque={}", quoted(opaque)).ok()?;
        }
        Some(text)
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUFASA: Credentials<'_> = Credentials { user: "Mufasa", secret: "Circle of Life" };

    /// RFC 7616 §3.9.1.
    const OF_THE_RFC: [&str; 2] = [
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
    ];

    fn nonce(header: &str) -> Nonce {
        match Challenge::of(&[header.to_owned()]) {
            Some(Challenge::Digest(nonce)) => *nonce,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_are_those_of_the_rfc() {
        let ours = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (header, response) in OF_THE_RFC.iter().zip([
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            "8ca523f5e9506fed4657c9700eebdbec",
        ]) {
            let mufasa = Credentials { secret: "Circle of Life", ..MUFASA };
            let text = mufasa.digest(&nonce(header), "GET", "/dir/index.html", ours).unwrap();
            assert!(text.contains(&format!("response=\"{response}\"")), "{text}");
        }
    }

    #[test]
    fn the_strongest_challenge_is_taken_and_a_strange_one_left() {
        let both = Challenge::of(&OF_THE_RFC.map(str::to_owned)).unwrap();
        assert!(matches!(both, Challenge::Digest(nonce) if nonce.hash == Hash::Sha256));
        let of = |header: &str| Challenge::of(&[header.to_owned()]);
        assert_eq!(of("Basic realm=x"), Some(Challenge::Basic));
        assert_eq!(Challenge::of(&[]), Some(Challenge::Basic));
        assert_eq!(of("Negotiate"), None);
        assert_eq!(of(r#"Digest realm="x", nonce="y", algorithm=SHA-512-256"#), None);
        assert!(!nonce(r#"Digest realm="x", nonce="y""#).has_qop);
    }

    #[test]
    fn a_quote_in_a_realm_stays_in_its_quotes() {
        let text =
            MUFASA.digest(&nonce(r#"Digest realm="a\"b", nonce="y", qop="auth""#), "POST", "/", "c").unwrap();
        assert!(text.contains(r#"realm="a\"b""#), "{text}");
    }
}
