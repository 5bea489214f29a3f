//! Releases 0.5 and 0.6 of the platform, as their own code behaves: the name of a certificate says whose it is, trusted
//! CAs and unlinking are only pretended, and devices are not looked for. Nothing of that is reported as done.

mod old;

use std::fs;

use old::Old;

use crate::support::{forger::Forger, platform::workplace, terminal::certreq};

fn subject(home: &std::path::Path, device: &str) -> String {
    certreq(home).args(["whoami", &format!("cert_{device}")]).run().stdout
}

#[test]
fn a_renewal_with_the_login_of_another_tenant_is_stopped_before_the_request() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0);
    assert!(subject(home.path(), "a1998e").contains("tenant: admin"));
    let before = old.posts();
    let ended = old.call_as(home.path(), "eve", &["renew", "cert_a1998e", "--all"]).exits(6);
    ended.stderr_has("names the tenant admin").stderr_has("the login is of acme");
    assert_eq!(old.posts(), before, "nothing was requested");
    assert!(subject(home.path(), "a1998e").contains("tenant: admin"));
    old.call(home.path(), &["renew", "cert_a1998e", "--all"]).exits(0);
}

#[test]
fn a_pair_of_another_tenant_is_not_what_was_asked_for() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0);
    let before = old.posts();
    let ended = old.call_as(home.path(), "eve", &["issue", "-i", "a1998e"]).exits(6);
    ended.stderr_has("belongs to the tenant admin, and the login is of acme").stderr_has("--force");
    assert_eq!(old.posts(), before, "nothing was asked for");
    let mass = old.call_as(home.path(), "eve", &["issue", "--all"]);
    assert!(mass.code != 0 && mass.stderr.contains("belongs to the tenant admin"), "{}", mass.stderr);
    assert!(subject(home.path(), "a1998e").contains("tenant: admin"));
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0).stderr_has("1 already valid, skipped");
}

#[test]
fn an_answer_that_names_another_tenant_than_the_login_is_not_taken() {
    let (old, home) = (Old::start(), workplace());
    old.sign_as("acme");
    old.call(home.path(), &["issue", "-i", "a1998e"])
        .exits(6)
        .stderr_has("names the tenant acme")
        .stderr_has("the login is of admin");
    assert!(!home.path().join("cert_a1998e").exists());
}

#[test]
fn an_old_certificate_without_a_record_is_never_called_revoked() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0);
    // Its record goes, and no list names it: it may be another tenant's now, or was never revoked.
    old.forget_records();
    let ended = old.call(home.path(), &["renew", "cert_a1998e", "--all", "--revoke-old"]);
    assert!(ended.code != 0, "{}{}", ended.stdout, ended.stderr);
    ended.stdout_has("a1998e  renewed").stderr_has("there is no record of it");
    // A revocation that was not done is owed, and said again.
    let again = old.call(home.path(), &["renew", "--revoke-old"]);
    assert!(again.code != 0 && again.stderr.contains("there is no record of it"), "{}", again.stderr);
}

#[test]
fn a_certificate_belongs_to_the_device_in_its_name_for_every_verb() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e,b2c3d4"]).exits(0);
    old.call(home.path(), &["list", "--format", "csv"])
        .exits(0)
        .stdout_has("\na1998e,")
        .stdout_has("\nb2c3d4,");
    let listed = old.call(home.path(), &["list", "-i", "a1998e", "--format", "json"]).exits(0).json();
    assert_eq!((listed.len(), &listed[0]["device"]), (1, &"a1998e".into()));
    assert_eq!(old.call(home.path(), &["list", "--orphans", "--format", "json"]).exits(0).json().len(), 0);
    let without = old.call(home.path(), &["devices", "--without-certificate", "--format", "json"]).exits(0);
    let ids: Vec<_> = without.json().iter().map(|line| line["device"].clone()).collect();
    assert_eq!(ids, ["c3d4e5"]);
    let status = old.call(home.path(), &["status", "--platform"]).exits(0).stdout;
    assert!(!status.contains("without an owner"), "{status}");
    assert!(status.contains("c3d4e5") && !status.contains("3 without a certificate"), "{status}");
    // And where it is revoked: its line, the JSON and the journal have the id that was asked for.
    let elsewhere = workplace();
    let gone = old.call(elsewhere.path(), &["revoke", "-i", "a1998e", "--all", "--yes", "--format", "json"]);
    assert_eq!(gone.exits(0).json()[0]["device"], "a1998e");
    let journal = certreq(elsewhere.path()).args(["status", "--journal", "--format", "json"]).run().json();
    assert!(!journal.is_empty() && journal.iter().all(|line| line["device"] == "a1998e"), "{journal:?}");
    let text = old.call(home.path(), &["revoke", "cert_b2c3d4", "--yes"]).exits(0).stdout;
    assert!(text.starts_with("b2c3d4  revoked"), "{text}");
}

#[test]
fn trusted_cas_that_are_not_kept_are_never_called_done() {
    let (old, home) = (Old::start(), workplace());
    let theirs = Forger::new("their root").root;
    let fingerprint = theirs.fingerprint().to_string();
    fs::write(home.path().join("theirs.pem"), theirs.to_pem()).unwrap();
    let calls: [&[&str]; 5] = [
        &["ca", "trust", "remove", &fingerprint, "--yes"],
        &["ca", "trust", "auto-registration", &fingerprint, "on"],
        &["ca", "trust", "add", "theirs.pem"],
        &["ca", "trust", "list"],
        &["register", "leaf.pem", "-i", "a1998e", "--trusted-ca", &fingerprint],
    ];
    fs::write(home.path().join("leaf.pem"), old.leaf("x1")).unwrap();
    for call in calls {
        let ended = old.call(home.path(), call).exits(4);
        let ended = ended.stderr_has("a release up to 0.6, which keeps no trusted CAs");
        assert_eq!(ended.stdout, "", "{call:?}");
    }
    let bundle = old.call(home.path(), &["ca", "bundle"]).exits(0);
    bundle.stdout_has("BEGIN CERTIFICATE").stderr_has("its own root alone");
}

#[test]
fn a_healthy_platform_of_an_old_release_is_healthy_for_doctor() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0);
    let ended = old.call(home.path(), &["doctor"]).exits(0);
    let ended = ended.stdout_has("dojot 0.5 or 0.6");
    assert!(!ended.stdout.contains("FAIL"), "{}", ended.stdout);
}

#[test]
fn an_owner_in_the_name_is_not_taken_away() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e"]).exits(0);
    let ended = old.call(home.path(), &["revoke", "cert_a1998e", "--unlink", "--yes"]).exits(1);
    let ended = ended
        .stderr_has("the common name of the certificate has the device id")
        .stderr_has("only a revocation");
    assert!(!ended.stdout.contains("unlinked") && !ended.stdout.contains("no owner"), "{}", ended.stdout);
}

#[test]
fn a_device_that_the_platform_does_not_have_gets_no_certificate() {
    let (old, home) = (Old::start(), workplace());
    old.call(home.path(), &["issue", "-i", "a1998e,c0ffee"]).exits(3).stderr_has("has no such device");
    assert!(home.path().join("cert_a1998e").exists() && !home.path().join("cert_c0ffee").exists());
    // One that came here some other way is told.
    fs::rename(home.path().join("cert_a1998e"), home.path().join("cert_c0ffee")).unwrap();
    old.call(home.path(), &["status", "--platform"]).stdout_has("1 here that it does not have: c0ffee");
}

#[test]
fn a_platform_that_cannot_sign_is_asked_once_a_try() {
    let (old, home) = (Old::start(), workplace());
    old.fail_to_sign();
    old.call(home.path(), &["issue", "-i", "a1998e", "--retries", "2"]).exits(5);
    // The first one names the owner and is refused by the schema; three tries without it follow.
    assert_eq!(old.posts(), 4);
}
