//! A platform that means harm, or writes absurd numbers: bounded memory, bounded time, no defect, nothing a terminal obeys.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    held::Held,
    measured::{self, Measured},
    platform::workplace,
    scripted::{Reply, Request, Scripted},
    terminal::certreq,
};

/// MiB. The program itself takes about a third of it.
const MOST_MEMORY: u64 = 64;
/// Six tries of 2 s with their pauses, on a busy machine.
const MOST_TIME: Duration = Duration::from_secs(60);

/// Faults of one call; empty when it kept every promise.
fn faults(case: &str, measured: &Measured, codes: &[i32]) -> Vec<String> {
    let Measured { ended, peak, took } = measured;
    let said = format!("{}{}", ended.stdout, ended.stderr);
    let mut wrong = Vec::new();
    let mut hold = |is_so: bool, what: &str| {
        if !is_so {
            let shown: String = said.chars().take(600).collect();
            wrong.push(format!("{case}: {what}: exit {}, {peak} MiB, {took:?}: {shown}", ended.code));
        }
    };
    hold(codes.contains(&ended.code), "the exit code");
    hold(*peak < MOST_MEMORY, "too much memory");
    hold(*took < MOST_TIME, "too long");
    hold(!said.contains("panicked") && !said.contains("defect"), "a defect");
    hold(!said.contains('\u{1b}'), "a raw control character");
    hold(said.len() < 64 << 10, "it says too much");
    wrong
}

/// Cases that wait more than they work: some at a time.
fn all<T: Sync>(cases: &[T], one: impl Fn(&T) -> Vec<String> + Sync) {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    wrong.lock().unwrap().extend(one(case));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The platform as it should be, for one device.
fn right(forger: &Forger, token: &str, request: &Request) -> Reply {
    match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": token })),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": forger.revocation_list(&[]) })),
        "POST /x509/v1/certificates" => {
            let csr = request.json()["csr"].as_str().unwrap().to_owned();
            Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
        }
        "GET /x509/v1/certificates" => {
            Reply::json(200, json!({ "paging": { "totalItems": 0, "totalPages": 1 }, "certificates": [] }))
        }
        "GET /device" => Reply::json(200, json!([])),
        _ => Reply::json(404, json!({ "error": "Not Found" })),
    }
}

/// Answers of a hostile server, the same to every request.
const MODES: [&str; 17] = [
    "a body without an end",
    "a chunked body without an end",
    "a body announced with ten gigabytes",
    "a body announced with a negative length",
    "compressed without an end",
    "100,000 headers",
    "a header of 100 megabytes",
    "informational answers for ever",
    "a byte now and then",
    "silence",
    "a web page",
    "a redirect to itself",
    "bytes that are not text",
    "a million brackets",
    "escape sequences everywhere",
    "400 roots",
    "a string of 30 megabytes",
];

fn hostile(mode: &str, forger: &Forger) -> Reply {
    let ok = || Reply::status(200).header("content-type", "application/json");
    let escapes = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{202e}";
    match mode {
        "a body without an end" => ok().body(vec![b' '; 1 << 16]).endless(),
        "a chunked body without an end" => {
            let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
            ok().header("transfer-encoding", "chunked").body(chunk).endless()
        }
        "a body announced with ten gigabytes" => {
            Reply::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n{".to_vec())
        }
        "a body announced with a negative length" => {
            Reply::raw(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}".to_vec())
        }
        "compressed without an end" => {
            let zeros: &[u8] =
                b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xec\xc1\x01\x01\x00\x00\x00\x80\x90\xfe";
            ok().header("content-encoding", "gzip").body(zeros).endless()
        }
        "100,000 headers" => {
            (0..100_000).fold(ok(), |reply, n| reply.header(&format!("x-{n}"), "x")).body("{}")
        }
        "a header of 100 megabytes" => {
            let head = [b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'x'; 100 << 20]].concat();
            Reply::raw(head)
        }
        "informational answers for ever" => {
            Reply::status(103).body("HTTP/1.1 103 Early Hints\r\n\r\n").endless()
        }
        "a byte now and then" => ok().body(" ").drip(),
        "silence" => Reply::hang(),
        "a web page" => Reply::html(200, &format!("<title>{escapes}</title>{}", "x".repeat(1 << 20))),
        "a redirect to itself" => Reply::status(302).header("location", "/x509/v1/ca"),
        "bytes that are not text" => ok().body(vec![0xff; 1 << 20]),
        "a million brackets" => ok().body("[".repeat(1_000_000)),
        "escape sequences everywhere" => {
            Reply::json(400, json!({ "error": escapes, "message": escapes })).header("x-request-id", "x")
        }
        "400 roots" => Reply::json(200, json!({ "caPem": forger.root.to_pem().repeat(400) })),
        "a string of 30 megabytes" => Reply::json(200, json!({ "caPem": "A".repeat(30 << 20), "jwt": "x" })),
        other => panic!("{other}"),
    }
}

/// Requests that a hostile answer comes to: how far the program has come by then differs.
const PLACES: [&str; 4] =
    ["POST /auth", "GET /x509/v1/ca", "POST /x509/v1/certificates", "GET /x509/v1/certificates"];

#[test]
fn hostile_answers_are_bounded_in_memory_and_time() {
    let cases: Vec<(&str, &str)> =
        MODES.iter().flat_map(|mode| PLACES.iter().map(move |place| (*mode, *place))).collect();
    all(&cases, |(mode, place)| {
        let (mode, place) = (*mode, *place);
        let token = forger::token();
        let forger = Forger::new("the root");
        let server = Scripted::start(move |request| {
            if request.line() == place { hostile(mode, &forger) } else { right(&forger, &token, request) }
        });
        let home = workplace();
        let url = server.url();
        let verb: &[&str] =
            if place == PLACES[3] { &["list"] } else { &["issue", "-i", "a1998e", "--retries", "0"] };
        let call = certreq(home.path())
            .args(verb)
            .args(["-h", &url, "-u", "admin", "--timeout", "2s"])
            .env("CERTREQ_SECRET", "right");
        faults(&format!("{mode} at {place}"), &measured::run(call), &[1, 4, 5, 6])
    });
}

/// Values in the place of a number. As JSON they fit no number of any machine, or are not in the range that is meant.
const NUMBERS: [&str; 12] = [
    "-1",
    "0",
    "1e308",
    "1e999",
    "-9223372036854775809",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999",
    "0.5",
    "\"7\"",
    "null",
];

/// Every number that a platform writes, and which verb reads it.
const FIELDS: [(&str, &str); 14] = [
    ("exp of the token", "issue"),
    ("iat of the token", "issue"),
    ("expires_in", "issue"),
    ("refresh_expires_in", "issue"),
    ("Retry-After", "issue"),
    ("Content-Length", "issue"),
    ("Date", "issue"),
    ("the status", "issue"),
    ("totalItems", "list"),
    ("totalPages", "list"),
    ("limitPerPage", "list"),
    ("the current page", "list"),
    ("total of the devices", "devices"),
    ("next_page of the devices", "devices"),
];

/// A token whose claims hold the text as it is.
fn token_with(claim: &str, number: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut claims = vec![("service", "\"admin\""), ("username", "\"admin\"")];
    if claim == "exp of the token" {
        claims.push(("exp", number));
    }
    if claim == "iat of the token" {
        claims.push(("iat", number));
    }
    let text: Vec<String> = claims.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2ln", part("{\"alg\":\"HS256\"}"), part(&format!("{{{}}}", text.join(","))))
}

fn json_text(text: String) -> Reply {
    Reply::status(200).header("content-type", "application/json").body(text)
}

fn absurd(field: &str, number: &str, forger: &Forger, held: &Held, request: &Request) -> Reply {
    let bare = number.trim_matches('"');
    let line = request.line();
    let at = |name: &str, default: &str| if field == name { number.to_owned() } else { default.to_owned() };
    match line.as_str() {
        "GET /x509/v1/ca" if field == "Date" => {
            Reply::json(200, forger.ca_answer()).header("date", &format!("Mon, 30 Nov {bare} 00:00:00 GMT"))
        }
        "GET /x509/v1/ca" if field == "Content-Length" => {
            Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {bare}\r\n\r\n{}", forger.ca_answer()))
        }
        "GET /x509/v1/ca" if field == "the status" => Reply::raw(format!("HTTP/1.1 {bare} X\r\n\r\n{{}}")),
        "POST /x509/v1/certificates" if field == "Retry-After" => {
            Reply::json(503, json!({ "error": "later" })).header("retry-after", bare)
        }
        "GET /auth/realms/admin/.well-known/openid-configuration" => {
            Reply::json(200, json!({ "token_endpoint": "/t" }))
        }
        line if line.ends_with("/protocol/openid-connect/token") => json_text(format!(
            "{{\"access_token\":\"{}\",\"expires_in\":{},\"refresh_token\":\"r\",\"refresh_expires_in\":{}}}",
            forger::token(),
            at("expires_in", "300"),
            at("refresh_expires_in", "300")
        )),
        "GET /x509/v1/certificates" => json_text(format!(
            "{{\"paging\":{{\"totalItems\":{},\"totalPages\":{},\"limitPerPage\":{},\"current\":{{\"number\":{}}}}},\
             \"certificates\":[{}]}}",
            at("totalItems", "1"),
            at("totalPages", "1"),
            at("limitPerPage", "250"),
            at("the current page", "1"),
            held.record()
        )),
        "GET /device" => json_text(format!(
            "{{\"pagination\":{{\"page\":1,\"total\":{},\"has_next\":false,\"next_page\":{}}},\
             \"devices\":[{{\"id\":\"a1998e\"}}]}}",
            at("total of the devices", "1"),
            at("next_page of the devices", "null")
        )),
        _ => right(forger, &token_with(field, number), request),
    }
}

#[test]
fn absurd_numbers_are_bounded_in_memory_and_time() {
    let cases: Vec<(&str, &str, &str)> = FIELDS
        .iter()
        .flat_map(|(field, verb)| NUMBERS.iter().map(move |number| (*field, *verb, *number)))
        .collect();
    all(&cases, |(field, verb, number)| {
        let (field, verb, number) = (*field, *verb, *number);
        let forger = Forger::new("the root");
        let held = Held::new(&forger, "a1998e");
        let is_openid = field.ends_with("expires_in");
        let script = move |request: &Request| absurd(field, number, &forger, &held, request);
        let server = if is_openid { Scripted::openid(script) } else { Scripted::start(script) };
        let home = workplace();
        let arguments: &[&str] =
            if verb == "issue" { &["issue", "-i", "a1998e", "--retries", "0"] } else { &[verb] };
        let call = certreq(home.path())
            .args(arguments)
            .args(["-h", &server.url(), "-u", "admin", "--timeout", "2s"])
            .args(["--auth", if is_openid { "oidc" } else { "dojot" }])
            .env("CERTREQ_SECRET", "right");
        faults(&format!("{field} {number}"), &measured::run(call), &[0, 1, 4, 5, 6])
    });
}
