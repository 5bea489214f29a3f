//! Answers of the platform, of every kind: the right exit code, the right words, and the old pair where it was.

use std::path::Path;

use certreq::pki::{csr, key};
use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish},
    held::Held,
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::{Ended, certreq},
};

/// A fleet of one device in the last third of its life, under the root of this forger.
fn due_fleet(home: &Path, forger: &Forger) {
    let key = key::PrivateKey::generate(key::KeySpec::P256).unwrap();
    let request = csr::request(&key, "a1998e").unwrap();
    let certificate = forger.sign(&request, &Wish { valid: -30..5, ..Wish::default() });
    let device = home.join("cert_a1998e");
    std::fs::create_dir_all(&device).unwrap();
    std::fs::create_dir_all(home.join("ca")).unwrap();
    std::fs::write(home.join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    std::fs::write(device.join("private.key"), key.to_pkcs8_pem().unwrap().as_bytes()).unwrap();
    std::fs::write(device.join("cert.pem"), certificate).unwrap();
}

fn content(home: &Path) -> Vec<Vec<u8>> {
    ["ca/ca.pem", "cert_a1998e/cert.pem", "cert_a1998e/private.key"]
        .map(|name| std::fs::read(home.join(name)).unwrap())
        .to_vec()
}

fn renew(home: &Path, server: &Scripted) -> Ended {
    certreq(home)
        .args(["renew", "-h", &server.url(), "-u", "admin", "--retries", "0", "--timeout", "5s"])
        .args(["--revoke-old", "--exec", "touch ran"])
        .env("CERTREQ_SECRET", "right")
        .run()
}

fn answers() -> Vec<(&'static str, Reply, i32, &'static str)> {
    let refusal = |status: u16, text: &str| Reply::json(status, json!({ "error": text }));
    vec![
        ("401", refusal(401, "Unauthorized"), 4, "401"),
        ("403", refusal(403, "Forbidden"), 4, "403"),
        ("404", refusal(404, "no such device"), 1, "no such device"),
        ("409", refusal(409, "it exists already"), 1, "it exists already"),
        ("429", refusal(429, "slow down").header("retry-after", "1"), 5, "429"),
        ("500", refusal(500, "An unexpected error has occurred."), 5, "An unexpected error has occurred."),
        ("HTML", Reply::html(200, "<html><title>Please log in</title></html>"), 5, "Please log in"),
        ("nothing", Reply::cut(), 5, "a1998e  failed:"),
    ]
}

#[test]
fn a_refused_renewal_changes_nothing() {
    for (case, reply, code, words) in answers() {
        let home = workplace();
        let forger = Forger::new("the root");
        due_fleet(home.path(), &forger);
        let before = content(home.path());
        let server = forger::platform(forger, move |_, _| reply.clone());
        let ended = renew(home.path(), &server);
        assert_eq!(ended.code, code, "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains("a1998e  failed:"), "{case}: {}", ended.stderr);
        assert_eq!(content(home.path()), before, "{case}");
        assert!(!home.path().join("ran").exists(), "{case}");
        assert_eq!(server.count("DELETE /x509/v1/certificates"), 0, "{case}");
    }
}

#[test]
fn so_does_a_platform_that_does_not_let_us_in() {
    for (case, reply, code, _) in answers() {
        let home = workplace();
        let forger = Forger::new("the root");
        due_fleet(home.path(), &forger);
        let before = content(home.path());
        let server = Scripted::start(move |request| match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
            _ => reply.clone(),
        });
        let ended = renew(home.path(), &server);
        // A page in the place of a root is no outage: the server that answers there is not the platform.
        let code = if case == "HTML" { 1 } else { code };
        assert_eq!(ended.code, code, "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains("fetching the root certificate: "), "{case}: {}", ended.stderr);
        assert_eq!(content(home.path()), before, "{case}");
        assert!(!home.path().join(".certreq/staged/a1998e").exists(), "{case}: not even a key was made");
    }
}

#[test]
fn another_root_stops_it_before_anything_is_asked_for() {
    let home = workplace();
    due_fleet(home.path(), &Forger::new("the root"));
    let before = content(home.path());
    let server = forger::platform(Forger::new("the root"), |_, _| Reply::status(500));
    let ended = renew(home.path(), &server).exits(6);
    assert!(ended.stderr.contains("has another root certificate"), "{}", ended.stderr);
    assert_eq!(content(home.path()), before);
}

#[test]
fn whether_devices_were_revoked_is_said_to_be_unknown_where_no_list_is() {
    let home = workplace();
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    held.put(home.path());
    std::fs::create_dir_all(home.path().join("ca")).unwrap();
    std::fs::write(home.path().join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    let server = forger::platform(forger, |_, _| Reply::status(500));
    let ended = certreq(home.path())
        .args(["renew", "--revoked", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(15);
    ended.stderr_has("whether devices were revoked cannot be determined");
}
