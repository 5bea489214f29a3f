//! Pairs that other programs made: any encoding of the key, any order of the chain, any age.

use std::{fs, path::Path};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use time::{Duration, OffsetDateTime};

use super::{export, fleet};
use crate::support::{
    platform::{text, workplace},
    tools::openssl,
};

/// The keys of openssl's older commands come out as the PKCS#8 they were before, octet for octet.
fn survives(kind: &str, label: &str) {
    let home = fleet(kind, "a1998e");
    let home = home.path();
    let original = text(home, "cert_a1998e/private.key");
    let old = openssl(home, &["pkey", "-in", "cert_a1998e/private.key", "-traditional"]);
    assert!(old.contains(&format!("BEGIN {label}")), "{old}");
    // openssl ecparam -genkey writes the curve in a block of its own before the key.
    let before = if label.starts_with("EC") {
        openssl(home, &["ecparam", "-name", "prime256v1"])
    } else {
        String::new()
    };
    fs::write(home.join("cert_a1998e/private.key"), before + &old).unwrap();
    export(home, &["a1998e", "--layout", "dojot", "--der"]).run().exits(0);
    assert_eq!(text(home, "export/a1998e/cert_a1998e/private.key"), original);
    let der = openssl(home, &["pkey", "-inform", "DER", "-in", "export/a1998e/key.der"]);
    assert_eq!(der, original);
}

#[test]
fn a_pkcs1_key_becomes_the_right_pkcs8() {
    survives("rsa2048", "RSA PRIVATE KEY");
}

#[test]
fn sec1_keys_become_the_right_pkcs8() {
    for kind in ["p256", "p384", "p521"] {
        survives(kind, "EC PRIVATE KEY");
    }
}

#[test]
fn an_encrypted_key_is_named_as_such() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    let args = ["pkey", "-in", "cert_a1998e/private.key", "-aes256", "-passout", "pass:x", "-out", "sealed"];
    openssl(home, &args);
    fs::copy(home.join("sealed"), home.join("cert_a1998e/private.key")).unwrap();
    export(home, &["a1998e", "--chain"])
        .run()
        .exits(1)
        .stderr_has("private.key cannot be exported: its private key is encrypted")
        .stderr_has("openssl pkey");
}

/// `cert_a1998e` under a root and two intermediates, which stand in the wrong order; valid until `days` from now.
fn under_two_intermediates(home: &Path, days: i64) -> [String; 4] {
    let authority = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = OffsetDateTime::now_utc() - Duration::days(900);
        params
    };
    let key = || KeyPair::generate().unwrap();
    let root = CertifiedIssuer::self_signed(authority("root"), key()).unwrap();
    let upper = CertifiedIssuer::signed_by(authority("upper"), key(), &root).unwrap();
    let lower = CertifiedIssuer::signed_by(authority("lower"), key(), &upper).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "a1998e");
    params.use_authority_key_identifier_extension = true;
    params.not_before = OffsetDateTime::now_utc() - Duration::days(30);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(days);
    let own = key();
    let leaf = params.signed_by(&own, &lower).unwrap();
    fs::create_dir_all(home.join("ca")).unwrap();
    fs::create_dir_all(home.join("cert_a1998e")).unwrap();
    let pems = [leaf.pem(), lower.pem(), upper.pem(), root.pem()].map(|pem| pem.replace('\r', ""));
    let [leaf, lower, upper, root] = &pems;
    fs::write(home.join("ca/ca.pem"), root).unwrap();
    fs::write(home.join("cert_a1998e/cert.pem"), format!("{leaf}{upper}{lower}")).unwrap();
    fs::write(home.join("cert_a1998e/private.key"), own.serialize_pem()).unwrap();
    pems
}

#[test]
fn chains_come_out_in_the_order_of_the_path() {
    let home = workplace();
    let [leaf, lower, upper, root] = under_two_intermediates(home.path(), 30);
    export(home.path(), &["a1998e", "--chain", "--layout", "wott"]).run().exits(0);
    assert_eq!(text(home.path(), "export/a1998e/chain.pem"), format!("{leaf}{lower}{upper}{root}"));
    assert_eq!(text(home.path(), "export/a1998e/certs/ca.crt"), format!("{lower}{upper}{root}"));
    assert_eq!(text(home.path(), "export/a1998e/certs/client.crt"), leaf);
}

#[test]
fn an_incomplete_chain_is_not_exported() {
    let home = workplace();
    let [leaf, lower, ..] = under_two_intermediates(home.path(), 30);
    fs::write(home.path().join("cert_a1998e/cert.pem"), leaf + &lower).unwrap();
    export(home.path(), &["a1998e", "--combined"])
        .run()
        .exits(6)
        .stderr_has("the path of cert.pem is not whole");
}

#[test]
fn an_expired_pair_is_exported_with_a_warning() {
    let home = workplace();
    under_two_intermediates(home.path(), -3);
    let ended = export(home.path(), &["cert_a1998e", "--chain", "--format", "json"])
        .run()
        .exits(0)
        .stderr_has("warning: a1998e: exported, but its certificate expired at ");
    assert_eq!(ended.json()[0]["expired"], true);
}
