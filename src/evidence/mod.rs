//! Where certificates and the evidence about them are read from: files, caches, and servers; and the one answer to
//! whether a certificate is revoked ([`revocations`]), out of what each [`witness`] has.

pub mod beside;
pub mod bundle;
pub mod contents;
pub mod endpoint;
pub mod fleet_authorities;
pub mod input;
pub mod journal;
pub mod online;
pub mod password;
pub mod platform;
pub mod read;
pub mod revocations;
pub mod roots;
mod walk;
pub mod witness;
