//! `certreq revoke`: what is named is revoked, nothing else is, and what is not known is not called done.

mod consent;
mod outcomes;
mod targets;

use std::path::Path;

use crate::support::{
    platform::Served,
    terminal::{Call, Ended, certreq},
};

/// A call that reaches the platform as the admin.
fn revoke(home: &Path, served: &Served, args: &[&str]) -> Call {
    certreq(home).arg_revoke(args).args(served.login())
}

/// A call that reaches a scripted platform.
fn revoke_at(home: &Path, url: &str, args: &[&str]) -> Call {
    certreq(home).arg_revoke(args).args(["-h", url, "-u", "admin"]).env("CERTREQ_SECRET", "right")
}

trait Revoke {
    fn arg_revoke(self, args: &[&str]) -> Self;
}

impl Revoke for Call {
    fn arg_revoke(self, args: &[&str]) -> Self {
        self.args(["revoke"]).args(args)
    }
}

fn issue(home: &Path, served: &Served, ids: &[&str]) -> Ended {
    certreq(home).args(["issue", "-i", &ids.join(",")]).args(served.login()).run().exits(0)
}

/// Fingerprints the platform has on record.
fn on_record(home: &Path, served: &Served) -> Vec<String> {
    let listed = certreq(home).args(["list", "--format", "json"]).args(served.login()).run().exits(0);
    listed.json().iter().map(|line| line["fingerprint"].as_str().unwrap().to_owned()).collect()
}
