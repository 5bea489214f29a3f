//! IDProv, on a port of its own: TLS always, with a client certificate where the client has one.
//!
//! ```text
//! GET    /idprov/directory              all clients
//! POST   /idprov/provreq                all clients; the signature or the certificate decides
//! GET    /idprov/status/{deviceID}      operators; a device about itself
//! POST   /idprov/oobsecret              operators
//! GET    /idprov/oobsecret              operators: secrets without the secrets, devices that wait (not in the standard)
//! DELETE /idprov/oobsecret/{deviceID}   operators (not in the standard)
//! POST   /idprov/approval               operators (not in the standard)
//! ```

mod announce;
mod answer;
mod hub;
mod operators;
mod requests;

use std::{collections::BTreeMap, sync::Arc};

pub use announce::Announcement;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    middleware,
    routing::{delete, get, post},
};
use bytes::Bytes;
pub use hub::Hub;

use super::{
    body, observe,
    state::{self, Settings},
};
use crate::{
    authority::provisioning::Provisioning,
    pki::idprov::{Directory, Endpoints},
};

/// State that every handler may use.
#[derive(Clone)]
pub(super) struct Shared(Arc<Parts>);

pub(super) struct Parts {
    provisioning: Provisioning,
    /// Made once: nothing in it changes.
    directory: Bytes,
    /// Bounds how a body is read.
    base: state::Shared,
}

impl FromRef<Shared> for state::Shared {
    fn from_ref(shared: &Shared) -> Self {
        shared.base.clone()
    }
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The whole HTTP face. `services` are what the certificates are good for.
pub(super) fn router(provisioning: Provisioning, services: BTreeMap<String, String>) -> Router {
    let authorities = vec![provisioning.authority().root().clone()];
    let directory = Directory { endpoints: Endpoints::default(), authorities, services };
    let shared = Shared(Arc::new(Parts {
        directory: Bytes::from(directory.to_bytes()),
        base: state::Shared::new(Arc::clone(provisioning.authority()), Settings::default()),
        provisioning,
    }));
    Router::new()
        .route("/idprov/directory", get(requests::directory))
        .route("/idprov/provreq", post(requests::provision))
        .route("/idprov/status/{device}", get(requests::status))
        .route("/idprov/oobsecret", get(operators::ledger).post(operators::post_secret))
        .route("/idprov/oobsecret/{device}", delete(operators::remove_secret))
        .route("/idprov/approval", post(operators::approve))
        .fallback(answer::unknown)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(DefaultBodyLimit::max(body::SMALL))
        .with_state(shared)
        .layer(middleware::from_fn(observe::observe))
}
