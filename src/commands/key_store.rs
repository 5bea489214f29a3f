//! Reaching the token in which keys are made, before anything is asked of a platform.

use crate::{
    failure::Failure,
    keys::{KeyStore, TokenError},
};

/// Logs in to the token, if keys are made in one: a wrong PIN stops the run before a device is begun.
pub(super) async fn open(store: &KeyStore) -> Result<(), Failure> {
    let KeyStore::Token(store) = store.clone() else { return Ok(()) };
    let opened = tokio::task::spawn_blocking(move || store.open()).await;
    opened.map_err(|error| Failure::failed(error.to_string()))?.map_err(|error| failure(&error))
}

/// Failure for the error of a token, with its hint.
pub(super) fn failure(error: &TokenError) -> Failure {
    let failure = Failure::failed(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
