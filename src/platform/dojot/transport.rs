//! The reasons that no answer came, in words.

use std::{error::Error as StdError, io, time::Duration};

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::{asked::Ask, words};
use crate::{
    pki::tls_words,
    platform::{Ended, ErrorKind, PlatformError},
};

const PLAIN: Option<&str> = Some("if the platform is reached in plain HTTP, write http://");

/// Sorts a failed exchange: the request was not sent, or its outcome is unknown.
pub(in crate::platform) fn failure(
    ask: &Ask<'_>,
    place: &str,
    error: &reqwest::Error,
    connect_timeout: Duration,
    timeout: Duration,
) -> PlatformError {
    if let Some(alert) = refused_identity(error) {
        return ask
            .error(
                ErrorKind::Unauthenticated,
                format!("{place} refused the certificate shown to it ({alert:?})"),
            )
            .hint("is it of a CA that is trusted there, and still valid? Was it revoked?");
    }
    if error.is_connect() {
        let (cause, hint) = unreachable(error, connect_timeout);
        let failed = ask.error(ErrorKind::Unreachable, format!("no connection to {place}: {cause}"));
        return match hint {
            Some(hint) => failed.hint(hint),
            None => failed,
        };
    }
    if error.is_timeout() {
        let text = format!("no answer from {place} within {}", words::duration(timeout));
        return PlatformError { ended: Ended::TooSlow, ..ask.error(ErrorKind::OutcomeUnknown, text) };
    }
    let hyper = chain(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if hyper.is_some_and(hyper::Error::is_parse) {
        return ask
            .error(ask.unreadable(), format!("{place} does not answer in HTTP"))
            .hint("check the port; an address with TLS needs https://");
    }
    let cause = match hyper {
        Some(hyper) if hyper.is_incomplete_message() => {
            "the connection was closed before the answer".to_owned()
        }
        _ => innermost(error),
    };
    ask.error(ErrorKind::OutcomeUnknown, format!("the exchange with {place} broke off: {cause}"))
}

/// The alert by which a server refuses the client's certificate. Under TLS 1.3 it comes after the request left (RFC
/// 8446 §4.4.2.4).
fn refused_identity(error: &reqwest::Error) -> Option<AlertDescription> {
    use AlertDescription::{
        AccessDenied, BadCertificate, CertificateExpired, CertificateRequired, CertificateRevoked,
        CertificateUnknown, UnknownCA, UnsupportedCertificate,
    };
    let tls = chain(error).find_map(|cause| cause.downcast_ref::<TlsError>())?;
    let TlsError::AlertReceived(alert) = tls else { return None };
    let is_about_us = matches!(
        alert,
        AccessDenied
            | BadCertificate
            | CertificateExpired
            | CertificateRequired
            | CertificateRevoked
            | CertificateUnknown
            | UnknownCA
            | UnsupportedCertificate
    );
    is_about_us.then_some(*alert)
}

/// The text of the deepest cause; the outer ones only say that something failed.
pub(in crate::platform) fn innermost(error: &reqwest::Error) -> String {
    let text = chain(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    words::cut(&text, 200)
}

/// The error and its causes, those inside an [`io::Error`] included.
fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let first: &(dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |&error| cause(error))
}

fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn unreachable(error: &reqwest::Error, connect_timeout: Duration) -> (String, Option<&'static str>) {
    if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<TlsError>()) {
        return tls_cause(tls);
    }
    if error.is_timeout() {
        return (format!("no answer came within {}", words::duration(connect_timeout)), None);
    }
    if error.is_dns() {
        let cause = format!("the host name was not found ({})", innermost(error));
        return (cause, Some("check the host given with -h"));
    }
    let io = chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last();
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => {
            ("connection refused".to_owned(), Some("check the host (-h) and the port (-p), and that it runs"))
        }
        Some(io::ErrorKind::UnexpectedEof) => ("it was closed during the TLS handshake".to_owned(), PLAIN),
        _ => (innermost(error), None),
    }
}

fn tls_cause(error: &TlsError) -> (String, Option<&'static str>) {
    const CACERT: Option<&str> =
        Some("if it is the right platform, give its CA certificate with --cacert FILE");
    match error {
        TlsError::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                ("its certificate was signed by a CA that is not trusted here".to_owned(), CACERT)
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
                format!("its certificate {}", words::cut(&tls_words::certificate(reason), 200)),
                Some("use the host name in the certificate"),
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                format!("its certificate {}", tls_words::certificate(reason)),
                Some("check the clock of this machine too"),
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                format!("its certificate {}", tls_words::certificate(reason)),
                Some("check the clock of this machine"),
            ),
            CertificateError::Other(other)
                if matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity)) =>
            {
                (
                    "its certificate is a CA certificate, which is trusted as a server's only when it is given"
                        .to_owned(),
                    CACERT,
                )
            }
            other => (format!("its certificate {}", tls_words::certificate(other)), None),
        },
        TlsError::InvalidMessage(_) => ("the port has no TLS".to_owned(), PLAIN),
        TlsError::AlertReceived(alert) => {
            (format!("it ended the TLS handshake with the alert {}", tls_words::alert(*alert)), None)
        }
        other => (format!("TLS failed: {}", tls_words::fault(other)), None),
    }
}
