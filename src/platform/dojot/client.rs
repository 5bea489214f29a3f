//! The platform seen through its HTTP API: every request goes through [`Dojot::ask`].

use std::{fmt, sync::atomic::AtomicBool, time::Duration};

use reqwest::StatusCode;
use serde::Deserialize;

use super::{
    answer::Answer,
    asked::{Ask, Asked, CRL, NORMAL},
    auth::Session,
    http::Http,
    options::Options,
    patience,
    token::Token,
    words,
};
use crate::{
    pki::{certificate::Certificate, crl, fingerprint::Fingerprint, pem},
    platform::{ErrorKind, Platform, PlatformError, Registry, Reply, SignRequest, Signed, Skew, TrustStore},
};

/// The number of our time-outs after which the platform is not at work on a request any more.
const LIVES: u32 = 3;
const A_MOMENT: Duration = Duration::from_secs(1);

/// The delay of the revocation list, which the platform makes once a day.
const LIST_DELAY: Duration = Duration::from_secs(24 * 3600);

/// A dojot platform and our session there. Shared by all tasks of a run; connections and token are kept.
pub struct Dojot {
    pub(super) http: Http,
    session: Session,
    retry_delay: Duration,
    /// True for a release up to 0.6, which names the owner in the common name.
    pub(super) owner_in_name: AtomicBool,
    /// True for a platform that does not know every field of our list, so that records are asked for with all fields.
    pub(super) all_fields: AtomicBool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RootAnswer {
    certificate_fingerprint: Option<String>,
    ca_pem: String,
}

#[derive(Deserialize)]
struct CrlAnswer {
    crl: String,
}

impl Dojot {
    /// Makes the client; no request is sent yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(mut options: Options) -> Result<Self, PlatformError> {
        Ok(Self {
            http: Http::new(&options)?,
            retry_delay: options.retry_delay,
            session: Session::new(&mut options),
            owner_in_name: AtomicBool::new(false),
            all_fields: AtomicBool::new(false),
        })
    }

    /// `POST /auth`: a new token, even when one is held already; `Options::on_token` gets it.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong user or password, `Busy` when too many logins were made.
    pub async fn login(&self) -> Result<Token, PlatformError> {
        self.session.login(&self.http).await.map(|held| held.token.clone())
    }

    /// The tenant our token names; unverified, `None` before the first login.
    #[must_use]
    pub fn tenant(&self) -> Option<String> {
        self.session.current()?.token.claims()?.tenant
    }

    /// `GET /x509/v1/ca`
    pub(super) async fn root(&self) -> Result<Certificate, PlatformError> {
        let ask = Ask::get(Asked::Root, "/x509/v1/ca", NORMAL);
        let answer = self.read(&ask).await?;
        let nonsense = |text: String| {
            answer.error(&ask, ErrorKind::InvalidResponse, format!("{} {text}", self.http.place()))
        };
        let root: RootAnswer = answer.json(&ask, self.http.place())?;
        let mut found = Certificate::all_from_pem(&root.ca_pem)
            .map_err(|error| nonsense(format!("sent one that cannot be read: {error}")))?;
        let (Some(certificate), true) = (found.pop(), found.is_empty()) else {
            return Err(nonsense("sent several certificates where one is expected".to_owned()));
        };
        if let Some(text) = root.certificate_fingerprint.filter(|text| !text.is_empty())
            && text.parse::<Fingerprint>().ok() != Some(certificate.fingerprint())
        {
            return Err(nonsense(format!(
                "sent one with the fingerprint {}, but calls it {:?}",
                certificate.fingerprint(),
                words::cut(&text, 100),
            )));
        }
        Ok(certificate)
    }

    /// `GET /x509/v1/ca/crl`
    pub(super) async fn crl(&self) -> Result<String, PlatformError> {
        let ask = Ask::get(Asked::Crl, "/x509/v1/ca/crl", CRL);
        let answer = self.read(&ask).await?;
        let list: CrlAnswer = answer.json(&ask, self.http.place())?;
        pem::decode_all(crl::LABEL, &list.crl).map_err(|error| {
            let text = format!("{} sent one that cannot be read: {error}", self.http.place());
            answer.error(&ask, ErrorKind::InvalidResponse, text)
        })?;
        Ok(list.crl)
    }

    /// `GET /crl/{of}/{part}.der`, which only `certreq serve` has.
    pub(super) async fn crl_of_part(&self, part: u16, of: u16) -> Result<String, PlatformError> {
        let path = format!("/crl/{of}/{part}.der");
        let ask = Ask::get(Asked::Crl, &path, CRL);
        let answer = self.read(&ask).await?;
        Ok(pem::encode(crl::LABEL, &answer.body))
    }

    /// Sends a request with our token. A 401 brings one login and one more try: the request was not handled.
    pub(super) async fn ask(&self, ask: &Ask<'_>) -> Result<Answer, PlatformError> {
        let held = self.session.bearer(&self.http).await?;
        let answer = self.http.send(ask, Some(held.header.clone())).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            held.accept();
            return Ok(answer);
        }
        if let Some(error) = self.session.token_refused(&self.http, ask, &answer) {
            return Err(error);
        }
        if held.is_hopeless() {
            return Err(self.session.close(&self.http, &answer).await);
        }
        let held = self.session.replace(&self.http, &held).await?;
        let answer = self.http.send(ask, Some(held.header.clone())).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            held.accept();
            return Ok(answer);
        }
        if held.is_hopeless() {
            return Err(self.session.close(&self.http, &answer).await);
        }
        Err(answer.refusal(ask, self.http.base()))
    }

    /// Like [`Self::ask`], for a request that changes nothing: tried again when that may help. Only successes come
    /// back.
    pub(super) async fn read(&self, ask: &Ask<'_>) -> Result<Answer, PlatformError> {
        patience::read(&self.http, self.retry_delay, async || self.succeed(ask, self.ask(ask).await?)).await
    }

    /// The answer when it is a success, else its one message as an error.
    pub(super) fn succeed(&self, ask: &Ask<'_>, answer: Answer) -> Result<Answer, PlatformError> {
        if answer.status.is_success() { Ok(answer) } else { Err(answer.refusal(ask, self.http.base())) }
    }
}

impl fmt::Debug for Dojot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dojot")
            .field("place", &self.http.place())
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl Platform for Dojot {
    fn display_name(&self) -> String {
        self.http.place().to_owned()
    }

    fn clock_skew(&self) -> Option<Skew> {
        self.http.clock_skew()
    }

    fn root(&self) -> Reply<'_, Certificate> {
        Box::pin(self.root())
    }

    fn crl(&self) -> Reply<'_, String> {
        Box::pin(self.crl())
    }

    fn crl_of_part(&self, part: u16, of: u16) -> Reply<'_, String> {
        Box::pin(self.crl_of_part(part, of))
    }

    /// A gateway gives up while the service behind it goes on: for some of our time-outs, and a moment more until the
    /// list shows the certificate.
    fn longest_request(&self) -> Duration {
        self.http.timeout().saturating_mul(LIVES).saturating_add(A_MOMENT)
    }

    fn list_delay(&self) -> Option<Duration> {
        Some(LIST_DELAY)
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed> {
        Box::pin(self.sign(request))
    }

    fn registry(&self) -> Option<&dyn Registry> {
        Some(self)
    }

    fn trust_store(&self) -> Option<&dyn TrustStore> {
        Some(self)
    }
}
