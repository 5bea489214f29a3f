//! What every handler may use, and how the server was set up.

use std::{sync::Arc, time::Duration};

use super::{limiter::Limiter, openid::Realm, token::Tokens};
use crate::authority::Authority;

/// How the HTTP face behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a login token is accepted.
    pub token_lifetime: Duration,
    /// Five logins a minute and forty an hour for each client address, as the platform's gateway allows.
    pub login_limit: bool,
    /// Logs in as releases 1.0 do, with tokens of their own; there is no `POST /auth` then.
    pub openid: Option<Realm>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { token_lifetime: Duration::from_secs(420), login_limit: true, openid: None }
    }
}

/// What every handler may use.
#[derive(Clone)]
pub(super) struct Shared(Arc<Parts>);

pub(super) struct Parts {
    pub authority: Arc<Authority>,
    pub tokens: Tokens,
    pub limiter: Option<Limiter>,
    pub openid: Option<Realm>,
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Shared {
    pub(super) fn new(authority: Arc<Authority>, settings: Settings) -> Self {
        Self(Arc::new(Parts {
            tokens: Tokens::new(authority.token_key(), settings.token_lifetime),
            limiter: settings.login_limit.then(Limiter::default),
            openid: settings.openid,
            authority,
        }))
    }
}
