//! Requests of devices.

use std::net::SocketAddr;

use axum::{
    Extension,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Request, State},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::{
    Shared,
    answer::{Problem, json},
};
use crate::{
    authority::provisioning::Caller,
    pki::idprov::ProvisionRequest,
    serve::{body::Raw, peer::Peer},
};

/// The client, by the certificate of the connection.
pub(super) struct Asking(pub(super) Caller);

impl FromRequestParts<Shared> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let peer = Option::<Extension<Peer>>::from_request_parts(parts, shared).await;
        let peer = peer.ok().flatten().map(|Extension(peer)| peer);
        let certificate = peer.as_ref().and_then(Peer::certificate);
        Ok(Self(shared.provisioning.caller(certificate).await?))
    }
}

/// The whole body, which is short.
pub(super) struct Message(pub(super) Bytes);

impl FromRequest<Shared> for Message {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Problem> {
        let Raw(bytes) = Raw::from_request(request, shared).await?;
        Ok(Self(bytes))
    }
}

pub(super) async fn directory(State(shared): State<Shared>) -> Response {
    json(shared.directory.clone())
}

pub(super) async fn provision(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Asking(caller): Asking,
    Message(body): Message,
) -> Result<Response, Problem> {
    let request = ProvisionRequest::parse(&body)?;
    let address = address.ip().to_string();
    let response = shared.provisioning.provision(&caller, &request, &address).await?;
    Ok(json(response.to_bytes()))
}

pub(super) async fn status(
    State(shared): State<Shared>,
    Asking(caller): Asking,
    Path(device): Path<String>,
) -> Result<Response, Problem> {
    Ok(json(shared.provisioning.status(&caller, &device).await?.to_bytes()).into_response())
}
