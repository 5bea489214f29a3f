//! Both sides beside programs of other authors.

use std::fs;

use tempfile::TempDir;

use super::{
    SECRET,
    hub::{Hub, issue, openssl},
    python::{self, Server, client},
};
use crate::support::{
    terminal::certreq,
    tools::{accepts_pair, mode},
};

#[test]
fn a_client_in_python_provisions_itself_renews_and_asks_for_its_own_status_only() {
    let Some(python) = python::here() else { return };
    let hub = Hub::start(&["--idprov-service", "mqtts=tls://hub.example:8884"]);
    let (device, dir) = ("AA:BB:CC:DD:EE:FF", TempDir::new().unwrap());
    let (place, at) = (hub.place.as_str(), dir.path().to_str().unwrap());
    let directory = client(python, place, &["directory"]);
    assert!(directory.contains(r#""services": {"mqtts": "tls://hub.example:8884"}"#), "{directory}");
    assert_eq!(client(python, place, &["provision", at, device, SECRET]), "Waiting");
    let operator = hub.operator().display().to_string();
    assert_eq!(client(python, place, &["secret", &operator, device, SECRET]), "200 b''");
    assert_eq!(client(python, place, &["provision", at, device, "another secret"]), "Rejected");
    assert_eq!(client(python, place, &["provision", at, device, SECRET]), "Approved");
    let first = fs::read_to_string(dir.path().join("cert.pem")).unwrap();
    // The answer was lost: the same key gets the same certificate, and another key none.
    assert_eq!(client(python, place, &["provision", at, device, SECRET]), "Approved");
    assert_eq!(fs::read_to_string(dir.path().join("cert.pem")).unwrap(), first);
    let elsewhere = TempDir::new().unwrap();
    let there = elsewhere.path().to_str().unwrap();
    assert_eq!(client(python, place, &["provision", there, device, SECRET]), "Waiting");
    assert_eq!(client(python, place, &["renew", at, device]), "Approved");
    assert_ne!(fs::read_to_string(dir.path().join("cert.pem")).unwrap(), first);
    assert_eq!(client(python, place, &["ask", at, "other"]), "Waiting", "its certificate is its own");
    assert_eq!(client(python, place, &["status", at, device]), "200 Approved");
    assert!(client(python, place, &["status", at, "other"]).starts_with("403 "));
    assert_eq!(hub.rows("SELECT device FROM certificates WHERE device IS NOT NULL"), [device, device]);
    assert!(hub.log().contains(r#"decision="rejected: wrong signature" device=AA:BB:CC:DD:EE:FF"#));
    assert!(!hub.log().contains(SECRET));
}

#[test]
fn operators_in_python_are_told_what_is_wrong() {
    let Some(python) = python::here() else { return };
    let hub = Hub::start(&[]);
    let operator = hub.operator().display().to_string();
    let secret =
        |device: &str, until: &str| client(python, &hub.place, &["secret", &operator, device, SECRET, until]);
    assert_eq!(secret("dev1", "2099-01-01"), "200 b''");
    assert_eq!(secret("dev1", "2099-01-01T10:00:00+02:00"), "200 b''");
    assert!(secret("dev1", "2001-01-01").starts_with("400 ") && secret("dev1", "soon").starts_with("400 "));
    for id in ["a/b", "..", "a\u{1b}b", "жж", &"x".repeat(300)] {
        assert!(secret(id, "").starts_with("400 "), "{id:?}");
    }
    let raw = |args: &[&str]| client(python, &hub.place, &[&["raw"], args].concat());
    let body = r#"{"deviceID":"dev1","oobSecret":"x"}"#;
    assert!(raw(&["POST", "/idprov/oobsecret", body]).starts_with("403 "));
    assert!(raw(&["POST", "/idprov/directory", "{}"]).starts_with("405 "));
    assert!(raw(&["GET", "/idprov/provreq"]).starts_with("405 "));
    assert!(raw(&["GET", "/idprov/status/dev1"]).starts_with("403 "));
    assert!(raw(&["GET", "/nothing"]).starts_with("404 "));
    for body in ["", "[]", "{", r#"{"deviceID":"dev1","ip":"","publicKeyPEM":"x"}"#, "<html>"] {
        let answer = raw(&["POST", "/idprov/provreq", body]);
        assert!(answer.starts_with("400 ") && answer.contains(r#""code":"invalid""#), "{body}: {answer}");
    }
    assert!(raw(&["POST", "/idprov/provreq", &"x".repeat(20_000)]).starts_with("413 "));
    for (kind, said) in
        [("p384", "200 Waiting"), ("rsa", "400"), ("ed25519", "400"), ("p521", "400"), ("off", "400")]
    {
        let answer = client(python, &hub.place, &["key", kind, &operator, "dev2", SECRET]);
        assert!(answer.starts_with(said), "{kind}: {answer}");
    }
}

#[test]
fn certreq_provisions_itself_and_renews_at_a_server_in_python_whatever_its_directory_looks_like() {
    let Some(python) = python::here() else { return };
    for behaviours in [&[][..], &["pem"], &["absolute"], &["pem", "absolute", "waits=1"]] {
        let server = Server::start(python, "dev1", behaviours);
        let dir = TempDir::new().unwrap();
        let ended = issue(dir.path(), &server.place, "dev1", SECRET).args(["--wait-for", "60s"]).run().exits(0);
        ended.stdout_has("dev1  issued");
        accepts_pair(dir.path(), "dev1");
        let services = fs::read_to_string(dir.path().join("cert_dev1/services.json")).unwrap();
        assert_eq!(services, "{\n  \"mqtts\": \"tls://127.0.0.1:8884\"\n}\n");
        certreq(dir.path())
            .args(["renew", "--all", "--idprov", &server.place])
            .run()
            .exits(0)
            .stdout_has("renewed");
        accepts_pair(dir.path(), "dev1");
        assert!(dir.path().join("cert_dev1/services.json").exists());
        let did = server.ends();
        let asked: Vec<&String> = did.iter().filter(|line| !line.starts_with("GET")).collect();
        let expected = ["Approved dev1 by secret", "Approved dev1 by certificate"];
        assert_eq!(asked[asked.len() - 2..], expected, "{behaviours:?}");
    }
}

#[test]
fn a_server_without_a_root_in_its_directory_is_believed_by_the_one_that_is_given() {
    let Some(python) = python::here() else { return };
    let server = Server::start(python, "dev1", &["null"]);
    let dir = TempDir::new().unwrap();
    let ended = issue(dir.path(), &server.place, "dev1", SECRET).run().exits(6);
    ended.stderr_has("has no root certificate").stderr_has("--cacert");
    python::nothing_was_written(dir.path());
    issue(dir.path(), &server.place, "dev1", SECRET).args(["--cacert", &server.root()]).run().exits(0);
    accepts_pair(dir.path(), "dev1");
}

#[test]
fn a_pair_of_certreq_is_openssls_and_its_directory_is_safe_and_named_back() {
    let hub = Hub::start(&["--idprov-service", "mqtts=tls://127.0.0.1:1"]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    for (id, name, san) in [
        ("AA:BB:CC:DD:EE:FF", "cert_AA_3aBB_3aCC_3aDD_3aEE_3aFF", "URI:idprov:AA:BB:CC:DD:EE:FF"),
        ("sensor-7.example.org", "cert_sensor-7_2eexample_2eorg", "DNS:sensor-7.example.org"),
    ] {
        hub.knows(at, id, SECRET);
        issue(at, &hub.place, id, SECRET).run().exits(0).stdout_has(&format!("{name}/"));
        let cert = format!("{name}/cert.pem");
        assert_eq!(openssl(at, &["verify", "-CAfile", "ca/ca.pem", &cert]), format!("{cert}: OK\n"));
        assert!(openssl(at, &["x509", "-in", &cert, "-noout", "-ext", "subjectAltName"]).contains(san));
        assert_eq!(mode(&at.join(name).join("private.key")), 0o600);
        certreq(at)
            .args(["whoami", name])
            .run()
            .exits(0)
            .stdout_has(&format!("id: {id}\n"))
            .stdout_has("mqtts: tls://127.0.0.1:1");
        certreq(at).args(["verify", name]).run().exits(0);
    }
    certreq(at).args(["status"]).run().exits(0).stdout_has("AA:BB:CC:DD:EE:FF");
    certreq(at)
        .args(["renew", "--all", "--idprov", &hub.place, "-i", "AA:BB:CC:DD:EE:FF"])
        .run()
        .exits(0)
        .stdout_has("AA:BB:CC:DD:EE:FF  renewed");
    for id in ["a/b", "..", "a\u{1b}[2Jb", "жж", &"x".repeat(300)] {
        let ended = issue(at, &hub.place, id, SECRET).run().exits(2);
        assert!(!ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
    }
    certreq(at).args(["issue", "--local", "-i", "a.b"]).run().exits(2).stderr_has("only letters, digits and -");
}
