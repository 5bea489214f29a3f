//! `issue --csr` against a platform that refuses, and one whose answer is lost.

use std::{fs, path::Path};

use serde_json::json;

use crate::support::{
    forger::Forger,
    held::page,
    refusals::Refusals,
    scripted::Reply,
    terminal::{Call, certreq},
};

fn call(home: &Path, url: &str) -> Call {
    certreq(home)
        .args(["issue", "--csr", "requests", "--out", "certificates", "--retries", "0"])
        .args(["-h", url, "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
}

#[test]
fn a_request_that_is_not_signed_leaves_everything_as_it_was() {
    let forger = Forger::new("the root");
    let root = forger.root.to_pem();
    Refusals::of_a_change("POST /x509/v1/certificates", move |request| match request.line().as_str() {
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({ "error": "Not Found" })),
        "GET /x509/v1/certificates" => page(&[], 1, 0, 0),
        line => panic!("unexpected request: {line}"),
    })
    .check(
        |home| {
            certreq(home).args(["key", "a1998e"]).run().exits(0);
            certreq(home).args(["csr", "--out", "requests"]).run().exits(0);
            fs::create_dir_all(home.join("ca")).unwrap();
            fs::write(home.join("ca/ca.pem"), &root).unwrap();
        },
        call,
    );
}
