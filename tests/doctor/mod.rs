//! `certreq doctor`: every trouble is made for real, and found; nothing is changed.

mod disk;
mod network;
mod platform;

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt, path::Path, time::SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    platform::{Served, workplace},
    terminal::{Call, certreq},
};

/// A platform, and a fleet of two devices that it issued.
pub(super) struct Scene {
    pub(super) served: Served,
    pub(super) home: TempDir,
}

impl Scene {
    pub(super) fn new() -> Self {
        let served = Served::with_devices(&["a1998e", "b2c3d4"]);
        let home = workplace();
        certreq(home.path())
            .args(["issue", "-i", "a1998e,b2c3d4", "--dir", "fleet"])
            .args(served.login())
            .run()
            .exits(0);
        Self { served, home }
    }

    pub(super) fn fleet(&self) -> std::path::PathBuf {
        self.home.path().join("fleet")
    }

    /// As JSON, with more arguments, asking the platform as the admin.
    pub(super) fn examine(&self, args: &[&str]) -> Found {
        let call = certreq(self.home.path()).args(["doctor", "fleet", "--format", "json"]);
        Found::new(call.args(self.served.login()).args(args))
    }
}

/// One list of checks.
pub(super) struct Found {
    pub(super) code: i32,
    pub(super) document: Value,
}

impl Found {
    #[track_caller]
    pub(super) fn new(call: Call) -> Self {
        let ended = call.run();
        assert_eq!(ended.stderr, "");
        let document = ended.json().remove(0);
        assert_eq!(document["schema"], "certreq.doctor/1");
        assert_eq!(document["exit"], ended.code, "{document:#}");
        Self { code: ended.code, document }
    }

    #[track_caller]
    pub(super) fn check(&self, name: &str) -> &Value {
        let mut checks = self.document["checks"].as_array().unwrap().iter();
        let found = checks.find(|check| check["name"] == name);
        found.unwrap_or_else(|| panic!("no check {name}: {:#}", self.document))
    }

    /// The check has this state, its message this part, and a next step when it is not well.
    #[track_caller]
    pub(super) fn says(&self, name: &str, state: &str, part: &str) -> &Self {
        let check = self.check(name);
        assert_eq!(check["state"], state, "{check:#}");
        assert!(check["message"].as_str().unwrap().contains(part), "{part:?} is not in {check:#}");
        if ["fail", "warn"].contains(&state) {
            assert!(check["hint"].is_string(), "no next step: {check:#}");
        }
        self
    }

    #[track_caller]
    pub(super) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{:#}", self.document);
        self
    }

    /// Names of what fails or warns.
    pub(super) fn troubles(&self) -> Vec<&str> {
        let checks = self.document["checks"].as_array().unwrap().iter();
        let bad = checks.filter(|check| check["state"] == "fail" || check["state"] == "warn");
        bad.map(|check| check["name"].as_str().unwrap()).collect()
    }
}

/// Every name below a directory with its kind and mode, its length, and when it and its inode last changed.
pub(super) fn state(directory: &Path) -> BTreeMap<String, (u32, u64, SystemTime, i64, i64)> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(path) = open.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        found.insert(
            path.display().to_string(),
            (metadata.mode(), metadata.len(), metadata.modified().unwrap(), changed.0, changed.1),
        );
        if metadata.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        }
    }
    found
}

#[test]
fn a_healthy_fleet_is_well_and_nothing_is_changed() {
    let scene = Scene::new();
    let before = state(scene.home.path());
    let found = scene.examine(&["--token-file", "token"]);
    found.exits(0);
    assert_eq!(found.troubles(), ["root"; 0], "{:#}", found.document);
    found
        .says("clock", "ok", "the platform's agrees")
        .says("proxy", "ok", "no proxy for this host")
        .says("name", "ok", "127.0.0.1")
        .says("connection", "ok", "127.0.0.1")
        .says("http", "ok", "answers")
        .says("token", "ok", "not there yet")
        .says("login", "ok", "as admin, tenant admin")
        .says("rights", "ok", "may list devices, list certificates")
        .says("root", "ok", "unchanged")
        .says("crl", "ok", "0 certificates")
        .says("directory", "ok", "can be written")
        .says("space", "ok", "MiB")
        .says(".certreq", "ok", "0700")
        .says("keys", "ok", "no key is open")
        .says("journal", "ok", "to its end")
        .says("unfinished", "ok", "no unfinished keys")
        .says("ca/ca.pem", "ok", "valid until")
        .says("ca/crl.pem", "ok", "left")
        .says("devices", "ok", "2 devices, 2 valid")
        .says("version", "ok", env!("CARGO_PKG_VERSION"));
    assert_eq!(state(scene.home.path()), before, "something was changed");
}

#[test]
fn text_has_a_mark_in_words_a_reason_and_the_next_command_in_eighty_columns() {
    let scene = Scene::new();
    let key = scene.fleet().join("cert_a1998e/private.key");
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let ended = certreq(scene.home.path())
        .args(["doctor", "fleet", "-h", &scene.served.url])
        .env("COLUMNS", "80")
        .run()
        .exits(1);
    assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ended.stdout);
    assert!(ended.stdout.is_ascii() && !ended.stdout.contains('\u{1b}'), "{}", ended.stdout);
    ended
        .stderr_is("")
        .stdout_has("  FAIL  keys        others may read the key of a1998e\n")
        .stdout_has("                    -> chmod 600 fleet/cert_a1998e/private.key\n")
        .stdout_has("  ok    journal     can be read to its end\n")
        .stdout_has("  -     login       no user name given\n")
        .stdout_has("                    -> certreq doctor -u USER --secret-file FILE\n")
        .stdout_has("  -     rights      it needs a login\n")
        .stdout_has("1 FAIL");
}

#[test]
fn the_embedded_authority_is_looked_at_from_outside() {
    let home = workplace();
    let call = || certreq(home.path()).args(["doctor", "fleet", "--authority", "lab", "--format", "json"]);
    Found::new(call()).exits(1).says("authority", "fail", "there is no authority in lab");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was founded");
    certreq(home.path()).args(["issue", "--authority", "lab", "-i", "a1998e", "--dir", "fleet"]).run().exits(0);
    let before = state(home.path());
    let found = Found::new(call());
    found.exits(0).says("authority", "ok", "lab").says("ca key", "ok", "0600").says("devices", "ok", "1 valid");
    assert_eq!(state(home.path()), before, "something was changed");
    let key = home.path().join("lab/ca.key");
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    Found::new(call()).exits(1).says("ca key", "fail", "0640");
}

#[test]
fn what_the_configuration_file_says_wrongly_is_found() {
    let home = workplace();
    let directory = home.path().join(".config/certreq");
    fs::create_dir_all(&directory).unwrap();
    let put = |text: &str| fs::write(directory.join("config.toml"), text).unwrap();
    let examine =
        || Found::new(certreq(home.path()).args(["doctor", "--authority", "lab", "--format", "json"]));
    put("[profile.factory]\nuser = \"admin\"\n");
    examine().says("config", "ok", "config.toml");
    put("[profile.factory]\nuzer = \"admin\"\n");
    examine().says("config", "warn", "config.toml:2: ");
}
