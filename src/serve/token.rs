//! Login tokens: JWT (RFC 7519), HS256 and nothing else.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{caller::Caller, problem::Problem};
use crate::{
    authority::{Account, repository::Group},
    pki::{fingerprint::Fingerprint, time::Time},
};

/// Claims of a token, as the platform has them.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    iat: i64,
    exp: i64,
    profile: String,
    groups: Vec<i64>,
    userid: i64,
    jti: String,
    /// The tenant.
    service: String,
    username: String,
}

/// Makes and checks tokens.
pub(super) struct Tokens {
    issuer: String,
    lifetime: i64,
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
    /// A client sends one token with every request, so the last one that was found genuine is remembered.
    last: Mutex<Option<Genuine>>,
}

/// A token that was checked.
struct Genuine {
    digest: [u8; 32],
    expires: i64,
    caller: Caller,
}

impl Tokens {
    pub(super) fn new(key: &[u8], lifetime: Duration) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        // The expiry is checked below, by the authority's clock and without leeway.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let name = digest(&SHA256, key);
        let issuer = name.as_ref().iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte));
        Self {
            issuer: format!("{issuer:032x}"),
            lifetime: i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX),
            signing: EncodingKey::from_secret(key),
            checking: DecodingKey::from_secret(key),
            rules,
            last: Mutex::default(),
        }
    }

    /// A token for `account` from `now` on.
    pub(super) fn issue(&self, account: &Account, now: Time) -> Result<String, String> {
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_| "the system's random number generator failed".to_owned())?;
        let claims = Claims {
            iss: self.issuer.clone(),
            iat: now.unix(),
            exp: now.unix().saturating_add(self.lifetime),
            profile: match account.group {
                Group::Admin => "admin",
                Group::User => "user",
            }
            .to_owned(),
            groups: vec![group_id(account.group)],
            userid: account.id,
            jti: format!("{:032x}", u128::from_be_bytes(id)),
            service: account.tenant.clone(),
            username: account.name.clone(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|error| error.to_string())
    }

    /// The sender of a genuine, unexpired token; else the gateway's answer.
    pub(super) fn check(&self, token: &str, now: Time) -> Result<Caller, Problem> {
        let digest = *Fingerprint::of(token.as_bytes()).as_bytes();
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*last()
            && known.digest == digest
            && known.expires > now.unix()
        {
            return Ok(known.caller.clone());
        }
        let (caller, expires) = self.examine(token, now)?;
        *last() = Some(Genuine { digest, expires, caller: caller.clone() });
        Ok(caller)
    }

    /// The same, and when it expires.
    fn examine(&self, token: &str, now: Time) -> Result<(Caller, i64), Problem> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.rules)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => Problem::unauthorized("Invalid signature"),
                ErrorKind::InvalidAlgorithm => Problem::unauthorized("Invalid algorithm"),
                _ => Problem::unauthorized("Bad token; invalid JSON"),
            })?
            .claims;
        if claims.iss != self.issuer {
            return Err(Problem::unauthorized("No credentials found for given 'iss'"));
        }
        if claims.exp <= now.unix() {
            let body = json!({ "exp": "token expired" });
            return Err(Problem::Gateway { status: StatusCode::UNAUTHORIZED, body });
        }
        let admin = claims.groups.contains(&group_id(Group::Admin));
        Ok((Caller { tenant: claims.service, admin }, claims.exp))
    }
}

fn group_id(group: Group) -> i64 {
    match group {
        Group::Admin => 1,
        Group::User => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(tenant: &str) -> Account {
        Account { id: 1, name: "admin".to_owned(), tenant: tenant.to_owned(), group: Group::Admin }
    }

    /// The token found genuine last is remembered; that changes no answer.
    #[test]
    fn a_remembered_token_expires_and_stands_for_no_other() {
        let tokens = Tokens::new(b"one key", Duration::from_secs(10));
        let at = Time::from_unix;
        let first = tokens.issue(&account("one"), at(100)).unwrap();
        let second = tokens.issue(&account("two"), at(100)).unwrap();
        let tenant = |token: &str, now| tokens.check(token, at(now)).map(|caller| caller.tenant).ok();
        for _ in 0..2 {
            assert_eq!(tenant(&first, 100).as_deref(), Some("one"));
            assert_eq!(tenant(&first, 109).as_deref(), Some("one"));
            assert_eq!(tenant(&second, 109).as_deref(), Some("two"));
        }
        let forged =
            Tokens::new(b"another key", Duration::from_secs(10)).issue(&account("one"), at(100)).unwrap();
        assert_eq!(tenant(&forged, 101), None);
        assert_eq!(tenant(&second, 109).as_deref(), Some("two"), "it is the one that is remembered");
        assert_eq!(tenant(&second, 110), None);
        assert_eq!(tenant(&second[..second.len() - 1], 101), None);
    }
}
