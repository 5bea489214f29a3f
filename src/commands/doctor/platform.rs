//! Checks of the platform, from the first packet to the rights of the user there.

use std::future::Future;

use tokio::time;

use super::{Remote, STEP, check, machine, network, rights, root, token};
use crate::{
    evidence::platform::{ListError, own_list},
    fleet::layout::Layout,
    output::checks::Check,
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::{
        ErrorKind, Platform, PlatformError,
        dojot::{Dojot, proxy},
    },
};

/// Checks on the way to the platform; each needs the ones before.
const WAY: [&str; 4] = ["name", "connection", "tls", "http"];
/// Checks that need an answer of the platform.
const ASKED: [&str; 5] = ["login", "rights", "release", "root", "crl"];

pub(super) async fn checks(
    mut remote: Remote,
    layout: &Layout,
    pin: Option<Fingerprint>,
    now: Time,
) -> Vec<Check> {
    let mut checks: Vec<Check> =
        remote.troubles.drain(..).map(|failure| check::unusable("settings", failure)).collect();
    checks.push(token::check(&remote, now));
    let has_token = remote.options.token.is_some();
    let visit = Visit {
        user: remote.user.clone(),
        has_secret: remote.has_secret,
        is_known: remote.has_secret || has_token,
        layout,
        pin,
        now,
    };
    let reached = reach(remote, now, &mut checks).await;
    match reached {
        Ok(dojot) => {
            checks.push(machine::clock(now, dojot.clock_skew()));
            checks.extend(Box::pin(visit.ask(&dojot)).await);
        }
        Err(why) => {
            checks.push(machine::clock(now, None));
            for name in WAY.into_iter().chain(ASKED) {
                if name == "root" {
                    checks.push(root::unasked(layout, visit.pin));
                } else if !checks.iter().any(|check| check.name == name) {
                    checks.push(Check::skipped(name, why));
                }
            }
        }
    }
    checks
}

/// Goes as far as an answer in HTTP; every step is a check. The error says why no further question can be asked.
async fn reach(remote: Remote, now: Time, checks: &mut Vec<Check>) -> Result<Dojot, &'static str> {
    const UNREACHED: &str = "the platform was not reached";
    let base = remote.options.base.clone();
    let route = proxy::route(&base);
    checks.push(network::proxy(&route));
    let hop = network::Hop::of(&base, &route);
    let addresses = match hop.name().await {
        Ok((check, addresses)) => {
            checks.push(check);
            addresses
        }
        Err(check) => {
            checks.push(check);
            return Err(UNREACHED);
        }
    };
    match hop.connection(&addresses).await {
        Ok(check) => checks.push(check),
        Err(check) => {
            checks.push(check);
            return Err(UNREACHED);
        }
    }
    let is_proxied = matches!(route, proxy::Route::Through(_));
    let tls = match (base.is_https(), is_proxied) {
        (false, _) if base.is_loopback() => Check::skipped("tls", "plain HTTP, on this machine"),
        (false, _) => Check::warn("tls", "plain HTTP: secrets and tokens can be read on the way")
            .hint("if the platform has HTTPS: -h https://HOST"),
        (true, true) => Check::skipped("tls", "not checked: the connection goes through the proxy"),
        (true, false) => network::tls(&base, now).await,
    };
    let tls_failed = tls.is_bad();
    checks.push(tls);
    if tls_failed {
        return Err(UNREACHED);
    }
    let dojot = match Dojot::new(remote.options) {
        Ok(dojot) => dojot,
        Err(error) => {
            checks.push(check::refused("http", &error));
            return Err(UNREACHED);
        }
    };
    match within(dojot.greet()).await {
        Ok(()) => checks.push(Check::ok("http", format!("{base} answers as a gateway does"))),
        // The connection stood, so the trust in it failed.
        Err(error) if error.kind == ErrorKind::Unreachable && base.is_https() && !is_proxied => {
            checks.retain(|check| check.name != "tls");
            checks.push(check::refused("tls", &error));
            return Err(UNREACHED);
        }
        Err(error) => {
            checks.push(check::refused("http", &error));
            return Err("the platform does not answer as one");
        }
    }
    Ok(dojot)
}

/// Waits no longer than a step may.
async fn within<T>(asked: impl Future<Output = Result<T, PlatformError>>) -> Result<T, PlatformError> {
    time::timeout(STEP, asked).await.unwrap_or_else(|_| {
        let text = format!("no answer within {} s", STEP.as_secs());
        Err(PlatformError::new(ErrorKind::OutcomeUnknown, text)
            .hint("the platform is slow, or asks to wait: try again later"))
    })
}

/// The login to the platform, and the expected root.
struct Visit<'a> {
    user: Option<String>,
    has_secret: bool,
    /// There is a secret or a token.
    is_known: bool,
    layout: &'a Layout,
    pin: Option<Fingerprint>,
    now: Time,
}

impl Visit<'_> {
    async fn ask(&self, dojot: &Dojot) -> Vec<Check> {
        let mut checks = vec![self.login(dojot).await];
        let refused = checks.iter().any(Check::is_bad);
        if refused || !self.is_known {
            let why = if refused { "the login failed" } else { "it needs a login" };
            checks.extend(["rights", "release", "crl"].map(|name| Check::skipped(name, why)));
            checks.push(root::unasked(self.layout, self.pin));
            return checks;
        }
        let (root, list, rights) = tokio::join!(
            within(dojot.root()),
            within(dojot.crl()),
            within(async { Ok::<_, PlatformError>(rights::check(dojot).await) })
        );
        checks.push(rights.unwrap_or_else(|error| check::refused("rights", &error)));
        checks.push(release(dojot));
        checks.push(match &root {
            Ok(root) => root::compare(root, self.layout, self.pin, self.now),
            Err(error) => check::refused("root", error),
        });
        checks.push(match (list, root) {
            (Err(error), _) if error.kind == ErrorKind::NotFound => {
                Check::skipped("crl", "the platform has no revocation list")
            }
            (Err(error), _) => check::refused("crl", &error),
            (Ok(_), Err(_)) => Check::skipped("crl", "not checked: the root is missing"),
            (Ok(pem), Ok(root)) => list_of(&pem, &root, self.now),
        });
        checks
    }

    async fn login(&self, dojot: &Dojot) -> Check {
        let Some(user) = &self.user else {
            return Check::skipped("login", "no user name given")
                .hint("certreq doctor -u USER --secret-file FILE");
        };
        if !self.is_known {
            return Check::skipped("login", format!("no secret was given for {user}"))
                .hint("--secret-file FILE, --secret-file - for stdin, or CERTREQ_SECRET");
        }
        if !self.has_secret {
            return match within(dojot.root()).await {
                Err(error) if error.kind == ErrorKind::Unauthenticated => check::refused("login", &error),
                Err(_) => Check::skipped("login", "no secret was given; the token is used"),
                Ok(_) => Check::ok("login", format!("the token of {user} is taken")),
            };
        }
        match within(dojot.login()).await {
            Ok(_) => {
                let tenant = dojot.tenant().map(|tenant| format!(", tenant {tenant}")).unwrap_or_default();
                Check::ok("login", format!("as {user}{tenant}"))
            }
            Err(error) => check::refused("login", &error),
        }
    }
}

/// After the lists were asked for: old releases show themselves there.
fn release(dojot: &Dojot) -> Check {
    if dojot.is_up_to_0_6() {
        Check::ok("release", "dojot 0.5 or 0.6: it refuses requests of later releases")
    } else {
        Check::skipped("release", "not told by the platform; 0.7 or later")
    }
}

fn list_of(pem: &str, root: &Certificate, now: Time) -> Check {
    let operator = "tell the platform's operator: its list is not renewed";
    let list = match own_list(pem, std::slice::from_ref(root)) {
        Ok(list) => list,
        Err(error) => {
            let text = ListError::from(error).to_string();
            return Check::fail("crl", text).hint("tell the platform's operator");
        }
    };
    let revoked = crate::output::count(list.len(), "certificate");
    match list.next_update() {
        None => Check::warn("crl", "the platform's list has no expiry time").hint(operator),
        Some(end) if now >= end => {
            let text = format!("the platform's list expired at {}", crate::output::span::moment(end));
            Check::fail("crl", text).hint(operator)
        }
        Some(end) => {
            let end = crate::output::span::moment(end);
            Check::ok("crl", format!("the platform's list: {revoked}, good until {end}"))
        }
    }
}
