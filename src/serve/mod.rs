//! HTTP faces of the authority: the routes of dojot 0.8 (and the login of 1.0), answer for answer, and the public
//! services of a CA.
//!
//! ```text
//! POST   /auth                                     log in; with OpenID Connect there are instead
//! *      /auth/realms/admin/...                    token endpoint, discovery, public key
//! *      /device[/{id}], /template                 the registry
//! GET    /x509/v1/ca, /x509/v1/ca/crl              root, revocation list (JSON)
//! *      /x509/v1/certificates[/{fp}[/belongsto]]  issue, register, list, link, revoke
//! *      /x509/v1/trusted-cas[/{fp}]               foreign roots
//! GET    /x509/v1/schemas/{name}                   schemas of bodies
//! GET    /crl.der, /health[/ready|/live]           without a token
//! *      /ocsp                                     without a token
//! *      /.well-known/est/[LABEL/]OPERATION        EST (RFC 7030), when it is wanted
//! ```
//!
//! Routes only: decisions are made in [`crate::authority`].

mod accept;
mod body;
mod ca;
mod caller;
mod certificates;
mod crowd;
mod devices;
mod encryption;
mod est;
mod express;
mod gate;
mod idprov;
mod large;
mod limiter;
mod listen;
mod listing;
mod login;
mod observe;
mod openid;
mod peer;
mod problem;
mod process;
mod property;
mod record;
mod registry;
mod routes;
mod schema;
mod schemas;
mod state;
mod token;
mod trusted;
mod validator;
mod watched;

pub use est::EstSettings;
pub use idprov::{Announcement, Hub};
pub use listen::{Bound, ServeError, bind};
pub use openid::Realm;
pub use process::forbid_core_dumps;
pub use state::Settings;
