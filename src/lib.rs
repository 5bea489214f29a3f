//! `certreq` gives every device of a fleet its X.509 identity and tells the truth about any certificate.
//!
//! The way through, for every verb that issues:
//!
//! ```text
//! argv + env -> cli -> settings -> commands::Plan -> enroll (stage key, CSR, Platform::sign, check, publish)
//!            -> Report -> output -> exit code
//! ```

pub mod app;
pub mod authority;
pub mod cli;
pub mod commands;
pub mod connection;
pub mod custody;
pub mod device_id;
pub mod enroll;
pub mod evidence;
pub mod failure;
pub mod fleet;
pub mod help;
pub mod keys;
pub mod lock;
pub mod output;
pub mod pki;
pub mod platform;
pub mod serve;
pub mod settings;
