//! A root is pinned by its first use; another one is shown beside it and taken only by name.

use std::path::Path;

use certreq::pki::certificate::Certificate;

use super::found;
use crate::support::{
    platform::{text, workplace},
    terminal::{Call, certreq, tree},
    tools::accepts_pair,
};

fn issue(home: &Path, lab: &str, id: &str) -> Call {
    certreq(home).args(["issue", "--authority", lab, "--dir", "fleet", "-i", id])
}

fn roots(home: &Path) -> Vec<Certificate> {
    Certificate::all_from_pem(&text(home, "fleet/ca/ca.pem")).unwrap()
}

#[test]
fn a_renewed_root_stands_beside_the_old_one_until_no_device_uses_that() {
    let home = workplace();
    issue(home.path(), "old", "a1998e").run().exits(0);
    let old = roots(home.path()).remove(0);
    let refused = issue(home.path(), "new", "b2c3d4").run().exits(6);
    let named = refused.stderr.split("--accept-new-ca ").nth(1).unwrap().split_whitespace().next().unwrap();
    let shown = old.fingerprint().to_string();
    for fact in [old.subject.as_str(), &shown[..48], &shown[48..], &old.not_after.moment(), "here", "there"] {
        assert!(refused.stderr.contains(fact), "{fact}: {}", refused.stderr);
    }
    assert!(refused.stderr.lines().all(|line| line.chars().count() <= 100), "{}", refused.stderr);
    issue(home.path(), "new", "b2c3d4")
        .args(["--accept-new-ca", &shown])
        .run()
        .exits(6)
        .stderr_has("--accept-new-ca names neither");
    assert_eq!(roots(home.path()).first(), Some(&old), "nothing was taken yet");

    issue(home.path(), "new", "b2c3d4").args(["--accept-new-ca", named]).run().exits(0);
    let both = roots(home.path());
    assert_eq!(both.len(), 2);
    assert_eq!(both[1], old, "newest first");
    let lists = text(home.path(), "fleet/ca/crl.pem");
    assert_eq!(lists.matches("BEGIN X509 CRL").count(), 2, "the lists of both");
    accepts_pair(&home.path().join("fleet"), "b2c3d4");
    issue(home.path(), "new", "a1998e").run().exits(0).stderr_has("1 already valid");

    issue(home.path(), "new", "a1998e").args(["--force"]).run().exits(0).stderr_has("left ca/ca.pem");
    assert_eq!(roots(home.path()), [both[0].clone()]);
    let kept = home.path().join("fleet/.certreq/roots");
    assert_eq!(std::fs::read_dir(kept).unwrap().count(), 1, "nothing is lost");
}

#[test]
fn show_says_whether_disk_and_platform_agree_and_changes_nothing() {
    let home = workplace();
    let show = |lab: &str| certreq(home.path()).args(["ca", "show", "--authority", lab, "--dir", "fleet"]);
    show("old")
        .run()
        .exits(1)
        .stderr_has("there is no authority in old")
        .stderr_has("certreq issue --local ID creates");
    assert!(tree(home.path()).is_empty(), "a look founds none");
    found(home.path(), "old");
    found(home.path(), "new");
    show("old").run().exits(0).stdout_has("No root is pinned on disk yet.");
    assert!(!home.path().join("fleet").exists());
    issue(home.path(), "old", "a1998e").run().exits(0);
    show("old").run().exits(0).stdout_has("They agree.");
    let ended = show("new").args(["--format", "json"]).run().exits(6);
    let shown = &ended.json()[0];
    assert_eq!(shown["agree"], false);
    assert_eq!(shown["disk"][0]["fingerprint"], roots(home.path())[0].fingerprint().to_string());
    assert_ne!(shown["disk"][0]["fingerprint"], shown["platform"]["fingerprint"]);
}

#[test]
fn fetch_pins_as_issue_does_and_drops_an_old_root_nobody_uses() {
    let home = workplace();
    let fetch = |lab: &str| certreq(home.path()).args(["ca", "fetch", "--authority", lab, "--dir", "fleet"]);
    found(home.path(), "old");
    found(home.path(), "new");
    fetch("old").args(["--ca-fingerprint", &"AA".repeat(32)]).run().exits(6);
    assert!(!home.path().join("fleet/ca").exists());
    fetch("old").run().exits(0);
    assert_eq!(tree(&home.path().join("fleet")), ["ca/", "ca/ca.pem", "ca/crl.pem"]);
    let before = roots(home.path());
    let refused = fetch("new").run().exits(6);
    let named = refused.stderr.split("--accept-new-ca ").nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(roots(home.path()), before);
    fetch("new").args(["--accept-new-ca", named]).run().exits(0).stderr_has("left ca/ca.pem");
    assert_eq!(roots(home.path()).len(), 1);
    assert_ne!(roots(home.path()), before);
}
