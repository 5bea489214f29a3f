//! Servers that are broken, lie, or belong to another operator.

use tempfile::TempDir;

use super::{
    SECRET,
    hub::{Hub, issue},
    python::{self, Server, nothing_was_written},
};
use crate::support::{
    port::Port,
    terminal::{Ended, certreq},
    tools::accepts_pair,
};

/// The end of one run against a server of this behaviour; no file is written.
fn meets(behaviours: &[&str], more: &[&str]) -> Option<Ended> {
    let python = python::here()?;
    let server = Server::start(python, "dev1", behaviours);
    let dir = TempDir::new().unwrap();
    let ended = issue(dir.path(), &server.place, "dev1", SECRET).args(["--retries", "0"]).args(more).run();
    nothing_was_written(dir.path());
    Some(ended)
}

#[test]
fn a_directory_that_is_none_is_named() {
    for (behaviour, code, words) in [
        ("version2", 1, "version \"2\""),
        ("html", 1, "not an IDProv directory"),
        ("endless", 1, "more than 1 MiB"),
    ] {
        let Some(ended) = meets(&[behaviour], &[]) else { return };
        ended.exits(code).stderr_has(words);
    }
}

#[test]
fn nothing_is_written_before_an_answer_is_signed_with_the_secret_of_the_device() {
    for (behaviours, words) in [
        (&["wrongkey"][..], "without a signature by the device"),
        (&["unsigned"], "without a signature by the device"),
        // Its answer looks good, and its root leads to no certificate of its own.
        (&["otherroot"], "certificate"),
    ] {
        let Some(ended) = meets(behaviours, &[]) else { return };
        assert!([5, 6].contains(&ended.code), "{behaviours:?}: {}", ended.stderr);
        ended.stderr_has(words);
    }
}

#[test]
fn a_certificate_that_begins_tomorrow_is_not_taken_and_the_clocks_are_named() {
    let Some(ended) = meets(&["ahead"], &[]) else { return };
    ended.exits(6).stderr_has("not valid before");
}

#[test]
fn a_certificate_that_has_ended_opens_no_door() {
    let Some(python) = python::here() else { return };
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let key = hub.authority().join("ca.key").display().to_string();
    let root = hub.operator().join("ca.pem").display().to_string();
    let args = ["expired", dir.path().to_str().unwrap(), &key, &root, "dev1"];
    assert_eq!(python::client(python, &hub.place, &args), "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_certificate_of_the_platform_makes_an_operator() {
    let hub = Hub::start(&["--register", "dev1"]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let request =
        ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "k"];
    super::hub::openssl(at, &[&request[..], &["-out", "r", "-subj", "/O=WoST/OU=admin/CN=dev1"]].concat());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let login = serde_json::json!({ "username": "admin", "passwd": crate::support::platform::SECRET });
    let answer = client.post(format!("{}/auth", hub.url)).json(&login).send().await.unwrap();
    let token = answer.json::<serde_json::Value>().await.unwrap()["jwt"].as_str().unwrap().to_owned();
    let csr = std::fs::read_to_string(at.join("r")).unwrap();
    let body = serde_json::json!({ "csr": csr.trim_end() });
    let signed = client.post(format!("{}/x509/v1/certificates", hub.url)).bearer_auth(token).json(&body);
    let signed = signed.send().await.unwrap().json::<serde_json::Value>().await.unwrap();
    std::fs::write(at.join("c"), signed["certificatePem"].as_str().unwrap()).unwrap();
    assert!(super::hub::openssl(at, &["x509", "-in", "c", "-noout", "-subject"]).contains("OU = admin"));
    let root = hub.operator().join("ca.pem").display().to_string();
    certreq(at)
        .args(["oob", "list", "--idprov", &hub.place, "--cacert", &root, "--cert", "c", "--key", "k"])
        .run()
        .exits(4);
}

#[test]
fn a_replayed_answer_is_for_another_key() {
    let Some(ended) = meets(&["replay"], &[]) else { return };
    ended.exits(6).stderr_has("another key");
}

#[test]
fn a_server_that_rejects_or_breaks_down_has_its_own_exit_code() {
    let Some(ended) = meets(&["rejects"], &[]) else { return };
    ended.exits(4).stderr_has("rejected dev1");
    let Some(ended) = meets(&["refuses"], &[]) else { return };
    ended.exits(5).stderr_has("the store is broken");
}

#[test]
fn a_server_that_disappears_while_a_device_waits_is_out_of_reach() {
    let Some(ended) = meets(&["waits=1", "vanishes"], &["--wait-for", "1m"]) else { return };
    ended.exits(5);
}

#[test]
fn a_pinned_root_is_required_and_so_is_the_one_on_disk() {
    let Some(python) = python::here() else { return };
    let other = "00:".repeat(31) + "00";
    let Some(ended) = meets(&[], &["--ca-fingerprint", &other]) else { return };
    ended.exits(6).stderr_has("has the fingerprint 00:00").stderr_has("ask its operator");
    // A fleet that trusts one server is not talked over by another of the same name.
    let (first, second) = (Server::start(python, "dev1", &[]), Server::start(python, "dev2", &[]));
    let dir = TempDir::new().unwrap();
    issue(dir.path(), &first.place, "dev1", SECRET).run().exits(0);
    let before = std::fs::read_to_string(dir.path().join("ca/ca.pem")).unwrap();
    let ended = issue(dir.path(), &second.place, "dev2", SECRET).args(["--retries", "0"]).run();
    assert!([5, 6].contains(&ended.code), "{}", ended.stderr);
    assert!(!dir.path().join("cert_dev2").exists());
    assert_eq!(std::fs::read_to_string(dir.path().join("ca/ca.pem")).unwrap(), before);
    assert!(second.ends().iter().all(|line| line.starts_with("GET")), "it was asked for nothing");
    accepts_pair(dir.path(), "dev1");
}

#[test]
fn a_server_that_is_not_there_is_out_of_reach() {
    let port = Port::reserve();
    let dir = TempDir::new().unwrap();
    let place = format!("127.0.0.1:{}", port.number);
    issue(dir.path(), &place, "dev1", SECRET)
        .args(["--retries", "0"])
        .run()
        .exits(5)
        .stderr_has("no connection");
    nothing_was_written(dir.path());
}

#[test]
fn places_that_contradict_each_other_and_secrets_of_nobody_are_wrong_usage() {
    let dir = TempDir::new().unwrap();
    let typed = |args: &[&str]| certreq(dir.path()).args(["issue"]).args(args).run().exits(2);
    typed(&["--idprov", "hub", "-h", "host", "-i", "a"]).stderr_has("cannot be combined");
    typed(&["--idprov", "hub", "--local", "-i", "a"]).stderr_has("cannot be combined");
    typed(&["--idprov", "http://hub", "-i", "a"]).stderr_has("needs TLS");
    super::hub::secret_file(dir.path(), "s", SECRET);
    typed(&["--idprov", "hub", "-i", "a,b", "--oob-secret-file", "s"]).stderr_has("--oob-secrets FILE");
    typed(&["--idprov", "hub", "--oob-secrets", "s"]).stderr_has("columns id and secret");
}

#[test]
fn a_weak_secret_is_called_one() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    hub.oob(dir.path(), &["add", "dev1", "--oob-secret-file", "-"])
        .stdin("12345678")
        .run()
        .exits(0)
        .stderr_has("can be guessed");
    issue(dir.path(), &hub.place, "dev1", "12345678").run().exits(0).stderr_has("can be guessed");
}

#[test]
fn secrets_go_to_no_server_whose_root_is_not_known() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let file = |name: &str| hub.operator().join(name).display().to_string();
    certreq(dir.path())
        .args(["oob", "add", "dev1", "--oob-secret-file", "-", "--idprov", &hub.place])
        .args(["--cert", &file("admin.pem"), "--key", &file("admin.key")])
        .stdin(SECRET)
        .run()
        .exits(6)
        .stderr_has("--ca-fingerprint");
    // A device's certificate is no operator's.
    hub.knows(dir.path(), "dev1", SECRET);
    issue(dir.path(), &hub.place, "dev1", SECRET).run().exits(0);
    certreq(dir.path())
        .args(["oob", "list", "--idprov", &hub.place, "--cacert", "ca/ca.pem"])
        .args(["--cert", "cert_dev1/cert.pem", "--key", "cert_dev1/private.key"])
        .run()
        .exits(4)
        .stderr_has("operators");
}
