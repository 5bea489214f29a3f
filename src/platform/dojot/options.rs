//! Everything a client needs to know, already decided: no flag, variable or file is read here.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use super::{base_url::BaseUrl, token::Token};

/// Called with every token a login brings, to keep it for the next run.
pub type OnToken = Box<dyn Fn(&Token) + Send + Sync>;

/// How to reach a platform, and as whom.
pub struct Options {
    pub base: BaseUrl,
    pub user: String,
    /// The password. Without it a token is used as long as the platform takes it.
    pub secret: Option<Zeroizing<String>>,
    /// A token from an earlier run; see [`super::TokenFile::read`].
    pub token: Option<Token>,
    pub on_token: Option<OnToken>,
    /// DER certificates trusted for the platform's TLS **in addition to** the system's.
    pub cacerts: Vec<Vec<u8>>,
    /// Until a connection stands, TLS included.
    pub connect_timeout: Duration,
    /// From the start of a request to the last byte of its answer.
    pub timeout: Duration,
    /// The first pause before a repeated read; later ones grow up to 25 times as long.
    pub retry_delay: Duration,
}

impl Options {
    /// 10 s to connect, 60 s a request, 200 ms to 5 s between tries; no secret, no token.
    #[must_use]
    pub fn new(base: BaseUrl, user: impl Into<String>) -> Self {
        Self {
            base,
            user: user.into(),
            secret: None,
            token: None,
            on_token: None,
            cacerts: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            retry_delay: Duration::from_millis(200),
        }
    }
}

impl fmt::Debug for Options {
    /// Neither the secret nor the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("base", &self.base)
            .field("user", &self.user)
            .field("secret", &self.secret.as_ref().map(|_| "..."))
            .field("token", &self.token)
            .field("cacerts", &self.cacerts.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
