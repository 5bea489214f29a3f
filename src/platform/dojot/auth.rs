//! The login: one token for all requests, fetched by one login at a time.
//!
//! The gateway counts logins (5 a minute and 40 an hour from one address, good ones included), so a login is never
//! wasted: a task that finds one under way waits for its outcome, and a token that is refused as soon as it came ends
//! the run. Where the login is OpenID Connect, the next token is bought with the refresh token of the one before.

use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::{Method, StatusCode, Url};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::{
    active_token::ActiveToken,
    answer::Answer,
    asked::{Ask, Asked, NORMAL},
    classic,
    http::Http,
    logins::{Grant, Logins},
    openid::OpenId,
    options::{Auth, OnToken, Options},
};
use crate::platform::{ErrorKind, PlatformError, wait};

/// The longest wait the gateway may ask for before a login is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const TRIES: usize = 3;
const NO_MORE_LOGINS: &str = "the platform allows no more logins now";
const KEEP_A_TOKEN: &str = "certreq login keeps a token";

/// The user, the secret and the token of one run.
pub(super) struct Session {
    user: String,
    secret: Option<Zeroizing<String>>,
    only_token: bool,
    on_token: Option<OnToken>,
    auth: Auth,
    openid: OpenId,
    held: RwLock<Option<Arc<ActiveToken>>>,
    attempts: AtomicU64,
    logins: Mutex<Logins>,
}

impl Session {
    pub(super) fn new(options: &mut Options) -> Self {
        let held = options.token.take().and_then(ActiveToken::known).map(Arc::new);
        Self {
            openid: OpenId::new(options),
            auth: options.auth,
            user: std::mem::take(&mut options.user),
            secret: options.secret.take().filter(|_| !options.only_token),
            only_token: options.only_token,
            on_token: options.on_token.take(),
            held: RwLock::new(held),
            attempts: AtomicU64::new(0),
            logins: Mutex::default(),
        }
    }

    /// The token in use, if any.
    pub(super) fn current(&self) -> Option<Arc<ActiveToken>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A token to send; logs in when there is none, or when it is about to expire and there is a secret.
    pub(super) async fn bearer(&self, http: &Http) -> Result<Arc<ActiveToken>, PlatformError> {
        match self.current() {
            None => self.renew(http, 0, true).await,
            Some(held) if self.secret.is_none() || !held.is_due() => Ok(held),
            Some(held) => match self.renew(http, held.generation, false).await {
                // The token in use may be good for a while yet, and gateways in their default setup do not check the
                // expiry.
                Err(error) if may_pass(error.kind) => {
                    held.keep();
                    Ok(held)
                }
                outcome => outcome,
            },
        }
    }

    /// The token after the one that was refused: a newer one that another task brought, or one from a login.
    pub(super) async fn replace(
        &self,
        http: &Http,
        refused: &ActiveToken,
    ) -> Result<Arc<ActiveToken>, PlatformError> {
        self.renew(http, refused.generation, true).await
    }

    /// Logs in, even when a token is held already.
    pub(super) async fn login(&self, http: &Http) -> Result<Arc<ActiveToken>, PlatformError> {
        self.renew(http, self.current().map_or(0, |held| held.generation), true).await
    }

    /// Ends all logins of this run: `answer` refused a token as soon as it came.
    pub(super) async fn close(&self, http: &Http, answer: &Answer) -> PlatformError {
        let mut logins = self.logins.lock().await;
        let hint = if logins.openid == Some(true) {
            "it refuses the token of its own login: reach it (-h) by the name in its tokens, its domain"
        } else {
            "it refuses its own token: check the host (-h)"
        };
        let error = answer.refusal(&self.question(), http.base()).hint(hint);
        logins.closed.get_or_insert(error).clone()
    }

    /// The one error when a token was given and `answer` refused it; `None` where logging in may help.
    pub(super) fn token_refused(&self, http: &Http, ask: &Ask<'_>, answer: &Answer) -> Option<PlatformError> {
        let held = self.current().filter(|_| self.only_token)?;
        let end = held.token.claims().and_then(|claims| claims.expires);
        let end = end.map(|end| format!(", which expires at {},", end.moment())).unwrap_or_default();
        let hint =
            format!("the access token{end} is not accepted: get a new one, or log in with -u and a secret");
        Some(answer.refusal(ask, http.base()).hint(hint))
    }

    fn question(&self) -> Ask<'_> {
        Ask { what: Asked::Login(&self.user), method: Method::POST, path: "/auth", body: None, limit: NORMAL }
    }

    async fn renew(&self, http: &Http, refused: u64, patient: bool) -> Result<Arc<ActiveToken>, PlatformError> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut logins = self.logins.lock().await;
        if let Some(error) = &logins.closed {
            return Err(error.clone());
        }
        if let Some(held) = self.current().filter(|held| held.generation > refused) {
            return Ok(held);
        }
        if self.attempts.load(Ordering::Acquire) != seen
            && let Some(error) = &logins.failed
        {
            return Err(error.clone());
        }
        let outcome = self.fetch(http, &mut logins, patient).await;
        self.attempts.fetch_add(1, Ordering::Release);
        logins.failed = outcome.as_ref().err().cloned();
        if let Err(error) = &outcome
            && error.kind == ErrorKind::Unauthenticated
        {
            logins.closed = Some(error.clone());
        }
        let held = Arc::new(outcome?);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&held));
        if let Some(keep) = &self.on_token {
            keep(&held.token);
        }
        Ok(held)
    }

    /// Fetches a new token: with the refresh token while there is one, else with the password.
    async fn fetch(
        &self,
        http: &Http,
        logins: &mut Logins,
        patient: bool,
    ) -> Result<ActiveToken, PlatformError> {
        if let Some(refresh) = &logins.refresh {
            match self.openid.refresh(http, &self.user, refresh).await? {
                Some(grant) => return self.hold(logins, grant),
                None => logins.refresh = None,
            }
        }
        let Some(secret) = &self.secret else { return Err(self.no_secret(http)) };
        if self.is_openid(http, logins, patient).await? {
            let form = self.openid.password(&self.user, secret);
            let ask = OpenId::ask(&self.user, &form);
            let answer = patiently(http, logins, patient, &ask, Some(self.openid.token_url())).await?;
            let grant = self.openid.granted(&ask, &answer)?;
            return self.hold(logins, grant);
        }
        let ask = self.question();
        let body = classic::credentials(&ask, &self.user, secret)?;
        let ask = Ask { body: Some(&body), ..ask };
        let answer = patiently(http, logins, patient, &ask, None).await?;
        let grant = classic::granted(http, &ask, &answer)?;
        self.hold(logins, grant)
    }

    /// True for a platform with an OpenID login. The platform is asked once, unless the options name the kind of login.
    async fn is_openid(&self, http: &Http, logins: &mut Logins, patient: bool) -> Result<bool, PlatformError> {
        let known = match self.auth {
            Auth::Auto => logins.openid,
            said => Some(said == Auth::OpenId),
        };
        let spoken = if let Some(known) = known {
            known
        } else {
            let ask = self.openid.question(&self.user);
            let answer = patiently(http, logins, patient, &ask, None).await?;
            OpenId::is_spoken(&ask, http, &answer)?
        };
        logins.openid = Some(spoken);
        Ok(spoken)
    }

    fn hold(&self, logins: &mut Logins, grant: Grant) -> Result<ActiveToken, PlatformError> {
        let generation = self.current().map_or(1, |held| held.generation + 1);
        if grant.refresh.is_some() {
            logins.refresh = grant.refresh;
        }
        ActiveToken::fresh(grant.token, generation, grant.life)
            .ok_or_else(|| self.question().error(ErrorKind::InvalidResponse, "the answer holds no token"))
    }

    fn no_secret(&self, http: &Http) -> PlatformError {
        let place = http.place();
        let why = if self.current().is_some() { "does not take the token" } else { "wants a login" };
        let text = format!("{place} {why}, and there is no secret to log in with");
        self.question()
            .error(ErrorKind::Unauthenticated, text)
            .hint("give the secret at the prompt, with --secret-file FILE, or in the variable CERTREQ_SECRET")
    }
}

/// Sends one request of a login, and sends it again after the pause that a 429 asks for. `form` is the URL of a request
/// that carries a form.
async fn patiently(
    http: &Http,
    logins: &mut Logins,
    patient: bool,
    ask: &Ask<'_>,
    form: Option<&Url>,
) -> Result<Answer, PlatformError> {
    let mut tries = 1;
    loop {
        // The question for the kind of login, which has no body, is not counted: our budget is one less than the
        // gateway's.
        if ask.body.is_some()
            && let Err(error) = logins.count(ask, http.place())
        {
            if let Some(wait) = error.retry_after.filter(|_| patient) {
                wait::announce(NO_MORE_LOGINS, wait, KEEP_A_TOKEN);
            }
            return Err(error);
        }
        let answer = match form {
            None => http.send(ask, None).await?,
            Some(url) => http.post_form(ask, url).await?,
        };
        logins.limited |= answer.status == StatusCode::TOO_MANY_REQUESTS;
        match answer.retry_after {
            Some(wait)
                if answer.status == StatusCode::TOO_MANY_REQUESTS
                    && patient
                    && tries < TRIES
                    && wait <= PATIENCE =>
            {
                tries += 1;
                wait::announce(NO_MORE_LOGINS, wait, KEEP_A_TOKEN);
                tokio::time::sleep(wait).await;
            }
            _ => return Ok(answer),
        }
    }
}

impl fmt::Debug for Session {
    /// Prints neither the secret nor the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("user", &self.user).finish_non_exhaustive()
    }
}

/// True for kinds of error that do not depend on the user or the secret, and may pass.
fn may_pass(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Busy | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown)
}
