//! Every verb that talks to a platform, against one that refuses: right exit code, right words, nothing changed.

use serde_json::json;

use crate::support::{
    forger::Forger,
    held::{Held, no_record, page},
    refusals::Refusals,
    scripted::{Reply, Request},
    terminal::{Call, certreq},
};

/// A verb as it reaches the platform at `url`.
fn call(home: &std::path::Path, url: &str, args: &[&str]) -> Call {
    certreq(home).args(args).args(["-h", url, "-u", "admin"]).env("CERTREQ_SECRET", "right")
}

fn root_alone(forger: Forger) -> impl Fn(&Request) -> Reply + Send + Sync {
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

/// A platform with a root, no revocation list, one certificate and its device.
fn with_one(forger: &Forger, held: &Held) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let (root, record, fingerprint) = (forger.ca_answer(), held.record(), held.fingerprint());
    let trusted = json!({ "caPem": forger.root.to_pem() });
    let device = json!({ "id": held.device });
    move |request| match request.line().as_str() {
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({ "error": "Not Found" })),
        "GET /x509/v1/certificates" => page(std::slice::from_ref(&record), 1, 1, 1),
        "GET /device" if request.query("page_num") == Some("1") => {
            Reply::json(200, json!({ "devices": [device] }))
        }
        "GET /device" => Reply::json(200, json!({ "devices": [] })),
        line if line.starts_with("GET /x509/v1/trusted-cas/") => Reply::json(200, trusted.clone()),
        line if line.ends_with(&fingerprint) && request.method == "GET" => Reply::json(200, record.clone()),
        line => panic!("unexpected request: {line}"),
    }
}

fn one() -> (Forger, Held) {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    (forger, held)
}

/// Tables wait more than they work: all at the same time.
fn together(tables: &[&(dyn Fn() + Sync)]) {
    std::thread::scope(|scope| tables.iter().for_each(|table| drop(scope.spawn(table))));
}

#[test]
fn revoke_calls_nothing_done_that_was_not() {
    let (forger, held) = one();
    let args = ["revoke", "cert_a1998e", "--yes", "--retries", "0"];
    let changes = |more: &[&str]| {
        Refusals::of_a_change("DELETE /x509/v1/certificates/", with_one(&forger, &held))
            .but("404", 1, "there is no record of it")
            .check(|home| held.put(home), |home, url| call(home, url, &[&args[..], more].concat()));
    };
    together(&[&|| changes(&[]), &|| changes(&["--unlink"]), &|| {
        Refusals::of("GET /x509/v1/certificates/", with_one(&forger, &held))
            .but("404", 1, "there is no record of it")
            .check(|home| held.put(home), |home, url| call(home, url, &args));
    }]);
    Refusals::of("GET /x509/v1/certificates", with_one(&forger, &held))
        .check(|_| {}, |home, url| call(home, url, &["revoke", "-i", "b2c3d4", "--yes"]));
}

#[test]
fn lists_are_whole_or_failures() {
    let (forger, held) = one();
    let check = |refused, args: &[&str]| {
        Refusals::of(refused, with_one(&forger, &held)).check(|_| {}, |home, url| call(home, url, args));
    };
    let without = ["devices", "--without-certificate"];
    together(&[
        &|| check("GET /x509/v1/certificates", &["list"]),
        &|| check("GET /x509/v1/ca", &["list"]),
        &|| check("GET /x509/v1/certificates", &without),
        &|| check("GET /x509/v1/ca", &without),
        &|| check("GET /device", &without),
        &|| check("GET /device", &["devices"]),
    ]);
}

#[test]
fn register_says_what_it_was_that_failed() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let root = forger.root.fingerprint().to_string();
    let args = &["register", "cert_a1998e/cert.pem", "-i", "a1998e", "--trusted-ca", &root];
    let put = |home: &std::path::Path| held.put(home);
    let well = with_one(&forger, &held);
    Refusals::of("GET /x509/v1/trusted-cas/", well)
        // An ordinary user may not look at trusted CAs, and may register all the same.
        .but("403", 0, "")
        .but("404", 1, "certreq ca trust add")
        .check(put, |home, url| call(home, url, args));
    let well = with_one(&forger, &held);
    Refusals::of_a_change("POST /x509/v1/certificates", move |request| match request.line().as_str() {
        line if line.starts_with("GET /x509/v1/certificates/") => no_record(),
        _ => well(request),
    })
    .check(put, |home, url| call(home, url, args));
}
