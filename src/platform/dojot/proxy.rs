//! The proxy of requests to a platform: the decision of the HTTP client, explained to the user.

use std::env;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::BaseUrl;

/// The way of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// No variable names a proxy for it.
    Direct,
    /// The platform is on this machine, so the variable does not count.
    Loopback {
        variable: &'static str,
    },
    /// `NO_PROXY` takes the platform out.
    Exempt {
        variable: &'static str,
    },
    /// The variable holds a text that is no proxy's address.
    Ignored {
        variable: &'static str,
    },
    Through(Proxy),
}

/// A proxy, without its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    pub variable: &'static str,
    /// `http`, `https`, or a kind of SOCKS.
    pub scheme: String,
    pub host: String,
    pub port: u16,
    /// True when the variable has a user or a password in it.
    pub has_credentials: bool,
}

/// The way to the platform at `base`, by this process's variables.
#[must_use]
pub fn route(base: &BaseUrl) -> Route {
    let own = if base.is_https() { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let Some((variable, value)) = first(own).or_else(|| first(["ALL_PROXY", "all_proxy"])) else {
        return Route::Direct;
    };
    if base.is_loopback() {
        return Route::Loopback { variable };
    }
    let Ok(target) = base.to_string().parse::<Uri>() else { return Route::Ignored { variable } };
    if Matcher::builder().all(value).build().intercept(&target).is_none() {
        return Route::Ignored { variable };
    }
    let Some(found) = Matcher::from_system().intercept(&target) else {
        return Route::Exempt { variable };
    };
    let scheme = found.uri().scheme_str().unwrap_or("http").to_owned();
    let usual = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => 1080,
    };
    Route::Through(Proxy {
        variable,
        host: found.uri().host().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
        port: found.uri().port_u16().unwrap_or(usual),
        has_credentials: found.basic_auth().is_some() || found.raw_auth().is_some(),
        scheme,
    })
}

/// The first of the names that is set decides, even when it is empty.
fn first(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    let set = names.into_iter().find_map(|name| Some((name, env::var(name).ok()?)));
    set.filter(|(_, value)| !value.is_empty())
}
