//! Errors in a URI, a PIN, a module or a key are told in words, and no trace is left behind.

use std::{fs, os::unix::fs::PermissionsExt};

use super::softhsm::{PIN, SoftHsm};
use crate::support::terminal::Ended;

fn issue(hsm: &SoftHsm, store: &str) -> Ended {
    hsm.certreq().args(["issue", "--local", "-i", "dev1", "--key-store", store]).run()
}

#[test]
fn parts_of_a_uri_that_are_not_known_are_named() {
    let Some(hsm) = SoftHsm::new() else { return };
    let cases = [
        ("pkcs11:token=lab;colour=red", "the part \"colour\", which is not known here"),
        ("pkcs11:token=lab;token=lab", "says token twice"),
        ("pkcs11:slot-id=0", "slots change their numbers"),
        ("pkcs11:token=lab?module-name=softhsm2", "the part \"module-name\""),
        ("token=lab", "begins with pkcs11:"),
        ("pkcs11:token=lab?pin-source=https://example.org/pin", "a pin-source that is not a file"),
    ];
    for (uri, why) in cases {
        issue(&hsm, uri).exits(2).stderr_has(why);
    }
    issue(&hsm, "pkcs11:token=lab").exits(1).stderr_has("no PKCS#11 module is named for the token lab");
}

#[test]
fn a_module_that_is_missing_or_for_another_machine_or_none_is_told() {
    let Some(hsm) = SoftHsm::new() else { return };
    let at = |path: &str| format!("pkcs11:token=lab?module-path={path}");
    issue(&hsm, &at("/usr/lib/nowhere.so")).exits(1).stderr_has("there is no such file");
    let mut elf = fs::read(SoftHsm::module()).unwrap();
    // The class of a machine with half as many bits.
    elf[4] = 1;
    let other = hsm.path().join("other.so");
    fs::write(&other, elf).unwrap();
    let said = issue(&hsm, &at(other.to_str().unwrap())).exits(1);
    said.stderr_has("it is built for another machine than this program");
    let text = hsm.path().join("text.so");
    fs::write(&text, "no library").unwrap();
    issue(&hsm, &at(text.to_str().unwrap())).exits(1).stderr_has("cannot be loaded");
}

#[test]
fn a_token_that_is_not_there_or_there_twice_is_told_with_what_there_is() {
    let Some(hsm) = SoftHsm::new() else { return };
    let said = issue(&hsm, &SoftHsm::store("lba")).exits(1);
    said.stderr_has("the token lba is not there").stderr_has("shows lab");
    hsm.add("lab");
    issue(&hsm, &SoftHsm::store("lab")).exits(1).stderr_has("the token lab is there 2 times");
    assert!(!hsm.path().join("cert_dev1").exists());
}

#[test]
fn keys_that_are_missing_or_several_or_cannot_sign_are_told() {
    let Some(hsm) = SoftHsm::new() else { return };
    issue(&hsm, &SoftHsm::store("lab;object=own")).exits(1).stderr_has("the token lab has no key own");
    for id in ["01", "02"] {
        let pair = ["--keypairgen", "--key-type", "EC:prime256v1", "--label", "own", "--id", id];
        hsm.tool(&[&["--token-label", "lab"][..], &pair].concat());
    }
    let said = issue(&hsm, &SoftHsm::store("lab;object=own")).exits(1);
    said.stderr_has("the token lab has 2 keys own: %01, %02").stderr_has("name one by its id");
    issue(&hsm, &SoftHsm::store("lab;id=%01")).exits(0);
    let curve = ["--keypairgen", "--key-type", "EC:edwards25519", "--label", "edwards", "--id", "03"];
    hsm.tool(&[&["--token-label", "lab"][..], &curve].concat());
    let other =
        hsm.certreq().args(["issue", "--local", "-i", "dev2", "--key-store", &SoftHsm::store("lab;id=%03")]);
    other.run().exits(1).stderr_has("cannot be used");
}

#[test]
fn pins_come_from_a_file_or_a_credential_and_one_that_others_can_read_is_warned_about() {
    let Some(hsm) = SoftHsm::new() else { return };
    let file = hsm.path().join("pin");
    fs::write(&file, format!("{PIN} \r\nmore\n")).unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    let store = format!("{}&pin-source=file:{}", SoftHsm::store("lab"), file.display());
    let run =
        |id: &str, store: &str| hsm.without_pin().args(["issue", "--local", "-i", id, "--key-store", store]);
    let said = run("a", &store).run().exits(0);
    assert!(!said.stderr.contains("PIN file"), "{}", said.stderr);
    // The file beside the certificate says where the PIN is.
    hsm.without_pin().args(["verify", "cert_a"]).run().exits(0).stdout_has("signs in the token lab");
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    run("b", &store).run().exits(0).stderr_has("has the mode 0644: others may use it");
    fs::create_dir(hsm.path().join("credentials")).unwrap();
    fs::write(hsm.path().join("credentials/certreq.pin"), PIN).unwrap();
    let bare = SoftHsm::store("lab");
    run("c", &bare).env("CREDENTIALS_DIRECTORY", hsm.path().join("credentials")).run().exits(0);
    run("d", &bare).run().exits(1).stderr_has("needs a PIN, and no PIN was given");
    fs::write(&file, "\n").unwrap();
    run("e", &store).run().exits(1).stderr_has("its first line is empty");
    let typed = format!("{bare}&pin-value={}", PIN.replace(' ', "%20"));
    run("f", &typed).run().exits(0).stderr_has("a PIN on the command line can be seen");
    assert!(!fs::read_to_string(hsm.path().join(".certreq/journal")).unwrap().contains("273"));
}

#[test]
fn a_key_that_was_removed_or_changed_in_the_token_fails_verify() {
    let Some(hsm) = SoftHsm::new() else { return };
    issue(&hsm, &SoftHsm::store("lab")).exits(0);
    let key = hsm.private_keys("lab").remove(0);
    for kind in ["privkey", "pubkey"] {
        hsm.tool(&["--token-label", "lab", "--delete-object", "--type", kind, "--id", &key.id]);
    }
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(14).stdout_has("has no key dev1");
    // Another key under the same name.
    let pair = ["--keypairgen", "--key-type", "EC:prime256v1", "--label", "dev1", "--id", &key.id];
    hsm.tool(&[&["--token-label", "lab"][..], &pair].concat());
    hsm.certreq().args(["verify", "cert_dev1"]).run().exits(14).stdout_has("signature is by another key");
    hsm.without_pin().args(["verify", "cert_dev1"]).run().exits(14).stdout_has("it is another key");
}
