//! Tokens of a realm: access tokens are JWT with RS256, which every service can check; refresh tokens are for us
//! alone.

use std::{fmt, time::Duration};

use aws_lc_rs::rand;
use axum::http::StatusCode;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    errors::ErrorKind,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    authority::{ADMIN, Account, repository::Group},
    pki::{key::PrivateKey, time::Time},
    serve::{caller::Caller, problem::Problem},
};

/// Name of the realm, and its tenant.
pub(super) const NAME: &str = ADMIN;

/// Seconds without a request for a token after which a session is over, and its longest life.
const IDLE: i64 = 1800;
const LONGEST: i64 = 36_000;

/// The realm of the tenant `admin`: the issuer of its tokens, and its keys.
#[derive(Clone)]
pub struct Realm {
    issuer: String,
    lifetime: i64,
    signing: EncodingKey,
    checking: DecodingKey,
    public: Jwk,
    refresh_signing: EncodingKey,
    refresh_checking: DecodingKey,
}

/// Claims of an access token.
#[derive(Serialize, Deserialize)]
struct Access {
    iss: String,
    exp: i64,
    iat: i64,
    jti: String,
    aud: String,
    sub: String,
    typ: String,
    azp: String,
    #[serde(rename = "realm_access")]
    roles: Roles,
    preferred_username: String,
}

#[derive(Serialize, Deserialize)]
struct Roles {
    roles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct RefreshClaims {
    iss: String,
    exp: i64,
    typ: String,
    azp: String,
    auth_time: i64,
    preferred_username: String,
}

/// From a login to its end.
pub(super) struct Session {
    began: i64,
    ends: i64,
}

impl Session {
    pub(super) fn begin(now: Time) -> Self {
        Self { began: now.unix(), ends: now.unix().saturating_add(IDLE) }
    }

    pub(super) fn is_over(&self, now: Time) -> bool {
        self.ends <= now.unix()
    }
}

/// The tokens of one answer; lives in seconds.
pub(super) struct Granted {
    pub(super) access: String,
    pub(super) access_life: i64,
    pub(super) refresh: String,
    pub(super) refresh_life: i64,
}

impl Realm {
    /// `key` is RSA and signs access tokens, `own_key` refresh tokens. `url` is how clients reach this server, without
    /// a final slash; access tokens are accepted for `lifetime`.
    ///
    /// # Errors
    /// In words, when the key is none of RSA.
    pub fn new(key: &PrivateKey, own_key: &[u8], url: &str, lifetime: Duration) -> Result<Self, String> {
        let unusable = |error: &dyn std::fmt::Display| format!("the key of tokens cannot be used: {error}");
        let bad = |error: jsonwebtoken::errors::Error| unusable(&error);
        let pem = key.to_pkcs8_pem().map_err(|error| unusable(&error))?;
        let (_, document) = pkcs8::SecretDocument::from_pem(&pem).map_err(|error| unusable(&error))?;
        let info = pkcs8::PrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|error| unusable(&error))?;
        let signing = EncodingKey::from_rsa_der(info.private_key.as_bytes());
        let mut public = Jwk::from_encoding_key(&signing, Algorithm::RS256).map_err(bad)?;
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256));
        Ok(Self {
            issuer: format!("{url}/auth/realms/{NAME}"),
            lifetime: i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX),
            checking: DecodingKey::from_jwk(&public).map_err(bad)?,
            signing,
            public,
            refresh_signing: EncodingKey::from_secret(own_key),
            refresh_checking: DecodingKey::from_secret(own_key),
        })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn public_key(&self) -> &Jwk {
        &self.public
    }

    /// Both tokens for `account`, whose session goes on.
    pub(super) fn issue(
        &self,
        account: &Account,
        client: &str,
        session: &Session,
        now: Time,
    ) -> Result<Granted, String> {
        let roles: &[&str] = match account.group {
            Group::Admin => &["admin", "user"],
            Group::User => &["user"],
        };
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_| "the system's random number generator failed".to_owned())?;
        let access = Access {
            iss: self.issuer.clone(),
            exp: now.unix().saturating_add(self.lifetime),
            iat: now.unix(),
            jti: format!("{:032x}", u128::from_be_bytes(id)),
            aud: "account".to_owned(),
            sub: account.id.to_string(),
            typ: "Bearer".to_owned(),
            azp: client.to_owned(),
            roles: Roles { roles: roles.iter().map(|&role| role.to_owned()).collect() },
            preferred_username: account.name.clone(),
        };
        let ends = now.unix().saturating_add(IDLE).min(session.began.saturating_add(LONGEST));
        let refresh = RefreshClaims {
            iss: self.issuer.clone(),
            exp: ends,
            typ: "Refresh".to_owned(),
            azp: client.to_owned(),
            auth_time: session.began,
            preferred_username: account.name.clone(),
        };
        let header = Header { kid: self.public.common.key_id.clone(), ..Header::new(Algorithm::RS256) };
        let words = |error: jsonwebtoken::errors::Error| error.to_string();
        Ok(Granted {
            access: jsonwebtoken::encode(&header, &access, &self.signing).map_err(words)?,
            access_life: self.lifetime,
            refresh: jsonwebtoken::encode(&Header::new(Algorithm::HS256), &refresh, &self.refresh_signing)
                .map_err(words)?,
            refresh_life: ends - now.unix(),
        })
    }

    /// The user of this refresh token of `client`; `None` when it is not ours.
    pub(super) fn check_refresh(&self, token: &str, client: &str) -> Option<(String, Session)> {
        let rules = rules(Algorithm::HS256);
        let claims = jsonwebtoken::decode::<RefreshClaims>(token, &self.refresh_checking, &rules).ok()?.claims;
        let ours = claims.iss == self.issuer && claims.typ == "Refresh" && claims.azp == client;
        let session = Session { began: claims.auth_time, ends: claims.exp };
        ours.then_some((claims.preferred_username, session))
    }

    /// The sender of a genuine, unexpired access token; else the gateway's answer.
    pub(in crate::serve) fn check(&self, token: &str, now: Time) -> Result<Caller, Problem> {
        let claims = jsonwebtoken::decode::<Access>(token, &self.checking, &rules(Algorithm::RS256))
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => Problem::unauthorized("Invalid token signature"),
                ErrorKind::InvalidAlgorithm => Problem::unauthorized("Invalid algorithm"),
                _ => Problem::unauthorized("Bad token; invalid JSON"),
            })?
            .claims;
        if claims.iss != self.issuer {
            return Err(Problem::unauthorized("Token issuer not allowed"));
        }
        if claims.exp <= now.unix() {
            let body = json!({ "message": "Token claims invalid: [\"exp\"]=\"token expired\"" });
            return Err(Problem::Gateway { status: StatusCode::UNAUTHORIZED, body });
        }
        let admin = claims.roles.roles.iter().any(|role| role == "admin");
        Ok(Caller { tenant: NAME.to_owned(), admin })
    }
}

/// The expiry is checked by the authority's clock and without leeway.
fn rules(algorithm: Algorithm) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    rules
}

impl fmt::Debug for Realm {
    /// No key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realm").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
