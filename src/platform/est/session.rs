//! The way to one EST server: the trust in it, and its CA certificates, asked for once.

use std::sync::Arc;

use reqwest::StatusCode;
use rustls::client::danger::ServerCertVerifier;

use super::{Options, authorities::Authorities, body, trust};
use crate::{
    pki::{certificate::Certificate, csr_attributes::CsrAttributes, fingerprint::Fingerprint},
    platform::{
        ErrorKind, Holder, PlatformError,
        dojot::{
            answer::Answer,
            asked::{Ask, Asked, NORMAL},
            http::{Dress, Http, Trust, Wire},
            patience, tls,
        },
    },
};

/// Headers that describe a request's body. Content-Transfer-Encoding is no header of HTTP, and old servers insist on
/// it (RFC 8951 §3).
pub(super) const PKCS10: Dress =
    Dress { content_type: "application/pkcs10", accept: "*/*", encoding: Some("base64") };

/// A server whose CA certificates were fetched.
#[derive(Debug)]
pub(super) struct Session {
    verifier: Arc<dyn ServerCertVerifier>,
    pub(super) http: Http,
    pub(super) authorities: Authorities,
    /// Attributes that requests shall hold.
    pub(super) wanted: CsrAttributes,
}

impl Session {
    /// Fetches the CA certificates. When only a fingerprint is known, they are fetched from a server that is not
    /// verified, and the certificate with that fingerprint is trusted from then on.
    pub(super) async fn open(options: &Options) -> Result<Self, PlatformError> {
        let mut trusted = options.cacerts.clone();
        trusted.extend(options.known.iter().map(|root| root.der().to_vec()));
        let is_new = |pin: &Fingerprint| !options.known.iter().any(|root| root.fingerprint() == *pin);
        let pin = options.accept.or(options.pin).filter(is_new);
        if let Some(pin) = pin.filter(|_| options.cacerts.is_empty() && options.address.base.is_https()) {
            let found = fetch(&client(options, trust::provisional(), None)?, options).await?;
            let Some(pinned) = found.iter().find(|one| one.fingerprint() == pin) else {
                return Err(not_there(options, &found, pin));
            };
            trusted.push(pinned.der().to_vec());
        }
        let verifier = tls::verifier(&trusted).map_err(|error| no_tls(&error))?;
        let http = client(options, Arc::clone(&verifier), options.bootstrap.as_ref())?;
        let found = fetch(&http, options).await?;
        let preferred: Vec<Fingerprint> = options
            .accept
            .into_iter()
            .chain(options.pin)
            .chain(options.known.iter().map(Certificate::fingerprint))
            .collect();
        let authorities = Authorities::new(found, &preferred).ok_or_else(|| {
            let text = format!("{} sent certificates, and no CA certificate is among them", options.address);
            ask(&options.address.path("cacerts")).error(ErrorKind::InvalidResponse, text)
        })?;
        let mut wanted = wanted(&http, options).await?;
        if options.key_is_chosen {
            wanted.leave_key();
        }
        Ok(Self { verifier, http, authorities, wanted })
    }

    /// A client that shows this pair.
    pub(super) fn shown_by(&self, options: &Options, holder: &Holder) -> Result<Http, PlatformError> {
        client(options, Arc::clone(&self.verifier), Some(holder))
    }
}

fn ask(path: &str) -> Ask<'_> {
    Ask::get(Asked::Authorities, path, NORMAL)
}

fn client(
    options: &Options,
    verifier: Arc<dyn ServerCertVerifier>,
    holder: Option<&Holder>,
) -> Result<Http, PlatformError> {
    let base = options.address.base.clone();
    let trust = if base.is_https() {
        Trust::Own(Box::new(tls::config(verifier, holder).map_err(|error| no_tls(&error))?))
    } else {
        Trust::NotNeeded
    };
    Http::over(Wire {
        is_here: base.is_loopback(),
        base,
        connect_timeout: options.connect_timeout,
        timeout: options.timeout,
        trust,
    })
}

fn no_tls(error: &rustls::Error) -> PlatformError {
    PlatformError::new(ErrorKind::Rejected, format!("cannot set up TLS: {error}"))
}

/// `GET cacerts`: all certificates in it, unchecked.
async fn fetch(http: &Http, options: &Options) -> Result<Vec<Certificate>, PlatformError> {
    let path = options.address.path("cacerts");
    let ask = ask(&path);
    let answer = patience::read(http, options.retry_delay, async || {
        good(&ask, http.send_in(PKCS10, &ask, None).await?, http)
    })
    .await?;
    body::certificates(&answer)
        .map_err(|text| answer.error(&ask, ErrorKind::InvalidResponse, format!("{}: {text}", http.place())))
}

/// `GET csrattrs`. A server that has no such list, or does not show it to us, wants no attributes (RFC 8951 §3.2).
async fn wanted(http: &Http, options: &Options) -> Result<CsrAttributes, PlatformError> {
    let path = options.address.path("csrattrs");
    let ask = Ask::get(Asked::Attributes, &path, NORMAL);
    let nothing = |status: StatusCode| matches!(status.as_u16(), 204 | 401 | 403 | 404 | 405 | 501);
    let answer = patience::read(http, options.retry_delay, async || {
        let answer = http.send_in(PKCS10, &ask, None).await?;
        if nothing(answer.status) { Ok(None) } else { good(&ask, answer, http).map(Some) }
    })
    .await?;
    let Some(answer) = answer.filter(|answer| !answer.body.trim_ascii().is_empty()) else {
        return Ok(CsrAttributes::default());
    };
    let read = body::decoded(&answer.body).and_then(|der| {
        CsrAttributes::from_der(&der).map_err(|error| format!("the answer cannot be read: {error}"))
    });
    Ok(read.unwrap_or_else(|text| {
        let mut wanted = CsrAttributes::default();
        wanted.unmet.push(format!("attributes that cannot be read ({text})"));
        wanted
    }))
}

/// An answer that is a success.
pub(super) fn good(ask: &Ask<'_>, answer: Answer, http: &Http) -> Result<Answer, PlatformError> {
    if answer.status.is_success() { Ok(answer) } else { Err(refusal(ask, &answer, http)) }
}

/// The one message of an answer that is no success.
pub(super) fn refusal(ask: &Ask<'_>, answer: &Answer, http: &Http) -> PlatformError {
    let mut error = answer.refusal(ask, http.base());
    if matches!(answer.status.as_u16(), 404 | 405 | 501) {
        // The path is not known there: no request was handled, and the staged key stays.
        error.kind = ErrorKind::NotOffered;
        error.hint = Some(
            "check that the server has EST at this address, and check the label: --est URL/LABEL".to_owned(),
        );
    }
    error
}

fn not_there(options: &Options, found: &[Certificate], pin: Fingerprint) -> PlatformError {
    let address = &options.address;
    let text = format!("no CA certificate of {address} has the fingerprint {pin}");
    let shown = found.iter().find(|one| one.is_ca).map(|one| format!("it has {}", one.fingerprint()));
    let next = shown.unwrap_or_else(|| "it has no CA certificate".to_owned());
    PlatformError::new(ErrorKind::Untrusted, text).hint(format!("{next}; ask its operator which one is right"))
}
