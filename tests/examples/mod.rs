//! Every directory of `examples/` does what its README.md says, with the real programs.

mod mosquitto;
mod nginx;
mod paho;
mod systemd_crl;

use std::net::TcpListener;

use crate::support::{platform::workplace, terminal::certreq};

/// A port of this machine that nobody has.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether the program has what a README types; one that has not yet says so.
#[track_caller]
fn offers(verbs: &[&[&str]]) -> bool {
    let home = workplace();
    let missing: Vec<_> = verbs
        .iter()
        .filter(|call| certreq(home.path()).args(call.iter()).args(["--help"]).run().code != 0)
        .collect();
    missing.is_empty()
}
