//! EST: certreq gets certificates from any server that speaks it, and any client gets them from `certreq serve --est`.

mod crowd;
mod enrol;
mod foreign;
mod hostile;
mod peculiar;
mod pending;
mod renewal;

use std::path::Path;

use crate::support::{
    platform::Served,
    terminal::{Call, certreq},
};

/// A server that speaks EST, and a fleet directory that knows its root.
fn served(home: &Path, args: &[&str]) -> Served {
    let served = Served::start(&[&["--est"][..], args].concat());
    let fingerprint = served.root_fingerprint();
    certreq(home).args(["ca", "fetch", "--ca-fingerprint", &fingerprint, "--est", &served.url]).run().exits(0);
    served
}

fn issue(home: &Path, served: &Served, id: &str) -> Call {
    certreq(home).args(["issue", id]).args(served.est())
}

fn leaf(home: &Path, id: &str) -> certreq::pki::certificate::Certificate {
    certreq::fleet::pair::at(&home.join(format!("cert_{id}"))).unwrap().leaf
}
