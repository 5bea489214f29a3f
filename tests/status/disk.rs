//! From disk alone: states, troubles, the cliff, the exit code.

use std::fs;

use serde_json::{Value, json};

use super::park::{NOW, Park, Wish, of_every_kind};
use crate::support::terminal::certreq;

fn document(park: &Park, args: &[&str]) -> Value {
    park.status(&["--format", "json"]).args(args).run().exits(0).json().remove(0)
}

fn state<'a>(document: &'a Value, id: &str) -> &'a Value {
    let devices = document["devices"].as_array().unwrap();
    &devices.iter().find(|device| device["device"] == id).unwrap()["state"]
}

#[test]
fn every_device_has_its_word_and_every_trouble_is_named() {
    let park = of_every_kind();
    let document = document(&park, &[]);
    assert_eq!(document["schema"], "certreq.status/1");
    for (id, word) in [
        ("a1", "valid"),
        ("soon", "expires_soon"),
        ("over", "expired"),
        ("early", "not_yet_valid"),
        ("gone", "revoked"),
        ("swapped", "mismatched"),
        ("stranger", "mismatched"),
        ("empty", "broken"),
        ("open", "valid"),
    ] {
        assert_eq!(state(&document, id), word, "{id}");
    }
    assert_eq!(
        document["counts"],
        json!({"valid": 7, "expires_soon": 1, "expired": 1, "not_yet_valid": 1, "revoked": 1, "on_hold": 0,
            "mismatched": 2, "broken": 1})
    );
    assert_eq!(document["exposed_keys"], json!([{"device": "open", "mode": "0644"}]));
    assert_eq!(document["shared_keys"][0]["devices"], json!(["twin1", "twin2"]));
    assert_eq!(document["half_done"], json!(["half"]));
    assert_eq!(document["next"][0]["device"], "soon");
    assert_eq!(document["next"][1]["device"], "twin1");
    assert_eq!(document["next"].as_array().unwrap().len(), 10);
    let text = park.status(&[]).env("COLUMNS", "80").run().exits(0);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
    text.stdout_has("          7  valid")
        .stdout_has("cert.pem does not match private.key")
        .stdout_has("its certificate is that of somebody")
        .stdout_has("private.key has the mode 0644; chmod 600 it")
        .stdout_has("2 devices have one key: twin1, twin2")
        .stdout_has("1 device unfinished: half")
        .stdout_has("private.key is missing");
}

#[test]
fn a_tenth_of_the_fleet_in_one_week_is_a_cliff() {
    let mut park = Park::new();
    for number in 0..20 {
        // Three in one week, all others months apart.
        let end = if number < 3 { 100 } else { 100 + 30 * number };
        park.device(&format!("d{number}"), Wish { days: -1..end, ..Wish::default() });
    }
    let document = document(&park, &[]);
    assert_eq!(document["cliffs"], json!([{"from": "2027-03-01T00:00:00Z", "devices": 3, "percent": 15}]));
    let weeks = document["weeks"].as_array().unwrap();
    assert_eq!(weeks.iter().map(|week| week["devices"].as_u64().unwrap()).sum::<u64>(), 20);
    let narrow = park.status(&[]).env("COLUMNS", "60").run();
    narrow.stdout_has("3 devices, 15 % of the fleet, expire in").stdout_has("  2027-03-01  3  ####");
}

#[test]
fn the_worst_is_the_exit_code_and_only_when_it_was_asked_for() {
    let ends = |wish: Option<Wish<'_>>, args: &[&str]| {
        let mut park = Park::new();
        park.device("good", Wish::default());
        if let Some(wish) = wish {
            park.device("bad", wish);
        }
        park.list(-1..5);
        park.status(args).run().code
    };
    let good = Wish::default;
    assert_eq!(ends(None, &["--check"]), 0);
    assert_eq!(ends(None, &["--check", "--within", "400d"]), 10);
    assert_eq!(ends(None, &["--check", "--within", "99%"]), 10);
    assert_eq!(ends(Some(Wish { days: -40..-1, ..good() }), &["--check"]), 11);
    assert_eq!(ends(Some(Wish { revoked: true, ..good() }), &["--check"]), 12);
    assert_eq!(ends(Some(Wish { revoked: true, days: -40..-1, ..good() }), &["--check"]), 12);
    assert_eq!(ends(Some(Wish { days: 1..9, ..good() }), &["--check"]), 13);
    assert_eq!(ends(Some(Wish { other_key: true, ..good() }), &["--check"]), 14);
    assert_eq!(ends(None, &["--check", "--at", "2026-12-01T12:00:00Z"]), 15, "the list expired");
    assert_eq!(ends(None, &["--check", "--at", "2038-01-01"]), 14, "the root ended, and with it everything");
    assert_eq!(ends(Some(Wish { revoked: true, ..good() }), &[]), 0);
}

#[test]
fn a_list_that_the_root_did_not_sign_revokes_nobody_and_is_doubted() {
    let mut park = Park::new();
    park.device("a1", Wish::default());
    let mut other = Park::new();
    other.device("a1", Wish { revoked: true, ..Wish::default() });
    other.list(-1..5);
    fs::copy(other.path("ca/crl.pem"), park.path("ca/crl.pem")).unwrap();
    park.status(&["--check"]).run().exits(15).stdout_has("ca/crl.pem is not trusted").stdout_has("1  valid");
    // And a certificate of that other authority is not this fleet's, though the names are the same.
    fs::remove_file(park.path("ca/crl.pem")).unwrap();
    fs::remove_dir_all(park.path("cert_a1")).unwrap();
    other.device("a2", Wish::default());
    fs::rename(other.path("cert_a2"), park.path("cert_a2")).unwrap();
    park.status(&["--check"]).run().exits(14).stdout_has("it does not lead to ca/ca.pem");
}

#[test]
fn a_directory_without_devices_passes_no_gate() {
    let park = Park::new();
    park.status(&[]).run().exits(0).stderr_has("there is no device in .");
    park.status(&["--check"]).run().exits(1).stderr_has("there is no device in .");
    park.status(&["nowhere"]).run().exits(1).stderr_has("nowhere");
    park.status(&["."]).env("CERTREQ_DIR", "nowhere").run().exits(0).stderr_has("there is no device in .");
    park.status(&[]).env("CERTREQ_DIR", "nowhere").run().exits(1).stderr_has("nowhere");
}

#[test]
fn what_certreq_issued_is_vouched_for_only_while_the_bytes_are_the_same() {
    let home = crate::support::platform::workplace();
    let call = |args: &[&str]| certreq(home.path()).args(args).run();
    call(&["issue", "--authority", "authority", "--dir", "fleet", "-i", "a1,b2"]).exits(0);
    let status = || certreq(home.path()).args(["status", "fleet", "--check"]).run();
    status().exits(0);
    let path = home.path().join("fleet/cert_a1/cert.pem");
    let text = fs::read_to_string(&path).unwrap();
    // A false signature under the same content: the last byte of the certificate is another one.
    let mut der = certreq::pki::certificate::Certificate::all_from_pem(&text).unwrap().remove(0).der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    fs::write(&path, certreq::pki::certificate::Certificate::from_der(der).unwrap().to_pem()).unwrap();
    status().exits(14).stdout_has("a1: it does not lead to ca/ca.pem");
}

#[test]
fn open_entries_of_the_journal_are_named() {
    let park = Park::new();
    let home = park.home.path();
    fs::create_dir_all(home.join(".certreq")).unwrap();
    let json = format!(r#"{{"at":"{NOW}","device":"a1","key":"{}","event":"sent"}}"#, ["AB"; 32].join(":"));
    let sum = &certreq::pki::fingerprint::Fingerprint::of(json.as_bytes()).to_string().replace(':', "")[..8];
    let line = format!("{} {json}\n", sum.to_lowercase());
    fs::write(home.join(".certreq/journal"), &line).unwrap();
    let document = document(&park, &[]);
    assert_eq!(document["journal"]["open"][0]["device"], "a1");
    park.status(&[]).run().stdout_has("a1: sent at 2026-11-25 12:00 UTC");
    fs::write(home.join(".certreq/journal"), format!("{}{line}", line.replace("sent", "tens"))).unwrap();
    park.status(&[]).run().exits(0).stdout_has("line 1 is damaged");
}
