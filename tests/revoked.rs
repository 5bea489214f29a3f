//! Revoked is revoked for every verb, by every source: each list of a fleet, or the journal of its directory. And a
//! missing record is no proof.

use std::{fs, path::Path};

use serde_json::json;

use crate::support::{
    forger::{self, Forger},
    held::{Held, no_record},
    platform::{Served, workplace},
    scripted::{Reply, Request, Scripted},
    terminal::{Call, certreq},
};

fn at(home: &Path, authority: &str, args: &[&str]) -> Call {
    certreq(home).args(args).args(["--local", "--authority", authority, "--dir", "fleet"])
}

/// A fleet of two authorities: a1998e was revoked at the old one, b2c3d4 at the new one, c3d4e5 by neither.
fn two_roots(home: &Path) {
    at(home, "old", &["issue", "-i", "a1998e,b2c3d4,c3d4e5"]).run().exits(0);
    at(home, "old", &["revoke", "fleet/cert_a1998e", "--yes"]).run().exits(0);
    at(home, "old", &["ca", "crl"]).run().exits(0);
    // The other authority comes into being with a fleet of its own: renew creates none.
    let first = ["issue", "-i", "f0e1d2", "--local", "--authority", "new", "--dir", "elsewhere"];
    certreq(home).args(first).run().exits(0);
    let all = ["renew", "-i", "b2c3d4,c3d4e5", "--all"];
    let refused = at(home, "new", &all).run().exits(6);
    let named = refused.stderr.split("--accept-new-ca ").nth(1).unwrap().split_whitespace().next().unwrap();
    at(home, "new", &[&all[..], &["--accept-new-ca", named]].concat()).run().exits(0);
    at(home, "new", &["revoke", "fleet/cert_b2c3d4", "--yes"]).run().exits(0);
    at(home, "new", &["ca", "crl"]).run().exits(0);
    let lists = fs::read_to_string(home.join("fleet/ca/crl.pem")).unwrap();
    assert_eq!(lists.matches("BEGIN X509 CRL").count(), 2, "one of each authority");
}

/// A TLS server that asks for a certificate and takes any; its own is in `server.pem`.
fn lenient_server(home: &Path) -> Scripted {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    fs::write(home.join("server.pem"), certificate.pem()).unwrap();
    Scripted::tls(certificate.der(), &key.serialize_der(), |_| Reply::status(200).body("hello"))
}

fn every_verb_calls_them_revoked(home: &Path) {
    let server = lenient_server(home);
    let status = certreq(home).args(["status", "fleet", "--check", "--format", "csv"]).run().exits(12);
    for (device, state) in [("a1998e", "revoked"), ("b2c3d4", "revoked"), ("c3d4e5", "valid")] {
        assert!(status.stdout.contains(&format!("{device},{state}")), "{device}: {}", status.stdout);
    }
    for (device, code) in [("a1998e", 12), ("b2c3d4", 12), ("c3d4e5", 0)] {
        let directory = format!("fleet/cert_{device}");
        certreq(home).args(["verify", &directory]).run().exits(code);
        certreq(home).args(["inspect", "--check", &format!("{directory}/cert.pem")]).run().exits(code);
        // The server takes every certificate.
        let connect = certreq(home).args(["connect", &server.url(), &directory, "--ca", "server.pem"]);
        let connected = connect.run().exits(code);
        assert_eq!(
            connected.stdout.contains("FAIL  pair        the server accepts the certificate"),
            code == 12
        );
        let whoami = certreq(home).args(["whoami", &directory]).run().exits(0);
        whoami.stdout_has(if code == 12 { "state: revoked" } else { "state: valid" });
        let to = format!("exported/{device}");
        let export = certreq(home).args(["export", &directory, "--chain", "--to", &to]).run().exits(0);
        assert_eq!(export.stderr.contains("its certificate is revoked at"), code == 12, "{}", export.stderr);
        let plain = at(home, "new", &["renew", "-i", device, "--dry-run"]).run();
        plain.exits(if code == 12 { 6 } else { 0 });
    }
    let examined = certreq(home)
        .args(["doctor", "fleet", "--local", "--authority", "new", "--format", "json"])
        .run()
        .exits(12)
        .json();
    let devices = examined[0]["checks"].as_array().unwrap().iter().find(|check| check["name"] == "devices");
    let said = devices.unwrap()["message"].as_str().unwrap();
    assert!(said.contains("2 revoked (a1998e, b2c3d4)"), "{said}");
    let again = at(home, "new", &["issue", "-i", "a1998e,b2c3d4,c3d4e5"]).run().exits(3);
    for words in [
        "cert_a1998e holds a pair that is no longer good: revoked at",
        "--force",
        "certreq renew --revoked -i b2c3d4",
    ] {
        assert!(again.stderr.contains(words), "{words}: {}", again.stderr);
    }
    let mass = at(home, "new", &["renew"]).run().exits(0);
    mass.stdout_has("a1998e  left out: revoked at").stderr_has("2 revoked, left out");
    let due = at(home, "new", &["renew", "--revoked", "--dry-run"]).run();
    for device in ["a1998e", "b2c3d4"] {
        assert!(due.stdout.contains(&format!("{device}  would renew: revoked at")), "{}", due.stdout);
    }
    assert!(!due.stdout.contains("c3d4e5  would renew"), "{}", due.stdout);
}

#[test]
fn both_lists_of_a_fleet_with_two_roots_count_for_every_verb() {
    let home = workplace();
    two_roots(home.path());
    fs::remove_file(home.path().join("fleet/.certreq/journal")).unwrap();
    every_verb_calls_them_revoked(home.path());
}

#[test]
fn the_journal_alone_counts_for_every_verb() {
    let home = workplace();
    at(home.path(), "new", &["issue", "-i", "a1998e,b2c3d4,c3d4e5"]).run().exits(0);
    let list = fs::read(home.path().join("fleet/ca/crl.pem")).unwrap();
    at(home.path(), "new", &["revoke", "fleet/cert_a1998e", "fleet/cert_b2c3d4", "--yes"]).run().exits(0);
    // The list of before: as on a platform that makes one a day.
    fs::write(home.path().join("fleet/ca/crl.pem"), list).unwrap();
    every_verb_calls_them_revoked(home.path());
    certreq(home.path()).args(["verify", "fleet/cert_a1998e"]).run().exits(12).stdout_has("revoked at");
}

#[test]
fn an_entry_counts_although_the_list_ended() {
    let home = workplace();
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    held.put(home.path());
    fs::create_dir_all(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    let list = forger.revocation_list_for(&[&held.certificate.serial], time::Duration::ZERO);
    fs::write(home.path().join("ca/crl.pem"), list).unwrap();
    certreq(home.path()).args(["status", "--check"]).run().exits(12);
    certreq(home.path()).args(["verify", "cert_a1998e"]).run().exits(12);
}

#[test]
fn a_list_by_another_root_of_that_name_revokes_and_makes_nothing_good() {
    let home = workplace();
    let (old, new) = (Forger::new("the root"), Forger::new("the root"));
    let (taken, kept) = (Held::new(&old, "a1998e"), Held::new(&old, "b2c3d4"));
    taken.put(home.path());
    kept.put(home.path());
    fs::create_dir_all(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), new.root.to_pem() + &old.root.to_pem()).unwrap();
    let codes = |device: &str| {
        let directory = format!("cert_{device}");
        let calls: [&[&str]; 3] = [
            &["verify", &directory],
            &["verify", &directory, "--revocation", "require"],
            &["inspect", "--check", &directory],
        ];
        calls.map(|call| certreq(home.path()).args(call).run())
    };
    let newest = new.revocation_list_for(&[&taken.certificate.serial], time::Duration::days(1));
    fs::write(home.path().join("ca/crl.pem"), &newest).unwrap();
    assert_eq!(codes("a1998e").map(|ended| ended.code), [12, 12, 12]);
    let silent = codes("b2c3d4");
    assert_eq!(silent.each_ref().map(|ended| ended.code), [0, 15, 15]);
    assert!(silent[0].stdout.contains("another trusted root of that name"), "{}", silent[0].stdout);
    certreq(home.path()).args(["status", "--check"]).run().exits(12);
    fs::rename(home.path().join("cert_a1998e"), home.path().join("away")).unwrap();
    let said = certreq(home.path()).args(["status", "--check"]).run().exits(15).stdout;
    assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains("do not cover b2c3d4"), "{said}");
    fs::rename(home.path().join("away"), home.path().join("cert_a1998e")).unwrap();
    // The list of its own root settles it.
    let own = old.revocation_list_for(&[], time::Duration::days(1));
    fs::write(home.path().join("ca/crl.pem"), newest + &own).unwrap();
    assert_eq!(codes("a1998e").map(|ended| ended.code), [12, 12, 12]);
    assert_eq!(codes("b2c3d4").map(|ended| ended.code), [0, 0, 0]);
}

#[test]
fn an_ended_list_of_the_platform_makes_due_whom_it_names_and_is_unknown_for_others() {
    let forger = Forger::new("the root");
    let (taken, other) = (Held::new(&forger, "a1998e"), Held::new(&forger, "b2c3d4"));
    let ended = forger.revocation_list_for(&[&taken.certificate.serial], -time::Duration::hours(1));
    let (root, list) = (forger.ca_answer(), ended);
    let server = Scripted::start(move |request: &Request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": list })),
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    for held in [&taken, &other] {
        held.put(home.path());
    }
    let due = certreq(home.path())
        .args(["renew", "--revoked", "--dry-run", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(15);
    assert!(due.stdout.contains("a1998e  would renew: revoked at"), "{}{}", due.stdout, due.stderr);
    assert!(!due.stdout.contains("b2c3d4  would renew"), "{}", due.stdout);
    assert!(due.stderr.contains("whether devices were revoked cannot be determined"), "{}", due.stderr);
}

/// A platform with a root and a list, and without records.
fn without_records(forger: &Forger, serials: &[&str]) -> Scripted {
    let (root, list) = (forger.ca_answer(), forger.revocation_list(serials));
    Scripted::start(move |request: &Request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": list })),
        line if line.starts_with("GET /x509/v1/certificates/") => no_record(),
        line => panic!("unexpected request: {line}"),
    })
}

fn revoke(home: &Path, server: &Scripted, target: &str) -> Call {
    certreq(home)
        .args(["revoke", target, "--yes", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
}

#[test]
fn a_missing_record_is_no_proof_and_a_list_that_names_it_is_one() {
    let home = workplace();
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    held.put(home.path());
    let silent = without_records(&forger, &[]);
    let ended = revoke(home.path(), &silent, "cert_a1998e").run().exits(1).stdout_is("");
    assert!(ended.stderr.contains("there is no record of it"), "{}", ended.stderr);
    assert!(ended.stderr.contains("another tenant's"), "{}", ended.stderr);
    revoke(home.path(), &silent, &"AA".repeat(32)).run().exits(1).stdout_is("");
    let naming = without_records(&forger, &[&held.certificate.serial]);
    revoke(home.path(), &naming, "cert_a1998e").run().exits(0).stdout_has("a1998e  already gone");
}

#[test]
fn another_platform_is_never_asked_to_revoke() {
    let home = workplace();
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    held.put(home.path());
    let other = without_records(&Forger::new("another root"), &[]);
    revoke(home.path(), &other, "cert_a1998e").run().exits(6).stderr_has("which is not the platform's CA");
    fs::create_dir_all(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    let before = other.requests().len();
    revoke(home.path(), &other, "cert_a1998e").run().exits(6).stderr_has("has another root certificate than");
    let asked = &other.requests()[before..];
    assert!(asked.iter().all(|request| !request.line().contains("certificates")), "nothing else was asked for");
}

#[test]
fn of_another_authoritys_certificate_only_the_record_goes_and_the_journal_says_so() {
    let home = workplace();
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    held.put(home.path());
    let (fingerprint, mut record) = (held.fingerprint(), held.record());
    record["issuedByDojotPki"] = json!(false);
    let server = Scripted::start(move |request: &Request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        line if line.starts_with("GET ") && line.ends_with(&fingerprint) => Reply::json(200, record.clone()),
        line if line.starts_with("DELETE ") => Reply::status(204),
        line => panic!("unexpected request: {line}"),
    });
    let ended = revoke(home.path(), &server, "cert_a1998e").run().exits(0).stdout_has("a1998e  record removed");
    assert!(ended.stderr.contains("only the CA itself"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("revocation list names"), "{}", ended.stderr);
    let journal = certreq(home.path()).args(["status", "--journal", "--format", "json"]).run().exits(0).json();
    assert_eq!(journal.last().unwrap()["step"], "removed");
}

#[test]
fn deleting_the_old_one_is_no_success_when_there_is_no_record_of_it() {
    let home = workplace();
    let served = Served::with_devices(&["a1998e"]);
    let call = |args: &[&str]| certreq(home.path()).args(args).args(served.login());
    call(&["issue", "-i", "a1998e"]).run().exits(0);
    let certificate = fs::read(home.path().join("cert_a1998e/cert.pem")).unwrap();
    assert!(!certificate.is_empty());
    // Deleted from elsewhere: the list names it, so that nothing is left to be done.
    let elsewhere = workplace();
    fs::write(elsewhere.path().join("old.pem"), certificate).unwrap();
    certreq(elsewhere.path()).args(["revoke", "old.pem", "--yes"]).args(served.login()).run().exits(0);
    call(&["renew", "--all", "--revoke-old"]).run().exits(0);
}
