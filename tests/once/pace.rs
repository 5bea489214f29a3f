//! A platform that is overloaded is left alone as long as it asks; one that is gone, or says no, is not asked again.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    account,
    forger::{self, Forger, Wish, signed_answer},
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    scripted::{Reply, Scripted},
    terminal::{Call, certreq},
};

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06x}")).collect()
}

fn issue(home: &std::path::Path, url: &str, count: usize) -> Call {
    certreq(home).args(["-h", url, "-u", "admin", "-i", &ids(count).join(",")]).env("CERTREQ_SECRET", "right")
}

fn good(forger: &Forger, request: &crate::support::scripted::Request) -> Reply {
    let csr = request.json()["csr"].as_str().unwrap().to_owned();
    Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
}

#[test]
fn a_platform_that_is_gone_ends_the_run_and_everything_can_be_resumed() {
    let served = Served::start(&["--register", &ids(300).join(",")]);
    let proxy = Proxy::start(&served.url, |kind, number| {
        (kind == Kind::Sign && number >= 10 || kind == Kind::Certificates).then_some(Fault::CutBefore)
    });
    let home = workplace();
    let run = |url: &str, more: &[&str]| {
        certreq(home.path())
            .args(["-h", url, "-u", "admin", "--secret-file", &served.secret_file()])
            .args(more)
            .run()
    };
    let before = Instant::now();
    run(proxy.url(), &["--give-up-after", "2s", "--retries", "1000"])
        .exits(5)
        .stderr_has("gave no usable answer for as long as --give-up-after says")
        .stderr_has("run the same command again");
    assert!(before.elapsed() < Duration::from_secs(45), "{:?}", before.elapsed());
    run(&served.url, &[]).exits(0).stderr_has(" skipped");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(300), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_wish_to_be_left_alone_is_obeyed_by_everybody() {
    let refused = std::sync::Mutex::new(None::<Instant>);
    let early = std::sync::Arc::new(AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&early);
    let server = forger::platform(Forger::new("the root"), move |forger, request| {
        let mut refused = refused.lock().unwrap();
        match *refused {
            None => {
                *refused = Some(Instant::now());
                Reply::status(429).header("retry-after", "2")
            }
            Some(at) => {
                // Requests that were in flight already may come; a moment is enough for that.
                let late = Duration::from_millis(500)..Duration::from_millis(1_900);
                count.fetch_add(usize::from(late.contains(&at.elapsed())), Ordering::SeqCst);
                good(forger, request)
            }
        }
    });
    let home = workplace();
    issue(home.path(), &server.url(), 300).args(["--jobs", "2"]).run().exits(0);
    assert_eq!(early.load(Ordering::SeqCst), 0, "nothing is sent before the time is over");
}

#[test]
fn a_wait_longer_than_our_patience_is_not_waited_for() {
    let server =
        forger::platform(Forger::new("the root"), |_, _| Reply::status(503).header("retry-after", "86400"));
    let home = workplace();
    let before = Instant::now();
    issue(home.path(), &server.url(), 3).run().exits(5).stderr_has("it asks to wait");
    assert!(before.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_is_refused_for_good_is_asked_once() {
    for status in [400, 403, 409, 413] {
        let server =
            forger::platform(Forger::new("the root"), move |_, _| Reply::json(status, json!({"error": "no"})));
        let home = workplace();
        let code = if status == 403 { 4 } else { 1 };
        issue(home.path(), &server.url(), 3).run().exits(code);
        assert_eq!(server.count("POST /x509/v1/certificates"), 3, "{status}");
    }
}

#[test]
fn an_overloaded_platform_gets_every_request_in_the_end_and_no_more_than_the_retries() {
    let asked = AtomicUsize::new(0);
    let server = forger::platform(Forger::new("the root"), move |forger, request| {
        if asked.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            Reply::status(503)
        } else {
            good(forger, request)
        }
    });
    let home = workplace();
    issue(home.path(), &server.url(), 20).args(["--retries", "50"]).run().exits(0);
    let down = forger::platform(Forger::new("the root"), |_, _| Reply::status(503));
    issue(workplace().path(), &down.url(), 1).args(["--retries", "2"]).run().exits(5);
    assert_eq!(down.count("POST /x509/v1/certificates"), 3);
}

#[test]
fn credentials_that_are_not_taken_any_more_end_the_run() {
    let forger = Forger::new("the root");
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        _ => Reply::json(401, json!({"message": "Unauthorized"})),
    });
    let home = workplace();
    let ended =
        issue(home.path(), &server.url(), 500).run().exits(4).stderr_has("does not accept our credentials");
    assert!(server.count("POST /auth") <= 4, "{} logins", server.count("POST /auth"));
    assert!(ended.stderr.contains(" not reached"), "{}", ended.stderr);
}
