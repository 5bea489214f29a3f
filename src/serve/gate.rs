//! Who is asking. Handlers that take a [`Caller`] are behind the gateway; those that take an [`Admin`] need the group.

use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};

use super::{problem::Problem, routes::Shared, token::Claims};

/// Somebody with a valid token.
#[derive(Debug)]
pub(super) struct Caller {
    claims: Claims,
}

impl Caller {
    pub(super) fn tenant(&self) -> &str {
        &self.claims.service
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::unauthorized("Unauthorized"))?;
        let claims = shared.tokens.check(token, shared.authority.now())?;
        Ok(Self { claims })
    }
}

/// Somebody of the group `admin`: others may not touch trusted CAs.
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
        if caller.claims.is_admin() { Ok(Self(caller)) } else { Err(Problem::Forbidden) }
    }
}
