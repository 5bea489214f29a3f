//! The operations (RFC 7030 §4).

use std::{collections::HashMap, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, Extension, FromRequestParts, Path, State},
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Est,
    answer::{self, Problem},
    applicant::Applicant,
};
use crate::{
    authority::{Application, Approval},
    pki::base64_lines,
    serve::{
        body::{BodyError, Raw},
        peer::Peer,
    },
};

/// Seconds until a request that waits is worth another try.
const POLL: i64 = 10;
/// The same where no room is left.
const CROWDED: i64 = 600;

const PKCS10: &str = "application/pkcs10";

/// The label of the path is one of ours, or there is none.
pub(super) struct Labelled;

impl FromRequestParts<Est> for Labelled {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, est: &Est) -> Result<Self, Problem> {
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, est).await;
        let label = named.ok().and_then(|Path(mut named)| named.remove("label"));
        match label {
            Some(label) if !est.settings.labels.contains(&label) => {
                Err(Problem::new(StatusCode::NOT_FOUND, format!("there is no label {label:?} here")))
            }
            _ => Ok(Self),
        }
    }
}

/// `GET cacerts`: the root, for all clients.
pub(super) async fn cacerts(State(est): State<Est>, _: Labelled, headers: HeaderMap) -> Response {
    answer::certificates(&[est.shared.authority.root()], &headers)
}

/// `GET csrattrs`: by default nothing is wanted but a key and a name.
pub(super) async fn csrattrs(State(est): State<Est>, _: Labelled, headers: HeaderMap) -> Response {
    match &est.settings.attributes {
        Some(der) => answer::attributes(der, &headers),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// A request for a certificate, and the connection it came over.
pub(super) struct Asked {
    client: SocketAddr,
    peer: Peer,
    application: Application,
}

/// `POST simpleenroll`.
pub(super) async fn simpleenroll(
    State(est): State<Est>,
    _: Labelled,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Result<Raw, BodyError>,
) -> Result<Response, Problem> {
    let peer = peer.map(|Extension(peer)| peer).unwrap_or_default();
    let applicant = est.applicant(&headers, client.ip(), &peer).await?;
    let mut asked = read(client, peer, &headers, body)?;
    if let Applicant::Holder(shown) = &applicant {
        let may = est.shared.authority.may_enrol(shown, &asked.application).await;
        may.inspect_err(|denial| asked.denied(denial))?;
    }
    if est.settings.approve {
        asked = est.approved(asked).await?;
    }
    est.grant(&asked, &headers).await
}

/// `POST simplereenroll`.
pub(super) async fn simplereenroll(
    State(est): State<Est>,
    _: Labelled,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Result<Raw, BodyError>,
) -> Result<Response, Problem> {
    let peer = peer.map(|Extension(peer)| peer).unwrap_or_default();
    let Some(shown) = peer.certificate().map(<[u8]>::to_vec) else {
        let words = "the certificate that is renewed must be shown in TLS; without one: simpleenroll";
        return Err(Problem::new(StatusCode::FORBIDDEN, words));
    };
    let asked = read(client, peer, &headers, body)?;
    let may = est.shared.authority.may_renew(&shown, &asked.application).await;
    may.inspect_err(|denial| asked.denied(denial))?;
    est.grant(&asked, &headers).await
}

/// Server-side keys and full CMC.
pub(super) async fn not_here(uri: Uri) -> Problem {
    let operation = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let words = match operation.as_str() {
        "serverkeygen" => "keys are made by those who use them: serverkeygen is not offered",
        _ => "fullcmc is not offered; simpleenroll is",
    };
    Problem::new(StatusCode::NOT_IMPLEMENTED, words)
}

pub(super) async fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such operation of EST")
}

pub(super) async fn wrong_method() -> Problem {
    let words = "cacerts and csrattrs are read with GET, requests are sent with POST";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, words)
}

impl Est {
    /// The request, once an operator approved it.
    async fn approved(&self, asked: Asked) -> Result<Asked, Problem> {
        let Asked { client, peer, application } = asked;
        let said = self.shared.authority.approval(application).await;
        let (application, said) = said.map_err(|error| Problem::unexpected(&error.to_string()))?;
        let device = application.device.clone();
        match said {
            Approval::Approved => Ok(Asked { client, peer, application }),
            Approval::Refused => Err(Problem::new(StatusCode::FORBIDDEN, "the request was refused")),
            Approval::Crowded => {
                Err(Problem::later(StatusCode::SERVICE_UNAVAILABLE, "too many requests wait", CROWDED))
            }
            Approval::Waiting => {
                tracing::info!(%client, %device, "a request is pending: certreq est approve {device}");
                let words = "the request is pending; send it again after its approval";
                Err(Problem::later(StatusCode::ACCEPTED, words, POLL))
            }
        }
    }

    async fn grant(&self, asked: &Asked, headers: &HeaderMap) -> Result<Response, Problem> {
        asked.check_binding()?;
        let issued = self.shared.authority.enrol(&asked.application).await?;
        Ok(answer::certificates(&[&issued], headers))
    }
}

impl Asked {
    fn denied(&self, denial: &crate::authority::Denial) {
        tracing::warn!(client = %self.client, device = %self.application.device, "refused: {denial}");
    }

    /// A request that is tied to its connection must be tied to this one (RFC 7030 §3.5). TLS here gives no
    /// tls-unique; tls-exporter (RFC 9266) it gives.
    fn check_binding(&self) -> Result<(), Problem> {
        let (client, device) = (self.client, &self.application.device);
        let Some(challenge) = &self.application.challenge else { return Ok(()) };
        let bound = self.peer.binding.map(|binding| STANDARD.encode(binding));
        if bound.as_deref() == Some(challenge.as_str()) {
            tracing::info!(%client, %device, "the request is bound to its connection (tls-exporter)");
            return Ok(());
        }
        tracing::warn!(%client, %device, "the request is bound to no connection that can be checked: refused");
        let words = "the challengePassword is not the tls-exporter of this connection; tls-unique cannot be checked \
                     here: leave the challengePassword out";
        Err(Problem::new(StatusCode::BAD_REQUEST, words))
    }
}

fn read(
    client: SocketAddr,
    peer: Peer,
    headers: &HeaderMap,
    body: Result<Raw, BodyError>,
) -> Result<Asked, Problem> {
    let Raw(body) = body?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(PKCS10) {
        let words = format!("the request must have the type {PKCS10}");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
    }
    let der = base64_lines::decode(&body)
        .map_err(|why| Problem::new(StatusCode::BAD_REQUEST, format!("the request {why}")))?;
    Ok(Asked { client, peer, application: Application::read(&der)? })
}
