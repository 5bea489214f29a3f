//! Every verb that talks to a platform, against one that refuses: right exit code, right words, nothing changed.

use serde_json::json;

use crate::support::{
    forger::Forger,
    refusals::Refusals,
    scripted::Reply,
    terminal::{Call, certreq},
};

/// A verb as it reaches the platform at `url`.
fn call(home: &std::path::Path, url: &str, args: &[&str]) -> Call {
    certreq(home).args(args).args(["-h", url, "-u", "admin"]).env("CERTREQ_SECRET", "right")
}

fn root_alone(forger: Forger) -> impl Fn(&crate::support::scripted::Request) -> Reply + Send + Sync {
    move |request| match request.line().as_str() {
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({ "error": "Not Found" })),
        line => panic!("unexpected request: {line}"),
    }
}

#[test]
fn issue_makes_no_key_before_it_has_the_root() {
    Refusals::of("GET /x509/v1/ca", root_alone(Forger::new("the root")))
        .check(|_| {}, |home, url| call(home, url, &["issue", "-i", "a1998e"]));
}
