//! `certreq export`: pairs in the files other software expects.

mod files;
mod layouts;
mod pkcs12;
mod refusals;
mod source;

use std::path::Path;

use tempfile::TempDir;

use crate::support::{
    platform::workplace,
    terminal::{Call, certreq},
};

/// A fleet directory with pairs of one kind of key, from an authority of its own.
fn fleet(key: &str, ids: &str) -> TempDir {
    let home = workplace();
    certreq(home.path()).args(["issue", "--authority", "authority", "--key", key, "-i", ids]).run().exits(0);
    home
}

fn export(home: &Path, args: &[&str]) -> Call {
    certreq(home).args(["export"]).args(args)
}
