//! Requests of operators.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    Shared,
    answer::{Problem, json},
    requests::{Asking, Message},
};
use crate::pki::idprov::{MessageError, OobSecret, hub::Approval};

/// 200 with an empty body, as the Go server answers.
pub(super) async fn post_secret(
    State(shared): State<Shared>,
    Asking(caller): Asking,
    Message(body): Message,
) -> Result<StatusCode, Problem> {
    shared.provisioning.post_secret(&caller, &OobSecret::parse(&body)?).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn remove_secret(
    State(shared): State<Shared>,
    Asking(caller): Asking,
    Path(device): Path<String>,
) -> Result<StatusCode, Problem> {
    shared.provisioning.remove_secret(&caller, &device).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn ledger(State(shared): State<Shared>, Asking(caller): Asking) -> Result<Response, Problem> {
    let ledger = shared.provisioning.ledger(&caller).await?;
    Ok(json(serde_json::to_vec(&ledger).unwrap_or_default()))
}

pub(super) async fn approve(
    State(shared): State<Shared>,
    Asking(caller): Asking,
    Message(body): Message,
) -> Result<StatusCode, Problem> {
    let approval: Approval =
        serde_json::from_slice(&body).map_err(|error| MessageError::Json(error.to_string()))?;
    shared.provisioning.approve(&caller, &approval).await?;
    Ok(StatusCode::OK)
}
