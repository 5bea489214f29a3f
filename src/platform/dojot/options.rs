//! The settings of a client, already decided: no flag, variable or file is read here.

use std::{fmt, str::FromStr, time::Duration};

use reqwest::Url;
use zeroize::Zeroizing;

use super::{base_url::BaseUrl, token::Token};

/// Called with every token a login brings, to keep it for the next run.
pub type OnToken = Box<dyn Fn(&Token) + Send + Sync>;

/// How a platform logs people in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Ask the platform, once, before the first login and without a password.
    #[default]
    Auto,
    /// `POST /auth`, releases 0.5 to 0.8.
    Dojot,
    /// OpenID Connect, the 1.0 release line.
    OpenId,
}

/// Name of a realm, which is a tenant: letters, digits, `-`, `_` and `.`; it becomes part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realm(String);

impl Realm {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Realm {
    /// `admin`, which every installation has.
    fn default() -> Self {
        Self("admin".to_owned())
    }
}

impl FromStr for Realm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || text.len() > 64 || text.starts_with('.') || !text.chars().all(fits) {
            return Err(format!("{text:?} is not a name of a realm: letters, digits, \"-\", \"_\" and \".\""));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Address of a platform, and the login there.
pub struct Options {
    pub base: BaseUrl,
    pub user: String,
    /// The password. Without it a token is used as long as the platform takes it.
    pub secret: Option<Zeroizing<String>>,
    /// A token from an earlier run; see [`super::TokenFile::read`].
    pub token: Option<Token>,
    /// The token is used as it is, and the run never logs in, even when a password is known.
    pub only_token: bool,
    pub on_token: Option<OnToken>,
    pub auth: Auth,
    /// The realm of an OpenID login; the next two fields are for such a login, too.
    pub realm: Realm,
    pub client_id: String,
    /// The token endpoint, when it is not the realm's on the platform; see [`Self::token_url`].
    pub token_url: Option<Url>,
    /// DER certificates trusted for the platform's TLS **in addition to** the system's.
    pub cacerts: Vec<Vec<u8>>,
    /// The longest time until a connection stands, TLS included.
    pub connect_timeout: Duration,
    /// The longest time from the start of a request to the last byte of its answer.
    pub timeout: Duration,
    /// The first pause before a repeated read; later ones grow up to 25 times as long.
    pub retry_delay: Duration,
}

impl Options {
    /// The OpenID client that releases 1.0 have for scripts; an administrator has to enable it.
    pub const CLIENT_ID: &str = "dev-test-cli";

    /// 10 s to connect, 60 s a request, 200 ms to 5 s between tries; no secret, no token; the login is asked for.
    #[must_use]
    pub fn new(base: BaseUrl, user: impl Into<String>) -> Self {
        Self {
            base,
            user: user.into(),
            secret: None,
            token: None,
            only_token: false,
            on_token: None,
            auth: Auth::default(),
            realm: Realm::default(),
            client_id: Self::CLIENT_ID.to_owned(),
            token_url: None,
            cacerts: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            retry_delay: Duration::from_millis(200),
        }
    }

    /// The token endpoint of an OpenID login.
    #[must_use]
    pub fn token_url(&self) -> Url {
        let path = format!("/auth/realms/{}/protocol/openid-connect/token", self.realm.as_str());
        self.token_url.clone().unwrap_or_else(|| self.base.at(&path))
    }

    /// True when a kept token is from the login that these options name. Tokens of OpenID logins name their issuer,
    /// whose URL is the beginning of the token endpoint's. Ports and schemes are not compared: they differ where a
    /// proxy stands in front.
    #[must_use]
    pub fn is_from_here(&self, token: &Token) -> bool {
        let issuer = token.claims().and_then(|claims| Url::parse(&claims.issuer?).ok());
        let issuer = issuer.filter(Url::has_host);
        match (self.auth, issuer) {
            (Auth::Dojot, issuer) => issuer.is_none(),
            (auth, None) => auth == Auth::Auto,
            (_, Some(issuer)) => {
                let url = self.token_url();
                let path = issuer.path().trim_end_matches('/');
                let rest = url.path().strip_prefix(path);
                issuer.host() == url.host() && rest.is_some_and(|rest| rest.starts_with('/'))
            }
        }
    }
}

impl fmt::Debug for Options {
    /// Prints neither the secret nor the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("base", &self.base)
            .field("user", &self.user)
            .field("secret", &self.secret.as_ref().map(|_| "..."))
            .field("token", &self.token)
            .field("auth", &self.auth)
            .field("realm", &self.realm)
            .field("client_id", &self.client_id)
            .field("token_url", &self.token_url.as_ref().map(Url::as_str))
            .field("cacerts", &self.cacerts.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
