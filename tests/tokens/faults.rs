//! Tokens that are locked, full, read-only, gone in the middle: told in words, and no PIN is tried twice.

use std::{fs, path::PathBuf, process::Command};

use super::softhsm::{PIN, SoftHsm, accounted};
use crate::support::{
    terminal::{Call, Ended},
    tools,
};

/// A SoftHSM behind a module that goes wrong.
struct Faulty {
    hsm: SoftHsm,
    module: PathBuf,
}

impl Faulty {
    #[track_caller]
    fn new() -> Option<Self> {
        Self::called("fault.so")
    }

    #[track_caller]
    fn called(name: &str) -> Option<Self> {
        let (hsm, cc) = (SoftHsm::new()?, tools::needs("cc")?);
        let module = hsm.path().join(name);
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tokens/fault.c");
        let built =
            Command::new(cc).args(["-shared", "-fPIC", "-o"]).arg(&module).args([source, "-ldl"]).output();
        let built = built.unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Some(Self { hsm, module })
    }

    fn store(&self) -> String {
        format!("pkcs11:token=lab?module-path={}", self.module.display())
    }

    fn certreq(&self, fault: &str) -> Call {
        self.hsm
            .without_pin()
            .env("FAULT", fault)
            .env("FAULT_MODULE", SoftHsm::module())
            .env("FAULT_LOG", self.hsm.path().join("logins"))
            .env("CERTREQ_KEY_STORE", self.store())
    }

    fn issue(&self, fault: &str, pin: &str, ids: &str) -> Ended {
        self.certreq(fault).env("CERTREQ_PIN", pin).args(["issue", "--local", "-i", ids]).run()
    }

    fn logins(&self) -> usize {
        fs::read_to_string(self.hsm.path().join("logins")).map_or(0, |text| text.lines().count())
    }
}

#[test]
fn a_wrong_pin_is_tried_once_however_many_devices_there_are() {
    let Some(faulty) = Faulty::new() else { return };
    let ended = faulty.issue("", "0000", "a,b,c,d,e");
    ended.exits(1).stderr_has("the token lab refused the PIN; it was tried once");
    assert_eq!(faulty.logins(), 1);
    // Also where each device's key asks the token for itself.
    faulty.issue("", PIN, "a,b,c").exits(0);
    fs::remove_file(faulty.hsm.path().join("logins")).unwrap();
    let verify = faulty.certreq("").env("CERTREQ_PIN", "0000").args(["verify", "."]).run();
    assert_ne!(verify.code, 0);
    assert_eq!(faulty.logins(), 1);
    let renew = ["renew", "--local", "--all"];
    assert_ne!(faulty.certreq("").env("CERTREQ_PIN", "0000").args(renew).run().code, 0);
    assert_eq!(faulty.logins(), 2);
}

#[test]
fn the_last_try_and_a_lock_are_told() {
    let Some(faulty) = Faulty::new() else { return };
    faulty.issue("final", "0000", "a").exits(1).stderr_has("one try is left before it locks itself");
    faulty.issue("locked", PIN, "a").exits(1).stderr_has("the token lab is locked: too many wrong PINs");
    assert_eq!(faulty.logins(), 2);
    // A token that says that it is locked is not asked.
    faulty.issue("locked-already", PIN, "a").exits(1).stderr_has("the token lab is locked");
    assert_eq!(faulty.logins(), 2);
}

#[test]
fn a_token_that_goes_away_stops_the_devices_that_are_left_and_the_next_run_goes_on() {
    let Some(faulty) = Faulty::new() else { return };
    let ended = faulty.issue("gone", PIN, "a,b,c,d,e,f");
    assert_ne!(ended.code, 0);
    assert!(ended.stderr.contains("the token lab is gone"), "{}", ended.stderr);
    faulty.issue("", PIN, "a,b,c,d,e,f").exits(0);
    let keys = faulty.hsm.private_keys("lab");
    let labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(labels, ["a", "b", "c", "d", "e", "f"], "{}", ended.stderr);
    assert_eq!(accounted(&faulty.hsm, "."), faulty.hsm.ids("lab"));
}

#[test]
fn a_full_token_and_a_read_only_one_are_called_that() {
    let Some(faulty) = Faulty::new() else { return };
    faulty.issue("full", PIN, "a").exits(1).stderr_has("the token lab is full: it takes no further key");
    faulty.issue("read-only", PIN, "a").exits(1).stderr_has("the token lab is write-protected");
    assert!(faulty.hsm.private_keys("lab").is_empty());
    assert!(accounted(&faulty.hsm, ".").is_empty());
}

#[test]
fn a_tpm_without_memory_is_told_with_what_to_do() {
    let Some(faulty) = Faulty::called("libtpm2_pkcs11_fault.so") else { return };
    let ended = faulty.issue("general", PIN, "a").exits(1).stderr_has("(a TPM) has no memory left for this");
    ended.stderr_has("tpm2_flushcontext");
}

#[test]
fn a_module_that_others_can_change_is_loaded_only_when_the_user_names_it() {
    let Some(faulty) = Faulty::new() else { return };
    faulty.issue("", PIN, "a").exits(0);
    let unnamed = faulty.hsm.certreq().env("FAULT_MODULE", SoftHsm::module()).args(["verify", "cert_a"]).run();
    unnamed.exits(1).stdout_has("is not used: others than root can change");
    faulty.certreq("").env("CERTREQ_PIN", PIN).args(["verify", "cert_a"]).run().exits(0);
}
