//! Credentials: secrets from where they may come, tokens that are used only while they are good.

use std::{fs, path::Path};

use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::{Served, workplace},
    scripted::{Reply, Scripted},
    terminal::{Call, certreq, program},
    tools::{accepts_pair, mode},
};

fn call(home: &Path, url: &str) -> Call {
    certreq(home).args(["-h", url, "-u", "admin", "-i", "a1998e"])
}

#[test]
fn the_secret_is_asked_for_at_a_terminal_and_not_shown() {
    let served = Served::with_devices(&["a1998e", "b2c3d4"]);
    let (host, port) = served.host_and_port();
    let home = workplace();
    let line = format!("{} -h {host} -p {port} -i a1998e,b2c3d4 -u admin", program());
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &line]).current_dir(home.path()).env("HOME", home.path()).env_remove("CERTREQ_SECRET");
    let mut terminal = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    terminal.exp_string("Secret of admin at ").unwrap();
    terminal.send_line(crate::support::platform::SECRET).unwrap();
    let said = terminal.exp_eof().unwrap();
    assert!(said.contains("2 devices in "), "{said}");
    assert!(!said.contains(crate::support::platform::SECRET), "{said}");
    accepts_pair(home.path(), "a1998e");
    accepts_pair(home.path(), "b2c3d4");
}

#[test]
fn without_a_terminal_nothing_prompts() {
    let home = workplace();
    call(home.path(), "127.0.0.1")
        .run()
        .exits(2)
        .stdout_is("")
        .stderr_has("no secret given, and no terminal to ask for it")
        .stderr_has("--secret-file");
}

#[test]
fn a_secret_on_the_command_line_works_and_is_warned_about_once() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    let ended = call(home.path(), &served.url).args(["-s", crate::support::platform::SECRET]).run().exits(0);
    assert_eq!(ended.stderr.matches("can be seen by every user").count(), 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains(crate::support::platform::SECRET));
}

#[test]
fn a_secret_from_stdin_a_variable_or_a_systemd_credential() {
    let served = Served::with_devices(&["a1998e"]);
    let secret = crate::support::platform::SECRET;
    let home = workplace();
    call(home.path(), &served.url)
        .args(["--secret-file", "-", "--dir", "1"])
        .stdin(format!("{secret}\n"))
        .run()
        .exits(0);
    call(home.path(), &served.url).args(["--dir", "2"]).env("CERTREQ_SECRET", secret).run().exits(0);
    fs::create_dir(home.path().join("credentials")).unwrap();
    fs::write(home.path().join("credentials/certreq.secret"), secret).unwrap();
    call(home.path(), &served.url)
        .args(["--dir", "3"])
        .env("CREDENTIALS_DIRECTORY", home.path().join("credentials"))
        .run()
        .exits(0);
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_refusals_and_nothing_is_written() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    call(home.path(), &served.url).env("CERTREQ_SECRET", "wrong").run().exits(4).stderr_has("admin");
    certreq(home.path())
        .args(["-h", &served.url, "-u", "nobody", "-i", "a1998e"])
        .env("CERTREQ_SECRET", "wrong")
        .run()
        .exits(4)
        .stderr_has("nobody");
    assert!(!home.path().join("ca").exists());
    assert!(!home.path().join(".certreq/staged").exists());
}

#[test]
fn too_many_logins_are_told_with_the_time_to_wait() {
    let server = Scripted::start(|request| match request.line().as_str() {
        "POST /auth" => {
            Reply::json(429, json!({"message": "API rate limit exceeded"})).header("retry-after", "3000")
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    call(home.path(), &server.url())
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(5)
        .stderr_has("API rate limit exceeded");
    assert_eq!(server.count("POST /auth"), 1);
}

fn good_platform() -> Scripted {
    forger::platform(Forger::new("the root"), |forger, request| {
        let csr = request.json()["csr"].as_str().unwrap().to_owned();
        Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
    })
}

#[test]
fn a_token_file_is_kept_private_and_used_by_the_next_run() {
    let server = good_platform();
    let home = workplace();
    call(home.path(), &server.url()).args(["-t", "token.jwt"]).env("CERTREQ_SECRET", "right").run().exits(0);
    assert_eq!(mode(&home.path().join("token.jwt")), 0o600);
    call(home.path(), &server.url()).args(["-t", "token.jwt", "--dir", "2"]).run().exits(0);
    assert_eq!(server.count("POST /auth"), 1, "the second run needs no secret and no login");
}

#[test]
fn a_token_file_that_holds_none_is_the_same_as_no_file() {
    let server = good_platform();
    let expired = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFkbWluIiwiZXhwIjoxfQ.c2ln";
    let somebody_elses = forger::token_of("somebody");
    for (number, content) in ["null", "", "\n", "no token at all", expired, &somebody_elses].iter().enumerate()
    {
        let home = workplace();
        fs::write(home.path().join("token.jwt"), content).unwrap();
        call(home.path(), &server.url())
            .args(["-t", "token.jwt"])
            .env("CERTREQ_SECRET", "right")
            .run()
            .exits(0);
        assert_eq!(server.count("POST /auth"), number + 1, "{content:?}");
    }
}

#[test]
fn a_token_refused_in_the_middle_is_renewed_exactly_once() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let logins = AtomicUsize::new(0);
    let forger = Forger::new("the root");
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => {
            logins.fetch_add(1, Ordering::SeqCst);
            Reply::json(200, json!({"jwt": forger::token()}))
        }
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" if logins.load(Ordering::SeqCst) < 2 => {
            Reply::json(401, json!({"exp": "token expired"}))
        }
        "POST /x509/v1/certificates" => {
            let csr = request.json()["csr"].as_str().unwrap().to_owned();
            Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    let ids: Vec<String> = (0..40).map(|n| format!("{n:06x}")).collect();
    certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin", "-i", &ids.join(",")])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(0)
        .stderr_has(": 40 issued");
    assert_eq!(server.count("POST /auth"), 2);
}

#[test]
fn nothing_secret_is_ever_said() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    let secret = crate::support::platform::SECRET;
    let ended = call(home.path(), &served.url)
        .args(["-v", "-t", "token.jwt"])
        .env("CERTREQ_SECRET", secret)
        .env("CERTREQ_LOG", "trace")
        .run()
        .exits(0);
    let token = fs::read_to_string(home.path().join("token.jwt")).unwrap();
    for said in [&ended.stdout, &ended.stderr] {
        assert!(!said.contains(secret) && !said.contains(token.trim()) && !said.contains("PRIVATE KEY"));
    }
}
