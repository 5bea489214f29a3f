//! Where certificates and the evidence about them are read from: files, caches, and servers.

pub mod beside;
pub mod bundle;
pub mod contents;
pub mod endpoint;
pub mod fleet_authorities;
pub mod input;
pub mod online;
pub mod password;
pub mod platform;
pub mod read;
pub mod revocation;
pub mod roots;
mod walk;
