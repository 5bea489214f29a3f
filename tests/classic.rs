//! The steps of the classic shell tool work against the embedded platform unchanged.

use std::process::Command;

use crate::support::{
    platform::{Served, workplace},
    tools::{accepts_pair, openssl, present},
};

/// `benches/classic.sh`: log in, list, fetch the CA, then for each device a key, a request, POST and PATCH.
fn classic(served: &Served, directory: &std::path::Path, ids: &[&str]) -> String {
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/classic.sh"))
        .args([&served.url, "admin", &served.secret_file()])
        .args(ids)
        .current_dir(directory)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "classic.sh: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn openssl_curl_and_jq_get_certificates_from_certreq_serve() {
    if !present(&["curl", "jq"]) {
        return;
    }
    let served = Served::with_devices(&["a1998e", "b2c3d4"]);
    let home = workplace();
    assert_eq!(classic(&served, home.path(), &["b2c3d4"]), "b2c3d4\n");
    accepts_pair(home.path(), "b2c3d4");
    let listed = workplace();
    assert_eq!(classic(&served, listed.path(), &[]), "a1998e\nb2c3d4\n", "without ids it asks for the list");
    accepts_pair(listed.path(), "a1998e");
    let certificate = openssl(listed.path(), &["x509", "-in", "cert_a1998e/cert.pem", "-noout", "-text"]);
    assert!(certificate.contains("Public-Key: (2048 bit)"), "{certificate}");
}
