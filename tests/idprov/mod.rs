//! Devices provision themselves: certreq as the server, as the client and as the operator, beside programs in Python
//! that were written from the protocol alone.

mod fleet;
mod hostile;
pub(crate) mod hub;
mod network;
mod peers;
mod python;
mod secrets;
mod states;

/// A secret that no warning is given for.
pub(crate) const SECRET: &str = "k7wq-m2xp-94tz-hh3d-vc8n";
