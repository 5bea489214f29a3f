//! A key that was made, and is not in its token any more when the next run wants to use it.

use super::softhsm::{SoftHsm, accounted};

/// With a key of `dev1` that waits for its certificate.
fn waiting() -> Option<SoftHsm> {
    let hsm = SoftHsm::new()?;
    hsm.certreq().args(["key", "dev1", "--key-store", &SoftHsm::store("lab")]).run().exits(0);
    Some(hsm)
}

/// Takes the private half away; the public one stays.
fn lose(hsm: &SoftHsm) -> String {
    let id = hsm.ids("lab").remove(0);
    hsm.tool(&["--token-label", "lab", "--delete-object", "--type", "privkey", "--id", &id]);
    assert!(hsm.ids("lab").is_empty());
    id
}

fn certificates(hsm: &SoftHsm) -> usize {
    let listed = hsm.certreq().args(["list", "--local", "--format", "json"]).run().exits(0).json();
    listed.iter().filter(|line| line["device"] == "dev1").count()
}

#[track_caller]
fn goes_on(hsm: &SoftHsm, lost: &str) {
    let said = hsm.certreq().args(["issue", "--local", "-i", "dev1"]).run().exits(0);
    said.stderr_has("the token lab does not have the key of dev1 that an earlier run made; a new one is made");
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(0).stdout_has("signs in the token lab");
    assert_eq!(certificates(hsm), 1);
    assert_eq!(hsm.private_keys("lab").len(), 1);
    assert_eq!(hsm.public_keys("lab").len(), 1, "the half that was left is gone as well");
    assert_eq!(accounted(hsm, "."), hsm.ids("lab"));
    assert!(!hsm.ids("lab").contains(&lost.to_owned()));
}

#[test]
fn a_new_key_takes_the_place_of_one_that_was_lost() {
    let Some(hsm) = waiting() else { return };
    let lost = lose(&hsm);
    goes_on(&hsm, &lost);
}

#[test]
fn what_was_issued_for_a_lost_key_is_revoked() {
    let Some(hsm) = waiting() else { return };
    hsm.certreq().args(["csr", "--out", "requests"]).run().exits(0);
    hsm.certreq().args(["issue", "--local", "--csr", "requests", "--out", "back"]).run().exits(0);
    assert_eq!(certificates(&hsm), 1);
    let lost = lose(&hsm);
    goes_on(&hsm, &lost);
    let journal = hsm.certreq().args(["status", "--journal", "--format", "json"]).run().exits(0).json();
    let revoked = journal.iter().any(|line| line["event"] == "revocation" && line["step"] == "done");
    assert!(revoked, "{journal:?}");
}

#[test]
fn a_key_is_not_lost_while_its_token_cannot_be_asked() {
    let Some(hsm) = waiting() else { return };
    let before = hsm.ids("lab");
    hsm.without_pin().args(["issue", "--local", "-i", "dev1"]).run().exits(1);
    assert_eq!(hsm.ids("lab"), before);
    hsm.certreq().args(["issue", "--local", "-i", "dev1"]).run().exits(0);
    assert_eq!(hsm.ids("lab"), before, "the key that was made is the one that is used");
}
