//! State that every handler may use, and the settings of the server.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde_json::json;
use tokio::sync::{Mutex, Semaphore};
use zeroize::Zeroizing;

use super::{
    est::EstSettings,
    large,
    limiter::{self, Allowance, Limiter},
    openid::Realm,
    token::Tokens,
};
use crate::{
    authority::{Authority, AuthorityError, CurrentCrl, Login, Refusal},
    pki::alt_name::AltName,
};

/// How long a client is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a login waits for the answer that too many log in.
const HOLD: Duration = Duration::from_millis(500);

/// How the HTTP face behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a login token is accepted.
    pub token_lifetime: Duration,
    /// Five logins a minute and forty an hour for each account at each client address, after the platform's gateway.
    pub login_limit: bool,
    /// How long a client may take to send a request, or to read some of an answer; a connection that idles longer is
    /// closed, too.
    pub patience: Duration,
    /// Connections at a time; by default as many as the system allows, and 4,096 at most.
    pub connections: Option<usize>,
    /// Logs in as releases 1.0 do, with tokens of their own; there is no `POST /auth` then.
    pub openid: Option<Realm>,
    /// Speaks EST, too.
    pub est: Option<EstSettings>,
    /// Names under which clients reach the server, for a certificate that the authority issues.
    pub server_names: Vec<AltName>,
    /// Set once the server was told to stop, so that it says it is not ready.
    pub draining: Arc<AtomicBool>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_secs(420),
            login_limit: true,
            patience: PATIENCE,
            connections: None,
            openid: None,
            est: None,
            server_names: Vec::new(),
            draining: Arc::default(),
        }
    }
}

/// State that every handler may use.
#[derive(Clone)]
pub(super) struct Shared(Arc<Parts>);

pub(super) struct Parts {
    /// Turns of large answers.
    pub large: Arc<Semaphore>,
    list: Mutex<Option<(Arc<CurrentCrl>, Bytes)>>,
    templates: AtomicU64,
    pub authority: Arc<Authority>,
    pub tokens: Tokens,
    pub limiter: Option<Limiter>,
    pub patience: Duration,
    pub openid: Option<Realm>,
    pub draining: Arc<AtomicBool>,
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
            large: Arc::new(Semaphore::new(large::MOST)),
            list: Mutex::default(),
            templates: AtomicU64::new(0),
            tokens: Tokens::new(authority.token_key(), settings.token_lifetime),
            limiter: settings.login_limit.then(Limiter::default),
            patience: settings.patience,
            openid: settings.openid,
            draining: settings.draining,
            authority,
        }))
    }

    /// The revocation list as JSON: one copy for all requests.
    pub(super) async fn list_json(&self) -> Result<Bytes, Refusal> {
        let current = self.authority.crl().await?;
        let mut held = self.list.lock().await;
        if let Some((of, json)) = &*held
            && Arc::ptr_eq(of, &current)
        {
            return Ok(json.clone());
        }
        let json = Bytes::from(json!({ "crl": current.pem() }).to_string());
        *held = Some((current, json.clone()));
        Ok(json)
    }

    /// The number of the next template.
    pub(super) fn next_template(&self) -> u64 {
        self.templates.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Counts an attempt to log in; `None` when logins are not limited. Where instances share their records, they count
    /// together.
    pub(super) async fn allowance(
        &self,
        client: IpAddr,
        account: &str,
    ) -> Result<Option<Allowance>, AuthorityError> {
        let Some(limiter) = &self.limiter else { return Ok(None) };
        let now = self.authority.now();
        let together = limiter::attempt_at_any(&self.authority, client, account, now).await?;
        Ok(Some(together.unwrap_or_else(|| limiter.attempt(client, account, now))))
    }

    /// Checks a secret. A client that is told to come back waits a moment for that: it cannot try as fast as it can ask.
    pub(super) async fn log_in(
        &self,
        client: IpAddr,
        account: &str,
        secret: Zeroizing<String>,
    ) -> Result<Login, AuthorityError> {
        let login = self.authority.log_in(account, secret).await?;
        match (&login, &self.limiter) {
            (Login::Busy, _) => tokio::time::sleep(HOLD).await,
            (Login::Granted(_), Some(limiter)) => {
                limiter.welcome(client, account);
                limiter::welcome_at_any(&self.authority, client, account, self.authority.now()).await?;
            }
            _ => {}
        }
        Ok(login)
    }
}
