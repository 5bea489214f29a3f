//! Where certificates and the evidence about them are read from: files, caches, and servers.

pub mod bundle;
pub mod endpoint;
pub mod online;
pub mod revocation;
pub mod roots;
