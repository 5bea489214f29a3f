//! New keys in the place of old ones: an old one leaves its token when its pair leaves the archive.

use super::softhsm::{SoftHsm, accounted};

fn ids(hsm: &SoftHsm) -> Vec<String> {
    hsm.ids("lab")
}

fn issued() -> Option<SoftHsm> {
    let hsm = SoftHsm::new()?;
    let args = ["issue", "--local", "--key-store", &SoftHsm::store("lab"), "-i", "dev1"];
    hsm.certreq().args(args).run().exits(0);
    Some(hsm)
}

fn renew(hsm: &SoftHsm, more: &[&str]) {
    hsm.certreq().args(["renew", "--local", "--all", "cert_dev1"]).args(more).run().exits(0);
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(0).stdout_has("signs in the token lab");
    assert_eq!(accounted(hsm, "."), ids(hsm), "the journal accounts for every key");
    assert_eq!(hsm.public_keys("lab").len(), ids(hsm).len());
}

#[test]
fn an_old_key_stays_as_long_as_its_pair_is_kept() {
    let Some(hsm) = issued() else { return };
    let first = ids(&hsm);
    renew(&hsm, &["--keep", "1"]);
    let second = ids(&hsm);
    assert_eq!(second.len(), 2, "the old pair is in the archive, and its key in the token");
    assert!(second.contains(&first[0]));
    renew(&hsm, &["--keep", "1"]);
    let third = ids(&hsm);
    assert_eq!(third.len(), 2);
    assert!(!third.contains(&first[0]), "the first pair is not kept any more");
    renew(&hsm, &["--keep", "0"]);
    assert_eq!(ids(&hsm).len(), 1);
}

#[test]
fn a_key_that_is_used_again_is_not_removed_with_the_old_certificate() {
    let Some(hsm) = issued() else { return };
    let before = ids(&hsm);
    renew(&hsm, &["--reuse-key", "--keep", "0"]);
    assert_eq!(ids(&hsm), before);
    renew(&hsm, &["--reuse-key", "--keep", "1"]);
    assert_eq!(ids(&hsm), before);
}

#[test]
fn a_device_may_move_into_the_token_and_out_of_it() {
    let Some(hsm) = SoftHsm::new() else { return };
    hsm.certreq().args(["issue", "--local", "-i", "dev1"]).run().exits(0);
    let (store, base) = (SoftHsm::store("lab"), ["renew", "--local", "--all", "--keep", "0", "cert_dev1"]);
    hsm.certreq().args(base).args(["--key-store", &store]).run().exits(0);
    assert_eq!(ids(&hsm).len(), 1);
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(0).stdout_has("signs in the token lab");
    hsm.certreq().args(base).args(["--key-store", "file"]).run().exits(0);
    assert!(ids(&hsm).is_empty(), "nothing names the key any more");
    hsm.without_pin().args(["verify", "cert_dev1"]).run().exits(0);
}

#[test]
fn a_key_that_cannot_be_removed_now_is_removed_by_a_later_run() {
    let Some(hsm) = issued() else { return };
    let store = SoftHsm::store("lab");
    let move_out = ["renew", "--local", "--all", "--keep", "0", "--key-store", "file", "cert_dev1"];
    // Without a PIN nothing can be removed.
    let said = hsm.without_pin().args(move_out).run().exits(0);
    said.stderr_has("stays in its token for now");
    assert_eq!(ids(&hsm).len(), 1);
    assert_eq!(accounted(&hsm, "."), ids(&hsm));
    hsm.certreq().args(["issue", "--local", "--key-store", &store, "-i", "dev2"]).run().exits(0);
    assert_eq!(hsm.private_keys("lab").iter().map(|key| key.label.as_str()).collect::<Vec<_>>(), ["dev2"]);
    assert_eq!(accounted(&hsm, "."), ids(&hsm));
}

#[test]
fn doctor_lists_the_keys_that_no_directory_names() {
    let Some(hsm) = issued() else { return };
    let doctor = ["doctor", "--local", "--format", "json"];
    let check = || {
        let document = hsm.certreq().args(doctor).run().json().remove(0);
        let checks = document["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == "token keys").unwrap()
    };
    assert_eq!(check()["message"], "1 key in the token lab, each has its directory");
    let id = ids(&hsm).remove(0);
    std::fs::remove_dir_all(hsm.path().join("cert_dev1")).unwrap();
    let found = check();
    assert_eq!(found["state"], "warn");
    let message = found["message"].as_str().unwrap();
    assert!(message.contains(&format!("dev1 (id {id})")), "{message}");
}

#[test]
fn a_refused_device_leaves_no_key_behind() {
    let Some(hsm) = SoftHsm::new() else { return };
    // Only registered devices get certificates, and this one is not.
    let args = ["issue", "--local", "--registered-only", "--key-store", &SoftHsm::store("lab"), "-i", "dev1"];
    let ended = hsm.certreq().args(args).run();
    assert_ne!(ended.code, 0, "{}", ended.stderr);
    assert!(ids(&hsm).is_empty(), "{}", ended.stderr);
    assert!(accounted(&hsm, ".").is_empty());
}
