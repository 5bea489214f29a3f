//! One file or folder for each verb: its plan, its run, its report.

pub mod add_devices;
pub mod airgap;
pub mod anchor;
pub mod authority;
pub mod ca;
mod clock;
pub mod config;
pub mod connect;
pub mod devices;
pub mod doctor;
pub mod est;
pub mod export;
pub mod inspect;
mod interrupt;
pub mod issue;
mod key_store;
pub mod list;
mod listed;
mod living;
pub mod oob;
mod outcomes;
pub mod pages;
mod proof;
pub mod register;
pub mod renew;
pub mod revoke;
pub mod rows;
pub mod serve;
pub mod session;
pub mod status;
pub(crate) mod stdout;
pub mod summary;
pub mod verify;
pub mod whoami;
mod workspace;

pub use interrupt::Interrupts;
