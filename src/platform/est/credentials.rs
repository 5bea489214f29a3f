//! Who we are, in the HTTP header that the server asks for (RFC 7617).

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// A user and a password.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'a> {
    pub(super) user: &'a str,
    pub(super) secret: &'a str,
}

impl Credentials<'_> {
    /// `Basic`.
    pub(super) fn basic(self) -> Option<HeaderValue> {
        let plain = Zeroizing::new(format!("{}:{}", self.user, self.secret));
        let encoded = Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes())));
        let mut value = HeaderValue::from_str(&encoded).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}
