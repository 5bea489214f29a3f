//! The way to the platform: proxy, name, connection, TLS.

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use tokio::time;

use super::STEP;
use crate::{
    connection::network,
    evidence::endpoint::{self, Endpoint, EndpointError},
    failure::Exit,
    output::{checks::Check, span},
    pki::{
        certificate::{Certificate, Validity},
        chain, names,
        time::Time,
    },
    platform::dojot::{
        BaseUrl,
        proxy::{Proxy, Route},
    },
};

/// A server's certificate that ends within this many days is in danger of being forgotten.
const SOON: i64 = 14 * 86_400;

pub(super) fn proxy(route: &Route) -> Check {
    match route {
        Route::Direct => Check::ok("proxy", "no proxy for this host"),
        Route::Loopback { variable } => {
            Check::ok("proxy", format!("{variable} is not used: the host is this machine"))
        }
        Route::Exempt { variable } => {
            Check::ok("proxy", format!("{variable} is not used: NO_PROXY names the host"))
        }
        Route::Ignored { variable } => {
            Check::warn("proxy", format!("{variable} is set, and is not used: it holds no address of a proxy"))
                .hint(format!("write it like {variable}=http://HOST:PORT, or unset it"))
        }
        Route::Through(proxy) => Check::ok("proxy", through(proxy)),
    }
}

fn through(proxy: &Proxy) -> String {
    let login = if proxy.has_credentials { ", with a login" } else { "" };
    let Proxy { variable, scheme, host, port, .. } = proxy;
    let host = Endpoint { host: host.clone(), port: *port };
    format!("{scheme}://{host} by {variable}{login}")
}

/// Host and port that the first packet goes to, and how to speak of them.
#[derive(Debug)]
pub(super) struct Hop {
    host: String,
    port: u16,
    is_proxy: bool,
}

impl Hop {
    pub(super) fn of(base: &BaseUrl, route: &Route) -> Self {
        match route {
            Route::Through(proxy) => Self { host: proxy.host.clone(), port: proxy.port, is_proxy: true },
            _ => Self { host: base.host().to_owned(), port: base.port(), is_proxy: false },
        }
    }

    fn whose(&self) -> &'static str {
        if self.is_proxy { "the proxy " } else { "" }
    }

    /// # Errors
    /// The failed check.
    pub(super) async fn name(&self) -> Result<(Check, Vec<SocketAddr>), Check> {
        let Self { host, port, .. } = self;
        if let Ok(address) = host.parse::<IpAddr>() {
            let text = format!("{}{host} is an address: no lookup needed", self.whose());
            return Ok((Check::ok("name", text), vec![SocketAddr::new(address, *port)]));
        }
        let failed = |why: &str| {
            let text = format!("{}{host} is not found: {why}", self.whose());
            Check::fail("name", text).hint(self.check_name()).exit(Exit::Unavailable)
        };
        match time::timeout(STEP, network::resolve(host, *port)).await {
            Err(_) => Err(failed(&format!("the resolver does not answer within {} s", STEP.as_secs()))),
            Ok(Err(error)) => Err(failed(&error.to_string())),
            Ok(Ok(addresses)) => {
                let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
                let text = format!("{}{host} is {}", self.whose(), shown.join(", "));
                Ok((Check::ok("name", text), addresses))
            }
        }
    }

    fn check_name(&self) -> String {
        let next = if self.is_proxy { "check the proxy variable" } else { "check the host (-h)" };
        format!("{next}; ask the resolver: getent hosts {}", self.host)
    }

    /// # Errors
    /// The failed check.
    pub(super) async fn connection(&self, addresses: &[SocketAddr]) -> Result<Check, Check> {
        match network::connect(addresses, Instant::now() + STEP).await {
            Ok((_, address)) => {
                Ok(Check::ok("connection", format!("{}{address} accepts connections", self.whose())))
            }
            Err(error) => {
                let hint = if self.is_proxy {
                    "check the proxy variable, or take the host out with NO_PROXY".to_owned()
                } else {
                    "check the host (-h), the port (-p), the firewall, and that the platform runs".to_owned()
                };
                let text = format!("{}{error}", self.whose());
                Err(Check::fail("connection", text).hint(hint).exit(Exit::Unavailable))
            }
        }
    }
}

/// Checks the server's own certificate: its validity and its names. The client decides whether it is trusted.
pub(super) async fn tls(base: &BaseUrl, now: Time) -> Check {
    let server = Endpoint { host: base.host().to_owned(), port: base.port() };
    let asked = server.clone();
    let options = endpoint::Options { timeout: STEP, ..endpoint::Options::default() };
    let presented = tokio::task::spawn_blocking(move || endpoint::fetch(&asked, options)).await;
    let failed = |text: String, hint: String| Check::fail("tls", text).hint(hint).exit(Exit::Unavailable);
    let presented = match presented {
        Ok(Ok(presented)) => presented,
        Ok(Err(error)) => {
            let hint = match error {
                EndpointError::NotTls(_) | EndpointError::Closed => {
                    format!("if it is reached in plain HTTP: -h http://{server}")
                }
                _ => format!("see its certificate: certreq inspect {server}"),
            };
            return failed(error.to_string(), hint);
        }
        Err(error) => return failed(format!("the check broke off: {error}"), "report it".to_owned()),
    };
    let chain: Vec<Certificate> =
        presented.chain.iter().filter_map(|der| Certificate::from_der(der.clone()).ok()).collect();
    let look = format!("see all of it: certreq inspect {server}");
    let Some(leaf) = chain.first() else {
        return failed("the server's certificate cannot be read".to_owned(), look);
    };
    let protocol = presented.protocol.as_deref().unwrap_or("TLS");
    let end = span::moment(leaf.not_after);
    match leaf.validity_at(now) {
        Validity::Expired => return failed(format!("the server's certificate expired at {end}"), look),
        Validity::NotYetValid => {
            let start = span::moment(leaf.not_before);
            return failed(format!("the server's certificate begins at {start}"), "check the clock".to_owned());
        }
        Validity::Valid => {}
    }
    let names: Vec<String> = names::alternatives(leaf).iter().map(ToString::to_string).collect();
    if chain::check_name(leaf, base.host()).is_err() {
        let text = format!("the server's certificate is not for {}, but for {}", base.host(), listed(&names));
        return failed(text, "use a host name from the certificate (-h)".to_owned());
    }
    let count = crate::output::count(chain.len(), "certificate");
    let text = format!("{protocol}, {count}, for {}, until {end}", listed(&names));
    match leaf.not_after.unix() - now.unix() {
        left if left < SOON => Check::warn("tls", format!("{text}: {} left", span::duration(left)))
            .hint("ask the platform's operator to renew it"),
        _ => Check::ok("tls", text),
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!("{one}, {two}, {three} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}
