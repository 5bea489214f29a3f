//! Reasons why the server does not accept our certificate: its alert, and the facts known here about the pair.
//!
//! The alerts are few and servers choose among them freely; openssl's choices (mosquitto, nginx) are in its
//! `ssl/statem/statem_lib.c`, table `x509table`.

use rustls::AlertDescription as Alert;

use super::{Case, Cause, Trouble, server::lacks_issuer};
use crate::{
    commands::connect::now,
    output::span,
    pki::{certificate::Validity, chain::ChainError, tls_words},
};

pub(super) fn alert(alert: Alert, case: &Case<'_>) -> Trouble {
    match alert {
        Alert::CertificateExpired => expired(case),
        Alert::CertificateRevoked => revoked(case),
        Alert::UnknownCA => unknown_authority(case),
        Alert::UnsupportedCertificate => purpose(case),
        Alert::BadCertificate | Alert::CertificateUnknown | Alert::AccessDenied => unsaid(alert, case),
        Alert::CertificateRequired => Trouble::new(
            Cause::CertificateRefused,
            "the server got no certificate: it does not accept signatures of this kind of key",
            "try another kind of key: certreq issue -i ID --key p256 --force",
        ),
        Alert::DecryptError => Trouble::new(
            Cause::CertificateRefused,
            "the server found a signature wrong: of our certificate, or of its revocation list",
            "it may hold another root of the same name, or the list of another authority: compare its files \
             with ca/ca.pem and ca/crl.pem",
        ),
        Alert::ProtocolVersion => Trouble::new(
            Cause::HandshakeFailed,
            "the server supports neither TLS 1.2 nor TLS 1.3",
            "allow TLS 1.2 or 1.3 on the server; older versions are not safe",
        ),
        Alert::HandshakeFailure | Alert::InsufficientSecurity => Trouble::new(
            Cause::HandshakeFailed,
            "the server accepts no cipher or signature that is offered here, or none of our kind of key",
            "see the server's log and its list of ciphers; a certificate that was not sent looks like this, too",
        ),
        Alert::IllegalParameter => Trouble::new(
            Cause::CertificateRefused,
            refused("it does not take the curve of our key (illegal_parameter, over TLS 1.2)"),
            "allow the curve on the server, or TLS 1.3; or use another kind of key: certreq issue -i ID --force \
             --key KIND",
        ),
        Alert::UnrecognisedName => Trouble::new(
            Cause::HandshakeFailed,
            "the server does not have this name",
            "ask for another with --servername",
        ),
        other => Trouble::new(
            Cause::HandshakeFailed,
            format!("the server ended the handshake with the alert {}", tls_words::alert(other)),
            "see the server's log",
        ),
    }
}

fn refused(why: &str) -> String {
    format!("the server refused our certificate: {why}")
}

fn expired(case: &Case<'_>) -> Trouble {
    let Some(leaf) = case.device.leaf() else { return unsaid(Alert::CertificateExpired, case) };
    let end = span::moment(leaf.not_after);
    match case.device.standing.validity {
        Validity::Expired => {
            Trouble::new(Cause::CertificateExpired, refused(&format!("it expired at {end}")), renew(case))
        }
        _ => Trouble::new(
            Cause::CertificateRefused,
            refused(&format!(
                "expired by its clock; the certificate is valid until {end}, and the time here is {}",
                span::moment(now())
            )),
            "either the server's clock is ahead, or its revocation list is past its nextUpdate, which brokers \
             report the same way: refresh the list there, then look at its clock",
        ),
    }
}

fn renew(case: &Case<'_>) -> String {
    format!("get a new one: certreq issue -i {} --force", case.device.id)
}

fn revoked(case: &Case<'_>) -> Trouble {
    let here = match &case.device.standing.revoked {
        Some(when) => format!("; {when}"),
        None => String::new(),
    };
    Trouble::new(Cause::CertificateRevoked, refused(&format!("it was revoked{here}")), renew(case))
}

fn unknown_authority(case: &Case<'_>) -> Trouble {
    if let Some(issuer) = lacks_issuer(&case.device.chain, &case.device.anchors) {
        return Trouble::new(
            Cause::CertificateAuthorityUnknown,
            refused(&format!("it does not know {issuer}, which issued it")),
            "that is not the root in ca/ca.pem: if it is an intermediate authority, its certificate belongs \
             into cert.pem, after our own",
        );
    }
    let issuer = case.device.chain.last().map_or("", |last| last.issuer.as_str());
    Trouble::new(
        Cause::CertificateAuthorityUnknown,
        refused(&format!("it does not trust {issuer}")),
        "give the server our root: its cafile (mosquitto) or ssl_client_certificate (nginx) must hold \
         ca/ca.pem; with a crlfile, it must hold a list of the same authority, too",
    )
}

fn purpose(case: &Case<'_>) -> Trouble {
    let why = match &case.device.standing.path {
        Err(ChainError::Purpose(why)) => why.clone(),
        _ => "it is not for this purpose".to_owned(),
    };
    Trouble::new(
        Cause::CertificatePurpose,
        refused(&why),
        "a client's certificate needs clientAuth in its extended key usage: ask the authority for such a one",
    )
}

/// Servers that do not say why leave it to us to look.
fn unsaid(alert: Alert, case: &Case<'_>) -> Trouble {
    let standing = &case.device.standing;
    match standing {
        _ if standing.revoked.is_some() => return revoked(case),
        _ if standing.validity == Validity::Expired => return expired(case),
        _ if standing.validity == Validity::NotYetValid => return not_begun(case),
        _ if matches!(standing.path, Err(ChainError::Purpose(_))) => return purpose(case),
        _ => {}
    }
    let begin = case.device.leaf().map(|leaf| span::moment(leaf.not_before)).unwrap_or_default();
    Trouble::new(
        Cause::CertificateRefused,
        refused(&format!("{}; here it looks right", tls_words::alert(alert))),
        format!("see the server's log; its clock may be behind {begin}, when our certificate began"),
    )
}

fn not_begun(case: &Case<'_>) -> Trouble {
    let begin = case.device.leaf().map(|leaf| span::moment(leaf.not_before)).unwrap_or_default();
    Trouble::new(
        Cause::CertificateNotYetValid,
        refused(&format!("it is not valid before {begin}; it is {} here", span::moment(now()))),
        "a certificate begins when it is issued: the clock here, or the authority's, is wrong",
    )
}
