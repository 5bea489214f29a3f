//! Pairs that are not exported, and why.

use std::fs;

use super::{export, fleet};
use crate::support::{platform::text, terminal::certreq};

#[test]
fn a_certificate_for_another_key_or_device_is_not_exported() {
    let home = fleet("p256", "a1998e,b2c3d4");
    let home = home.path();
    fs::copy(home.join("cert_b2c3d4/private.key"), home.join("cert_a1998e/private.key")).unwrap();
    export(home, &["a1998e", "--chain"]).run().exits(6).stderr_is(
        "a1998e  failed: cert.pem does not match private.key\n        \
             hint: `certreq verify` has details on the directory\n",
    );
    fs::rename(home.join("cert_b2c3d4"), home.join("cert_c3")).unwrap();
    export(home, &["c3", "--chain"]).run().exits(6).stderr_has("cert.pem is for b2c3d4, not for this device");
    assert!(!home.join("export").exists());
}

#[test]
fn another_root_beside_the_pair_stops_the_export() {
    let home = fleet("p256", "a1998e");
    let other = fleet("p256", "a1998e");
    fs::copy(other.path().join("ca/ca.pem"), home.path().join("ca/ca.pem")).unwrap();
    export(home.path(), &["a1998e", "--p12"]).run().exits(6).stderr_has("the path of cert.pem is not whole");
    assert!(!home.path().join("export").exists());
}

#[test]
fn without_a_root_only_what_needs_none_is_exported() {
    let home = fleet("p256", "a1998e");
    fs::rename(home.path().join("ca"), home.path().join("elsewhere")).unwrap();
    export(home.path(), &["a1998e", "--combined"]).run().exits(0);
    export(home.path(), &["a1998e", "--chain"])
        .run()
        .exits(1)
        .stderr_has("name the file that has it: --ca FILE");
    export(home.path(), &["a1998e", "--chain", "--ca", "elsewhere/ca.pem"]).run().exits(0);
}

#[test]
fn the_pair_that_is_exported_is_never_the_target() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    let template = "[[file]]\nname = 'cert.pem'\ncontent = 'chain'\n";
    fs::write(home.join("t.toml"), template).unwrap();
    let before = text(home, "cert_a1998e/cert.pem");
    export(home, &["a1998e", "--layout", "t.toml", "--to", "cert_{id}", "--force"])
        .run()
        .exits(6)
        .stderr_has("belongs to the pair that is exported");
    assert_eq!(text(home, "cert_a1998e/cert.pem"), before);
}

#[test]
fn devices_do_not_share_a_file() {
    let home = fleet("p256", "a1998e,b2c3d4");
    export(home.path(), &[".", "--chain", "--to", "out"])
        .run()
        .exits(2)
        .stderr_has("the files of 2 devices would have the same names")
        .stderr_has("--out 'out/{id}'");
    assert!(!home.path().join("out").exists());
}

#[test]
fn wrong_usage_says_what_would_be_right() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    export(home, &["a1998e"]).run().exits(2).stderr_has("--p12");
    export(home, &["a1998e", "--chain", "--legacy"]).run().exits(2).stderr_has("add --p12");
    export(home, &["a1998e", "--layout", "apache"])
        .run()
        .exits(2)
        .stderr_has("aws-iot, curl-token, dojot, esp-idf");
    export(home, &["nobody", "--chain"]).run().exits(1).stderr_has("no device has this id in .");
    certreq(home).args(["export", "authority", "--chain"]).run().exits(1).stderr_has("it holds no pair");
}
