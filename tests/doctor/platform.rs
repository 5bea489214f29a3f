//! Checks of the platform: clock, login, token, root, rights, list.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use serde_json::json;

use super::{Found, Scene};
use crate::support::{
    forger::{self, Forger},
    held,
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::certreq,
};

/// A file that is its owner's alone, as a secret should be.
fn private(path: &Path, content: &str) {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).unwrap();
    file.write_all(content.as_bytes()).unwrap();
}

const ADMIN: [&str; 4] = ["-u", "admin", "--secret-file", "secret"];

fn examine(server: &Scripted, args: &[&str]) -> Found {
    let home = workplace();
    private(&home.path().join("secret"), "x");
    fs::create_dir(home.path().join("fleet")).unwrap();
    let url = server.url();
    let call = certreq(home.path()).args(["doctor", "fleet", "--format", "json", "-h", &url]);
    Found::new(call.args(args))
}

/// A platform that answers everything a doctor asks; `other` may answer first.
fn platform(
    forger: Forger,
    list: String,
    other: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static,
) -> Scripted {
    Scripted::start(move |request| {
        if let Some(reply) = other(&request.line()) {
            return reply;
        }
        match request.line().as_str() {
            _ if request.header("authorization").is_none() && request.line() != "POST /auth" => {
                Reply::json(401, json!({"message": "Unauthorized"}))
            }
            "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
            "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
            "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": list })),
            "GET /x509/v1/certificates" => held::page(&[], 1, 1, 0),
            line if line.starts_with("GET /x509/v1/trusted-cas") => {
                Reply::json(403, json!({"error": "Forbidden"}))
            }
            _ => Reply::json(403, json!({"error": "Forbidden"})),
        }
    })
}

#[test]
fn a_clock_that_is_wrong_is_measured_by_the_platforms() {
    let date = "Wed, 21 Oct 2015 07:28:00 GMT";
    let late = Scripted::start(move |_| Reply::json(401, json!({"message": "x"})).header("date", date));
    examine(&late, &[]).exits(1).says("clock", "fail", "ahead of the platform's");
}

#[test]
fn a_wrong_secret_is_refused_and_what_needs_it_is_skipped() {
    let scene = Scene::new();
    let secret = scene.home.path().join("wrong");
    private(&secret, "wrong");
    let found = scene.examine(&["--secret-file", "wrong"]);
    found.exits(4).says("login", "fail", "could not log in as admin");
    found.says("rights", "skipped", "the login failed").says("root", "skipped", "pinned by ca/ca.pem");
    fs::write(&secret, "").unwrap();
    let found = scene.examine(&["--secret-file", "wrong"]);
    found.exits(1).says("settings", "fail", "wrong").says("login", "skipped", "no secret");
}

#[test]
fn another_root_is_a_matter_of_safety() {
    let scene = Scene::new();
    let pin = ["00"; 32].join(":");
    scene.examine(&["--ca-fingerprint", &pin]).exits(6).says("root", "fail", "--ca-fingerprint");
    fs::write(scene.fleet().join("ca/ca.pem"), Forger::new("another").root.to_pem()).unwrap();
    let found = scene.examine(&[]);
    // The fleet's own certificates no longer lead to it, either; the safety check counts.
    found.exits(6).says("root", "fail", "is not in ca/ca.pem").says("devices", "fail", "2 mismatched");
    fs::write(scene.fleet().join("ca/ca.pem"), "nonsense").unwrap();
    scene.examine(&[]).exits(1).says("root", "fail", "ca.pem").says("ca/ca.pem", "fail", "cannot be used");
}

#[test]
fn a_root_that_nobody_pinned_is_told() {
    let forger = Forger::new("the root");
    let (print, list) = (forger.root.fingerprint().to_string(), forger.revocation_list(&[]));
    let server = platform(forger, list, |_| None);
    let found = examine(&server, &ADMIN);
    found.exits(0).says("root", "warn", "not pinned");
    assert!(found.check("root")["hint"].as_str().unwrap().contains(&print));
    examine(&server, &[&ADMIN[..], &["--ca-fingerprint", &print]].concat()).says("root", "ok", "not held");
}

#[test]
fn what_the_user_may_not_do_is_told() {
    let forger = Forger::new("the root");
    let list = forger.revocation_list(&[]);
    let server = platform(forger, list, |_| None);
    examine(&server, &ADMIN).exits(0).says(
        "rights",
        "warn",
        "may list certificates; may not list devices, see trusted CAs",
    );
    assert_eq!(server.count("POST /x509/v1/certificates"), 0, "nothing is issued");
    assert_eq!(server.count("POST /auth"), 1, "logins are rationed");

    let forger = Forger::new("the root");
    let list = forger.revocation_list(&[]);
    let server = platform(forger, list, |line| {
        (line == "GET /x509/v1/certificates").then(|| Reply::json(403, json!({"error": "Forbidden"})))
    });
    examine(&server, &ADMIN).exits(4).says("rights", "fail", "may not list devices, list certificates");
}

#[test]
fn a_list_of_the_platform_that_is_old_or_somebody_elses_is_told() {
    let forger = Forger::new("the root");
    let list = forger.revocation_list_for(&[], time::Duration::hours(-1));
    examine(&platform(forger, list, |_| None), &ADMIN).exits(1).says("crl", "fail", "expired at");
    let list = Forger::new("another").revocation_list(&[]);
    let server = platform(Forger::new("the root"), list, |_| None);
    examine(&server, &ADMIN).exits(1).says("crl", "fail", "not its own");
}

#[test]
fn a_platform_that_answers_only_some_questions_is_not_waited_for_long() {
    let forger = Forger::new("the root");
    let list = forger.revocation_list(&[]);
    let server = platform(forger, list, |line| line.ends_with("/crl").then(Reply::hang));
    let found = examine(&server, &[&ADMIN[..], &["--timeout", "500ms"]].concat());
    found.exits(5).says("crl", "fail", "no answer").says("root", "warn", "not pinned");
}

#[test]
fn the_token_file_is_judged_by_what_it_holds_and_left_alone() {
    let scene = Scene::new();
    let path = scene.home.path().join("token");
    let put = |text: &str, mode: u32| {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let examine = || scene.examine(&["--token-file", "token"]);
    put("null\n", 0o600);
    examine().exits(0).says("token", "warn", "the word null");
    assert_eq!(fs::read_to_string(&path).unwrap(), "null\n", "no token is kept");
    put(&forger::token(), 0o644);
    examine().exits(1).says("token", "fail", "0644");
    put(&forger::token_of("clerk"), 0o600);
    examine().exits(0).says("token", "warn", "a token of clerk, not of admin");
    put(&forger::token(), 0o600);
    examine().exits(0).says("token", "ok", "of admin, 6m");
    // Without a secret the token is tried, and the signature of this one is invalid.
    let url = &scene.served.url;
    let args = ["doctor", "fleet", "--format", "json", "-h", url, "--token-file", "token"];
    let found = Found::new(certreq(scene.home.path()).args(args));
    found.exits(4).says("login", "fail", "does not take the token");
    assert_eq!(fs::read_to_string(&path).unwrap(), forger_token(&path), "it is still there");
}

fn forger_token(path: &std::path::Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text.matches('.').count(), 2, "a token");
    text
}

#[test]
fn the_token_that_login_keeps_is_found_and_no_login_is_spent() {
    let scene = Scene::new();
    let args = ["doctor", "fleet", "--format", "json", "-h", &scene.served.url, "-u", "admin"];
    let examine = || Found::new(certreq(scene.home.path()).args(args));
    let found = examine();
    found.exits(0).says("token", "skipped", "certreq login stores one").says("login", "skipped", "no secret");
    certreq(scene.home.path()).args(["login"]).args(scene.served.login()).run().exits(0);
    let before = super::state(scene.home.path());
    examine().exits(0).says("token", "ok", "of admin").says("login", "ok", "the token of admin is taken");
    assert_eq!(super::state(scene.home.path()), before, "something was changed");
}
