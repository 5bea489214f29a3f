//! Files in the place of a pair are never damaged.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use serde_json::json;

use crate::support::{
    forger::{self, Forger},
    platform::{text, workplace},
    scripted::{Reply, Scripted},
    terminal::{Ended, certreq},
    tools::accepts_pair,
};

fn issue(home: &Path, more: &[&str]) -> Ended {
    certreq(home).args(["issue", "--authority", "lab", "--dir", "fleet", "-i", "a1998e"]).args(more).run()
}

#[test]
fn a_file_where_the_directory_should_be() {
    let home = workplace();
    fs::create_dir(home.path().join("fleet")).unwrap();
    fs::write(home.path().join("fleet/cert_a1998e"), "precious").unwrap();
    for more in [&[][..], &["--force"]] {
        issue(home.path(), more).exits(6).stderr_has("cert_a1998e is a file, not a directory");
    }
    assert_eq!(text(home.path(), "fleet/cert_a1998e"), "precious");
}

#[test]
fn a_symbolic_link_where_the_directory_should_be() {
    let home = workplace();
    fs::create_dir_all(home.path().join("fleet")).unwrap();
    fs::create_dir_all(home.path().join("elsewhere")).unwrap();
    symlink(home.path().join("elsewhere"), home.path().join("fleet/cert_a1998e")).unwrap();
    issue(home.path(), &["--force"]).exits(6).stderr_has("cert_a1998e is a symbolic link, not a directory");
    assert!(fs::read_dir(home.path().join("elsewhere")).unwrap().next().is_none());
}

#[test]
fn a_symbolic_link_where_the_key_should_be() {
    let home = workplace();
    fs::create_dir_all(home.path().join("fleet/cert_a1998e")).unwrap();
    fs::write(home.path().join("target"), "precious").unwrap();
    symlink(home.path().join("target"), home.path().join("fleet/cert_a1998e/private.key")).unwrap();
    issue(home.path(), &[]).exits(6).stderr_has("cert_a1998e is incomplete: private.key is a symbolic link");
    issue(home.path(), &["--force"]).exits(0);
    accepts_pair(&home.path().join("fleet"), "a1998e");
    assert_eq!(text(home.path(), "target"), "precious", "the link was archived, not followed");
}

#[test]
fn what_the_shell_tool_left_behind_is_not_taken_for_a_certificate() {
    let home = workplace();
    fs::create_dir_all(home.path().join("fleet/cert_a1998e")).unwrap();
    issue(home.path(), &["--force"]).exits(0);
    fs::write(home.path().join("fleet/cert_a1998e/cert.pem"), "null\n").unwrap();
    issue(home.path(), &[]).exits(6).stderr_has("cert_a1998e is incomplete: cert.pem holds no certificate");
}

#[test]
fn a_pair_that_does_not_match_is_told_and_left_alone() {
    let home = workplace();
    certreq(home.path())
        .args(["issue", "--authority", "lab", "--dir", "fleet", "-i", "a1998e,b2c3d4"])
        .run()
        .exits(0);
    let fleet = home.path().join("fleet");
    fs::copy(fleet.join("cert_b2c3d4/private.key"), fleet.join("cert_a1998e/private.key")).unwrap();
    issue(home.path(), &[]).exits(6).stderr_has("cert.pem does not match private.key");
    fs::copy(fleet.join("cert_b2c3d4/cert.pem"), fleet.join("cert_a1998e/cert.pem")).unwrap();
    issue(home.path(), &[]).exits(6).stderr_has("cert_a1998e holds a pair that names CN=b2c3d4");
}

#[test]
fn another_root_than_the_one_on_disk_stops_the_run() {
    let home = workplace();
    issue(home.path(), &[]).exits(0);
    let before = text(home.path(), "fleet/ca/ca.pem");
    certreq(home.path())
        .args(["issue", "--authority", "another-lab", "--dir", "fleet", "-i", "b2c3d4"])
        .run()
        .exits(6)
        .stderr_has("another-lab has another root certificate than fleet/ca/ca.pem");
    assert_eq!(text(home.path(), "fleet/ca/ca.pem"), before);
    assert!(!home.path().join("fleet/cert_b2c3d4").exists());
}

#[test]
fn another_root_than_the_pinned_one_stops_the_run() {
    let home = workplace();
    let pin = "AA".repeat(32);
    issue(home.path(), &["--ca-fingerprint", &pin]).exits(6).stderr_has("is not the one of --ca-fingerprint");
    assert!(!home.path().join("fleet/ca").exists());
    issue(home.path(), &["--ca-fingerprint", "sha1"])
        .exits(2)
        .stderr_has("--ca-fingerprint: a SHA-256 fingerprint has");
}

#[test]
fn a_root_on_disk_that_is_none_is_not_overwritten_but_what_the_shell_tool_left_counts_as_missing() {
    let home = workplace();
    fs::create_dir_all(home.path().join("fleet/ca")).unwrap();
    fs::write(home.path().join("fleet/ca/ca.pem"), "null").unwrap();
    issue(home.path(), &[]).exits(0).stderr_has("fleet/ca/ca.pem held no certificate");
    assert!(text(home.path(), "fleet/ca/ca.pem").starts_with("-----BEGIN CERTIFICATE-----"));
    for other in ["nul", "<html>", "\0\0"] {
        let home = workplace();
        fs::create_dir_all(home.path().join("fleet/ca")).unwrap();
        fs::write(home.path().join("fleet/ca/ca.pem"), other).unwrap();
        issue(home.path(), &[]).exits(6).stderr_has("fleet/ca/ca.pem: ");
        assert_eq!(text(home.path(), "fleet/ca/ca.pem"), other);
    }
}

#[test]
fn a_directory_that_cannot_be_written_is_named_and_the_next_run_goes_on() {
    let home = workplace();
    fs::create_dir(home.path().join("fleet")).unwrap();
    fs::write(home.path().join("fleet/.certreq"), "a file").unwrap();
    issue(home.path(), &[]).exits(6).stderr_has("fleet/.certreq is not used: it is not a directory");
    fs::remove_file(home.path().join("fleet/.certreq")).unwrap();
    issue(home.path(), &[]).exits(0);
}

#[test]
fn a_read_only_directory_is_named_before_anything_is_asked_for() {
    let home = workplace();
    let copies = workplace();
    fs::create_dir(home.path().join("fleet")).unwrap();
    for directory in [home.path().to_owned(), home.path().join("fleet")] {
        fs::set_permissions(directory, PermissionsExt::from_mode(0o555)).unwrap();
    }
    let forger = Forger::new("the root");
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        line => panic!("unexpected request: {line}"),
    });
    certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin", "-i", "a1998e", "--dir", "fleet"])
        .env("CERTREQ_SECRET", "right")
        .unprivileged(copies.path())
        .run()
        .exits(1)
        .stderr_has("the directory cannot be used: fleet/.certreq: Permission denied");
    assert!(fs::read_dir(home.path().join("fleet")).unwrap().next().is_none());
}
