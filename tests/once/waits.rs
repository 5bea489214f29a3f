//! Every wait says so, and a platform that fails for all devices is not asked for ever.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::workplace,
    scripted::{Reply, Request, Scripted},
    terminal::{Call, certreq},
};

fn good(forger: &Forger, request: &Request) -> Reply {
    let pem = forger.sign(request.json()["csr"].as_str().unwrap(), &Wish::default());
    Reply::json(201, signed_answer(&pem))
}

fn issue(home: &std::path::Path, url: &str, count: usize) -> Call {
    let ids: Vec<String> = (0..count).map(|number| format!("{number:06x}")).collect();
    certreq(home).args(["-h", url, "-u", "admin", "-i", &ids.join(",")]).env("CERTREQ_SECRET", "right")
}

/// A platform that allows one login after so many it refused.
fn strict(refused: usize) -> Scripted {
    let (forger, logins) = (Forger::new("the root"), AtomicUsize::new(0));
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" if logins.fetch_add(1, Ordering::SeqCst) < refused => {
            Reply::json(429, json!({"message": "API rate limit exceeded"})).header("retry-after", "2")
        }
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" => good(&forger, request),
        line => panic!("unexpected request: {line}"),
    })
}

#[test]
fn a_wait_for_a_login_says_how_long_and_what_avoids_it() {
    let (server, home) = (strict(1), workplace());
    issue(home.path(), &server.url(), 1)
        .run()
        .exits(0)
        .stderr_has("the platform allows no more logins now: waiting 2 s; certreq login keeps a token");
}

#[test]
fn a_wait_is_an_event_in_the_log() {
    let (server, home) = (strict(1), workplace());
    issue(home.path(), &server.url(), 1)
        .env("CERTREQ_LOG", "certreq=info")
        .run()
        .exits(0)
        .stderr_has("certreq::wait: the platform allows no more logins now")
        .stderr_has("seconds=2");
}

#[test]
fn a_wait_is_one_json_object_in_a_log_of_json() {
    let (server, home) = (strict(1), workplace());
    let ended = issue(home.path(), &server.url(), 1).env("CERTREQ_LOG_FORMAT", "json").run().exits(0);
    let events: Vec<serde_json::Value> =
        ended.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let wait = events.iter().find(|event| event["target"] == "certreq::wait").expect("an event");
    assert_eq!(wait["fields"]["message"], "the platform allows no more logins now");
    assert_eq!(wait["fields"]["seconds"], 2);
    assert_eq!(wait["fields"]["next"], "certreq login keeps a token");
    assert!(wait["timestamp"].is_string(), "{wait}");
    assert!(!ended.stderr.contains("waiting 2 s"), "said once: {}", ended.stderr);
}

#[test]
fn the_error_at_the_end_names_the_429() {
    let (server, home) = (strict(usize::MAX), workplace());
    issue(home.path(), &server.url(), 1).run().exits(5).stderr_has("429 Too Many Requests");
}

#[test]
fn a_wish_to_be_left_alone_is_told_once() {
    let asked = AtomicUsize::new(0);
    let server = forger::platform(Forger::new("the root"), move |forger, request| {
        match asked.fetch_add(1, Ordering::SeqCst) {
            0..4 => Reply::status(503).header("retry-after", "2"),
            _ => good(forger, request),
        }
    });
    let home = workplace();
    let began = Instant::now();
    let ended = issue(home.path(), &server.url(), 40).run().exits(0);
    let said = ended.stderr.matches("the platform asks for a pause: waiting 2 s").count();
    // One wait is over before the next one is told, however many devices wait.
    let at_most = began.elapsed().as_secs() / 2 + 1;
    assert!(said >= 1 && said as u64 <= at_most, "{at_most}: {}", ended.stderr);
}

#[test]
fn an_absurd_wish_is_no_defect_of_the_program() {
    for absurd in ["18446744073709551615", "9223372036854775807", "99999999999999999999999", "4294967296"] {
        let server = forger::platform(Forger::new("the root"), move |_, _| {
            Reply::status(503).header("retry-after", absurd)
        });
        let home = workplace();
        let ended = issue(home.path(), &server.url(), 3).run().exits(5);
        assert!(!ended.stderr.contains("defect"), "{absurd}: {}", ended.stderr);
    }
}

#[test]
fn a_platform_that_fails_for_everybody_is_left_after_a_few_requests() {
    let server = forger::platform(Forger::new("the root"), |_, _| {
        Reply::json(500, json!({"error": "An unexpected error has occurred."}))
    });
    let home = workplace();
    let before = Instant::now();
    issue(home.path(), &server.url(), 60)
        .run()
        .exits(5)
        .stderr_has("answers every request with an error of its own")
        .stderr_has("run the same command again");
    let asked = server.count("POST /x509/v1/certificates");
    assert!(asked <= 60, "{asked} requests for 60 devices");
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
}

#[test]
fn a_kept_token_needs_no_user_name_where_there_is_only_one() {
    let (server, home) = (strict(0), workplace());
    certreq(home.path())
        .args(["login", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(0);
    certreq(home.path()).args(["-h", &server.url(), "-i", "a1998e"]).run().exits(0);
    assert_eq!(server.count("POST /auth"), 1);
}

#[test]
fn a_token_file_needs_no_user_name() {
    let (server, home) = (strict(0), workplace());
    std::fs::write(home.path().join("token.jwt"), forger::token()).unwrap();
    certreq(home.path()).args(["-h", &server.url(), "-t", "token.jwt", "-i", "a1998e"]).run().exits(0);
    assert_eq!(server.count("POST /auth"), 0);
}
