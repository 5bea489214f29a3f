//! The platform's root, its revocation list, and the CAs it trusts beside it.

mod lists;
mod refused;
mod root;
mod trust;

use std::{fs, path::Path};

use crate::support::terminal::certreq;

/// An authority that exists, and was not heard of in `fleet` yet.
fn found(home: &Path, lab: &str) {
    certreq(home).args(["issue", "--authority", lab, "--dir", "elsewhere", "-i", "c3d4e5"]).run().exits(0);
    fs::remove_dir_all(home.join("elsewhere")).unwrap();
}
