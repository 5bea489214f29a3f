//! From the command line to files that other programs read.

use crate::support::{
    platform::{Served, text, workplace},
    terminal::{certreq, tree},
    tools::{accepts_pair, openssl},
};

#[test]
fn one_device_from_the_embedded_authority() {
    let home = workplace();
    certreq(home.path())
        .args(["issue", "--local", "-i", "a1998e"])
        .run()
        .exits(0)
        .stdout_has("a1998e  issued  valid until ");
    assert_eq!(
        tree(home.path()),
        ["ca/", "ca/ca.pem", "ca/crl.pem", "cert_a1998e/", "cert_a1998e/cert.pem", "cert_a1998e/private.key"]
    );
    accepts_pair(home.path(), "a1998e");
    openssl(home.path(), &["crl", "-in", "ca/crl.pem", "-CAfile", "ca/ca.pem", "-noout", "-verify"]);
}

#[test]
fn a_hundred_devices_at_once() {
    let home = workplace();
    let ids: Vec<String> = (0..100).map(|n| format!("{n:06x}")).collect();
    certreq(home.path())
        .args(["issue", "--local", "--ids-from", "-"])
        .stdin(ids.join("\n"))
        .run()
        .exits(0)
        .stdout_is("")
        .stderr_has("100 devices in ")
        .stderr_has(": 100 issued");
    for id in ids.iter().step_by(33) {
        accepts_pair(home.path(), id);
    }
    assert_eq!(tree(home.path()).iter().filter(|name| name.ends_with("/private.key")).count(), 100);
}

#[test]
fn the_bare_form_is_the_verb_issue_and_works_against_a_platform() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c4d5e6"]);
    let (host, port) = served.host_and_port();
    let home = workplace();
    let secret = served.secret_file();
    let call = |verb: &[&'static str], ids: &str, dir: &str| {
        certreq(home.path())
            .args(verb)
            .args(["-h", &host, "-p", &port, "-i", ids, "-u", "admin", "--secret-file", &secret, "--dir", dir])
            .run()
            .exits(0);
    };
    call(&[], "a1998e, b2c3d4", "bare");
    call(&["issue"], "c4d5e6", "verb");
    accepts_pair(&home.path().join("bare"), "a1998e");
    accepts_pair(&home.path().join("bare"), "b2c3d4");
    accepts_pair(&home.path().join("verb"), "c4d5e6");
}

#[test]
fn without_ids_every_device_of_the_user_beyond_the_first_page() {
    let ids: Vec<String> = (0..50).map(|n| format!("{:06x}", n * 7919)).collect();
    let served = Served::with_devices(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let home = workplace();
    certreq(home.path()).args(served.login()).run().exits(0).stderr_has(": 50 issued");
    let directories =
        tree(home.path()).into_iter().filter(|name| name.starts_with("cert_") && name.ends_with('/'));
    let expected: std::collections::BTreeSet<String> = ids.iter().map(|id| format!("cert_{id}/")).collect();
    assert_eq!(directories.collect::<std::collections::BTreeSet<_>>(), expected);
}

#[test]
fn every_kind_of_key_is_accepted() {
    let home = workplace();
    for kind in ["p256", "p384", "p521", "rsa2048", "rsa3072"] {
        let id = format!("dev-{kind}");
        certreq(home.path()).args(["issue", "--local", "-i", &id, "--key", kind]).run().exits(0);
        accepts_pair(home.path(), &id);
        let pem = text(home.path(), &format!("cert_{id}/private.key"));
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n") && pem.lines().all(|line| line.len() <= 64));
    }
    let facts =
        |id: &str| openssl(home.path(), &["x509", "-noout", "-text", "-in", &format!("cert_{id}/cert.pem")]);
    assert!(facts("dev-p384").contains("NIST CURVE: P-384"));
    assert!(facts("dev-p521").contains("NIST CURVE: P-521"));
    assert!(facts("dev-rsa3072").contains("(3072 bit)"));
}

#[test]
fn json_is_one_object_a_device() {
    let home = workplace();
    let ended = certreq(home.path())
        .args(["issue", "--local", "-i", "a1998e,b2c3d4", "--format", "json"])
        .run()
        .exits(0);
    let lines = ended.json();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!(line["schema"], "certreq.issue/1");
        assert_eq!(line["state"], "issued");
        let id = line["device"].as_str().unwrap();
        assert_eq!(line["directory"], format!("cert_{id}"));
        let certificate = format!("cert_{id}/cert.pem");
        let said = openssl(
            home.path(),
            &["x509", "-in", &certificate, "-noout", "-fingerprint", "-sha256", "-serial"],
        );
        assert!(said.contains(line["fingerprint"].as_str().unwrap()), "{said}");
        assert!(said.contains(&line["serial"].as_str().unwrap().replace(':', "")), "{said}");
    }
}

#[test]
fn a_second_run_keeps_what_is_valid_and_force_archives_it() {
    let home = workplace();
    let issue =
        |more: &[&str]| certreq(home.path()).args(["issue", "--local", "-i", "a1998e"]).args(more).run();
    issue(&[]).exits(0);
    let first = text(home.path(), "cert_a1998e/private.key");
    issue(&[])
        .exits(0)
        .stdout_has("a1998e  skipped  valid until")
        .stderr_has("0 issued, 1 already valid, skipped");
    assert_eq!(text(home.path(), "cert_a1998e/private.key"), first);
    issue(&["--force"]).exits(0).stdout_has("a1998e  issued");
    assert_ne!(text(home.path(), "cert_a1998e/private.key"), first);
    accepts_pair(home.path(), "a1998e");
    assert_eq!(text(home.path(), ".certreq/archive/a1998e/1/private.key"), first, "the old pair is kept");
    assert!(
        std::fs::read_dir(home.path().join(".certreq/staged")).unwrap().next().is_none(),
        "nothing is left staged"
    );
}

#[test]
fn a_dry_run_says_what_it_would_do_and_writes_nothing() {
    let home = workplace();
    certreq(home.path()).args(["issue", "--authority", "lab", "-i", "a1998e", "--dir", "fleet"]).run().exits(0);
    let before = tree(home.path());
    certreq(home.path())
        .args(["issue", "--authority", "lab", "-i", "a1998e,b2c3d4", "--dir", "fleet", "--dry-run"])
        .run()
        .exits(0)
        .stdout_has("a1998e  skipped")
        .stdout_has("b2c3d4  would issue  cert_b2c3d4/\n")
        .stderr_has("1 device would be issued");
    certreq(home.path())
        .args(["issue", "--authority", "lab", "-i", "b2c3d4", "--dir", "elsewhere", "--dry-run", "--format", "json"])
        .run()
        .exits(0)
        .stdout_is("{\"schema\":\"certreq.issue/1\",\"device\":\"b2c3d4\",\"state\":\"would_issue\",\"directory\":\"cert_b2c3d4\"}\n");
    assert_eq!(tree(home.path()), before);
}

#[test]
fn only_registered_devices_when_asked() {
    let home = workplace();
    certreq(home.path())
        .args(["issue", "--local", "--registered-only", "-i", "a1998e"])
        .run()
        .exits(1)
        .stderr_has("a1998e  failed:")
        .stderr_has("was not found");
    assert!(!home.path().join("cert_a1998e").exists());
}
