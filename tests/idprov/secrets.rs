//! Work of operators with secrets.

use std::fs;

use tempfile::TempDir;

use super::{
    SECRET,
    hub::{Hub, issue, secret_file},
    python::{self, Server},
};
use crate::support::{
    terminal::certreq,
    tools::{accepts_pair, mode},
};

#[test]
fn secrets_are_made_written_for_their_owner_alone_and_shown_only_when_asked() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let made = hub.oob(at, &["add", "dev1", "AA:BB:CC:DD:EE:FF", "--generate", "new.csv"]).run().exits(0);
    assert_eq!(mode(&at.join("new.csv")), 0o600);
    let text = fs::read_to_string(at.join("new.csv")).unwrap();
    let secret = text.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    assert!(secret.len() >= 26 && !made.stdout.contains(secret) && !made.stderr.contains(secret));
    certreq(at).args(["issue", "--idprov", &hub.place, "--oob-secrets", "new.csv"]).run().exits(0);
    accepts_pair(at, "dev1");
    hub.oob(at, &["add", "dev2", "--generate", "new.csv"]).run().exits(1).stderr_has("does not exist yet");
    let shown = hub.oob(at, &["add", "dev2", "--generate", "two.csv", "--show", "qr"]).run().exits(0);
    assert!(shown.stdout.contains('█'), "{}", shown.stdout);
    let shown = hub.oob(at, &["add", "dev3", "--generate", "three.csv", "--show", "text"]).run().exits(0);
    let text = fs::read_to_string(at.join("three.csv")).unwrap();
    shown.stdout_has(text.lines().nth(1).unwrap().trim_end_matches(','));
    // At rest they are encrypted.
    let database = fs::read(hub.authority().join("authority.db")).unwrap();
    let log = fs::read(hub.authority().join("authority.db-wal")).unwrap_or_default();
    let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    assert!(!holds(&database) && !holds(&log) && !hub.log().contains(secret));
    assert_eq!(mode(&hub.authority().join("idprov.key")), 0o600);
    assert_eq!(mode(&hub.operator().join("admin.key")), 0o600);
}

#[test]
fn secrets_come_in_bulk_are_listed_and_taken_back() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let json = format!(
        r#"[{{"deviceID":"dev1","oobSecret":"{SECRET}","validUntil":"2099-01-01"}},
            {{"deviceID":"dev2","oobSecret":"{SECRET}"}}]"#
    );
    secret_file(at, "devices.json", &json);
    hub.oob(at, &["add", "--from", "devices.json"]).run().exits(0).stderr_has("2 secrets added");
    let listed = hub.oob(at, &["list", "--format", "json"]).run().exits(0);
    assert!(!listed.stdout.contains(SECRET));
    let entries = listed.json();
    assert_eq!(entries[0]["valid_until"], "2099-01-01T23:59:59Z");
    assert_eq!(entries[1]["state"], "unused");
    hub.oob(at, &["remove", "dev1", "dev9"]).run().exits(3).stdout_has("dev1  secret removed");
    issue(at, &hub.place, "dev1", SECRET).run().exits(5);
    issue(at, &hub.place, "dev2", SECRET).run().exits(0);
    hub.oob(at, &["add", "dev3", "--valid-for", "1h", "--oob-secret-file", "-"]).stdin(SECRET).run().exits(0);
    secret_file(at, "bad.csv", "id,secret\n../x,a\n");
    hub.oob(at, &["add", "--from", "bad.csv"]).run().exits(2).stderr_has("line 2");
}

#[test]
fn a_server_that_only_takes_secrets_says_so() {
    let Some(python) = python::here() else { return };
    let server = Server::start(python, "dev1", &["refuses"]);
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let file = |name: &str| hub.operator().join(name).display().to_string();
    let ended = certreq(dir.path())
        .args(["oob", "remove", "dev1", "--idprov", &server.place, "--cacert", &server.root()])
        .args(["--cert", &file("admin.pem"), "--key", &file("admin.key")])
        .run();
    assert_ne!(ended.code, 0);
}

#[test]
fn the_operators_certificate_stays_while_it_is_good_and_is_made_again_when_it_is_gone() {
    let hub = Hub::start(&[]);
    let file = hub.operator().join("admin.pem");
    let first = fs::read_to_string(&file).unwrap();
    let hub = Hub::start_in(hub.kill(), &[]);
    let file = hub.operator().join("admin.pem");
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    fs::remove_file(hub.operator().join("admin.key")).unwrap();
    let hub = Hub::start_in(hub.kill(), &[]);
    assert_ne!(fs::read_to_string(hub.operator().join("admin.pem")).unwrap(), first);
    let dir = TempDir::new().unwrap();
    hub.knows(dir.path(), "dev1", SECRET);
}
