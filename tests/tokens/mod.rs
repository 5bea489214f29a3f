//! Keys that never leave their token: SoftHSM, a TPM in software, and tokens that are not well.

mod authority;
mod bad_input;
mod batch;
mod est;
mod export;
mod faults;
mod killed;
mod lost;
mod renew;
pub(crate) mod softhsm;
pub(crate) mod tpm;
mod uses;
mod way_through;
