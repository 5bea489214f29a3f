//! The only place that builds an HTTP client.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION,
        RETRY_AFTER, TRANSFER_ENCODING, WWW_AUTHENTICATE,
    },
    redirect, retry,
};

use super::{
    answer::{Answer, http_date, retry_after},
    asked::Ask,
    base_url::{BaseUrl, is_loopback},
    options::Options,
    tls, transport, words,
};
use crate::platform::{ErrorKind, PlatformError, Skew};

const REQUEST_ID: &str = "x-request-id";
const JSON: Dress = Dress { content_type: "application/json", accept: "application/json", encoding: None };
const FORM: Dress = Dress { content_type: "application/x-www-form-urlencoded", ..JSON };
/// The most challenges that are read of one answer.
const MOST_CHALLENGES: usize = 8;
/// The most bytes that are read of a refusal.
const REFUSAL: usize = 64 << 10;
/// The time after which we drop an idle connection. It is shorter than the 5 s of common servers: a request sent into a
/// connection that is being closed has an unknown outcome.
const IDLE: Duration = Duration::from_secs(4);

/// Headers of a request that describe its body, and the answer it accepts.
#[derive(Clone, Copy, Debug)]
pub(in crate::platform) struct Dress {
    pub(in crate::platform) content_type: &'static str,
    pub(in crate::platform) accept: &'static str,
    /// Content-Transfer-Encoding.
    pub(in crate::platform) encoding: Option<&'static str>,
}

/// Settings of an HTTP client, the same for every kind of platform.
#[derive(Debug)]
pub(in crate::platform) struct Wire {
    pub(in crate::platform) base: BaseUrl,
    pub(in crate::platform) connect_timeout: Duration,
    pub(in crate::platform) timeout: Duration,
    pub(in crate::platform) trust: Trust,
    /// True for requests that must not use a proxy: they go to this machine, or to the local network.
    pub(in crate::platform) is_here: bool,
}

/// The roots that a client trusts over TLS.
#[derive(Debug)]
pub(in crate::platform) enum Trust {
    /// No request is encrypted.
    NotNeeded,
    System,
    Own(Box<rustls::ClientConfig>),
}

/// Sends requests to one platform and reads what comes back, within limits.
#[derive(Debug)]
pub(in crate::platform) struct Http {
    client: Client,
    base: BaseUrl,
    place: String,
    connect_timeout: Duration,
    timeout: Duration,
    reached: AtomicBool,
    skew: Mutex<Option<Skew>>,
}

impl Http {
    /// # Errors
    /// When TLS cannot be set up: no CA certificates anywhere, or an extra one that does not parse.
    pub(in crate::platform) fn new(options: &Options) -> Result<Self, PlatformError> {
        let login = options.token_url.as_ref();
        let trust = if !options.cacerts.is_empty() {
            let config = tls::trusting(&options.cacerts).map_err(|error| no_tls(&error.to_string()))?;
            Trust::Own(Box::new(config))
        } else if !options.base.is_https() && login.is_none_or(|url| url.scheme() != "https") {
            Trust::NotNeeded
        } else {
            Trust::System
        };
        Self::over(Wire {
            base: options.base.clone(),
            connect_timeout: options.connect_timeout,
            timeout: options.timeout,
            trust,
            is_here: options.base.is_loopback() && login.is_none_or(is_loopback),
        })
    }

    /// # Errors
    /// When there is no CA certificate anywhere.
    pub(in crate::platform) fn over(wire: Wire) -> Result<Self, PlatformError> {
        let Wire { base, connect_timeout, timeout, .. } = &wire;
        let (base, connect_timeout, timeout) = (base.clone(), *connect_timeout, *timeout);
        Ok(Self {
            client: build(wire).map_err(|cause| no_tls(&cause))?,
            place: base.to_string(),
            base,
            connect_timeout,
            timeout,
            reached: AtomicBool::new(false),
            skew: Mutex::new(None),
        })
    }

    /// The platform's URL, for people.
    pub(in crate::platform) fn place(&self) -> &str {
        &self.place
    }

    pub(in crate::platform) fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// True when the platform answered at least once.
    pub(in crate::platform) fn was_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// The longest time a request may take.
    pub(in crate::platform) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The difference of the clocks, by the `Date` of the latest answer that had one.
    pub(in crate::platform) fn clock_skew(&self) -> Option<Skew> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn compare_clocks(&self, headers: &HeaderMap) {
        if let Some(seconds) = text(headers, DATE.as_str()).and_then(|value| http_date(&value)) {
            let skew = Skew::from_platform_time(seconds);
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
    }

    /// Sends one request, once. Every HTTP status is an answer; only a failed exchange is an error.
    pub(in crate::platform) async fn send(
        &self,
        ask: &Ask<'_>,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, PlatformError> {
        let url = self.base.endpoint(ask.path).map_err(|error| ask.error(ErrorKind::Rejected, error))?;
        self.exchange(ask, url, JSON, authorization).await
    }

    /// Sends a form, once, to the token endpoint, which may be on another host than the platform.
    pub(in crate::platform) async fn post_form(
        &self,
        ask: &Ask<'_>,
        url: &Url,
    ) -> Result<Answer, PlatformError> {
        self.exchange(ask, url.clone(), FORM, None).await
    }

    /// Sends one request, once, with other headers for its body.
    pub(in crate::platform) async fn send_in(
        &self,
        dress: Dress,
        ask: &Ask<'_>,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, PlatformError> {
        let url = self.base.endpoint(ask.path).map_err(|error| ask.error(ErrorKind::Rejected, error))?;
        self.exchange(ask, url, dress, authorization).await
    }

    async fn exchange(
        &self,
        ask: &Ask<'_>,
        url: Url,
        dress: Dress,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, PlatformError> {
        let elsewhere = (!self.base.has_origin_of(&url)).then(|| url.origin().ascii_serialization());
        let place = elsewhere.as_deref().unwrap_or(&self.place);
        let id = request_id();
        let mut request = self.client.request(ask.method.clone(), url).header(ACCEPT, dress.accept);
        if let Some(id) = &id {
            request = request.header(REQUEST_ID, id);
        }
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(body) = ask.body {
            // The answer to a request with a body has about a kilobyte: compression costs more than it saves, on both
            // sides.
            request = request.header(CONTENT_TYPE, dress.content_type).header(ACCEPT_ENCODING, "identity");
            if let Some(encoding) = dress.encoding {
                request = request.header("Content-Transfer-Encoding", encoding);
            }
            request = request.body(body.to_vec());
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(with_id(self.failure(ask, place, &error), id)),
        };
        if elsewhere.is_none() {
            self.reached.store(true, Ordering::Relaxed);
            self.compare_clocks(response.headers());
        }
        let id = text(response.headers(), REQUEST_ID).map(|id| words::cut(&id, 128)).or(id);
        self.read(ask, place, response, id).await
    }

    async fn read(
        &self,
        ask: &Ask<'_>,
        place: &str,
        mut response: Response,
        request_id: Option<String>,
    ) -> Result<Answer, PlatformError> {
        let status = response.status();
        let limit = if status.is_success() { ask.limit } else { REFUSAL };
        // libest announces no body with 202, not even an empty one, and keeps the connection open.
        let is_unannounced =
            response.content_length().is_none() && !response.headers().contains_key(TRANSFER_ENCODING);
        let collected = if status == StatusCode::ACCEPTED && is_unannounced {
            Ok(Vec::new())
        } else {
            collect(&mut response, limit).await
        };
        let body = match collected {
            Ok(body) => body,
            // A refusal counts as one even when its body is cut or too long.
            Err(Trouble::Cut(body, _) | Trouble::TooLong(body)) if !status.is_success() => body,
            Err(Trouble::Cut(_, error)) => {
                return Err(with_id(self.failure(ask, place, &error), request_id));
            }
            Err(Trouble::TooLong(_)) => {
                let error = ask.error(
                    ask.unreadable(),
                    format!("{place} answered with more than {} MiB", limit.div_ceil(1 << 20)),
                );
                return Err(with_id(error, request_id));
            }
        };
        let headers = response.headers();
        Ok(Answer {
            status,
            retry_after: text(headers, RETRY_AFTER.as_str()).and_then(|value| retry_after(&value)),
            location: text(headers, LOCATION.as_str()).filter(|_| is_redirect(status)),
            content_type: text(headers, CONTENT_TYPE.as_str()),
            challenges: challenges(headers),
            request_id,
            body,
        })
    }

    fn failure(&self, ask: &Ask<'_>, place: &str, error: &reqwest::Error) -> PlatformError {
        transport::failure(ask, place, error, self.connect_timeout, self.timeout)
    }
}

fn no_tls(cause: &str) -> PlatformError {
    PlatformError::new(ErrorKind::Unreachable, format!("cannot set up TLS: {cause}"))
        .hint("give the platform's CA certificate with --cacert FILE")
}

fn build(wire: Wire) -> Result<Client, String> {
    #[expect(clippy::disallowed_methods, reason = "the one place where the client is built")]
    let mut builder = Client::builder()
        .user_agent(concat!("certreq/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .tcp_nodelay(true)
        .pool_max_idle_per_host(256)
        .pool_idle_timeout(IDLE)
        .connect_timeout(wire.connect_timeout)
        .timeout(wire.timeout);
    if wire.is_here {
        // The proxy of the variables is another machine: for it "localhost" would be itself.
        builder = builder.no_proxy();
    }
    builder = match wire.trust {
        Trust::Own(config) => builder.tls_backend_preconfigured(*config),
        // A machine without a CA store cannot build a client that asks for it, so plain HTTP must not ask.
        Trust::NotNeeded => builder.tls_certs_only([]),
        Trust::System => builder,
    };
    builder.build().map_err(|error| transport::innermost(&error))
}

enum Trouble {
    TooLong(Vec<u8>),
    Cut(Vec<u8>, reqwest::Error),
}

/// The body as it comes, decompressed, but never more than `limit` bytes.
async fn collect(response: &mut Response, limit: usize) -> Result<Vec<u8>, Trouble> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(64 << 10));
    if announced > limit {
        return Err(Trouble::TooLong(body));
    }
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(Trouble::TooLong(body)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(Trouble::Cut(body, error)),
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 300..=303 | 305..=308)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned()).filter(|text| !text.is_empty())
}

fn challenges(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter().take(MOST_CHALLENGES);
    values.filter_map(|value| Some(value.to_str().ok()?.to_owned())).collect()
}

fn with_id(mut error: PlatformError, id: Option<String>) -> PlatformError {
    error.request_id = id;
    error
}

/// The id of a request, 128 random bits in hex, which the platform logs. When the system gives no random bytes, the
/// request has none.
fn request_id() -> Option<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(bytes)))
}
