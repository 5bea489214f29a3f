//! EST (RFC 7030, 8951): any client that speaks it gets certificates of the authority.
//!
//! ```text
//! GET  cacerts, csrattrs                    for all clients
//! POST simpleenroll                         with a password, or the certificate of a trusted CA
//! POST simplereenroll                       with the certificate that is renewed
//! ```
//!
//! Bodies and headers suit strongSwan, libest and GlobalSign's client, each of which refuses another form.

mod answer;
mod applicant;
mod operations;

use std::{fmt, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, get, post},
};
use zeroize::Zeroizing;

use super::{body, state::Shared};

/// How EST is served.
#[derive(Clone, Default)]
pub struct EstSettings {
    /// The user that may ask for certificates with a password; without it, all users of the authority.
    pub user: Option<(String, Zeroizing<String>)>,
    /// Names of CAs in paths; all of them are this authority.
    pub labels: Vec<String>,
    /// First requests wait until an operator approves them.
    pub approve: bool,
    /// Attributes that requests shall hold: CsrAttrs, DER (RFC 7030 §4.5.2, RFC 8951 §3.2).
    pub attributes: Option<Vec<u8>>,
}

impl fmt::Debug for EstSettings {
    /// No secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EstSettings")
            .field("user", &self.user.as_ref().map(|(user, _)| user))
            .field("labels", &self.labels)
            .finish_non_exhaustive()
    }
}

/// State that the handlers of EST may use.
#[derive(Clone)]
struct Est {
    shared: Shared,
    settings: Arc<EstSettings>,
}

impl axum::extract::FromRef<Est> for Shared {
    fn from_ref(est: &Est) -> Self {
        est.shared.clone()
    }
}

/// The routes, with and without a label.
pub(super) fn router(shared: Shared, settings: EstSettings) -> Router {
    let est = Est { shared, settings: Arc::new(settings) };
    let mut router = Router::new();
    for root in ["/.well-known/est", "/.well-known/est/{label}"] {
        let of_est = Router::new()
            .route(&format!("{root}/cacerts"), get(operations::cacerts))
            .route(&format!("{root}/csrattrs"), get(operations::csrattrs))
            .route(&format!("{root}/simpleenroll"), post(operations::simpleenroll))
            .route(&format!("{root}/simplereenroll"), post(operations::simplereenroll))
            .route(&format!("{root}/serverkeygen"), any(operations::not_here))
            .route(&format!("{root}/fullcmc"), any(operations::not_here));
        router = router.merge(of_est);
    }
    router
        .route("/.well-known/est/{label}", any(operations::unknown))
        .route("/.well-known/est/{label}/{operation}", any(operations::unknown))
        .method_not_allowed_fallback(operations::wrong_method)
        .layer(DefaultBodyLimit::max(body::SMALL))
        .with_state(est)
}
