//! The line across a gap: `certreq key` and `certreq csr` where the keys are, `certreq issue --csr` where the network
//! is, `certreq join` where the keys are.

pub mod csr;
pub mod join;
pub mod key;
mod report;
