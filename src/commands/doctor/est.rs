//! Checks of an EST server: the way to it, its CA certificates, and the credentials for first certificates.

use tokio::time;

use super::{STEP, check, machine, network, root};
use crate::{
    fleet::layout::Layout,
    output::checks::Check,
    pki::{fingerprint::Fingerprint, time::Time},
    platform::{
        ErrorKind, Platform, PlatformError,
        dojot::proxy,
        est::{Est, Options},
    },
};

pub(super) async fn checks(
    options: Options,
    layout: &Layout,
    pin: Option<Fingerprint>,
    now: Time,
) -> Vec<Check> {
    let mut checks = Vec::new();
    let base = options.address.base.clone();
    let route = proxy::route(&base);
    checks.push(network::proxy(&route));
    let login = login(&options);
    let hop = network::Hop::of(&base, &route);
    let reached = match hop.name().await {
        Ok((named, addresses)) => {
            checks.push(named);
            let connection = hop.connection(&addresses).await;
            let is_there = connection.is_ok();
            checks.push(connection.unwrap_or_else(|failed| failed));
            is_there
        }
        Err(failed) => {
            checks.push(failed);
            false
        }
    };
    checks.push(login);
    if !reached {
        checks.push(machine::year(now));
        checks.push(root::unasked(layout, pin));
        return checks;
    }
    let platform = Est::new(options);
    let asked = time::timeout(STEP, platform.root()).await.unwrap_or_else(|_| {
        let text = format!("no answer within {} s", STEP.as_secs());
        Err(PlatformError::new(ErrorKind::OutcomeUnknown, text))
    });
    match asked {
        Ok(found) => {
            checks
                .push(Check::ok("http", format!("{} answers as an EST server does", platform.display_name())));
            checks.push(machine::clock(now, platform.clock_skew()));
            checks.push(root::compare(&found, layout, pin, now));
        }
        Err(error) => {
            let name = if error.kind == ErrorKind::Unreachable { "tls" } else { "http" };
            checks.push(check::refused(name, &error));
            checks.push(machine::year(now));
            checks.push(root::unasked(layout, pin));
        }
    }
    checks
}

/// Checks that credentials are given. In EST only a request for a certificate shows whether a password is right, and
/// none is sent here.
fn login(options: &Options) -> Check {
    match (&options.secret, &options.bootstrap) {
        (Some(_), _) => {
            Check::ok("login", "a user and a secret are given; EST tells only at a request if they are right")
        }
        (None, Some(_)) => Check::ok("login", "a certificate is given for first requests"),
        (None, None) => Check::warn("login", "neither a user (-u) nor a certificate (--est-cert) is given")
            .hint("renewals need neither; first certificates need one of them"),
    }
}
