//! The fleet's directory: modes, journal, lists, devices.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use super::{Found, Scene, state};
use crate::support::{
    forger::{Forger, Wish},
    held::Held,
    platform::workplace,
    terminal::certreq,
};

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A fleet that never saw a platform; the embedded authority is missing, which is not what is asked here.
fn examine(home: &Path) -> Found {
    let args = ["doctor", "fleet", "--authority", "lab", "--format", "json"];
    Found::new(certreq(home).args(args))
}

#[test]
fn keys_and_the_programs_own_directory_are_for_their_owner() {
    let scene = Scene::new();
    chmod(&scene.fleet().join("cert_b2c3d4/private.key"), 0o644);
    let found = scene.examine(&[]);
    found.exits(1).says("keys", "fail", "the key of b2c3d4");
    assert_eq!(found.check("keys")["hint"], "chmod 600 fleet/cert_b2c3d4/private.key");
    chmod(&scene.fleet().join("cert_b2c3d4/private.key"), 0o600);
    chmod(&scene.fleet().join(".certreq"), 0o755);
    let found = scene.examine(&[]);
    found.exits(1).says(".certreq", "fail", "0755").says("keys", "ok", "");
    assert_eq!(found.check(".certreq")["hint"], "chmod 700 fleet/.certreq");
}

#[test]
fn a_damaged_journal_and_work_left_half_done() {
    let scene = Scene::new();
    let staged = scene.fleet().join(".certreq/staged/c3d4e5");
    fs::create_dir_all(&staged).unwrap();
    let found = scene.examine(&[]);
    found.exits(0).says("unfinished", "warn", "c3d4e5").says("journal", "ok", "");
    assert!(found.check("unfinished")["hint"].as_str().unwrap().contains("certreq issue -i c3d4e5"));
    let journal = scene.fleet().join(".certreq/journal");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("device", "divece", 1)).unwrap();
    let before = state(scene.home.path());
    scene.examine(&[]).exits(1).says("journal", "fail", "line 1 is damaged");
    assert_eq!(state(scene.home.path()), before, "it is left as it is");
}

#[test]
fn a_list_that_ended_or_is_not_the_roots() {
    let home = workplace();
    let fleet = home.path().join("fleet");
    fs::create_dir_all(fleet.join("ca")).unwrap();
    let forger = Forger::new("the root");
    fs::write(fleet.join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    examine(home.path()).says("ca/crl.pem", "skipped", "there is none");
    let put = |list: String| fs::write(fleet.join("ca/crl.pem"), list).unwrap();
    put(forger.revocation_list(&[]));
    examine(home.path()).says("ca/crl.pem", "ok", "left, until");
    put(forger.revocation_list_for(&[], time::Duration::hours(-1)));
    examine(home.path()).says("ca/crl.pem", "fail", "ca/crl.pem expired at");
    put(Forger::new("another").revocation_list(&[]));
    examine(home.path()).says("ca/crl.pem", "fail", "not trusted");
    // A pipe without a writer is not waited for.
    fs::remove_file(fleet.join("ca/ca.pem")).unwrap();
    let made = Command::new("mkfifo").arg(fleet.join("ca/ca.pem")).status().unwrap();
    assert!(made.success());
    examine(home.path()).says("root", "fail", "ca/ca.pem is not a regular file");
}

#[test]
fn devices_that_expired_or_soon_will_are_counted() {
    let home = workplace();
    let fleet = home.path().join("fleet");
    fs::create_dir_all(fleet.join("ca")).unwrap();
    let forger = Forger::new("the root");
    fs::write(fleet.join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    let put = |id: &str, valid: std::ops::Range<i64>| {
        Held::with(&forger, id, &Wish { valid, ..Wish::default() }).put(&fleet);
        chmod(&fleet.join(format!("cert_{id}/private.key")), 0o600);
    };
    put("a1", -1..300);
    examine(home.path()).says("devices", "ok", "1 device, 1 valid; a1 is the next to expire, in ");
    put("a2", -300..2);
    examine(home.path()).says("devices", "warn", "2 devices: 1 soon to expire; a2 is the next");
    put("a3", -300..-2);
    symlink("cert_a1", fleet.join("cert_a4")).unwrap();
    let found = examine(home.path());
    found.says("devices", "fail", "4 devices: 1 broken (a4), 1 expired (a3)");
    assert_eq!(
        found.check("devices")["hint"],
        "get a new pair: certreq issue a4 --force --dir fleet -h HOST -u USER"
    );
}

#[test]
fn a_directory_that_may_not_be_written_or_is_none() {
    let scene = Scene::new();
    let copies = workplace();
    chmod(scene.home.path(), 0o755);
    let ended = certreq(scene.home.path())
        .args(["doctor", "fleet", "--format", "json", "-h", &scene.served.url])
        .unprivileged(copies.path());
    chmod(&scene.fleet(), 0o555);
    let found = Found::new(ended);
    chmod(&scene.fleet(), 0o755);
    found.exits(1).says("directory", "fail", "fleet cannot be written by this user");

    let home = workplace();
    examine(home.path()).says("directory", "warn", "fleet does not exist");
    fs::write(home.path().join("fleet"), "").unwrap();
    examine(home.path()).says("directory", "fail", "fleet is not a directory");
    fs::remove_file(home.path().join("fleet")).unwrap();
    fs::create_dir(home.path().join("fleet")).unwrap();
    symlink("/tmp", home.path().join("fleet/.certreq")).unwrap();
    examine(home.path()).says("directory", "fail", ".certreq is a symbolic link");
}
