//! Whole runs of the program on the 1.0 line.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use certreq::platform::{
    Platform,
    dojot::{Dojot, Options, Token},
};
use rusqlite::Connection;
use serde_json::json;
use zeroize::Zeroizing;

use super::{field, options};
use crate::support::{
    forger::{Forger, Wish, signed_answer},
    platform::{SECRET, Served, workplace},
    scripted::{Reply, Scripted},
    terminal::{Call, certreq},
    tools::{accepts_pair, mode},
};

fn served() -> Served {
    Served::start(&["--auth", "oidc", "--register", "a1998e"])
}

fn call(home: &Path, url: &str) -> Call {
    certreq(home).args(["-h", url, "-i", "a1998e"])
}

#[test]
fn a_device_gets_its_pair_without_anybody_saying_which_login_it_is() {
    let served = served();
    let home = workplace();
    let first = call(home.path(), &served.url).args(["-u", "admin", "-t", "token.jwt"]);
    first.env("CERTREQ_SECRET", SECRET).run().exits(0);
    accepts_pair(home.path(), "a1998e");
    assert_eq!(mode(&home.path().join("token.jwt")), 0o600);
    // The kept access token serves the next run, which has no secret.
    call(home.path(), &served.url).args(["-u", "admin", "-t", "token.jwt", "--dir", "2"]).run().exits(0);
}

#[test]
fn a_token_that_was_given_needs_neither_user_nor_secret() {
    let served = served();
    let home = workplace();
    let login = call(home.path(), &served.url).args(["-u", "admin", "-t", "token.jwt"]);
    login.env("CERTREQ_SECRET", SECRET).run().exits(0);
    let token = fs::read_to_string(home.path().join("token.jwt")).unwrap();
    let given = |dir: &str| call(home.path(), &served.url).args(["--dir", dir]);
    given("file").args(["--access-token-file", "token.jwt"]).run().exits(0);
    given("stdin").args(["--access-token-file", "-"]).stdin(token.clone()).run().exits(0);
    let said =
        given("variable").env("CERTREQ_ACCESS_TOKEN", token.trim()).env("CERTREQ_LOG", "trace").run().exits(0);
    assert!(!said.stderr.contains(token.trim()) && !said.stdout.contains(token.trim()));
    accepts_pair(&home.path().join("variable"), "a1998e");

    let refused = given("none").env("CERTREQ_ACCESS_TOKEN", "a.b.c").run().exits(4);
    refused.stderr_has("Bad token").stderr_has("the access token is not accepted: get a new one");
    given("none")
        .env("CERTREQ_ACCESS_TOKEN", "two words")
        .run()
        .exits(2)
        .stderr_has("access token is not usable");
    given("none").args(["--access-token-file", "missing"]).run().exits(1).stderr_has("missing");
    assert!(!home.path().join("none/ca").exists());
}

#[test]
fn what_is_typed_goes_before_a_token_in_the_environment() {
    let served = served();
    let home = workplace();
    let typed = call(home.path(), &served.url).args(["-u", "admin", "--secret-file", &served.secret_file()]);
    typed.env("CERTREQ_ACCESS_TOKEN", "a.b.c").run().exits(0);
}

#[test]
fn refusals_say_what_to_do_and_exit_with_4() {
    let served = served();
    let home = workplace();
    let admin = |args: &[&str]| {
        let call = call(home.path(), &served.url).args(["-u", "admin"]).args(args);
        call.env("CERTREQ_SECRET", SECRET).run()
    };
    admin(&["--client-id", "gui"])
        .exits(4)
        .stderr_has("direct access grants")
        .stderr_has("--access-token-file");
    admin(&["--realm", "acme"]).exits(4).stderr_has("Realm does not exist").stderr_has("--realm acme");
    admin(&["--auth", "dojot"]).exits(1).stderr_has("--auth oidc");
    let wrong = call(home.path(), &served.url).args(["-u", "admin"]).env("CERTREQ_SECRET", "wrong").run();
    wrong.exits(4).stderr_has("Invalid user credentials").stderr_has("password is wrong");
    assert!(!home.path().join("ca").exists());
}

#[test]
fn a_place_for_passwords_is_checked_before_one_is_sent() {
    let home = workplace();
    for (url, said) in [
        ("http://idp.example/token", "unencrypted"),
        ("https://admin:hunter2@idp.example/token", "user or a password"),
        ("ftp://idp.example/token", "not an https:// URL"),
        ("idp", "--token-url"),
    ] {
        let call = call(home.path(), "127.0.0.1").args(["-u", "admin", "--token-url", url]);
        let ended = call.env("CERTREQ_SECRET", SECRET).run().exits(2).stderr_has(said);
        assert!(!ended.stderr.contains("hunter2"));
    }
    for realm in ["", "a/b", "..", "a b", "a?b"] {
        let call = call(home.path(), "127.0.0.1").args(["-u", "admin", "--realm", realm]);
        call.env("CERTREQ_SECRET", SECRET).run().exits(2).stderr_has("realm");
    }
}

#[test]
fn a_kept_token_of_another_login_is_the_same_as_none() {
    let served = served();
    let home = workplace();
    let claims = |issuer: &str, user: &str| {
        super::jwt(json!({ "iss": issuer, "preferred_username": user, "exp": 4_000_000_000_u32 }))
    };
    let here = format!("{}/auth/realms/admin", served.url);
    for token in [
        claims("http://elsewhere.example/auth/realms/admin", "admin"),
        claims(&here.replace("realms/admin", "realms/acme"), "admin"),
        claims(&here, "somebody"),
        super::jwt(json!({ "iss": here, "preferred_username": "admin", "exp": 1 })),
    ] {
        fs::write(home.path().join("token.jwt"), &token).unwrap();
        // Without a secret nothing else is left to try.
        let call = call(home.path(), &served.url).args(["-u", "admin", "-t", "token.jwt"]);
        call.run().exits(2).stderr_has("no secret given");
    }
    fs::write(home.path().join("token.jwt"), claims(&here, "admin")).unwrap();
    let ended = call(home.path(), &served.url).args(["-u", "admin", "-t", "token.jwt"]).run();
    ended.exits(4).stderr_has("does not take the token");
}

#[test]
fn a_token_that_ends_in_the_middle_of_a_run_is_followed_without_the_password() {
    let forger = Forger::new("the root");
    let signed = Mutex::new(0);
    let server = Scripted::openid(move |request| match request.line().as_str() {
        super::DISCOVERY => super::discovery(),
        super::TOKEN if field(request, "refresh_token").is_some() => super::grant("second", 300),
        super::TOKEN => super::grant("first", 300),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" => {
            let mut signed = signed.lock().unwrap();
            if *signed >= 20 && super::bearer(request, "first") {
                return Reply::json(
                    401,
                    json!({ "message": "Token claims invalid: [\"exp\"]=\"token expired\"" }),
                );
            }
            *signed += 1;
            let csr = request.json()["csr"].as_str().unwrap().to_owned();
            Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    let ids: Vec<String> = (0..40).map(|n| format!("{n:06x}")).collect();
    let call = certreq(home.path()).args(["-h", &server.url(), "-u", "admin", "-i", &ids.join(",")]);
    call.env("CERTREQ_SECRET", SECRET).run().exits(0).stderr_has(": 40 issued");
    let requests = server.requests();
    let kinds = requests.iter().filter(|request| request.line() == super::TOKEN);
    let kinds: Vec<_> = kinds.map(|request| field(request, "grant_type").unwrap()).collect();
    assert_eq!(kinds, ["password", "refresh_token"]);
}

#[tokio::test]
async fn short_lives_of_tokens_go_unnoticed_even_when_the_password_is_another_by_now() {
    let served = Served::start(&["--auth", "oidc", "--token-lifetime", "3s"]);
    let tokens = Arc::new(Mutex::new(0));
    let count = Arc::clone(&tokens);
    let client = Dojot::new(Options {
        secret: Some(Zeroizing::new(SECRET.to_owned())),
        on_token: Some(Box::new(move |_: &Token| *count.lock().unwrap() += 1)),
        ..options(&served.url)
    })
    .unwrap();
    client.root().await.unwrap();
    assert_eq!(client.tenant().as_deref(), Some("admin"));
    let database = Connection::open(served.authority().join("authority.db")).unwrap();
    database.busy_timeout(Duration::from_secs(30)).unwrap();
    let changed = database.execute("UPDATE users SET secret_hash = 'another'", ()).unwrap();
    assert_eq!(changed, 1);
    let deadline = Instant::now() + Duration::from_secs(60);
    while *tokens.lock().unwrap() < 3 {
        assert!(Instant::now() < deadline, "no token follows");
        client.root().await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
