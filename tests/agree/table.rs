//! Kind of directory × verb -> exit code.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use certreq::{
    fleet::{
        journal::{Event, RevocationStep},
        layout::Layout,
        ledger::{Entry, Ledger},
        lock::FleetLock,
    },
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
};
use rcgen::SerialNumber;

use super::Fleet;
use crate::support::{terminal::certreq, tools::openssl};

/// The verbs, in the order of the columns. The server asks for a certificate and takes any: what `connect` says of a
/// pair is its own answer.
const VERBS: [&str; 7] =
    ["inspect -r --check", "verify", "status --check", "whoami", "renew --dry-run", "export", "connect"];

/// Contents of the directory, and how each verb ends.
///
/// 0 in one column and another number in the next needs its reason here:
/// - `whoami` says whose a certificate is, and its dates and a revocation in words; it fails where that cannot be said
///   of the pair.
/// - `renew --dry-run` and `export`: a pair that is soon or over is what is renewed, or given to a device that is set up
///   again; both say the dates. `export` warns of a revoked one, and one that is not yet valid may be given out early.
/// - `soon` in connect: the server takes it today; a line says when it ends.
/// - `mode`: whoami, export and connect use the key as it is and warn; renew replaces it.
/// - `read-only mode`, which others may read and no user may write: the file was handed over like that, on a medium or
///   as a mounted secret, where no `chmod` helps. Every verb warns.
/// - `no certificate`, `linked directory`, `empty`, `absent` in inspect: it judges the files it finds, and there is
///   none; a key alone is told.
/// - `another root`: inspect says what is in files, and leaves to verify whom to trust; whoami and renew do not
///   ask who signed; connect leaves it to the server whom that trusts, and warns.
const TABLE: [(&str, [i32; 7]); 23] = [
    ("good", [0, 0, 0, 0, 0, 0, 0]),
    ("soon", [10, 10, 10, 0, 0, 0, 0]),
    ("expired", [11, 11, 11, 0, 0, 0, 11]),
    ("not yet valid", [13, 13, 13, 0, 6, 0, 13]),
    ("revoked by list", [12, 12, 12, 0, 6, 0, 12]),
    ("revoked by journal", [12, 12, 12, 0, 6, 0, 12]),
    ("revoked and expired", [12, 12, 12, 0, 6, 0, 12]),
    ("another root", [0, 14, 14, 0, 0, 6, 0]),
    ("mismatched", [14, 14, 14, 6, 6, 6, 6]),
    ("other device", [14, 14, 14, 6, 6, 6, 6]),
    ("two common names", [14, 14, 14, 6, 6, 6, 6]),
    ("no key", [14, 14, 14, 6, 6, 1, 1]),
    ("empty key", [14, 14, 14, 6, 6, 1, 1]),
    ("encrypted key", [14, 14, 14, 6, 6, 1, 1]),
    ("linked key", [14, 14, 14, 6, 6, 1, 1]),
    ("mode", [14, 14, 14, 0, 0, 0, 0]),
    ("read-only mode", [0, 0, 0, 0, 0, 0, 0]),
    ("garbage", [1, 1, 14, 1, 6, 1, 1]),
    ("no certificate", [1, 1, 14, 1, 6, 1, 1]),
    ("der", [0, 0, 0, 0, 0, 0, 0]),
    ("linked directory", [0, 1, 14, 1, 6, 1, 1]),
    ("empty", [0, 1, 14, 1, 6, 1, 1]),
    ("absent", [0, 1, 1, 1, 1, 1, 1]),
];

#[test]
fn every_verb_ends_as_the_table_says() {
    let mut wrong = Vec::new();
    for (kind, expected) in TABLE {
        let fleet = Fleet::new();
        make(&fleet, kind);
        let server = fleet.server();
        let address = server.url();
        let calls: [&[&str]; 7] = [
            &["inspect", "-r", ".", "--check", "--within", "30d"],
            &["verify", "cert_a1998e", "--within", "30d"],
            &["status", ".", "--check", "--within", "30d"],
            &["whoami", "cert_a1998e"],
            &["renew", "cert_a1998e", "--dry-run", "--within", "30d"],
            &["export", "cert_a1998e", "--chain", "--to", "out"],
            &["connect", &address, "cert_a1998e"],
        ];
        let ends = calls.map(|call| certreq(fleet.path()).args(call).run());
        for (verb, ended) in VERBS.iter().zip(&ends) {
            let said = format!("{}{}", ended.stdout, ended.stderr);
            let word = match kind {
                "encrypted key" => "encrypted",
                "mode" | "read-only mode" if *verb != "renew --dry-run" => "chmod 600",
                kind if kind.starts_with("revoked") => "revoked",
                _ => continue,
            };
            if !said.contains(word) {
                wrong.push(format!("{kind}: {verb} does not say {word}: {said}"));
            }
        }
        let seen = ends.each_ref().map(|ended| ended.code);
        for ((verb, ended), (seen, expected)) in VERBS.iter().zip(&ends).zip(seen.iter().zip(expected)) {
            if *seen != expected {
                wrong.push(format!("{kind}: {verb}: {seen}, not {expected}: {}{}", ended.stdout, ended.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn make(fleet: &Fleet, kind: &str) {
    let home = fleet.path();
    let days = match kind {
        "soon" => -300..10,
        "expired" | "revoked and expired" => -300..-10,
        "not yet valid" => 10..300,
        _ => -10..355,
    };
    let name = if kind == "other device" { "b2c3d4" } else { "a1998e" };
    let names = if kind == "two common names" { vec!["other", "admin:a1998e"] } else { vec![name] };
    let (der, pem) = fleet.pair_named("cert_a1998e", &names, days);
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
        "revoked by list" | "revoked and expired" => {
            let serial = Certificate::from_der(der).unwrap().serial;
            let octets: Vec<u8> = serial.split(':').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            fs::write(home.join("ca/crl.pem"), fleet.list_of(SerialNumber::from_slice(&octets))).unwrap();
        }
        "revoked by journal" => {
            fs::write(home.join("ca/crl.pem"), fleet.list()).unwrap();
            revoked_here(home, &Certificate::from_der(der).unwrap());
        }
        "another root" => {
            let elsewhere = Fleet::new();
            elsewhere.pair("cert_a1998e", name, -10..355);
            for file in ["cert.pem", "private.key"] {
                fs::copy(elsewhere.path().join("cert_a1998e").join(file), directory.join(file)).unwrap();
            }
        }
        "empty" => {
            fs::remove_file(&key).unwrap();
            fs::remove_file(&certificate).unwrap();
        }
        "absent" => fs::remove_dir_all(&directory).unwrap(),
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
        "read-only mode" => fs::set_permissions(&key, fs::Permissions::from_mode(0o444)).unwrap(),
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

/// The journal entry that `certreq revoke` leaves.
fn revoked_here(home: &Path, certificate: &Certificate) {
    let layout = Layout::new(home);
    let lock = FleetLock::take(&layout, false).unwrap();
    let ledger = Ledger::open(&layout, lock, || Time::from(std::time::SystemTime::now())).unwrap();
    let event = Event::Revocation {
        fingerprint: certificate.fingerprint().to_string(),
        serial: certificate.serial.clone(),
        step: RevocationStep::Done,
        request_id: None,
        error: None,
    };
    let key = Fingerprint::of(certificate.public_key_info());
    ledger.write([Entry { device: "a1998e".to_owned(), key, event }]).unwrap();
}
