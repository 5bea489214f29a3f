//! The authority's own key in a token.

use std::fs;

use super::softhsm::{PIN, SoftHsm};
use crate::support::{
    platform::{Served, workplace},
    terminal::{certreq, program, started_by},
    tools::{accepts_pair, openssl},
};

/// The command that starts the server: it knows the SoftHSM, and this PIN.
fn way(hsm: &SoftHsm, pin: &str) -> Vec<String> {
    let config = format!("SOFTHSM2_CONF={}", hsm.config().display());
    vec!["env".to_owned(), config, format!("CERTREQ_PIN={pin}"), program().to_owned()]
}

#[test]
fn a_server_signs_with_a_key_that_is_in_a_token() {
    let Some(hsm) = SoftHsm::new() else { return };
    let way = way(&hsm, PIN);
    let way: Vec<&str> = way.iter().map(String::as_str).collect();
    let store = SoftHsm::store("lab");
    let served = Served::start_as(&way, &["--register", "a1998e,b2c3d4", "--ca-key-store", &store]);
    let key = hsm.private_keys("lab").remove(0);
    assert_eq!(key.label, "certreq CA");
    assert!(key.access.contains("never extractable"), "{key:?}");
    let file = fs::read_to_string(served.authority().join("ca.key")).unwrap();
    assert!(file.starts_with("-----BEGIN PKCS#11 PROVIDER URI-----") && !file.contains("PRIVATE KEY"));
    let home = workplace();
    certreq(home.path()).args(["issue", "-i", "a1998e"]).args(served.login()).run().exits(0);
    accepts_pair(home.path(), "a1998e");
    certreq(home.path()).args(["revoke", "cert_a1998e", "--yes"]).args(served.login()).run().exits(0);
    certreq(home.path()).args(["ca", "crl"]).args(served.login()).run().exits(0);
    let list = openssl(home.path(), &["crl", "-in", "ca/crl.pem", "-noout", "-CAfile", "ca/ca.pem"]);
    assert!(list.contains("verify OK"), "{list}");
    // Started again it finds its key by the file, without being told.
    let left = served.kill();
    let config = hsm.config().display().to_string();
    let again = |pin: &str, dir: &std::path::Path| {
        started_by(&["env", program()], dir)
            .env("SOFTHSM2_CONF", &config)
            .env("CERTREQ_PIN", pin)
            .args(["issue", "--authority", "authority", "-i", "b2c3d4"])
            .run()
    };
    let wrong = again("0000", left.path());
    assert_ne!(wrong.code, 0);
    wrong.stderr_has("the token lab refused the PIN; it was tried once");
    again(PIN, left.path()).exits(0);
    accepts_pair(left.path(), "b2c3d4");
    assert_eq!(hsm.private_keys("lab").len(), 1);
}

#[test]
fn a_start_that_was_cut_before_the_key_was_made_is_made_up_for() {
    let Some(hsm) = SoftHsm::new() else { return };
    let dir = hsm.path().join("authority");
    let store = SoftHsm::store("lab");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--dir", "authority", "--ca-key-store", &store];
    // A key of a kind that is named and not there.
    let missing = SoftHsm::store("lab;object=mine");
    let named = ["serve", "--listen", "127.0.0.1:0", "--dir", "authority", "--ca-key-store", &missing];
    hsm.certreq().args(named).run().exits(1).stderr_has("the token lab has no key mine");
    assert!(!dir.join("ca.key").exists(), "nothing is left of it");
    // A start that was killed between the two steps leaves this.
    fs::create_dir_all(&dir).unwrap();
    let uri =
        format!("pkcs11:token=lab;object=certreq%20CA;id=%01;type=private?module-path={}", SoftHsm::module());
    let key = certreq::pki::token_key::TokenKey { uri: uri.parse().unwrap(), public_key_info: None };
    fs::write(dir.join("ca.key"), key.to_pem().unwrap()).unwrap();
    fs::set_permissions(dir.join("ca.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut child =
        hsm.certreq().args(serve).into_command().stderr(std::process::Stdio::piped()).spawn().unwrap();
    let said = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    let said: Vec<String> =
        said.map_while(Result::ok).take_while(|line| !line.contains("listening on")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(hsm.private_keys("lab").len(), 1, "{said:?}");
    // An authority whose key is in a file stays there.
    certreq(hsm.path()).args(["issue", "--authority", "filed", "-i", "a1998e"]).run().exits(0);
    let filed = ["serve", "--listen", "127.0.0.1:0", "--dir", "filed", "--ca-key-store", &store];
    hsm.certreq().args(filed).run().exits(1).stderr_has("it is in this file, and --ca-key-store names a token");
}
