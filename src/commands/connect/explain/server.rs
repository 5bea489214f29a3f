//! Why the server's certificate is not believed.

use super::{Case, Cause, Trouble};
use crate::{
    commands::connect::now,
    connection::tls::ServerFault,
    output::span,
    pki::{
        certificate::{Certificate, Validity},
        chain::{ChainError, NameError},
        issuer::{self, Issuer},
        names,
    },
};

pub(super) fn fault(fault: &ServerFault, case: &Case<'_>) -> Trouble {
    match fault {
        ServerFault::Unreadable(why) => Trouble::new(
            Cause::ServerNotTrusted,
            format!("the server's certificate cannot be read: {why}"),
            look(case),
        ),
        ServerFault::Name(error) => name(error, case),
        ServerFault::Chain(error) if error.is_not_yet_valid() || error.is_expired() => dates(error, case),
        ServerFault::Chain(
            ChainError::UnknownIssuer { issuer } | ChainError::UnknownAuthority { issuer, .. },
        ) => unknown(issuer, case),
        ServerFault::Chain(ChainError::Refused(_)) if is_twin(case) => unknown("", case),
        ServerFault::Chain(error) => Trouble::new(
            Cause::ServerNotTrusted,
            format!("the server's certificate is not trusted: {error}"),
            look(case),
        ),
    }
}

fn look(case: &Case<'_>) -> String {
    format!("see all of it: certreq inspect {}", case.plan.target.endpoint)
}

fn name(error: &NameError, case: &Case<'_>) -> Trouble {
    let presented = case.chain.first().map(names::alternatives).unwrap_or_default();
    match error {
        NameError::Other { name, .. } if presented.is_empty() => Trouble::new(
            Cause::ServerNameMismatch,
            format!(
                "the server's certificate names no server, so it is not for {name}: it has no subjectAltName"
            ),
            format!("issue it with the name: certreq issue -i ID --san {} --force", san(name)),
        ),
        NameError::Other { name, .. } => Trouble::new(
            Cause::ServerNameMismatch,
            format!(
                "the server's certificate is not for {name}, but for {}",
                presented.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            ),
            format!(
                "connect by one of these names, or ask for one with --servername; or issue the server's \
                 certificate for this one, too: certreq issue -i ID --san {} --force",
                san(name)
            ),
        ),
        other => Trouble::new(
            Cause::ServerNameMismatch,
            other.to_string(),
            "connect by a name, or name one with --servername",
        ),
    }
}

fn san(name: &str) -> String {
    let kind = if name.parse::<std::net::IpAddr>().is_ok() { "ip" } else { "dns" };
    format!("{kind}:{name}")
}

/// A date that does not fit is the certificate's fault or the clock's; our own pair is a witness.
fn dates(error: &ChainError, case: &Case<'_>) -> Trouble {
    let here = span::moment(now());
    if error.is_not_yet_valid() && case.device.standing.validity == Validity::NotYetValid {
        return Trouble::new(
            Cause::ClockWrong,
            format!("this machine's clock is behind: it is {here} here, and neither certificate has begun"),
            "set the clock, then try again",
        );
    }
    let (reason, next) = if error.is_expired() {
        (Cause::ServerExpired, "renew the server's certificate; or, if the clock here is wrong, set it")
    } else {
        let next = "if the clock here is behind, set it; else the server's certificate began too late";
        (Cause::ServerNotYetValid, next)
    };
    let what = match error {
        ChainError::Expired(at) => format!("the server's certificate expired at {}", span::moment(*at)),
        ChainError::NotYetValid(at) => {
            format!("the server's certificate is not valid before {}", span::moment(*at))
        }
        other => other.to_string(),
    };
    Trouble::new(reason, format!("{what}; it is {here} here"), next)
}

/// A root of the right name is held here, and did not sign it.
fn is_twin(case: &Case<'_>) -> bool {
    let anchors = &case.device.anchors;
    case.chain.last().is_some_and(|last| {
        anchors.iter().any(|anchor| anchor.subject == last.issuer)
            && matches!(issuer::find(last, anchors), Issuer::Missing)
    })
}

fn unknown(issuer: &str, case: &Case<'_>) -> Trouble {
    let held: Vec<&str> = case.device.anchors.iter().map(|anchor| anchor.subject.as_str()).collect();
    let top = case.chain.last().map_or(issuer, |last| last.issuer.as_str());
    if held.contains(&top) {
        return Trouble::new(
            Cause::ServerRootUnknown,
            format!(
                "the server's certificate was issued by another {top} than the one in ca/ca.pem: the name is \
                 the same, the key is not"
            ),
            "the authority was set up anew, here or there: fetch its root certificate again",
        );
    }
    let one_alone = matches!(case.chain, [leaf] if leaf.subject != leaf.issuer);
    let next = if one_alone {
        "if that is an intermediate authority, the server must send its certificate along; else trust its \
         root with --ca FILE"
    } else {
        "if the server has its certificate from another authority, trust that one's root with --ca FILE"
    };
    Trouble::new(
        Cause::ServerRootUnknown,
        format!("the server's certificate comes from {top}; trusted here is {}", shown(&held)),
        next,
    )
}

fn shown(held: &[&str]) -> String {
    if held.is_empty() { "nothing".to_owned() } else { held.join(" and ") }
}

/// Issuer of the chain's last certificate, where no anchor has this name and the certificate is not self-issued.
pub(super) fn lacks_issuer(chain: &[Certificate], anchors: &[Certificate]) -> Option<String> {
    let last = chain.last()?;
    let known = anchors.iter().any(|anchor| anchor.subject == last.issuer) || last.subject == last.issuer;
    (!known).then(|| last.issuer.clone())
}
