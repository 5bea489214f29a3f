//! One file or folder for each verb: its plan, its run, its report.

pub mod inspect;
mod interrupt;
pub mod issue;
pub mod renew;
pub mod serve;
pub mod status;
pub mod verify;
mod workspace;

pub use interrupt::Interrupts;
