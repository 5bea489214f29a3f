//! Where certificates and the evidence about them are read from: files, caches, and servers.

pub mod endpoint;
