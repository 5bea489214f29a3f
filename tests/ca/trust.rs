//! The CAs of others: added, listed, bundled, removed.

use std::fs;

use crate::support::{
    forger::Forger,
    platform::{Served, workplace},
    terminal::certreq,
};

#[test]
fn a_ca_is_added_once_listed_bundled_changed_and_removed() {
    let served = Served::with_devices(&[]);
    let home = workplace();
    let theirs = Forger::new("their root").root;
    let fingerprint = theirs.fingerprint().to_string();
    fs::write(home.path().join("theirs.pem"), theirs.to_pem()).unwrap();
    let ca = |args: &[&str]| certreq(home.path()).args(["ca"]).args(args).args(served.login()).run();
    ca(&["trust", "add", "theirs.pem"]).exits(0).stdout_has(&format!("added  {fingerprint}"));
    ca(&["trust", "add", "theirs.pem"]).exits(0).stdout_has("present").stderr_has("trusted already");
    ca(&["trust", "list"]).exits(0).stdout_has("their root").stdout_has("off");
    ca(&["trust", "auto-registration", &fingerprint, "on"]).exits(0);
    let listed = ca(&["trust", "list", "--format", "json"]).exits(0).json();
    assert_eq!(listed[0]["auto_registration"], true);
    assert_eq!(listed[0]["fingerprint"], fingerprint.as_str());
    let bundle = ca(&["bundle"]).exits(0).stdout;
    let certificates = certreq::pki::certificate::Certificate::all_from_pem(&bundle).unwrap();
    assert_eq!(certificates.len(), 2);
    assert_eq!(certificates[1], theirs, "the platform's own comes first");
    ca(&["trust", "remove", &fingerprint]).exits(2).stderr_has("their root").stderr_has("--yes");
    ca(&["trust", "remove", &fingerprint, "--yes"]).exits(0).stdout_has("removed");
    ca(&["trust", "remove", &fingerprint, "--yes"]).exits(0).stderr_has("already gone");
    assert!(!home.path().join("ca").exists(), "nothing of this is pinned");
}
