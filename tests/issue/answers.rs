//! A platform that answers wrongly: nothing wrong is written, nothing right is lost, and the words say what it was.

use std::path::Path;

use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::workplace,
    port::Port,
    scripted::{Reply, Request, Scripted},
    terminal::{Ended, certreq, tree},
    tools::accepts_pair,
};

fn issue(home: &Path, server: &Scripted, more: &[&str]) -> Ended {
    certreq(home)
        .args(["-h", &server.url(), "-u", "admin", "-i", "a1998e", "--retries", "1"])
        .args(more)
        .env("CERTREQ_SECRET", "right")
        .run()
}

fn csr(request: &Request) -> String {
    request.json()["csr"].as_str().unwrap().to_owned()
}

/// Only the root was written, and the key waits for the next run.
fn nothing_was_published(home: &Path) {
    assert_eq!(tree(home), ["ca/", "ca/ca.pem"]);
    assert!(home.join(".certreq/staged/a1998e/private.key").exists(), "the key is kept for the next run");
}

#[test]
fn a_certificate_that_is_not_ours_is_never_published() {
    type Answer = fn(&Forger, &str) -> serde_json::Value;
    let cases: [(&str, Answer, i32, &str); 8] = [
        (
            "another key",
            |f, csr| signed_answer(&f.sign(csr, &Wish { other_key: true, ..Wish::default() })),
            6,
            "the certificate is for another key",
        ),
        (
            "another device",
            |f, csr| {
                signed_answer(&f.sign(csr, &Wish { common_name: Some("b2c3d4".into()), ..Wish::default() }))
            },
            6,
            "the certificate names b2c3d4, not a1998e",
        ),
        (
            "another root",
            |_, csr| signed_answer(&Forger::new("the root").sign(csr, &Wish::default())),
            6,
            "the certificate cannot be trusted: its signature was not made by the root certificate held here",
        ),
        (
            "a root of another name",
            |_, csr| signed_answer(&Forger::new("somebody").sign(csr, &Wish::default())),
            6,
            "it does not lead to the root certificate held here: it was issued by CN=somebody",
        ),
        (
            "expired",
            |f, csr| signed_answer(&f.sign(csr, &Wish { valid: -30..-1, ..Wish::default() })),
            6,
            "it expired at ",
        ),
        (
            "not yet valid",
            |f, csr| signed_answer(&f.sign(csr, &Wish { valid: 1..30, ..Wish::default() })),
            6,
            "it is not valid before ",
        ),
        (
            "null",
            |_, _| json!({"certificatePem": null, "certificateFingerprint": null}),
            5,
            "a dojot platform does not send this",
        ),
        (
            "another fingerprint",
            |f, csr| {
                let mut answer = signed_answer(&f.sign(csr, &Wish::default()));
                answer["certificateFingerprint"] = "AA:BB".into();
                answer
            },
            1,
            "the platform reports \"AA:BB\"",
        ),
    ];
    for (case, answer, code, reason) in cases {
        let server = forger::platform(Forger::new("the root"), move |forger, request| {
            Reply::json(201, answer(forger, &csr(request)))
        });
        let home = workplace();
        let ended = issue(home.path(), &server, &["--retries", "0"]);
        assert!(ended.stderr.contains("a1998e  failed:"), "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{case}: {}", ended.stderr);
        assert_eq!(ended.code, code, "{case}: {}", ended.stderr);
        nothing_was_published(home.path());
    }
}

#[test]
fn answers_that_are_none_are_told_apart() {
    let cases: [(&str, Reply, i32, &str); 9] = [
        ("HTML", Reply::html(200, "<html><title>Please log in</title></html>"), 5, "Please log in"),
        ("truncated JSON", Reply::json(201, json!({"certificatePem": "x".repeat(99)})).cut_after(40), 5, ""),
        ("a 5 MB body", Reply::status(201).body("x".repeat(5_000_000)), 5, ""),
        ("a body that never ends", Reply::status(201).body("{").endless(), 5, ""),
        ("cut after the request", Reply::cut(), 5, ""),
        (
            "301",
            Reply::status(301).header("location", "https://elsewhere.example/"),
            1,
            "https://elsewhere.example",
        ),
        (
            "500",
            Reply::json(500, json!({"error": "An unexpected error has occurred."})),
            5,
            "An unexpected error has occurred.",
        ),
        ("503", Reply::json(503, json!({"error": "Service Unavailable"})), 5, "Service Unavailable"),
        (
            "400",
            Reply::json(400, json!({"error": "Device identifier 'a1998e' was not found for tenant 'admin'."})),
            1,
            "was not found for tenant",
        ),
    ];
    for (case, reply, code, reason) in cases {
        let server = forger::platform(Forger::new("the root"), move |_, _| reply.clone());
        let home = workplace();
        let ended = issue(home.path(), &server, &["--timeout", "5s"]);
        assert_eq!(ended.code, code, "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{case}: {}", ended.stderr);
        assert!(ended.stderr.contains("a1998e  failed:"), "{case}: {}", ended.stderr);
        if case == "400" {
            assert_eq!(tree(home.path()), ["ca/", "ca/ca.pem"]);
            let staged = home.path().join(".certreq/staged/a1998e");
            assert!(!staged.exists(), "a key that was refused for good is not kept");
        } else {
            nothing_was_published(home.path());
        }
    }
}

#[test]
fn the_next_run_asks_again_with_the_same_key() {
    let home = workplace();
    let down =
        forger::platform(Forger::new("one"), |_, _| Reply::json(503, json!({"error": "Service Unavailable"})));
    issue(home.path(), &down, &["--retries", "0"]).exits(5).stderr_has("run the same command again");
    let staged = std::fs::read_to_string(home.path().join(".certreq/staged/a1998e/private.key")).unwrap();
    std::fs::remove_dir_all(home.path().join("ca")).unwrap();
    let up = forger::platform(Forger::new("two"), |forger, request| {
        Reply::json(201, signed_answer(&forger.sign(&csr(request), &Wish::default())))
    });
    issue(home.path(), &up, &[]).exits(0);
    accepts_pair(home.path(), "a1998e");
    assert_eq!(std::fs::read_to_string(home.path().join("cert_a1998e/private.key")).unwrap(), staged);
}

#[test]
fn a_lost_answer_is_found_again_and_nothing_is_issued_twice() {
    let issued = std::sync::Arc::new(std::sync::Mutex::new(Vec::<serde_json::Value>::new()));
    let record = std::sync::Arc::clone(&issued);
    let forger = Forger::new("the root");
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" => {
            let pem = forger.sign(&csr(request), &Wish::default());
            let answer = signed_answer(&pem);
            record.lock().unwrap().push(json!({"fingerprint": answer["certificateFingerprint"], "pem": pem,
                "belongsTo": {"device": "a1998e"}}));
            Reply::cut()
        }
        "GET /x509/v1/certificates" => {
            let records = record.lock().unwrap().clone();
            let first = request.query("page").is_none_or(|page| page == "1");
            Reply::json(
                200,
                json!({"paging": {"previous": null, "current": {"number": 1}, "next": null,
                "totalItems": records.len(), "totalPages": 1, "limitPerPage": 250},
                "certificates": if first { records } else { Vec::new() }}),
            )
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    let ended = issue(home.path(), &server, &["--format", "json"]).exits(0);
    assert_eq!(ended.json()[0]["state"], "recovered");
    accepts_pair(home.path(), "a1998e");
    assert_eq!(issued.lock().unwrap().len(), 1, "the platform signed once");
}

#[test]
fn a_tenant_before_the_name_is_the_same_device() {
    let server = forger::platform(Forger::new("the root"), |forger, request| {
        let wish = Wish { common_name: Some("admin:a1998e".into()), ..Wish::default() };
        Reply::json(201, signed_answer(&forger.sign(&csr(request), &wish)))
    });
    let home = workplace();
    issue(home.path(), &server, &[]).exits(0);
    assert!(home.path().join("cert_a1998e/cert.pem").exists());
}

#[test]
fn ids_in_the_platforms_list_are_checked_like_those_of_people() {
    let forger = Forger::new("the root");
    let listed = json!(["a1998e", "../x", "a/b", "*", "", "x".repeat(300), "b\u{1b}[2J", "a1998e"]);
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "GET /device" if request.query("page_num") == Some("1") => Reply::json(200, listed.clone()),
        "GET /device" => Reply::json(200, json!([])),
        "POST /x509/v1/certificates" => {
            Reply::json(201, signed_answer(&forger.sign(&csr(request), &Wish::default())))
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    let ended = certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(3)
        .stderr_has("the platform listed a device that cannot be used: the device id \"../x\"")
        .stderr_has(r"b\u{1b}[2J  failed:");
    assert!(!ended.stderr.contains('\u{1b}'), "no escape sequence reaches the terminal");
    assert_eq!(
        tree(home.path()),
        ["ca/", "ca/ca.pem", "cert_a1998e/", "cert_a1998e/cert.pem", "cert_a1998e/private.key"]
    );
}

#[test]
fn a_root_that_cannot_be_one_stops_the_run_before_a_key_is_made() {
    let home = workplace();
    let root = |answer: serde_json::Value| {
        Scripted::start(move |request| match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
            "GET /x509/v1/ca" => Reply::json(200, answer.clone()),
            line => panic!("unexpected request: {line}"),
        })
    };
    issue(home.path(), &root(json!({"caPem": null})), &[])
        .exits(1)
        .stderr_has("fetching the root certificate: ");
    issue(home.path(), &root(json!({"caPem": "null"})), &[])
        .exits(1)
        .stderr_has("fetching the root certificate: ");
    let forger = Forger::new("the root");
    let key = certreq::pki::key::PrivateKey::generate(certreq::pki::key::KeySpec::P256).unwrap();
    let leaf = forger.sign(&certreq::pki::csr::request(&key, "leaf").unwrap(), &Wish::default());
    issue(home.path(), &root(json!({"caPem": leaf})), &[]).exits(6).stderr_has("is not a CA certificate");
    assert_eq!(tree(home.path()), Vec::<String>::new());
    assert!(!home.path().join(".certreq/staged").exists());
}

#[test]
fn nobody_at_the_address_is_told_within_seconds() {
    let home = workplace();
    let nobody = Port::reserve();
    let port = nobody.number.to_string();
    certreq(home.path())
        .args(["-h", "127.0.0.1", "-p", &port, "-u", "admin", "-i", "a1998e"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(5)
        .stdout_is("")
        .stderr_has(&format!("127.0.0.1:{port}"));
    assert_eq!(tree(home.path()), Vec::<String>::new());
}
