//! The login of the 1.0 release line: OpenID Connect, with the password and the refresh grant of OAuth 2.0 (RFC 6749
//! §4.3, §6).
//!
//! The kind of login of a platform is found with one request that carries no password: for the realm's discovery
//! document (OpenID Connect Discovery 1.0 §4). The URLs in the document are not followed: the password goes only to the
//! platform, or to the token endpoint that the user named.

use std::time::{Duration, Instant};

use reqwest::{Method, Url};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use super::{
    answer::Answer,
    asked::{Ask, Asked, NORMAL},
    base_url::BaseUrl,
    http::Http,
    logins::{Grant, Refresh},
    options::{Options, Realm},
    token::Token,
    words,
};
use crate::platform::{ErrorKind, PlatformError};

/// The realm, the client and the token endpoint of a login.
pub(super) struct OpenId {
    realm: Realm,
    client_id: String,
    token_url: Url,
    discovery: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Option<String>,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    refresh_expires_in: Option<u64>,
}

/// An error answer (RFC 6749 §5.2); Keycloak answers like this for a realm that it does not have, too.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

impl OpenId {
    pub(super) fn new(options: &Options) -> Self {
        let realm = options.realm.clone();
        let discovery = format!("/auth/realms/{}/.well-known/openid-configuration", realm.as_str());
        Self { realm, client_id: options.client_id.clone(), token_url: options.token_url(), discovery }
    }

    /// The request that tells the two logins apart.
    pub(super) fn question<'a>(&'a self, user: &'a str) -> Ask<'a> {
        Ask::get(Asked::Login(user), &self.discovery, NORMAL)
    }

    /// Reads the answer to [`Self::question`]: true for OpenID Connect, false for a gateway that knows no such path.
    /// Any other obstacle (a redirect, an overloaded or broken server) is an error, and decides nothing.
    pub(super) fn is_spoken(ask: &Ask<'_>, http: &Http, answer: &Answer) -> Result<bool, PlatformError> {
        #[derive(Deserialize)]
        struct Discovery {
            #[serde(rename = "token_endpoint")]
            _token_endpoint: String,
        }
        match answer.status.as_u16() {
            200..=299 => Ok(serde_json::from_slice::<Discovery>(&answer.body).is_ok()),
            // The server speaks OpenID Connect, and has no such realm; the token endpoint will say so, too.
            404 if refusal(answer).is_some_and(|said| said.error.contains("ealm")) => Ok(true),
            407 | 408 | 425 | 429 => Err(answer.refusal(ask, http.base())),
            400..=499 => Ok(false),
            _ => Err(answer.refusal(ask, http.base())),
        }
    }

    /// The form that buys a token for a password.
    pub(super) fn password(&self, user: &str, secret: &str) -> Zeroizing<String> {
        self.form(&[("grant_type", "password"), ("username", user), ("password", secret)])
    }

    /// A token for a refresh token; `None` when the session it belongs to is over.
    pub(super) async fn refresh(
        &self,
        http: &Http,
        user: &str,
        refresh: &Refresh,
    ) -> Result<Option<Grant>, PlatformError> {
        if refresh.until.is_some_and(|until| Instant::now() >= until) {
            return Ok(None);
        }
        let form = self.form(&[("grant_type", "refresh_token"), ("refresh_token", refresh.token.as_str())]);
        let ask = Self::ask(user, &form);
        let answer = http.post_form(&ask, &self.token_url).await?;
        match self.granted(&ask, &answer) {
            Err(error) if error.kind == ErrorKind::Unauthenticated => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    pub(super) fn token_url(&self) -> &Url {
        &self.token_url
    }

    fn form(&self, fields: &[(&str, &str)]) -> Zeroizing<String> {
        // The buffer has room for the whole form: one that grew would leave a copy of the password behind.
        let room: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        let mut form = Serializer::new(String::with_capacity(3 * (room + self.client_id.len()) + 16));
        form.append_pair("client_id", &self.client_id).extend_pairs(fields);
        Zeroizing::new(form.finish())
    }

    /// The request that carries a form.
    pub(super) fn ask<'a>(user: &'a str, form: &'a str) -> Ask<'a> {
        let body = Some(form.as_bytes());
        Ask { what: Asked::Login(user), method: Method::POST, path: "", body, limit: NORMAL }
    }

    /// Reads the answer of the token endpoint.
    pub(super) fn granted(&self, ask: &Ask<'_>, answer: &Answer) -> Result<Grant, PlatformError> {
        let place = BaseUrl::origin_of(&self.token_url);
        if !answer.status.is_success() {
            return Err(self.refused(ask, &place, answer));
        }
        let granted: Granted = answer.json(ask, &place.to_string())?;
        let token = granted.access_token.map(Zeroizing::new).and_then(|token| Token::new(&token));
        let token = token.ok_or_else(|| {
            answer.error(ask, ErrorKind::InvalidResponse, format!("{place} answered without an access token"))
        })?;
        // Keycloak writes 0 for a refresh token without an end.
        let end = granted.refresh_expires_in.filter(|seconds| *seconds > 0);
        let until = end.and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
        let refresh = granted.refresh_token.map(|token| Refresh { token: Zeroizing::new(token), until });
        Ok(Grant { token, life: granted.expires_in.map(Duration::from_secs), refresh })
    }

    fn refused(&self, ask: &Ask<'_>, place: &BaseUrl, answer: &Answer) -> PlatformError {
        let error = answer.refusal(ask, place);
        let status = answer.status.as_u16();
        if answer.location.is_some() {
            return error
                .hint("redirects are not followed, so that no password goes elsewhere: -h or --token-url");
        }
        let (realm, url) = (self.realm.as_str(), &self.token_url);
        let missing = format!("is the realm (--realm {realm}) the right one? Tokens were requested at {url}");
        match (status, refusal(answer)) {
            (404 | 405, _) => PlatformError { kind: ErrorKind::Unauthenticated, ..error }.hint(missing),
            (400..=403, Some(said)) => {
                let why = said.error_description.as_deref().unwrap_or(&said.error);
                let text = format!("{place} answered {}: {}", answer.status, words::cut(why, 300));
                answer.error(ask, ErrorKind::Unauthenticated, text).hint(self.advice(&said))
            }
            _ => error,
        }
    }

    /// The next step after a refusal.
    fn advice(&self, said: &Refusal) -> String {
        let client = &self.client_id;
        let words = said.error_description.as_deref().unwrap_or_default().to_ascii_lowercase();
        match said.error.as_str() {
            "invalid_grant" if words.contains("not fully set up") => {
                "log in once with a browser: the user has to do something there, such as set a new password"
                    .to_owned()
            }
            "invalid_grant" if words.contains("disabled") => "ask the platform's administrator".to_owned(),
            "invalid_grant" => format!(
                "most likely the user name (-u) or the password is wrong, or the user is not of the realm {}",
                self.realm.as_str()
            ),
            code if code.contains("client") || code.contains("grant_type") || words.contains("grant type") => {
                format!(
                    "the client {client} cannot log in with a password there: have it enabled with direct access \
                 grants, name another with --client-id, or give a token with --access-token-file"
                )
            }
            _ => format!("check the realm (--realm), the client (--client-id {client}) and the user (-u)"),
        }
    }
}

fn refusal(answer: &Answer) -> Option<Refusal> {
    serde_json::from_slice(&answer.body).ok()
}
