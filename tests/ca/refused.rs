//! A platform that refuses in eight ways: right exit code, right words, nothing changed on disk.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use serde_json::json;

use crate::support::{
    forger::Forger,
    refusals::Refusals,
    scripted::{Reply, Request},
    terminal::{Call, certreq},
};

fn with_root(forger: &Forger, request: &Request) -> Reply {
    match request.line().as_str() {
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/trusted-cas" => Reply::json(200, json!({ "paging": null, "trusted-cas": [] })),
        // Asked before a CA is changed: is it there?
        line if line.starts_with("GET /x509/v1/trusted-cas/") => {
            Reply::json(200, json!({ "caPem": forger.root.to_pem() }))
        }
        line => panic!("unexpected request: {line}"),
    }
}

fn call(home: &Path, url: &str, args: &[&str]) -> Call {
    certreq(home).args(args).args(["-h", url, "-u", "admin"]).env("CERTREQ_SECRET", "right")
}

#[test]
fn a_root_that_does_not_come() {
    for args in [&["ca", "show"][..], &["ca", "bundle"], &["ca", "fetch"]] {
        Refusals::of("GET /x509/v1/ca", |request| panic!("unexpected request: {}", request.line()))
            .check(|_| {}, |home, url| call(home, url, args));
    }
}

#[test]
fn a_list_that_does_not_come() {
    let forger = Forger::new("the root");
    let root = forger.root.to_pem();
    Refusals::of("GET /x509/v1/ca/crl", move |request| with_root(&forger, request)).check(
        |home| {
            fs::create_dir_all(home.join("ca")).unwrap();
            fs::write(home.join("ca/ca.pem"), &root).unwrap();
            DirBuilder::new().mode(0o700).create(home.join(".certreq")).unwrap();
            fs::write(home.join(".certreq/lock"), "").unwrap();
        },
        |home, url| call(home, url, &["ca", "crl"]),
    );
}

#[test]
fn trusted_cas_that_are_refused() {
    let theirs = Forger::new("their root").root;
    let fingerprint = theirs.fingerprint().to_string();
    let forger = || {
        let forger = Forger::new("the root");
        move |request: &Request| with_root(&forger, request)
    };
    let file = |home: &Path| fs::write(home.join("theirs.pem"), theirs.to_pem()).unwrap();
    Refusals::of("GET /x509/v1/trusted-cas", forger())
        .check(|_| {}, |home, url| call(home, url, &["ca", "trust", "list"]));
    Refusals::of_a_change("POST /x509/v1/trusted-cas", forger())
        .check(file, |home, url| call(home, url, &["ca", "trust", "add", "theirs.pem"]));
    Refusals::of_a_change("PATCH /x509/v1/trusted-cas", forger())
        .check(|_| {}, |home, url| call(home, url, &["ca", "trust", "auto-registration", &fingerprint, "on"]));
    Refusals::of_a_change("DELETE /x509/v1/trusted-cas", forger())
        .but("404", 0, "already gone")
        .check(|_| {}, |home, url| call(home, url, &["ca", "trust", "remove", "--yes", &fingerprint]));
}
