//! Ways to name a certificate, and the comparison with what the platform has.

use serde_json::json;

use super::{issue, on_record, revoke, revoke_at};
use crate::support::{
    forger::{self, Forger},
    held::{Held, no_record, page},
    platform::{Served, workplace},
    refusals::disk,
    scripted::{Reply, Scripted},
    tools::openssl,
};

#[test]
fn named_any_way_it_is_revoked_and_openssl_finds_it_on_the_list() {
    let ids = ["a00001", "a00002", "a00003", "a00004", "a00005", "a00006"];
    let served = Served::with_devices(&ids);
    let home = workplace();
    issue(home.path(), &served, &ids);
    let certificate = |id: &str| format!("cert_{id}/cert.pem");
    openssl(home.path(), &["x509", "-in", &certificate("a00002"), "-outform", "DER", "-out", "two.der"]);
    let key = "cert_a00003/private.key";
    openssl(
        home.path(),
        &[
            "pkcs12",
            "-export",
            "-in",
            &certificate("a00003"),
            "-inkey",
            key,
            "-passout",
            "pass:x",
            "-out",
            "3.p12",
        ],
    );
    let printed =
        openssl(home.path(), &["x509", "-in", &certificate("a00004"), "-noout", "-fingerprint", "-sha256"]);
    let fingerprint = printed.trim().split('=').next_back().unwrap().replace(':', "").to_lowercase();
    let serials: Vec<String> = ids
        .iter()
        .map(|id| openssl(home.path(), &["x509", "-in", &certificate(id), "-noout", "-serial"]))
        .map(|line| line.trim().split('=').next_back().unwrap().to_owned())
        .collect();
    let list = format!("\u{feff}# stolen\r\n\r\ncert_a00005/cert.pem\r\n{fingerprint}\n");
    let ended = revoke(
        home.path(),
        &served,
        &["cert_a00001", "two.der", "3.p12", "-i", "a00006", "--from", "-", "--yes", "--format", "json"],
    )
    .env("CERTREQ_PASSWORD", "x")
    .stdin(list)
    .run()
    .exits(0);
    let lines = ended.json();
    assert_eq!(lines.len(), ids.len(), "{lines:?}");
    for line in &lines {
        assert_eq!((&line["schema"], &line["state"]), (&json!("certreq.revoke/1"), &json!("revoked")));
        assert_eq!(line["owner"], line["device"]);
        assert!(line["serial"].is_string() && line["not_after"].is_string());
    }
    ended.stderr_has("it may take 24 h").stderr_has("certreq ca crl");
    assert_eq!(on_record(home.path(), &served), Vec::<String>::new());
    // Another device brings the list of today.
    let fleet = workplace();
    crate::support::terminal::certreq(fleet.path())
        .args(["issue", "-i", "a00001"])
        .args(served.login())
        .run()
        .exits(0);
    let listed = openssl(fleet.path(), &["crl", "-in", "ca/crl.pem", "-noout", "-text"]);
    for serial in serials {
        assert!(listed.contains(&format!("Serial Number: {serial}")), "{serial} is not on\n{listed}");
    }
}

#[test]
fn an_id_means_its_directory_or_else_everything_the_platform_has_for_it() {
    let served = Served::with_devices(&["a00001", "b00002"]);
    let home = workplace();
    issue(home.path(), &served, &["a00001", "b00002"]);
    let old = on_record(home.path(), &served);
    crate::support::terminal::certreq(home.path())
        .args(["issue", "--force", "-i", "a00001"])
        .args(served.login())
        .run()
        .exits(0);
    revoke(home.path(), &served, &["a00001", "--yes"]).run().exits(0);
    let mut left = on_record(home.path(), &served);
    left.sort();
    assert_eq!(
        left,
        {
            let mut old = old;
            old.sort();
            old
        },
        "only the one on disk is gone"
    );
    std::fs::remove_dir_all(home.path().join("cert_b00002")).unwrap();
    revoke(home.path(), &served, &["-i", "a00001", "-i", "b00002", "--all", "--yes"]).run().exits(0);
    assert_eq!(on_record(home.path(), &served), Vec::<String>::new());
    revoke(home.path(), &served, &["b00002", "--yes"])
        .run()
        .exits(0)
        .stdout_is("b00002  without a certificate\n");
}

#[test]
fn a_record_that_is_not_what_was_named_stops_everything() {
    let forger = Forger::new("the root");
    let (mine, other) = (Held::new(&forger, "a1998e"), Held::new(&forger, "b2c3d4"));
    let good = mine.record();
    let cases = [
        ("another device", mine.owned_by(json!({ "device": "b2c3d4" })), "belongs to the device \"b2c3d4\""),
        ("an application", mine.owned_by(json!({ "application": "x" })), "\"application x\""),
        ("another certificate", other.record(), "the record is that of"),
        (
            "another tenant",
            {
                let mut record = good.clone();
                record["tenant"] = "others".into();
                record
            },
            "it belongs to the tenant \"others\"",
        ),
        (
            "no certificate at all",
            {
                let mut record = good.clone();
                record["pem"] = "null".into();
                record
            },
            "the record's certificate is unreadable",
        ),
    ];
    for (case, record, words) in cases {
        let home = workplace();
        mine.put(home.path());
        let (mine, other) = (mine.fingerprint(), other.record());
        let server = Scripted::start(move |request| match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
            line if line == format!("GET /x509/v1/certificates/{mine}") => Reply::json(200, record.clone()),
            line if line.starts_with("GET /x509/v1/certificates/") => Reply::json(200, other.clone()),
            line => panic!("unexpected request: {line}"),
        });
        let before = disk(home.path());
        let ended = revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes"]).run();
        assert!(ended.stderr.contains(words), "{case}: {}", ended.stderr);
        assert_eq!(ended.code, 6, "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains("nothing was done"), "{case}: {}", ended.stderr);
        assert_eq!(disk(home.path()), before, "{case}");
        assert!(!server.requests().iter().any(|request| request.method == "DELETE"), "{case}");
    }
}

#[test]
fn a_directory_that_holds_another_devices_certificate_is_a_contradiction() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let home = workplace();
    held.put_as(home.path(), "cert_b2c3d4");
    let record = held.record();
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        line if line.starts_with("GET ") => Reply::json(200, record.clone()),
        line => panic!("unexpected request: {line}"),
    });
    revoke_at(home.path(), &server.url(), &["cert_b2c3d4", "--yes"])
        .run()
        .exits(6)
        .stderr_has("b2c3d4: its certificate")
        .stderr_has("belongs to the device \"a1998e\"");
}

#[test]
fn a_filter_of_the_platform_that_returns_everything_harms_nobody() {
    let forger = Forger::new("the root");
    // An id that looks like a number, which the platform's own filters miss.
    let (mine, other) = (Held::new(&forger, "012345"), Held::new(&forger, "b2c3d4"));
    let orphan = Held::new(&forger, "012345");
    let records = [mine.record(), other.record(), orphan.owned_by(json!({ "device": null }))];
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/certificates" => page(&records, 1, 1, 3),
        line if line.starts_with("DELETE ") => Reply::status(204),
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    revoke_at(home.path(), &server.url(), &["-i", "012345", "--yes"]).run().exits(0);
    let mut deleted: Vec<String> = server
        .requests()
        .iter()
        .filter(|request| request.method == "DELETE")
        .map(|request| request.path().rsplit('/').next().unwrap().to_owned())
        .collect();
    deleted.sort();
    let mut meant = [mine.fingerprint(), orphan.fingerprint()];
    meant.sort();
    assert_eq!(deleted, meant);
}

#[test]
fn what_cannot_be_read_is_told_and_does_not_stop_the_others() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let home = workplace();
    held.put(home.path());
    std::fs::create_dir(home.path().join("cert_b2c3d4")).unwrap();
    std::fs::write(home.path().join("empty.pem"), "").unwrap();
    std::fs::write(home.path().join("root.pem"), forger.root.to_pem()).unwrap();
    let record = held.record();
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        line if line.starts_with("GET ") => Reply::json(200, record.clone()),
        line if line.starts_with("DELETE ") => Reply::status(204),
        line => panic!("unexpected request: {line}"),
    });
    let named = ["cert_b2c3d4", "empty.pem", "./missing.pem", "root.pem", "cert_a1998e", "--yes"];
    let ended = revoke_at(home.path(), &server.url(), &named).run().exits(3);
    for words in [
        "cert_b2c3d4  failed: there is no cert.pem in it",
        "empty.pem  failed: it is empty",
        "./missing.pem  failed: there is no such file",
        "root.pem  failed: it holds only certificates of authorities",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    ended.stdout_has("a1998e  revoked  ");
    revoke_at(home.path(), &server.url(), &["no/such\u{1b}[2J", "--yes"]).run().exits(1);
    revoke_at(home.path(), &server.url(), &["what?", "--yes"])
        .run()
        .exits(2)
        .stderr_has("\"what?\" is not a file, no directory, no device id and no fingerprint");
    revoke_at(home.path(), &server.url(), &["--from", "-", "--yes"])
        .stdin("cert_a1998e\nwhat?\n")
        .run()
        .exits(2)
        .stderr_has("-, line 2: ");
}

#[test]
fn gone_is_gone() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let home = workplace();
    held.put(home.path());
    let (root, list) = (forger.ca_answer(), forger.revocation_list(&[&held.certificate.serial]));
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": list })),
        line if line.starts_with("GET /x509/v1/certificates/") => no_record(),
        line => panic!("unexpected request: {line}"),
    });
    let ended = revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes"]).run().exits(0);
    ended.stdout_is(&format!("a1998e  already gone  {}\n", held.fingerprint()));
    assert!(!home.path().join(".certreq").exists(), "nothing was requested");
}
