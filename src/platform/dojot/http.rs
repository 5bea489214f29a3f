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
        RETRY_AFTER,
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
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// Bytes of a refusal that are worth reading.
const REFUSAL: usize = 64 << 10;
/// Shorter than the 5 s after which common servers drop an idle connection: a request sent into a connection that
/// is being closed has an unknown outcome.
const IDLE: Duration = Duration::from_secs(4);

/// Sends requests to one platform and reads what comes back, within limits.
#[derive(Debug)]
pub(super) struct Http {
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
    pub(super) fn new(options: &Options) -> Result<Self, PlatformError> {
        let client = build(options).map_err(|cause| {
            PlatformError::new(ErrorKind::Unreachable, format!("cannot set up TLS: {cause}"))
                .hint("give the platform's CA certificate with --cacert FILE")
        })?;
        Ok(Self {
            client,
            base: options.base.clone(),
            place: options.base.to_string(),
            connect_timeout: options.connect_timeout,
            timeout: options.timeout,
            reached: AtomicBool::new(false),
            skew: Mutex::new(None),
        })
    }

    /// The platform's URL, for people.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// The platform answered at least once.
    pub(super) fn was_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// How long a request may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// By the `Date` of the latest answer that had one.
    pub(super) fn clock_skew(&self) -> Option<Skew> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn compare_clocks(&self, headers: &HeaderMap) {
        if let Some(seconds) = text(headers, DATE.as_str()).and_then(|value| http_date(&value)) {
            let skew = Skew::from_platform_time(seconds);
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
    }

    /// Sends one request, once. Every HTTP status is an answer; only what is none is an error.
    pub(super) async fn send(
        &self,
        ask: &Ask<'_>,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, PlatformError> {
        let url = self.base.endpoint(ask.path).map_err(|error| ask.error(ErrorKind::Rejected, error))?;
        self.exchange(ask, url, JSON, authorization).await
    }

    /// Sends a form, once, to where tokens come from; that may be another host than the platform's.
    pub(super) async fn post_form(&self, ask: &Ask<'_>, url: &Url) -> Result<Answer, PlatformError> {
        self.exchange(ask, url.clone(), FORM, None).await
    }

    async fn exchange(
        &self,
        ask: &Ask<'_>,
        url: Url,
        content_type: &'static str,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, PlatformError> {
        let elsewhere = (!self.base.has_origin_of(&url)).then(|| url.origin().ascii_serialization());
        let place = elsewhere.as_deref().unwrap_or(&self.place);
        let id = request_id();
        let mut request = self.client.request(ask.method.clone(), url);
        if let Some(id) = &id {
            request = request.header(REQUEST_ID, id);
        }
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(body) = ask.body {
            // The answer to a body is about a kilobyte: packing it costs both sides more than it saves.
            request = request.header(CONTENT_TYPE, content_type).header(ACCEPT_ENCODING, "identity");
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
        let body = match collect(&mut response, limit).await {
            Ok(body) => body,
            // A refusal is one whatever its body is.
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
            request_id,
            body,
        })
    }

    fn failure(&self, ask: &Ask<'_>, place: &str, error: &reqwest::Error) -> PlatformError {
        transport::failure(ask, place, error, self.connect_timeout, self.timeout)
    }
}

fn build(options: &Options) -> Result<Client, String> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(JSON));
    #[expect(clippy::disallowed_methods, reason = "the one place where the client is built")]
    let mut builder = Client::builder()
        .user_agent(concat!("certreq/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .tcp_nodelay(true)
        .pool_max_idle_per_host(256)
        .pool_idle_timeout(IDLE)
        .connect_timeout(options.connect_timeout)
        .timeout(options.timeout);
    let login = options.token_url.as_ref();
    if options.base.is_loopback() && login.is_none_or(is_loopback) {
        // The proxy variables name a machine elsewhere, for which "localhost" would be itself.
        builder = builder.no_proxy();
    }
    if !options.cacerts.is_empty() {
        let trust = tls::trusting(&options.cacerts).map_err(|error| error.to_string())?;
        builder = builder.tls_backend_preconfigured(trust);
    } else if !options.base.is_https() && login.is_none_or(|url| url.scheme() != "https") {
        // A machine without a CA store cannot build a client that asks for it, so plain HTTP must not ask.
        builder = builder.tls_certs_only([]);
    }
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

fn with_id(mut error: PlatformError, id: Option<String>) -> PlatformError {
    error.request_id = id;
    error
}

/// 128 random bits in hex. The platform logs them; without randomness a request goes without.
fn request_id() -> Option<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(bytes)))
}
