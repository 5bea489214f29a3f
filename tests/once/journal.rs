//! `certreq status --journal`: every certificate this directory ever asked for.

use std::fs;

use serde_json::json;

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    scripted::{Reply, Scripted},
    terminal::certreq,
};

#[test]
fn it_tells_what_became_of_every_key() {
    let served = Served::with_devices(&["a1998e", "b2c3d4"]);
    let proxy = Proxy::start(&served.url, |kind, number| match (kind, number) {
        (Kind::Sign, 0) => Some(Fault::CutAfter),
        (Kind::Certificates, _) => Some(Fault::CutBefore),
        _ => None,
    });
    let home = workplace();
    let issue = |url: &str, id: &str| {
        certreq(home.path())
            .args([
                "-h",
                url,
                "-u",
                "admin",
                "--secret-file",
                &served.secret_file(),
                "--retries",
                "0",
                "-i",
                id,
            ])
            .run()
    };
    let journal = |more: &[&str]| certreq(home.path()).args(["status", "--journal"]).args(more).run().exits(0);
    journal(&[]).stdout_is("").stderr_has("the journal is empty");
    issue(proxy.url(), "a1998e").exits(5);
    journal(&[])
        .stdout_has("  a1998e  unanswered: could not get a certificate for a1998e")
        .stdout_has("  key ");
    issue(&served.url, "a1998e,b2c3d4").exits(0);
    let lines = journal(&["--format", "json"]).json();
    assert_eq!(lines.len(), 2, "one line a certificate after a complete run: {lines:?}");
    for line in &lines {
        assert_eq!((&line["schema"], &line["event"]), (&json!("certreq.journal/1"), &json!("published")));
        assert!(line["fingerprint"].is_string() && line["serial"].is_string() && line["key"].is_string());
    }
    issue(&served.url, "nobody").exits(1);
    journal(&[]).stdout_has("  nobody  refused: ").stdout_has("(request id ");
}

#[test]
fn a_damaged_one_is_shown_as_far_as_it_goes_and_stops_a_run_before_anything_is_asked_for() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c4d5e6"]);
    let home = workplace();
    let issue = |ids: &str| {
        certreq(home.path())
            .args(["-h", &served.url, "-u", "admin", "--secret-file", &served.secret_file(), "-i", ids])
            .run()
    };
    issue("a1998e,b2c3d4").exits(0);
    let path = home.path().join(".certreq/journal");
    let whole = fs::read_to_string(&path).unwrap();
    let (first, second) = whole.split_once('\n').unwrap();
    fs::write(&path, format!("{first}\nx{second}{first}\n")).unwrap();
    issue("c4d5e6").exits(6).stderr_has("line 2 is damaged").stderr_has("move it away");
    assert!(!home.path().join("cert_c4d5e6").exists());
    let ended = certreq(home.path()).args(["status", "--journal"]).run().exits(1);
    assert_eq!(ended.stdout.lines().count(), 1);
    assert!(
        ended.stderr.contains("line 2 is damaged; only the entries before it are shown"),
        "{}",
        ended.stderr
    );
    fs::remove_file(&path).unwrap();
    issue("c4d5e6").exits(0);
}

#[test]
fn a_second_certificate_for_a_key_is_accounted_for_and_told() {
    let forger = Forger::new("the root");
    let records = std::sync::Mutex::new(Vec::<serde_json::Value>::new());
    let server = Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" => {
            // As a gateway does that sends a request twice.
            for _ in 0..2 {
                let pem = forger.sign(request.json()["csr"].as_str().unwrap(), &Wish::default());
                records.lock().unwrap().push(json!({"pem": pem, "belongsTo": {"device": "a1998e"},
                    "fingerprint": signed_answer(&pem)["certificateFingerprint"]}));
            }
            Reply::cut()
        }
        "GET /x509/v1/certificates" => {
            let records = records.lock().unwrap().clone();
            Reply::json(
                200,
                json!({"paging": {"totalItems": records.len(), "totalPages": 1},
                "certificates": records}),
            )
        }
        line if line.starts_with("DELETE /x509/v1/certificates/") => Reply::status(204),
        line => panic!("unexpected request: {line}"),
    });
    let home = workplace();
    let ended = certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin", "-i", "a1998e"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(0)
        .stdout_has("a1998e  recovered")
        .stderr_has("a1998e: the platform had one more certificate for its key")
        .stderr_has("a1998e: the platform has 1 more certificate for this key that no device uses: ");
    let journal = certreq(home.path()).args(["status", "--journal"]).run().exits(0);
    let surplus = ended.stderr.split("no device uses: ").nth(1).unwrap().lines().next().unwrap();
    assert!(journal.stdout.contains(&format!("a1998e  surplus {surplus}")), "{}", journal.stdout);
    assert!(journal.stdout.contains(&format!("a1998e  revoked {surplus}")), "{}", journal.stdout);
    assert_eq!(journal.stdout.lines().count(), 3, "{}", journal.stdout);
}
