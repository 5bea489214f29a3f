//! Failures in words: the event, its reason, and the next step.

mod broker;
mod refusal;
mod server;

pub(super) use broker::{no_message, not_delivered, publication, session, subscription, unacknowledged};

use super::{
    Plan, Speak,
    cause::{Cause, Trouble},
    device::{Device, Standing},
};
use crate::{
    connection::{network::NetworkError, tls::TlsError},
    output::span,
    pki::certificate::{Certificate, Validity},
};

/// Facts at hand when a step fails.
pub(super) struct Case<'a> {
    pub(super) plan: &'a Plan,
    pub(super) device: &'a Device,
    /// Certificates that the server presented.
    pub(super) chain: &'a [Certificate],
}

pub(super) fn network(error: &NetworkError, plan: &Plan) -> Trouble {
    let endpoint = &plan.target.endpoint;
    match error {
        NetworkError::Resolve(why) => Trouble::new(
            Cause::UnknownHost,
            format!("the name {} is not known: {why}", endpoint.host),
            "check the spelling, and that this machine can resolve it: getent hosts NAME",
        ),
        NetworkError::Refused(address) => Trouble::new(
            Cause::ConnectionRefused,
            format!("{address} refused the connection: no server listens there"),
            "check the port, and that the server runs",
        ),
        NetworkError::Silent(address) => Trouble::new(
            Cause::Timeout,
            format!("{address} does not answer"),
            "a firewall that drops packets looks like this; check the address and the way there",
        ),
        NetworkError::Unreachable { address, error } => Trouble::new(
            Cause::Unreachable,
            format!("{address} cannot be reached: {error}"),
            "check the network between here and there",
        ),
    }
}

/// Every step went well, and no step shows that the server would take the pair.
pub(super) fn not_asked(plan: &Plan) -> Trouble {
    let next = match plan.target.speak {
        Speak::Mqtt(_) => "let the broker ask for it (mosquitto: require_certificate true), and try again",
        Speak::Https { .. } => "let the server ask for it (nginx: ssl_verify_client on), and try again",
        Speak::Tls => "let the server ask for client certificates, and try again",
    };
    Trouble::new(
        Cause::CertificateNotRequested,
        "the server did not ask for the certificate: the pair was not proven",
        next,
    )
}

/// Server that took the pair, although the facts known here speak against it.
pub(super) fn taken_all_the_same(device: &Device) -> Option<Trouble> {
    let id = &device.id;
    let leaf = device.leaf()?;
    let (cause, why, next) = match &device.standing {
        Standing { revoked: Some(when), .. } => (
            Cause::CertificateRevoked,
            when.clone(),
            format!(
                "give the server the list, ca/crl.pem: crlfile (mosquitto) or ssl_crl (nginx); a new pair for \
                 the device: certreq renew --revoked -i {id}"
            ),
        ),
        Standing { validity: Validity::Expired, .. } => (
            Cause::CertificateExpired,
            format!("expired at {}", span::moment(leaf.not_after)),
            format!("look at the server's clock and its checks; a new pair: certreq renew -i {id}"),
        ),
        Standing { validity: Validity::NotYetValid, .. } => (
            Cause::CertificateNotYetValid,
            format!("not valid before {}", span::moment(leaf.not_before)),
            "look at the clock here, and at the server's".to_owned(),
        ),
        _ => return None,
    };
    Some(Trouble::new(cause, format!("the server accepts the certificate, and it is {why}"), next))
}

/// The step that took too long, and the usual cause.
pub(super) fn timeout(step: &str, plan: &Plan) -> Trouble {
    let seconds = plan.timeout.as_secs_f32();
    let (what, next) = match step {
        "name" => ("the name servers do not answer", "check this machine's resolver"),
        "tls" => (
            "connected, but there was no TLS answer",
            "a plain-text port waits for the client like this: check the port (mqtts is 8883, https 443)",
        ),
        _ => ("the server does not answer", "see the server's log; a slow one gets more time with --timeout"),
    };
    Trouble::new(Cause::Timeout, format!("{what} within {seconds} s"), next)
}

/// A handshake that failed, also where TLS 1.3 tells it after the handshake.
pub(super) fn tls(error: &TlsError, case: &Case<'_>) -> Trouble {
    match error {
        TlsError::Server(fault) => server::fault(fault, case),
        TlsError::Alert(alert) => refusal::alert(*alert, case),
        TlsError::Name(name) => Trouble::new(
            Cause::HandshakeFailed,
            format!("{name} is not a name that TLS can ask for"),
            "name the server with --servername",
        ),
        TlsError::Identity(why) => Trouble::new(
            Cause::UnusablePair,
            format!("our pair cannot be used: {why}"),
            "look at it: certreq inspect cert_<id>",
        ),
        TlsError::NotTls => Trouble::new(
            Cause::NotTls,
            "this port has no TLS",
            "it is a plain-text port: use the server's TLS port (mqtts is 8883, https 443)",
        ),
        TlsError::Closed => closed(case),
        TlsError::Other(why) => Trouble::new(
            Cause::HandshakeFailed,
            format!("the handshake failed: {why}"),
            "see the server's log, and its certificate: certreq inspect HOST:PORT",
        ),
    }
}

fn closed(case: &Case<'_>) -> Trouble {
    if case.chain.is_empty() {
        return Trouble::new(
            Cause::NotTls,
            "the server closed the connection without a TLS answer",
            "a plain-text port does that (1883 is one): use the TLS port, mostly 8883",
        );
    }
    Trouble::new(
        Cause::Closed,
        "the server closed the connection without saying why",
        format!(
            "see the server's log: some servers refuse a client like this, and so does one without {}",
            case.plan.target.scheme
        ),
    )
}
