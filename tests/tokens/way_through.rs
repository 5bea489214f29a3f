//! A key in a token, from the command line to a broker that takes it.

use std::fs;

use super::softhsm::{SoftHsm, accounted};
use crate::{
    broker::mosquitto::{Broker, is_here},
    support::tools::{mode, openssl},
};

/// A broker that asks every client for a certificate.
pub(super) const BROKER: &str = "listener @PORT@ 127.0.0.1
cafile ca/ca.pem
certfile cert_broker/cert.pem
keyfile cert_broker/private.key
require_certificate true
use_identity_as_username true
";

/// OpenSSL in a broker that goes no further.
pub(super) const ONLY: &str =
    "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMaxProtocol = TLSv1.@MINOR@\n";

#[test]
fn a_key_is_made_in_the_token_and_stays_there() {
    let Some(hsm) = SoftHsm::new() else { return };
    let args = ["issue", "--local", "--key-store", &SoftHsm::store("lab"), "-i", "dev1"];
    hsm.certreq().args(args).run().exits(0).stdout_has("dev1  issued");
    let keys = hsm.private_keys("lab");
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert_eq!(keys[0].label, "dev1");
    assert!(keys[0].access.contains("never extractable") && keys[0].access.contains("sensitive"), "{keys:?}");
    assert_eq!(hsm.public_keys("lab")[0].id, keys[0].id);
    assert_eq!(accounted(&hsm, "."), [keys[0].id.as_str()]);
    // The file in the place of the key names it, and holds none.
    let key = hsm.path().join("cert_dev1/private.key");
    assert_eq!(mode(&key), 0o600);
    let text = fs::read_to_string(&key).unwrap();
    assert!(text.starts_with("-----BEGIN PKCS#11 PROVIDER URI-----\n"), "{text}");
    assert!(!text.contains("PRIVATE KEY"), "{text}");
    let path = openssl(hsm.path(), &["verify", "-CAfile", "ca/ca.pem", "cert_dev1/cert.pem"]);
    assert_eq!(path, "cert_dev1/cert.pem: OK\n");
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(0).stdout_has("which signs in the token lab");
    // Started again it finds its pair.
    hsm.certreq().args(args).run().exits(0).stdout_has("dev1  skipped");
    assert_eq!(hsm.private_keys("lab").len(), 1);
    hsm.without_pin().args(["whoami", "cert_dev1"]).run().exits(0);
    hsm.without_pin().args(["status", "--check"]).run().exits(0);
    hsm.without_pin().args(["inspect", "cert_dev1", "--check"]).run().exits(0);
}

#[test]
fn a_device_proves_itself_to_a_broker_with_every_kind_of_key_and_both_versions_of_tls() {
    let Some(hsm) = SoftHsm::new() else { return };
    if !is_here() {
        return;
    }
    let kinds = ["p256", "p384", "p521", "rsa2048", "rsa3072"];
    hsm.certreq().args(["issue", "--local", "broker", "--san", "dns:localhost,ip:127.0.0.1"]).run().exits(0);
    for kind in kinds {
        let args = ["issue", "--local", "--key", kind, "-i", kind];
        hsm.certreq().args(args).env("CERTREQ_KEY_STORE", SoftHsm::store("lab")).run().exits(0);
    }
    for minor in ["2", "3"] {
        let only = hsm.path().join("openssl.cnf");
        fs::write(&only, ONLY.replace("@MINOR@", minor)).unwrap();
        let broker = Broker::with(hsm.path(), BROKER, &[("OPENSSL_CONF", &only)]);
        for kind in kinds {
            let (url, directory) = (format!("mqtts://localhost:{}", broker.port), format!("cert_{kind}"));
            let connect = ["connect", &url, &directory];
            hsm.certreq().args(connect).run().exits(0).stdout_has(&format!("TLS 1.{minor}"));
        }
    }
}

#[test]
fn requests_are_written_with_keys_in_the_token_and_join_finds_them() {
    let Some(hsm) = SoftHsm::new() else { return };
    let key = ["key", "dev1", "dev2", "--dir", "line", "--key-store", &SoftHsm::store("lab")];
    hsm.certreq().args(key).run().exits(0);
    hsm.certreq().args(["csr", "--dir", "line", "--out", "requests"]).run().exits(0);
    let said = openssl(hsm.path(), &["req", "-in", "requests/dev1.csr", "-noout", "-verify"]);
    assert!(said.contains("OK"), "{said}");
    hsm.certreq().args(["issue", "--local", "--csr", "requests", "--out", "back"]).run().exits(0);
    let root = openssl(hsm.path(), &["x509", "-in", "back/ca.pem", "-noout", "-fingerprint", "-sha256"]);
    let fingerprint = root.trim().split_once('=').unwrap().1.to_owned();
    hsm.certreq().args(["join", "back", "--dir", "line", "--ca-fingerprint", &fingerprint]).run().exits(0);
    hsm.certreq().args(["verify", "line"]).run().exits(0).stdout_has("signs in the token lab");
    assert_eq!(accounted(&hsm, "line"), hsm.ids("lab"));
}

#[test]
fn a_key_that_is_in_the_token_already_is_used_when_it_is_named() {
    let Some(hsm) = SoftHsm::new() else { return };
    let made = [
        "--token-label",
        "lab",
        "--keypairgen",
        "--key-type",
        "EC:prime256v1",
        "--label",
        "own",
        "--id",
        "0a0b",
    ];
    hsm.tool(&made);
    let store = SoftHsm::store("lab;object=own");
    let many = ["issue", "--local", "--key-store", &store, "-i", "a,b"];
    hsm.certreq().args(many).run().exits(2).stderr_has("which can belong to one device only");
    hsm.certreq().args(["issue", "--local", "--key-store", &store, "-i", "dev1"]).run().exits(0);
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(0).stdout_has("signs in the token lab");
    assert_eq!(hsm.private_keys("lab").len(), 1);
    // certreq did not make it, so it is not certreq's to remove.
    assert!(accounted(&hsm, ".").is_empty());
    let renew = ["renew", "--local", "--all", "--keep", "0", "cert_dev1"];
    hsm.certreq().args(renew).run().exits(0);
    let ids: Vec<String> = hsm.private_keys("lab").into_iter().map(|key| key.id).collect();
    assert!(ids.contains(&"0a0b".to_owned()) && ids.len() == 2, "{ids:?}");
}
