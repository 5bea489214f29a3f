//! Answers of the platform, and the outcomes that the verb makes of them.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use certreq::fleet::{layout::Layout, lock::FleetLock};
use serde_json::json;

use super::{issue, on_record, revoke, revoke_at};
use crate::support::{
    forger::{self, Forger},
    held::{Held, no_record},
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    scripted::{Reply, Request, Scripted},
    terminal::certreq,
};

/// A platform that has the records of `held`, and answers deletions with `delete`.
fn platform(held: &[&Held], delete: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Scripted {
    let records: Vec<_> = held.iter().map(|held| (held.fingerprint(), held.record())).collect();
    let deletions = AtomicUsize::new(0);
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        line if line.starts_with("GET /x509/v1/certificates/") => {
            let found = records.iter().find(|(fingerprint, _)| line.ends_with(fingerprint));
            found.map_or_else(no_record, |(_, record)| Reply::json(200, record.clone()))
        }
        line if line.starts_with("DELETE ") => delete(request, deletions.fetch_add(1, Ordering::SeqCst)),
        line => panic!("unexpected request: {line}"),
    })
}

fn journal(home: &Path) -> Vec<serde_json::Value> {
    certreq(home).args(["status", "--journal", "--format", "json"]).run().exits(0).json()
}

#[test]
fn a_500_after_which_the_record_is_gone_is_never_called_done() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let (record, gone) = (held.record(), Arc::new(AtomicUsize::new(0)));
    let deleted = Arc::clone(&gone);
    let (empty, full) = (forger.revocation_list(&[]), forger.revocation_list(&[&held.certificate.serial]));
    let named = Arc::new(AtomicUsize::new(0));
    let on_list = Arc::clone(&named);
    let root = forger.ca_answer();
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => {
            let list = if on_list.load(Ordering::SeqCst) == 0 { &empty } else { &full };
            Reply::json(200, json!({ "crl": list }))
        }
        line if line.starts_with("GET ") && deleted.load(Ordering::SeqCst) > 0 => no_record(),
        line if line.starts_with("GET ") => Reply::json(200, record.clone()),
        line if line.starts_with("DELETE ") => {
            deleted.fetch_add(1, Ordering::SeqCst);
            Reply::json(500, json!({ "error": "An unexpected error has occurred." }))
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    held.put(home.path());
    let call = |more: &[&str]| {
        revoke_at(home.path(), &server.url(), &[&["cert_a1998e", "--yes"], more].concat()).run()
    };
    let ended = call(&[]).exits(5).stdout_is("");
    for words in [
        "An unexpected error has occurred; its record may be gone although it was not revoked",
        &format!("serial {}", held.certificate.serial),
        "certreq status --journal",
        "1 certificate: 1 open",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    assert_eq!(gone.load(Ordering::SeqCst), 1, "a record that is gone is not deleted again");
    let kept = journal(home.path()).pop().unwrap();
    assert_eq!(
        (&kept["event"], &kept["step"], &kept["device"]),
        (&json!("revocation"), &json!("open"), &json!("a1998e"))
    );
    assert_eq!(kept["fingerprint"], held.fingerprint());
    assert_eq!(kept["serial"], held.certificate.serial);
    certreq(home.path()).args(["status", "--journal"]).run().stdout_has("  a1998e  revocation open ");

    // Later: the record is gone, which proves nothing until the list names the certificate.
    let again = call(&["--format", "json"]).exits(5);
    assert_eq!(again.json()[0]["state"], "open");
    assert!(again.stderr.contains("1 certificate: 1 open"), "{}", again.stderr);
    named.store(1, Ordering::SeqCst);
    let found = call(&["--format", "json"]).exits(0);
    assert_eq!(found.json()[0]["state"], "revoked");
    assert_eq!(journal(home.path()).pop().unwrap()["step"], "done");
    assert_eq!(call(&["--format", "json"]).exits(0).json()[0]["state"], "gone");
}

#[test]
fn a_list_that_is_newer_than_the_attempt_settles_that_it_failed() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let (record, deletions) = (held.record(), Arc::new(AtomicUsize::new(0)));
    let deleted = Arc::clone(&deletions);
    // The platform's clock is a minute ahead of ours, so that its next list is newer than what is done now.
    let (before, after) = (forger.revocation_list(&[]), forger.later_list(time::Duration::minutes(1)));
    let list_is_new = Arc::new(AtomicUsize::new(0));
    let is_new = Arc::clone(&list_is_new);
    let root = forger.ca_answer();
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => {
            let list = if is_new.load(Ordering::SeqCst) == 0 { &before } else { &after };
            Reply::json(200, json!({ "crl": list }))
        }
        line if line.starts_with("GET ") && deleted.load(Ordering::SeqCst) > 0 => no_record(),
        line if line.starts_with("GET ") => Reply::json(200, record.clone()),
        line if line.starts_with("DELETE ") => {
            deleted.fetch_add(1, Ordering::SeqCst);
            Reply::json(500, json!({ "error": "An unexpected error has occurred." }))
        }
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    held.put(home.path());
    let call = || revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes", "--format", "json"]).run();
    assert_eq!(call().exits(5).json()[0]["state"], "open");
    assert_eq!(call().exits(5).json()[0]["state"], "open", "the list is older than the attempt");
    list_is_new.store(1, Ordering::SeqCst);
    for _ in 0..2 {
        let ended = call().exits(1);
        let line = &ended.json()[0];
        assert_eq!(line["state"], "failed", "{line}");
        let said = format!("{}{}", line["error"]["message"], line["error"]["hint"]);
        assert!(said.contains("it was NOT revoked"), "{said}");
        let next = format!("have serial {} revoked at the CA, CN=the root", held.certificate.serial);
        assert!(said.contains(&next), "{said}");
    }
    assert_eq!(deletions.load(Ordering::SeqCst), 1, "there is nothing left to be asked for");
}

#[test]
fn a_lost_answer_is_settled_by_the_list_of_the_platform() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    issue(home.path(), &served, &["a1998e"]);
    // The record, then the deletion, whose answer is lost.
    let proxy = Proxy::start(&served.url, |kind, number| {
        (kind == Kind::Other && number == 1).then_some(Fault::CutAfter)
    });
    let secret = served.secret_file();
    let call = || {
        certreq(home.path())
            .args([
                "revoke",
                "cert_a1998e",
                "--yes",
                "-h",
                proxy.url(),
                "-u",
                "admin",
                "--secret-file",
                &secret,
            ])
            .run()
    };
    call().exits(5).stderr_has("broke off");
    assert_eq!(on_record(home.path(), &served).len(), 0);
    call().exits(0).stdout_has("a1998e  revoked  ").stderr_has("the revocation list names it");
}

#[test]
fn a_500_that_left_the_record_is_tried_again() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let home = workplace();
    held.put(home.path());
    let server =
        platform(&[&held], |_, number| if number == 0 { Reply::status(500) } else { Reply::status(204) });
    revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes"])
        .run()
        .exits(0)
        .stdout_has("a1998e  revoked");
    let steps: Vec<_> = journal(home.path()).iter().map(|line| line["step"].clone()).collect();
    assert_eq!(steps, ["asked", "done"]);
    let never = platform(&[&held], |_, _| Reply::status(500));
    revoke_at(home.path(), &never.url(), &["cert_a1998e", "--yes", "--retries", "1"])
        .run()
        .exits(5)
        .stderr_has("the record still exists");
    assert_eq!(journal(home.path()).pop().unwrap()["step"], "refused");
}

#[test]
fn an_overloaded_platform_is_asked_again_after_the_time_it_wants() {
    let forger = Forger::new("the root");
    let held = [Held::new(&forger, "a1998e"), Held::new(&forger, "b2c3d4")];
    let home = workplace();
    for held in &held {
        held.put(home.path());
    }
    let server = platform(&[&held[0], &held[1]], |_, number| match number {
        0 => Reply::status(503).header("retry-after", "1"),
        _ => Reply::status(204),
    });
    let ended = revoke_at(home.path(), &server.url(), &["cert_a1998e", "cert_b2c3d4", "--yes"]).run().exits(0);
    assert_eq!(ended.stdout.lines().count(), 2);
}

#[test]
fn some_done_and_some_not_is_exit_3_and_each_has_its_line() {
    let forger = Forger::new("the root");
    let held = [Held::new(&forger, "a1998e"), Held::new(&forger, "b2c3d4")];
    let home = workplace();
    for held in &held {
        held.put(home.path());
    }
    let refused = held[1].fingerprint();
    let server = platform(&[&held[0], &held[1]], move |request, _| {
        if request.path().ends_with(&refused) {
            Reply::json(409, json!({ "error": "It is in use." }))
        } else {
            Reply::status(204)
        }
    });
    let ended =
        revoke_at(home.path(), &server.url(), &["cert_a1998e", "cert_b2c3d4", "--yes", "--format", "json"])
            .run()
            .exits(3);
    let mut states: Vec<_> = ended
        .json()
        .iter()
        .map(|line| (line["device"].to_string(), line["state"].to_string(), line["error"]["code"].as_u64()))
        .collect();
    states.sort();
    assert_eq!(
        states,
        [
            ("\"a1998e\"".to_owned(), "\"revoked\"".to_owned(), None),
            ("\"b2c3d4\"".to_owned(), "\"failed\"".to_owned(), Some(1))
        ]
    );
}

#[test]
fn unlinking_takes_only_the_owner_away() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    issue(home.path(), &served, &["a1998e"]);
    revoke(home.path(), &served, &["cert_a1998e", "--unlink", "--yes"])
        .run()
        .exits(0)
        .stdout_has("a1998e  unlinked");
    let listed = certreq(home.path())
        .args(["list", "--orphans", "--format", "json"])
        .args(served.login())
        .run()
        .exits(0);
    assert_eq!(listed.json().len(), 1);
    assert_eq!(listed.json()[0]["state"], "valid");
    revoke(home.path(), &served, &["cert_a1998e", "--unlink", "--yes"])
        .run()
        .exits(0)
        .stdout_has("a1998e  has no owner");
    revoke(home.path(), &served, &["cert_a1998e", "--yes"]).run().exits(0).stdout_has("a1998e  revoked");
}

#[test]
fn a_directory_in_which_somebody_works_is_left_alone() {
    let forger = Forger::new("the root");
    let held = Held::new(&forger, "a1998e");
    let home = workplace();
    held.put(home.path());
    let server = platform(&[&held], |_, _| Reply::status(204));
    let lock = FleetLock::take(&Layout::new(home.path()), false).unwrap();
    revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes"])
        .run()
        .exits(6)
        .stderr_has("another certreq is working in");
    assert!(!server.requests().iter().any(|request| request.method == "DELETE"));
    drop(lock);
    revoke_at(home.path(), &server.url(), &["cert_a1998e", "--yes"]).run().exits(0);
}

#[test]
fn the_authority_in_this_process_says_it_at_once() {
    let home = workplace();
    certreq(home.path()).args(["issue", "--authority", "ca-here", "-i", "a1998e,b2c3d4"]).run().exits(0);
    certreq(home.path())
        .args(["revoke", "cert_a1998e", "--yes", "--authority", "ca-here"])
        .run()
        .exits(0)
        .stdout_has("a1998e  revoked")
        .stderr_has("the revocation list has them from now on")
        .stderr_has("certreq ca crl --authority");
    let listed =
        certreq(home.path()).args(["list", "--authority", "ca-here", "--format", "json"]).run().exits(0);
    assert_eq!(listed.json().len(), 1);
    assert_eq!(listed.json()[0]["device"], "b2c3d4");
    let without = certreq(home.path())
        .args(["devices", "--without-certificate", "--authority", "ca-here"])
        .run()
        .exits(0);
    assert!(without.stdout.contains("a1998e") && !without.stdout.contains("b2c3d4"), "{}", without.stdout);
    for verb in [&["list"][..], &["devices"], &["revoke", "a1998e", "--yes"]] {
        certreq(home.path())
            .args(verb)
            .args(["--authority", "nothing-here"])
            .run()
            .exits(1)
            .stderr_has("there is no authority in nothing-here");
    }
    assert!(!home.path().join("nothing-here").exists(), "nothing is founded by looking");
}

#[test]
fn an_interrupt_lets_what_is_in_flight_end_and_begins_nothing_new() {
    let forger = Forger::new("the root");
    let held = [Held::new(&forger, "a1998e"), Held::new(&forger, "b2c3d4")];
    let home = workplace();
    for held in &held {
        held.put(home.path());
    }
    let (asked, seen) = std::sync::mpsc::channel();
    let server = platform(&[&held[0], &held[1]], move |_, _| {
        asked.send(()).unwrap();
        Reply::hang()
    });
    let args = ["cert_a1998e", "cert_b2c3d4", "--yes", "--jobs", "1", "--timeout", "3s", "--format", "json"];
    let mut command = revoke_at(home.path(), &server.url(), &args).into_command();
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    seen.recv().unwrap();
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let lines: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let states: Vec<_> = lines.iter().map(|line| line["state"].as_str().unwrap()).collect();
    // Without the stop it would be tried again: its record is still there.
    assert_eq!(states, ["interrupted", "not_reached"], "{said}");
    assert!(said.contains("2 certificates: 1 interrupted, 1 not reached (by "), "{said}");
    assert!(
        said.contains("run the same command again for those that were interrupted or not reached"),
        "{said}"
    );
    assert_eq!(server.requests().iter().filter(|request| request.method == "DELETE").count(), 1);
    let steps: Vec<_> = journal(home.path()).iter().map(|line| line["step"].clone()).collect();
    assert_eq!(steps, ["asked", "asked", "refused", "refused"]);
}
