//! GET and POST to places a certificate names. This client is separate from the platform's for two reasons: those
//! places must get no token of the platform, and there must be no proxy and no redirect; and each request may
//! connect only to addresses that were checked before.

use std::{
    error::Error,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, Method, Response, header::CONTENT_TYPE, redirect};
use url::Url;

use super::address::is_public;
use crate::pki::revocation::State;

/// Octets of the longest answer that is read.
pub(super) const LIMIT: usize = 64 << 20;

/// Reasons why a place gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// The place was not asked: its URL or its address is not allowed.
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Unreachable(String),
}

impl OnlineError {
    pub(super) fn state(self, url: &str) -> State {
        match self {
            Self::Refused(why) => State::unknown(format!("{url} is not queried: {why}")),
            Self::Unreachable(why) => State::unreachable(format!("{url}: {why}")),
        }
    }
}

/// Asks one place at a time, within limits.
#[derive(Debug)]
pub struct Fetcher {
    timeout: Duration,
    allow_private: bool,
    allow_https: bool,
}

impl Fetcher {
    pub(super) fn new(timeout: Duration, allow_private: bool) -> Self {
        Self { timeout, allow_private, allow_https: false }
    }

    /// For a URL that a person typed: any address, https too.
    #[must_use]
    pub fn for_typed(timeout: Duration) -> Self {
        Self { timeout, allow_private: true, allow_https: true }
    }

    /// The body of a GET.
    ///
    /// # Errors
    /// When the place may not be asked, or does not answer 200.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, OnlineError> {
        self.limited(url, None).await
    }

    /// The body of the answer to an OCSP request (RFC 6960 appendix A.1).
    pub(super) async fn ask(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, OnlineError> {
        self.limited(url, Some(request)).await
    }

    async fn limited(&self, url: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, OnlineError> {
        let seconds = self.timeout.as_secs_f32();
        tokio::time::timeout(self.timeout, self.exchange(url, body))
            .await
            .unwrap_or_else(|_| Err(OnlineError::Unreachable(format!("no answer within {seconds} seconds"))))
    }

    async fn exchange(&self, text: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, OnlineError> {
        let url = self.parse(text)?;
        let addresses = self.addresses(&url).await?;
        let client = client(&url, &addresses).map_err(|error| OnlineError::Refused(words(&error)))?;
        let request = match body {
            None => client.request(Method::GET, url),
            Some(body) => {
                client.request(Method::POST, url).header(CONTENT_TYPE, "application/ocsp-request").body(body)
            }
        };
        let response = request.send().await.map_err(|error| OnlineError::Unreachable(words(&error)))?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(OnlineError::Unreachable(format!("it answered {}", response.status())));
        }
        collect(response).await
    }

    fn parse(&self, text: &str) -> Result<Url, OnlineError> {
        let refuse = |why: &str| Err(OnlineError::Refused(why.to_owned()));
        // The URL library drops line ends silently: the place that is asked would differ from the one that is shown.
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return refuse("there are control characters or spaces in the URL");
        }
        let Ok(url) = Url::parse(text) else {
            return refuse("it is not a URL");
        };
        match url.scheme() {
            "http" => {}
            "https" if self.allow_https => {}
            _ => return refuse("it is not http"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("there is a password in the URL");
        }
        Ok(url)
    }

    /// Every address of the URL's host; an error when one of them is not allowed.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, OnlineError> {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or(80);
        let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => resolve(host, port).await.map_err(|error| {
                OnlineError::Unreachable(format!("the name {host} cannot be resolved: {error}"))
            })?,
        };
        match addresses.iter().find(|address| !self.allow_private && !is_public(address.ip())) {
            Some(inside) => Err(OnlineError::Refused(format!(
                "its address {} is inside a private network (--online-private allows that)",
                inside.ip()
            ))),
            None => Ok(addresses),
        }
    }
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    if found.is_empty() { Err(io::Error::new(io::ErrorKind::NotFound, "it has no address")) } else { Ok(found) }
}

/// A client that connects only to these addresses, even when the name resolves to others by then.
fn client(url: &Url, addresses: &[SocketAddr]) -> reqwest::Result<Client> {
    #[expect(clippy::disallowed_methods, reason = "see the head of this file")]
    let mut builder = Client::builder()
        .user_agent(concat!("certreq/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses);
    if url.scheme() == "http" {
        // Otherwise the client loads the system's certificate store, and where there is none, even plain http fails.
        builder = builder.tls_certs_only([]);
    }
    builder.build()
}

async fn collect(mut response: Response) -> Result<Vec<u8>, OnlineError> {
    let too_long = || OnlineError::Unreachable(format!("its answer is longer than {} MiB", LIMIT >> 20));
    if response.content_length().is_some_and(|length| length > LIMIT as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| OnlineError::Unreachable(words(&error)))? {
        if body.len() + chunk.len() > LIMIT {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The innermost reason: the outer ones repeat the URL.
fn words(error: &reqwest::Error) -> String {
    let mut reason: &dyn Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
