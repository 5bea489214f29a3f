//! Waiting, rejected, approved: what a device does, what it says, and what it ends with.

use std::{
    fs,
    process::{Command, Stdio},
};

use certreq::pki::{
    idprov::ProvisionRequest,
    key::{KeySpec, PrivateKey},
    pem,
};
use tempfile::TempDir;

use super::{
    SECRET,
    hub::{Hub, issue},
    python::nothing_was_written,
};
use crate::support::{
    terminal::{certreq, tree},
    tools::accepts_pair,
};

#[test]
fn a_device_without_a_secret_at_the_server_waits_and_keeps_its_key_until_it_is_approved() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let ended = issue(at, &hub.place, "dev1", SECRET).args(["--format", "json"]).run().exits(5);
    let line = &ended.json()[0];
    assert_eq!((line["state"].as_str(), line["error"]["resumable"].as_bool()), (Some("pending"), Some(true)));
    let hint = line["error"]["hint"].as_str().unwrap().to_owned();
    nothing_was_written(at);
    let staged = at.join(".certreq/staged/dev1/private.key");
    let key = fs::read_to_string(&staged).unwrap();
    // The operator sees the same key as the device, and approves that one.
    let listed = hub.oob(at, &["list", "--format", "json"]).run().exits(0).json();
    let shown = listed[0]["public_key"].as_str().unwrap();
    assert!(hint.contains(shown), "{hint}");
    hub.oob(at, &["approve", "dev1", shown]).run().exits(0);
    // Without a secret that the server knows, its answer is proven by its root alone, which has to be known.
    let unproven = certreq(at).args(["issue", "--idprov", &hub.place, "-i", "dev1"]).run();
    assert_ne!(unproven.code, 0);
    unproven.stderr_has("--ca-fingerprint");
    nothing_was_written(at);
    let pin = hub.fingerprint();
    certreq(at)
        .args(["issue", "--idprov", &hub.place, "-i", "dev1", "--ca-fingerprint", &pin])
        .run()
        .exits(0)
        .stdout_has("dev1  issued");
    accepts_pair(at, "dev1");
    assert_eq!(fs::read_to_string(at.join("cert_dev1/private.key")).unwrap(), key);
    assert!(hub.log().contains(r#"decision="approved by an operator" device=dev1"#));
}

#[test]
fn a_device_that_is_told_to_wait_asks_again_until_the_secret_is_there() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let call = issue(at, &hub.place, "dev1", SECRET).args(["--wait-for", "10m"]);
    let child = call.into_command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    hub.says("pending: no secret");
    let elsewhere = TempDir::new().unwrap();
    hub.knows(elsewhere.path(), "dev1", SECRET);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    accepts_pair(at, "dev1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_rejected_at_once_and_locks_the_device_for_a_while_not_for_good() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    hub.knows(at, "dev1", SECRET);
    let wrong = "another-secret-7h3k-8w2q-p9xz";
    for _ in 0..5 {
        let ended = issue(at, &hub.place, "dev1", wrong).run().exits(4);
        ended.stderr_has("rejected dev1").stderr_has("compare the secrets");
    }
    nothing_was_written(at);
    // From now on nothing is looked at, however often it comes, not even the right secret.
    let client = reqwest::Client::builder().no_proxy().tls_danger_accept_invalid_certs(true).build().unwrap();
    let key = PrivateKey::generate(KeySpec::P256).unwrap();
    let request = ProvisionRequest {
        device_id: "dev1".to_owned(),
        ip: "127.0.0.1".to_owned(),
        mac: String::new(),
        public_key_pem: pem::encode("PUBLIC KEY", &key.public_key_info()),
        signature: String::new(),
    };
    for n in 0..95 {
        let body = request.clone().signed(format!("guess {n}").as_bytes()).to_bytes();
        let url = format!("https://{}/idprov/provreq", hub.place);
        let answer = client.post(url).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 429);
        assert!(answer.headers().contains_key("retry-after"));
    }
    assert_eq!(hub.rows("SELECT count(*) || '' FROM certificates WHERE device = 'dev1'"), ["0"]);
    let locked = issue(at, &hub.place, "dev1", SECRET).args(["--retries", "0"]).run().exits(5);
    locked.stderr_has("too many wrong signatures");
    hub.says(r#"decision="locked" device=dev1"#);
    hub.oob(at, &["list"]).run().exits(0).stdout_has("locked");
    // A new secret opens it.
    hub.knows(at, "dev1", SECRET);
    issue(at, &hub.place, "dev1", SECRET).run().exits(0);
    accepts_pair(at, "dev1");
}

#[test]
fn some_devices_have_their_certificate_and_some_wait() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    hub.knows(at, "dev1", SECRET);
    super::hub::secret_file(at, "secrets.csv", &format!("id,secret\ndev1,{SECRET}\ndev2,{SECRET}-2\n"));
    let ended =
        certreq(at).args(["issue", "--idprov", &hub.place, "--oob-secrets", "secrets.csv"]).run().exits(3);
    ended.stdout_has("dev1  issued").stderr_has("dev2  pending").stderr_has("1 issued, 1 pending");
    hub.knows(at, "dev2", &format!("{SECRET}-2"));
    certreq(at)
        .args(["issue", "--idprov", &hub.place, "--oob-secrets", "secrets.csv"])
        .run()
        .exits(0)
        .stdout_has("dev1  skipped")
        .stdout_has("dev2  issued");
}

#[test]
fn secrets_outlive_a_restart_and_a_secret_of_another_device_is_of_no_use() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    hub.knows(at, "dev1", SECRET);
    hub.knows(at, "dev2", "the-secret-of-dev2-4hx9-qq7w-m3");
    let hub = Hub::start_in(hub.kill(), &[]);
    issue(at, &hub.place, "dev2", SECRET).run().exits(4);
    assert!(!at.join("cert_dev2").exists());
    issue(at, &hub.place, "dev1", SECRET).run().exits(0);
    let first = tree(at);
    // The pair is lost together with everything else: another key gets no second certificate.
    let other = TempDir::new().unwrap();
    issue(other.path(), &hub.place, "dev1", SECRET).run().exits(5).stderr_has("pending");
    assert_eq!(tree(at), first);
    assert_eq!(hub.rows("SELECT count(*) || '' FROM certificates WHERE device = 'dev1'"), ["1"]);
}

#[test]
fn what_is_revoked_stays_revoked() {
    let hub = Hub::start(&[]);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    hub.knows(at, "dev1", SECRET);
    issue(at, &hub.place, "dev1", SECRET).run().exits(0);
    let login = hub.login();
    certreq(at).args(["list"]).args(&login).run().exits(0).stdout_has("dev1");
    certreq(at).args(["verify", "cert_dev1", "--online", "--online-private"]).run().exits(0);
    // A stranger has a copy of the pair.
    let copy = TempDir::new().unwrap();
    for name in ["cert_dev1", "ca"] {
        let copied = Command::new("cp").arg("-r").args([at.join(name), copy.path().join(name)]).status();
        assert!(copied.unwrap().success());
    }
    certreq(at).args(["revoke", "cert_dev1", "--yes"]).args(&login).run().exits(0);
    // The list and OCSP of the same authority say so, and neither its certificate nor its secret brings another one.
    certreq(at).args(["verify", "cert_dev1", "--online", "--online-private"]).run().exits(12);
    certreq(at).args(["renew", "--all", "-i", "dev1", "--idprov", &hub.place]).run().exits(4);
    certreq(copy.path()).args(["renew", "--all", "--idprov", &hub.place]).run().exits(4);
    hub.says("a certificate that is revoked or unknown");
    let again = issue(at, &hub.place, "dev1", SECRET).args(["--force"]).run();
    assert_ne!(again.code, 0, "{}", again.stdout);
    assert_eq!(hub.rows("SELECT count(*) || '' FROM certificates WHERE device = 'dev1'"), ["0"]);
    assert_eq!(hub.rows("SELECT count(*) || '' FROM revocations"), ["1"]);
}
