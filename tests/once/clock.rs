//! A clock that is wrong is told before any date is judged, and named where it is the reason.

use jiff::{Timestamp, ToSpan, fmt::rfc2822};
use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::{Ended, certreq},
};

/// A platform whose clock is `ahead` seconds before ours.
fn platform(ahead: i64, valid: std::ops::Range<i64>) -> Scripted {
    platform_with(Some(ahead), valid)
}

/// The same, or one that does not tell its time.
fn platform_with(ahead: Option<i64>, valid: std::ops::Range<i64>) -> Scripted {
    let forger = Forger::new("the root");
    Scripted::start(move |request| {
        let date = ahead.map(|ahead| {
            let there = (Timestamp::now() + ahead.seconds()).to_zoned(jiff::tz::TimeZone::UTC);
            rfc2822::to_string(&there).unwrap().replace("+0000", "GMT")
        });
        let reply = match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
            "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
            "POST /x509/v1/certificates" => {
                let csr = request.json()["csr"].as_str().unwrap().to_owned();
                let wish = Wish { valid: valid.clone(), ..Wish::default() };
                Reply::json(201, signed_answer(&forger.sign(&csr, &wish)))
            }
            _ => Reply::status(404),
        };
        match date {
            Some(date) => reply.header("date", &date),
            None => reply,
        }
    })
}

fn issue(server: &Scripted) -> Ended {
    certreq(workplace().path())
        .args(["-q", "-h", &server.url(), "-u", "admin", "-i", "a1998e"])
        .env("CERTREQ_SECRET", "right")
        .run()
}

#[test]
fn a_difference_of_more_than_five_minutes_is_told_first() {
    let ended = issue(&platform(7_260, -1..30)).exits(0);
    let warning = "warning: this machine's clock is 2 h 1 min behind the platform's";
    assert!(ended.stderr.starts_with(warning), "{}", ended.stderr);
    issue(&platform(-400, -1..30)).exits(0).stderr_has("ahead of the platform's");
}

#[test]
fn less_is_not_worth_a_word() {
    assert!(!issue(&platform(200, -1..30)).exits(0).stderr.contains("clock"));
}

#[test]
fn a_certificate_that_is_not_yet_valid_names_the_clock() {
    issue(&platform(2 * 86_400 + 30, 1..30))
        .exits(6)
        .stderr_has("it is not valid before ")
        .stderr_has("this machine's clock is 2 d behind the platform's; set the one that is wrong");
    issue(&platform(0, 1..30)).exits(6).stderr_has("ask the platform's operator about its dates");
}

#[test]
fn a_certificate_of_a_moment_ago_that_is_over_or_to_come_contradicts_the_clock_by_itself() {
    for valid in [-30..-1, 1..30] {
        issue(&platform_with(None, valid)).exits(6).stderr_has("check the clock of this machine");
    }
}
