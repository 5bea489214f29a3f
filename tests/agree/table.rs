//! Kind of directory × verb -> exit code.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use super::Fleet;
use crate::support::{terminal::certreq, tools::openssl};

/// What lies in the directory, and how each verb ends: `inspect -r --check`, `verify`, `status --check`, `whoami`,
/// `export`.
///
/// 0 in one column and another number in the next needs its reason here:
/// - `expired`, `soon`: whoami says whose a certificate is, and export serves a device that is set up again; both say
///   the dates. `mode`: they use the key as it is, and whoami warns.
/// - `no certificate`, `linked directory`, `empty` in inspect: it judges the files it finds, and there is none; a key
///   alone is told.
const TABLE: [(&str, [i32; 5]); 15] = [
    ("good", [0, 0, 0, 0, 0]),
    ("soon", [10, 10, 10, 0, 0]),
    ("expired", [11, 11, 11, 0, 0]),
    ("not yet valid", [13, 13, 13, 0, 0]),
    ("mismatched", [14, 14, 14, 6, 6]),
    ("other device", [14, 14, 14, 0, 6]),
    ("no key", [14, 14, 14, 6, 1]),
    ("empty key", [14, 14, 14, 6, 1]),
    ("encrypted key", [14, 14, 14, 6, 1]),
    ("linked key", [14, 14, 14, 6, 1]),
    ("mode", [14, 14, 14, 0, 0]),
    ("garbage", [1, 1, 14, 1, 1]),
    ("no certificate", [1, 1, 14, 1, 1]),
    ("der", [0, 0, 0, 0, 0]),
    ("linked directory", [0, 1, 14, 1, 1]),
];

#[test]
fn every_verb_ends_as_the_table_says() {
    let mut wrong = Vec::new();
    for (kind, expected) in TABLE {
        let fleet = Fleet::new();
        make(&fleet, kind);
        let calls: [&[&str]; 5] = [
            &["inspect", "-r", ".", "--check", "--within", "30d"],
            &["verify", "cert_a1998e", "--revocation", "off", "--within", "30d"],
            &["status", ".", "--check", "--within", "30d"],
            &["whoami", "cert_a1998e"],
            &["export", "cert_a1998e", "--chain", "--to", "out"],
        ];
        let seen = calls.map(|call| {
            let ended = certreq(fleet.path()).args(call).run();
            let said = format!("{}{}", ended.stdout, ended.stderr);
            let names_it = said.contains("encrypted");
            if kind == "encrypted key" && !names_it {
                wrong.push(format!("{call:?} does not say encrypted: {said}"));
            }
            ended.code
        });
        if seen != expected {
            wrong.push(format!("{kind}: {seen:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn make(fleet: &Fleet, kind: &str) {
    let home = fleet.path();
    let days = match kind {
        "soon" => -300..10,
        "expired" => -300..-10,
        "not yet valid" => 10..300,
        _ => -10..355,
    };
    let name = if kind == "other device" { "b2c3d4" } else { "a1998e" };
    let (der, pem) = fleet.pair("cert_a1998e", name, days);
    let directory = home.join("cert_a1998e");
    let (key, certificate) = (directory.join("private.key"), directory.join("cert.pem"));
    match kind {
        "mismatched" => {
            openssl(
                home,
                &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "x.key"],
            );
            fs::copy(home.join("x.key"), &key).unwrap();
            fs::remove_file(home.join("x.key")).unwrap();
            private(&key);
        }
        "no key" => fs::remove_file(&key).unwrap(),
        "empty key" => fs::write(&key, "").unwrap(),
        "encrypted key" => {
            fs::write(home.join("plain"), pem).unwrap();
            let args =
                ["pkcs8", "-topk8", "-in", "plain", "-passout", "pass:x", "-out", "cert_a1998e/private.key"];
            openssl(home, &args);
            fs::remove_file(home.join("plain")).unwrap();
            private(&key);
        }
        "linked key" => {
            let outside = home.join(".outside");
            fs::rename(&key, &outside).unwrap();
            symlink(&outside, &key).unwrap();
        }
        "mode" => fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap(),
        "garbage" => fs::write(&certificate, "garbage").unwrap(),
        "no certificate" => fs::remove_file(&certificate).unwrap(),
        "der" => fs::write(&certificate, der).unwrap(),
        "linked directory" => {
            // Where inspect does not look for pairs.
            fs::create_dir(home.join(".certreq")).unwrap();
            let outside = home.join(".certreq/elsewhere");
            fs::rename(&directory, &outside).unwrap();
            symlink(&outside, &directory).unwrap();
        }
        _ => {}
    }
}

fn private(key: &Path) {
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}
