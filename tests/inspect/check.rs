//! States, findings, and the exit code of `--check`.

use std::{fs, os::unix::fs::symlink, path::Path};

use tempfile::TempDir;

use super::{fixture, inspect};
use crate::support::{
    platform::workplace,
    terminal::{Ended, certreq},
    tools::openssl,
};

fn ends(at: &str, more: &[&str], device: &str) -> i32 {
    let file = format!("fleet/cert_{device}/cert.pem");
    inspect(&["--check", "--at", at]).args(more).args([file]).run().code
}

const FRESH: &str = "2026-11-23T12:00:00Z";

#[test]
fn the_worst_state_is_the_exit_code() {
    assert_eq!(ends(FRESH, &[], "a1998e"), 0);
    assert_eq!(ends(FRESH, &["--within", "40d"], "a1998e"), 10);
    assert_eq!(ends(FRESH, &["--within", "11%"], "a1998e"), 10);
    assert_eq!(ends(FRESH, &["--within", "10%"], "a1998e"), 0);
    assert_eq!(ends("2027-01-01T00:00:01Z", &[], "a1998e"), 11);
    assert_eq!(ends(FRESH, &[], "b2c3d4"), 12);
    assert_eq!(ends(FRESH, &[], "c3d4e5"), 12, "on hold");
    assert_eq!(ends("2025-12-31", &[], "a1998e"), 13);
    let several = inspect(&["--check", "-r", "fleet"]).run();
    assert_eq!(several.code, 12, "{}", several.stderr);
    inspect(&["--check", "fleet/cert_a1998e/cert.pem", "nowhere"]).run().exits(1);
    inspect(&["--check", "fleet/cert_b2c3d4/cert.pem", "nowhere"]).run().exits(12);
    assert_eq!(
        inspect(&["fleet/cert_b2c3d4/cert.pem"]).run().code,
        0,
        "without --check it was read, and that is all"
    );
}

#[test]
fn a_list_one_second_past_its_end_says_good_of_nothing() {
    assert_eq!(ends("2026-11-24T03:09:59Z", &[], "a1998e"), 0);
    for at in ["2026-11-24T03:10:00Z", "2026-11-24T03:10:01Z"] {
        assert_eq!(ends(at, &[], "a1998e"), 15, "{at}");
        let said = inspect(&["--at", at, "--format", "json", "fleet/cert_a1998e/cert.pem"]).run().json();
        assert_eq!(said[0]["revocation"]["state"], "stale");
        assert_eq!(ends(at, &[], "b2c3d4"), 12, "revoked is for ever");
    }
}

/// A device directory with a root, a list and a key, as it would lie on disk.
fn fleet() -> TempDir {
    let place = workplace();
    for directory in ["ca", "cert_a1998e"] {
        fs::create_dir(place.path().join(directory)).unwrap();
    }
    for file in ["ca/ca.pem", "ca/crl.pem", "cert_a1998e/cert.pem"] {
        fs::write(place.path().join(file), fixture(&format!("fleet/{file}"))).unwrap();
    }
    place
}

fn look(home: &Path) -> Ended {
    certreq(home).args(["inspect", "--check", "--at", FRESH, "--format", "json", "cert_a1998e/cert.pem"]).run()
}

#[track_caller]
fn revocation(home: &Path, code: i32) -> serde_json::Value {
    look(home).exits(code).json().remove(0)["revocation"].clone()
}

#[test]
fn a_list_signed_by_another_authority_is_not_believed() {
    let fleet = fleet();
    let home = fleet.path();
    assert_eq!(revocation(home, 0)["state"], "good");
    // Another authority of the same name.
    openssl(
        home,
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "k",
            "-out",
            "other.pem",
            "-subj",
            "/CN=Example Root/O=dojot IoT Platform",
        ],
    );
    fs::write(home.join("db"), "").unwrap();
    fs::write(home.join("ca.cnf"), "[ca]\ndefault_ca=d\n[d]\ndatabase=db\ndefault_md=sha256\n").unwrap();
    openssl(
        home,
        &[
            "ca",
            "-config",
            "ca.cnf",
            "-keyfile",
            "k",
            "-cert",
            "other.pem",
            "-gencrl",
            "-crl_lastupdate",
            "20261123031000Z",
            "-crl_nextupdate",
            "20261124031000Z",
            "-out",
            "forged.pem",
        ],
    );
    fs::copy(home.join("forged.pem"), home.join("ca/crl.pem")).unwrap();
    let said = revocation(home, 15);
    assert_eq!(said["state"], "unknown");
    assert!(said["why"].as_str().unwrap().contains("not signed by"), "{said}");
    // The forger's root does not help: it did not issue the certificate.
    fs::copy(home.join("other.pem"), home.join("ca/ca.pem")).unwrap();
    assert_eq!(revocation(home, 15)["state"], "unknown");
}

#[test]
fn without_a_list_nothing_is_good_and_with_a_broken_one_it_is_told() {
    let fleet = fleet();
    fs::remove_file(fleet.path().join("ca/crl.pem")).unwrap();
    let said = revocation(fleet.path(), 0);
    assert_eq!(said["state"], "unknown");
    fs::write(fleet.path().join("ca/crl.pem"), "null").unwrap();
    look(fleet.path())
        .stderr_has("revocation cannot be told: ca/crl.pem cannot be used: not a certificate revocation list");
}

#[track_caller]
fn codes(ended: &Ended) -> Vec<String> {
    let line = ended.json().remove(0);
    line["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_that_belongs_to_another_is_found() {
    let fleet = fleet();
    let home = fleet.path();
    let key = home.join("cert_a1998e/private.key");
    openssl(home, &["genpkey", "-algorithm", "ed25519", "-out", "cert_a1998e/private.key"]);
    let said = look(home).exits(14);
    assert!(codes(&said).contains(&"key_mismatch".to_owned()), "{:?}", codes(&said));
    // A key that others may read, one that is none, and one that is only a link.
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(codes(&look(home)).contains(&"key_exposed".to_owned()));
    fs::write(&key, "null").unwrap();
    assert!(codes(&look(home).exits(14)).contains(&"key_unreadable".to_owned()));
    fs::remove_file(&key).unwrap();
    symlink("/etc/hostname", &key).unwrap();
    let said = look(home).exits(14);
    assert!(said.stdout.contains("is a symbolic link, which is not followed"), "{}", said.stdout);
}

#[test]
fn a_key_in_the_same_file_is_compared_too() {
    let place = workplace();
    let home = place.path();
    for name in ["one", "two"] {
        openssl(
            home,
            &[
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                name,
                "-out",
                &format!("{name}.pem"),
                "-subj",
                "/CN=x",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ],
        );
    }
    let read = |name: &str| fs::read_to_string(home.join(name)).unwrap();
    fs::write(home.join("fits"), read("one") + &read("one.pem")).unwrap();
    fs::write(home.join("differs"), read("two") + &read("one.pem")).unwrap();
    let call = |name: &str| certreq(home).args(["inspect", "--check", name]).run();
    call("fits").exits(0);
    call("differs").exits(14).stdout_has("the key in the same file belongs to another certificate");
}

#[test]
fn a_certificate_of_another_device_is_found() {
    let fleet = fleet();
    fs::copy(super::fixtures().join("fleet/cert_gateway/cert.pem"), fleet.path().join("cert_a1998e/cert.pem"))
        .unwrap();
    let said = look(fleet.path()).exits(14);
    assert!(codes(&said).contains(&"id_mismatch".to_owned()));
    said.stdout_has("its common name is gateway");
}

#[test]
fn what_is_odd_is_found() {
    let said = inspect(&["--format", "json", "fleet/cert_odd/cert.pem"]).run().exits(0);
    let codes = codes(&said);
    for code in
        ["weak_key", "weak_digest", "no_san", "unknown_critical_extension", "control_characters", "last_third"]
    {
        assert!(codes.contains(&code.to_owned()), "{code} is not among {codes:?}");
    }
    let said =
        inspect(&["--format", "json", "--at", "2026-02-01", "fleet/cert_gateway/cert.pem"]).run().exits(0);
    assert_eq!(super::check::codes(&said), [""; 0], "nothing is odd about it");
}

#[test]
fn a_forged_certificate_with_a_revoked_serial_is_not_called_revoked() {
    let fleet = fleet();
    let home = fleet.path();
    fs::write(home.join("revoked.pem"), fixture("fleet/cert_b2c3d4/cert.pem")).unwrap();
    let short = |file: &str| {
        let args = ["inspect", "--short", "--at", FRESH, "--ca", "ca/ca.pem", "--crl", "ca/crl.pem", file];
        certreq(home).args(args).run().exits(0).stdout
    };
    assert!(short("revoked.pem").contains("REVOKED"));
    let serial = openssl(home, &["x509", "-in", "revoked.pem", "-noout", "-serial"]);
    let serial = format!("0x{}", serial.trim().trim_start_matches("serial="));
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let root = ["-keyout", "k", "-out", "other.pem", "-subj", "/CN=Example Root/O=dojot IoT Platform"];
    openssl(home, &[&["req", "-x509"], &curve[..], &root[..]].concat());
    let leaf = ["-keyout", "k2", "-out", "request", "-subj", "/CN=b2c3d4"];
    openssl(home, &[&["req", "-new"], &curve[..], &leaf[..]].concat());
    let sign = ["x509", "-req", "-in", "request", "-CA", "other.pem", "-CAkey", "k", "-set_serial", &serial];
    openssl(home, &[&sign[..], &["-out", "forged.pem"]].concat());
    assert!(
        !short("forged.pem").contains("REVOKED"),
        "the list says nothing of what its authority did not sign"
    );
}
