//! Enrollment over Secure Transport (RFC 7030, 8951): certificates from any CA that speaks it.
//!
//! ```text
//! client (what a platform is asked) -> session (trust, CA certificates) -> enrol (one request) -> body (what travels)
//! ```
//!
//! EST signs and names its CA certificates. It keeps no records that we may see, so nothing is looked up there.

pub mod address;
mod authorities;
mod body;
mod client;
mod credentials;
mod enrol;
mod options;
mod session;
pub(in crate::platform) mod trust;

pub use address::Address;
pub use client::Est;
pub use options::Options;
