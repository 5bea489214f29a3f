//! Revocations need the user's consent.

use serde_json::json;

use super::{issue, on_record, revoke, revoke_at};
use crate::support::{
    forger::{self, Forger},
    held::{Held, page},
    platform::{Served, workplace},
    refusals::disk,
    scripted::{Reply, Scripted},
    terminal::{certreq, program},
};

#[test]
fn without_a_terminal_and_without_yes_nothing_is_even_asked_of_the_platform() {
    let server = Scripted::start(|request| panic!("unexpected request: {}", request.line()));
    let home = workplace();
    revoke_at(home.path(), &server.url(), &["a1998e"]).stdin("y\n").run().exits(2).stdout_is("").stderr_is(
        "error: cannot ask for confirmation without a terminal; pass --yes\n\
             hint: see the effect with --dry-run, then add --yes\n",
    );
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn at_a_terminal_it_shows_what_it_is_about_and_waits_for_a_yes() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    issue(home.path(), &served, &["a1998e"]);
    let fingerprint = on_record(home.path(), &served).remove(0);
    let serial = certreq(home.path())
        .args(["inspect", "--format", "json", "cert_a1998e/cert.pem"])
        .run()
        .exits(0)
        .json()[0]["serial"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = |answer: &str| {
        let line = format!("{} revoke cert_a1998e {}; echo \"ended $?\"", program(), served.login().join(" "));
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &line]).current_dir(home.path()).env("HOME", home.path()).env("COLUMNS", "120");
        let mut terminal = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
        let shown = terminal.exp_string("This cannot be undone. [y/N] ").unwrap();
        for part in [fingerprint.as_str(), serial.as_str(), "owner        a1998e", "expires      20", ", in 36"]
        {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        assert!(shown.contains(&format!("Revoke 1 certificate at {}?", served.url)), "{shown}");
        terminal.send_line(answer).unwrap();
        terminal.exp_eof().unwrap()
    };
    for no in ["n", "", "yess"] {
        let said = answer(no);
        assert!(said.contains("not confirmed; nothing was done") && said.contains("ended 1"), "{said}");
    }
    assert_eq!(on_record(home.path(), &served).len(), 1);
    assert!(answer("y").contains("ended 0"));
    assert_eq!(on_record(home.path(), &served).len(), 0);
}

/// A platform with eleven certificates; deletions succeed.
fn eleven() -> Scripted {
    let forger = Forger::new("the root");
    let records: Vec<_> =
        (0..11).map(|number| Held::new(&forger, &format!("a0000{number:x}")).record()).collect();
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/certificates" => page(&records, 1, 1, 11),
        line if line.starts_with("DELETE ") => Reply::status(204),
        line => panic!("unexpected request: {line}"),
    })
}

#[test]
fn more_than_ten_need_their_number() {
    let server = eleven();
    let home = workplace();
    let ids = (0..11).map(|number| format!("a0000{number:x}")).collect::<Vec<_>>().join(",");
    let call = |more: &[&str]| {
        revoke_at(home.path(), &server.url(), &[&["-i", ids.as_str(), "--yes"], more].concat()).run()
    };
    call(&[]).exits(2).stderr_has("11 certificates need --confirm: more than 10").stderr_has("--confirm 11");
    call(&["--confirm", "12"]).exits(6).stderr_has("there are 11 certificates, but --confirm says 12");
    assert!(!server.requests().iter().any(|request| request.method == "DELETE"));
    let ended = call(&["--confirm", "11"]).exits(0);
    assert_eq!(ended.stdout.lines().count(), 11);
    assert_eq!(server.requests().iter().filter(|request| request.method == "DELETE").count(), 11);
}

#[test]
fn a_dry_run_names_everything_and_touches_nothing() {
    let server = eleven();
    let home = workplace();
    let before = disk(home.path());
    let ended = revoke_at(home.path(), &server.url(), &["-i", "a00001,a00002", "--dry-run"]).run().exits(0);
    assert!(ended.stdout.starts_with("a00001  would revoke  ") && ended.stdout.lines().count() == 2);
    ended.stderr_has("dry run: nothing was done, 2 certificates would be revoked");
    assert!(!server.requests().iter().any(|request| request.method != "GET" && request.path() != "/auth"));
    assert_eq!(disk(home.path()), before);
    assert!(!home.path().join(".certreq").exists());
}

#[test]
fn the_pinned_root_is_compared_first() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    issue(home.path(), &served, &["a1998e"]);
    revoke(home.path(), &served, &["cert_a1998e", "--yes", "--ca-fingerprint", &"AB".repeat(32)])
        .run()
        .exits(6)
        .stderr_has("is not the one of --ca-fingerprint");
    assert_eq!(on_record(home.path(), &served).len(), 1);
}
