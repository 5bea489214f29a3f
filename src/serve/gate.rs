//! The caller of a request. Handlers that take a [`Caller`] are behind the gateway; those that take an [`Admin`] need the group.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};

use super::{caller::Caller, problem::Problem, state::Shared};

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::unauthorized("Unauthorized"))?;
        let now = shared.authority.now();
        match &shared.openid {
            Some(realm) => realm.check(token, now),
            None => shared.tokens.check(token, now),
        }
    }
}

/// A caller of the group `admin`: others may not touch trusted CAs.
#[derive(Debug)]
pub(super) struct Admin(Caller);

impl Admin {
    pub(super) fn tenant(&self) -> &str {
        self.0.tenant()
    }
}

impl FromRequestParts<Shared> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, shared).await?;
        if caller.admin { Ok(Self(caller)) } else { Err(Problem::Forbidden) }
    }
}
