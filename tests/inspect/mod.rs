//! `certreq inspect`: what it reads, what it says, how it ends.

mod agreement;
mod bad_input;
mod check;
mod inputs;
mod ocsp;
mod platform;
mod servers;
mod views;

use std::path::{Path, PathBuf};

use crate::support::terminal::{Call, certreq};

/// A moment at which the list of the fixtures is current.
const NOW: &str = "2026-11-23T12:00:00Z";

/// Made once with openssl: a fleet directory, its root and its list; `bad/` holds what a certificate should not be.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspect/fixtures")
}

/// `certreq inspect` among the fixtures, at [`NOW`].
fn inspect(args: &[&str]) -> Call {
    certreq(&fixtures()).args(["inspect", "--at", NOW]).args(args)
}

/// A fixture's bytes.
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
