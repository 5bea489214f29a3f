//! Devices that are due, the key each gets, and the files that stay: the rules a user reads in the help.

use serde_json::Value;

use super::{expires, fingerprint, fleet, ids, renew};
use crate::support::{
    platform::{Served, workplace},
    terminal::certreq,
    tools::{accepts_pair, openssl},
};

fn states(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["state"].as_str().unwrap()).collect()
}

#[test]
fn nothing_due_is_success_says_when_the_next_one_is_and_asks_nobody() {
    let home = workplace();
    drop(fleet(home.path(), &ids(2), &[]));
    certreq(home.path())
        .args(["renew", "-h", "127.0.0.1", "-p", "9", "-u", "nobody"])
        .env("CERTREQ_SECRET", "wrong")
        .run()
        .exits(0)
        .stderr_has("nothing is due: 2 devices checked\nnext: 000000 is due at ");
}

#[test]
fn a_directory_without_a_device_is_a_failure_and_is_not_made() {
    let home = workplace();
    std::fs::create_dir(home.path().join("empty")).unwrap();
    for dir in ["empty", "absent"] {
        certreq(home.path()).args(["renew", "--authority", "a", "--dir", dir]).run().exits(1);
    }
    assert!(!home.path().join("absent").exists());
    assert_eq!(std::fs::read_dir(home.path().join("empty")).unwrap().count(), 0);
}

#[test]
fn a_dry_run_says_why_needs_no_platform_and_writes_nothing() {
    let home = workplace();
    drop(fleet(home.path(), &ids(1), &[]));
    let before = crate::support::terminal::tree(home.path());
    let journal = std::fs::read(home.path().join(".certreq/journal")).unwrap();
    certreq(home.path()).args(["renew", "--dry-run"]).run().exits(0).stdout_has("000000  not due before ");
    certreq(home.path())
        .args(["renew", "--dry-run", "--within", "400d"])
        .run()
        .exits(0)
        .stdout_has("000000  would renew: due since ")
        .stderr_has("1 would be renewed");
    assert_eq!(crate::support::terminal::tree(home.path()), before);
    assert_eq!(std::fs::read(home.path().join(".certreq/journal")).unwrap(), journal);
}

#[test]
fn the_key_is_new_and_of_the_same_kind_unless_somebody_says_otherwise() {
    let home = workplace();
    let served = Served::with_devices(&["a1998e"]);
    certreq(home.path()).args(["issue", "--all", "-q", "--key", "p384"]).args(served.login()).run().exits(0);
    let key = || std::fs::read_to_string(home.path().join("cert_a1998e/private.key")).unwrap();
    let kind = || openssl(home.path(), &["pkey", "-in", "cert_a1998e/private.key", "-noout", "-text"]);
    let (first, certificate) = (key(), fingerprint(home.path(), "a1998e"));
    renew(home.path(), &served).args(["--all", "--reuse-key"]).run().exits(0);
    assert_eq!(key(), first);
    assert_ne!(fingerprint(home.path(), "a1998e"), certificate);
    renew(home.path(), &served).args(["--all"]).run().exits(0);
    assert_ne!(key(), first);
    assert!(kind().contains("P-384"), "{}", kind());
    renew(home.path(), &served).args(["--all", "--key", "p256", "cert_a1998e"]).run().exits(0);
    assert!(kind().contains("P-256"), "{}", kind());
    accepts_pair(home.path(), "a1998e");
}

#[test]
fn an_expired_certificate_and_a_revoked_one_are_due() {
    let home = workplace();
    let served = fleet(home.path(), &ids(2), &["--lifetime", "1s"]);
    let served = Served::start_in(served.kill(), &[]);
    expires(home.path(), "000000");
    let ended = renew(home.path(), &served).args(["--format", "json"]).run().exits(0);
    assert_eq!(states(&ended.json()), ["renewed", "renewed"]);
    // Deleting is revoking.
    let old = fingerprint(home.path(), "000001");
    renew(home.path(), &served).args(["--all", "--revoke-old", "000001"]).run().exits(0);
    let archived = home.path().join(".certreq/archive/000001/2");
    std::fs::copy(archived.join("cert.pem"), home.path().join("cert_000001/cert.pem")).unwrap();
    std::fs::copy(archived.join("private.key"), home.path().join("cert_000001/private.key")).unwrap();
    assert_eq!(fingerprint(home.path(), "000001"), old);
    renew(home.path(), &served).run().exits(0).stderr_has("nothing is due");
    renew(home.path(), &served)
        .args(["--revoked", "--dry-run"])
        .run()
        .exits(0)
        .stdout_has("would renew: revoked at ");
    let ended = renew(home.path(), &served).args(["--revoked", "--format", "json"]).run().exits(0);
    let lines = ended.json();
    let renewed: Vec<&Value> = lines.iter().filter(|line| line["state"] == "renewed").collect();
    assert_eq!(renewed.len(), 1, "{lines:?}");
    assert_eq!(renewed[0]["device"], "000001");
    accepts_pair(home.path(), "000001");
}

#[test]
fn the_archive_keeps_as_many_as_were_asked_for() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    let archived = || {
        let entries = std::fs::read_dir(home.path().join(".certreq/archive/000000")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    for _ in 0..5 {
        renew(home.path(), &served).args(["-q", "--all"]).run().exits(0);
    }
    assert_eq!(archived(), ["3", "4", "5"]);
    renew(home.path(), &served).args(["-q", "--all", "--keep", "1"]).run().exits(0);
    assert_eq!(archived(), ["6"]);
    renew(home.path(), &served).args(["-q", "--all", "--keep", "0"]).run().exits(0);
    assert_eq!(archived(), Vec::<String>::new());
}

#[test]
fn what_is_broken_or_absent_is_told_and_the_others_are_renewed() {
    let home = workplace();
    let served = fleet(home.path(), &ids(2), &[]);
    std::fs::remove_file(home.path().join("cert_000000/cert.pem")).unwrap();
    renew(home.path(), &served)
        .args(["--all"])
        .run()
        .exits(3)
        .stderr_has("cert_000000 is incomplete: cert.pem is missing")
        .stderr_has("certreq issue --force -i 000000");
    renew(home.path(), &served).args(["b2c3d4"]).run().exits(1).stderr_has("there is no cert_b2c3d4 to renew");
}
