//! IDProv: devices get their first certificate under a secret that was brought to the server by another way, and the
//! next ones over mutual TLS with the one in use.
//!
//! ```text
//! discovery (who is there) -> session (trust, directory) -> provision (one request)     operator (secrets, approvals)
//! ```
//!
//! The root is taken from a fingerprint, from files, or from the fleet's directory. Without any of these it is the one
//! of the server's directory: from then on it is required of the connection, and it counts as proven only when an
//! answer is signed with a device's secret.

mod address;
mod client;
pub mod discovery;
mod operator;
mod options;
mod provision;
mod session;
mod trust;

pub use address::Address;
pub use client::Idprov;
pub use operator::Operator;
pub use options::{Options, Target};
