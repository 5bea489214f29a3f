//! `ca crl`: only a verified list reaches the disk, and never an older one over a newer one.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::found;
use crate::support::{
    forger::{self, Forger},
    platform::{Served, text, workplace},
    scripted::{Reply, Scripted},
    terminal::certreq,
    tools::openssl,
};
use serde_json::json;

#[test]
fn the_list_is_written_once_and_a_broker_can_read_it() {
    let home = workplace();
    found(home.path(), "lab");
    let crl =
        || certreq(home.path()).args(["ca", "crl", "--authority", "lab", "--dir", "fleet"]).run().exits(0);
    crl().stdout_has("written");
    let checked = openssl(
        home.path(),
        &["crl", "-in", "fleet/ca/crl.pem", "-CAfile", "fleet/ca/ca.pem", "-noout", "-text"],
    );
    assert!(checked.contains("CRL Number"), "{checked}");
    crl().stdout_has("unchanged");
}

#[test]
fn an_older_list_and_anothers_list_do_not_replace_the_one_on_disk() {
    let forger = Forger::new("the root");
    let (root, answer) = (forger.root.to_pem(), forger.ca_answer());
    let held = forger.list(7);
    let cases = [
        (Forger::new("the root").list(9), 6, "is not its own"),
        (forger.list(6), 6, "is older (number 6) than the one here (number 7)"),
        (held.clone(), 0, ""),
        (forger.list(8), 0, ""),
    ];
    for (list, code, words) in cases {
        let home = workplace();
        fs::create_dir_all(home.path().join("ca")).unwrap();
        fs::write(home.path().join("ca/ca.pem"), &root).unwrap();
        fs::write(home.path().join("ca/crl.pem"), &held).unwrap();
        let (answer, offered) = (answer.clone(), list.clone());
        let server = Scripted::start(move |request| match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
            "GET /x509/v1/ca" => Reply::json(200, answer.clone()),
            "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": offered.trim_end() })),
            line => panic!("unexpected request: {line}"),
        });
        let ended = certreq(home.path())
            .args(["ca", "crl", "-h", &server.url(), "-u", "admin"])
            .env("CERTREQ_SECRET", "right")
            .run()
            .exits(code)
            .stderr_has(words);
        let expected = if code == 0 { &list } else { &held };
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lines(&text(home.path(), "ca/crl.pem")), lines(expected), "{}", ended.stderr);
    }
}

#[test]
fn a_watch_writes_the_next_list_and_ends_in_order_when_asked() {
    let served = Served::start(&["--crl-lifetime", "3s"]);
    let home = workplace();
    let mut child = certreq(home.path())
        .args(["ca", "crl", "--watch"])
        .args(served.login())
        .into_command()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("written"), "{first}");
    let second = lines.next().unwrap().unwrap();
    assert!(second.contains("crl.pem"), "{second}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(text(home.path(), "ca/crl.pem").contains("BEGIN X509 CRL"));
}

#[test]
fn a_watch_that_fails_keeps_the_list_says_so_and_goes_on() {
    let forger = Forger::new("the root");
    let home = workplace();
    fs::create_dir_all(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    let held = forger.list(7);
    fs::write(home.path().join("ca/crl.pem"), &held).unwrap();
    let (answer, next, asked) = (forger.ca_answer(), forger.list(8), AtomicUsize::new(0));
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, answer.clone()),
        "GET /x509/v1/ca/crl" if asked.fetch_add(1, Ordering::SeqCst) == 0 => Reply::html(200, "<html></html>"),
        "GET /x509/v1/ca/crl" => Reply::json(200, json!({ "crl": next.trim_end() })),
        line => panic!("unexpected request: {line}"),
    });
    let mut child = certreq(home.path())
        .args(["ca", "crl", "--watch", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let warned = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(warned.contains("the list on disk is kept, next try in"), "{warned}");
    assert_eq!(text(home.path(), "ca/crl.pem"), held);
    let said = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(said.contains("written  number 8"), "{said}");
    assert_ne!(text(home.path(), "ca/crl.pem"), held);
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
