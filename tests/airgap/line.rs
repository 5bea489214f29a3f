//! The whole line, once and again.

use std::fs;

use serde_json::Value;

use super::{Gap, fingerprint, leaf};
use crate::support::{
    platform::{Served, text},
    terminal::certreq,
    tools::{accepts_pair, mode, openssl},
};

fn names(directory: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn keys_stay_requests_go_out_certificates_come_back() {
    let gap = Gap::new();
    gap.inside(&["key", "a1998e", "b2c3d4"])
        .run()
        .exits(0)
        .stdout_has("a1998e  made  p256")
        .stderr_has("2 keys made")
        .stderr_has("certreq csr --out DIR");
    gap.inside(&["csr", "--out"])
        .args([gap.requests()])
        .run()
        .exits(0)
        .stderr_has("2 requests written")
        .stderr_has("certreq issue --csr");
    assert_eq!(names(&gap.requests()), ["a1998e.csr", "b2c3d4.csr"]);
    assert_eq!(mode(&gap.requests().join("a1998e.csr")), 0o644);
    let checked = openssl(&gap.requests(), &["req", "-in", "a1998e.csr", "-noout", "-subject", "-verify"]);
    assert!(checked.contains("a1998e"), "{checked}");

    let signed = gap.sign().run().exits(0).stdout_has("a1998e  issued  valid until").stderr_has("2 issued");
    let pin = gap.root_fingerprint().replace(':', "").to_lowercase();
    assert!(signed.stderr.contains(&format!("--ca-fingerprint {pin}")), "{}", signed.stderr);
    assert_eq!(names(&gap.certificates()), ["a1998e.pem", "b2c3d4.pem", "ca.pem"]);
    for name in names(&gap.certificates()) {
        assert_eq!(mode(&gap.certificates().join(&name)), 0o644);
        assert!(!text(&gap.certificates(), &name).contains("PRIVATE"));
    }

    gap.join().run().exits(0).stdout_has("a1998e  joined  valid until").stderr_has("2 certificates joined");
    for id in ["a1998e", "b2c3d4"] {
        accepts_pair(gap.inside.path(), id);
        assert_eq!(mode(&gap.inside.path().join(format!("cert_{id}/private.key"))), 0o600);
    }
    assert_eq!(text(gap.inside.path(), "ca/ca.pem"), text(&gap.certificates(), "ca.pem"));
    assert_eq!(names(&gap.inside.path().join(".certreq/staged")), [""; 0]);
    let status = gap.inside(&["status", "--journal"]).run().exits(0);
    assert!(!status.stdout.contains("open"), "nothing is left open\n{}", status.stdout);
}

#[test]
fn fifty_devices_of_a_platform_each_owned_and_signed_once() {
    let ids: Vec<String> = (0..50).map(|number| format!("de{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let served = Served::with_devices(&ids);
    let gap = Gap::new();
    fs::write(gap.inside.path().join("ids"), ids.join("\n")).unwrap();
    gap.inside(&["key", "--ids-from", "ids"]).run().exits(0).stdout_is("").stderr_has("50 keys made");
    gap.inside(&["csr", "--out"]).args([gap.requests()]).run().exits(0);
    gap.sign_at(&served.login()).run().exits(0).stderr_has("50 issued");
    // Half of what was carried is lost, and all of it is signed again.
    let first = fingerprint(&gap.certificates().join("de0007.pem"));
    for id in &ids[..25] {
        fs::remove_file(gap.certificates().join(format!("{id}.pem"))).unwrap();
    }
    gap.sign_at(&served.login()).run().exits(0).stderr_has("0 issued, 25 recovered, 25 already valid, skipped");
    assert_eq!(fingerprint(&gap.certificates().join("de0007.pem")), first);
    let listed =
        certreq(gap.outside.path()).args(["list", "--format", "json"]).args(served.login()).run().exits(0);
    let owners: std::collections::BTreeSet<&str> =
        ids.iter().filter(|id| listed.stdout.contains(&format!("{id:?}"))).copied().collect();
    assert_eq!(owners.len(), 50, "each certificate has its owner\n{}", listed.stdout);
    assert_eq!(listed.json().len(), 50, "and there is no second one");
    gap.join().run().exits(0).stderr_has("50 certificates joined");
    gap.join().run().exits(0).stderr_has("0 certificates joined, 50 there already");
    accepts_pair(gap.inside.path(), "de0049");
}

#[test]
fn every_step_can_be_repeated() {
    let gap = Gap::new();
    gap.begin(&["a1998e"]);
    let request = text(&gap.requests(), "a1998e.csr");
    gap.inside(&["key", "a1998e"]).run().exits(0).stdout_has("a1998e  kept  a key is there already");
    gap.begin(&["a1998e"]);
    let again = text(&gap.requests(), "a1998e.csr");
    let key = |text: &str| {
        fs::write(gap.carried.path().join("one.csr"), text).unwrap();
        openssl(gap.carried.path(), &["req", "-in", "one.csr", "-noout", "-pubkey"])
    };
    assert_eq!(key(&request), key(&again));
    gap.sign().run().exits(0);
    let first = text(&gap.certificates(), "a1998e.pem");
    gap.sign().run().exits(0).stdout_has("a1998e  skipped");
    fs::remove_dir_all(gap.certificates()).unwrap();
    // Nor does it help to forget what was requested: the platform is looked through.
    fs::remove_dir_all(gap.outside.path().join(".certreq")).unwrap();
    gap.sign().run().exits(0).stdout_has("a1998e  recovered");
    assert_eq!(text(&gap.certificates(), "a1998e.pem"), first);
    gap.join().run().exits(0);
    gap.inside(&["join"])
        .args([gap.certificates()])
        .run()
        .exits(0)
        .stdout_has("a1998e  skipped  joined before");
    gap.inside(&["key", "a1998e"]).run().exits(0).stdout_has("a1998e  skipped  has a pair, valid until");
    gap.inside(&["csr", "a1998e", "--out", "-"])
        .run()
        .exits(1)
        .stderr_has("no new key")
        .stderr_has("certreq key --force a1998e");
    gap.inside(&["csr", "b2", "--out", "-"]).run().exits(1).stderr_has("certreq key b2");
    gap.inside(&["csr", "--out", "-"]).run().exits(1).stderr_has("certreq key ID");
}

#[test]
fn a_new_key_takes_the_place_of_an_old_pair_only_when_joined() {
    let gap = Gap::new();
    gap.begin(&["a1998e"]);
    gap.sign().run().exits(0);
    gap.join().run().exits(0);
    let old = text(gap.inside.path(), "cert_a1998e/cert.pem");
    gap.inside(&["key", "--force", "a1998e"]).run().exits(0).stdout_has("made");
    gap.inside(&["csr", "--out"]).args([gap.requests()]).run().exits(0);
    gap.sign().run().exits(6).stderr_has("certificate is for another key").stderr_has("--out");
    fs::remove_dir_all(gap.certificates()).unwrap();
    gap.sign().run().exits(0).stdout_has("issued");
    assert_eq!(text(gap.inside.path(), "cert_a1998e/cert.pem"), old);
    gap.inside(&["join"]).args([gap.certificates()]).run().exits(0).stdout_has("joined");
    accepts_pair(gap.inside.path(), "a1998e");
    assert_ne!(text(gap.inside.path(), "cert_a1998e/cert.pem"), old);
    assert_eq!(text(gap.inside.path(), ".certreq/archive/a1998e/1/cert.pem"), old);
}

#[test]
fn what_openssl_made_is_signed_too() {
    let gap = Gap::new();
    fs::create_dir(gap.requests()).unwrap();
    for (name, algorithm, form) in [("pem", "rsa:2048", "PEM"), ("der", "ec", "DER")] {
        let (out, subject) = (format!("{name}.csr"), format!("/CN=dev-{name}/O=somebody"));
        let key = format!("{name}.key");
        let mut args = vec!["req", "-new", "-newkey", algorithm, "-nodes", "-subj", &subject];
        args.extend(["-keyout", &key, "-out", &out, "-outform", form]);
        if algorithm == "ec" {
            args.extend(["-pkeyopt", "ec_paramgen_curve:P-384"]);
        }
        openssl(&gap.requests(), &args);
    }
    let ended = gap.sign().args(["--format", "json"]).run().exits(0);
    for line in ended.stdout.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["schema"], "certreq.issue/1");
        let file = line["file"].as_str().unwrap();
        assert_eq!(fingerprint(file.as_ref()), line["fingerprint"].as_str().unwrap());
    }
    for name in ["pem", "der"] {
        let certificate = gap.certificates().join(format!("dev-{name}.pem"));
        let of_key = openssl(&gap.requests(), &["pkey", "-in", &format!("{name}.key"), "-pubout"]);
        let held =
            openssl(&gap.requests(), &["x509", "-in", certificate.to_str().unwrap(), "-noout", "-pubkey"]);
        assert_eq!(held, of_key);
    }
}

#[test]
fn a_broker_is_signed_for_the_names_that_were_allowed_and_no_others() {
    let gap = Gap::new();
    gap.inside(&["key", "broker"]).run().exits(0);
    let san = ["--san", "dns:broker.example.org,ip:192.0.2.1"];
    gap.inside(&["csr", "broker", "--out"]).args([gap.requests()]).args(san).run().exits(0);
    gap.sign().run().exits(6).stderr_has("asks for the name DNS:broker.example.org").stderr_has("--san");
    assert!(!gap.certificates().exists());
    gap.sign().args(["--san", "dns:other"]).run().exits(6);
    gap.sign().args(san).run().exits(0);
    gap.join().run().exits(0);
    let shown = openssl(
        gap.inside.path(),
        &["x509", "-in", "cert_broker/cert.pem", "-noout", "-ext", "subjectAltName"],
    );
    assert!(shown.contains("DNS:broker.example.org, IP Address:192.0.2.1"), "{shown}");
}

#[test]
fn requests_on_stdout_are_one_file_to_carry() {
    let gap = Gap::new();
    gap.inside(&["key", "a1,b2"]).run().exits(0);
    let ended = gap.inside(&["csr", "--out", "-"]).run().exits(0);
    assert_eq!(ended.stdout.matches("-----BEGIN CERTIFICATE REQUEST-----\n").count(), 2);
    fs::create_dir(gap.requests()).unwrap();
    fs::write(gap.requests().join("both.csr"), &ended.stdout).unwrap();
    gap.sign().args(["--dry-run"]).run().exits(0).stdout_has("would issue");
    assert!(!gap.certificates().exists());
    gap.sign().run().exits(0).stderr_has("2 issued");
    let all = format!("{}{}", text(&gap.certificates(), "b2.pem"), text(&gap.certificates(), "a1.pem"));
    let (one, root) = (gap.carried.path().join("one.pem"), gap.certificates().join("ca.pem"));
    fs::write(&one, all).unwrap();
    gap.inside(&["join", "--ca-fingerprint", &gap.root_fingerprint(), "--format", "json"])
        .args([&one, &root])
        .run()
        .exits(0)
        .stdout_has(r#"{"schema":"certreq.join/1","device":"b2","state":"joined","directory":"cert_b2""#);
    assert_eq!(leaf(&gap.inside.path().join("cert_a1/cert.pem")), leaf(&gap.certificates().join("a1.pem")));
}

#[test]
fn a_signing_that_is_killed_is_finished_by_the_next_one_without_a_second_certificate() {
    let ids: Vec<String> = (0..40).map(|number| format!("de{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let served = Served::with_devices(&ids);
    let gap = Gap::new();
    gap.begin(&ids);
    let mut child = gap.sign_at(&served.login()).args(["--jobs", "2"]).into_command().spawn().unwrap();
    while !gap.certificates().is_dir() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    gap.sign_at(&served.login()).run().exits(0);
    assert_eq!(names(&gap.certificates()).iter().filter(|name| !name.starts_with(".certreq-")).count(), 41);
    let listed =
        certreq(gap.outside.path()).args(["list", "--format", "json"]).args(served.login()).run().exits(0);
    assert_eq!(listed.json().len(), 40, "{}", listed.stdout);
    gap.join().run().exits(0).stderr_has("40 certificates joined");
}
