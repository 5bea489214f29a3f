//! Secrets that do not leave the process: the PIN and private keys.

use std::fs;

use super::softhsm::{PIN, SoftHsm};
use crate::support::{terminal::program, tools};

#[test]
fn no_pin_and_no_private_key_leaves_the_process() {
    let Some(hsm) = SoftHsm::new() else { return };
    if !tools::present(&["strace"]) {
        return;
    }
    // The authority writes a key of its own, once.
    hsm.certreq().args(["issue", "--local", "-i", "first"]).run().exits(0);
    let pin = hsm.path().join("pin");
    fs::write(&pin, PIN).unwrap();
    let trace = hsm.path().join("trace");
    let calls = "trace=write,writev,pwrite64,sendto,sendmsg,execve";
    let strace = ["-f", "-qq", "-s", "65536", "-e", calls, "-o", trace.to_str().unwrap()];
    let store = format!("{}&pin-source={}", SoftHsm::store("lab"), pin.display());
    for args in [
        &["issue", "--local", "-i", "dev1", "--key-store", &store][..],
        &["renew", "--local", "--all", "--exec", "true", "cert_dev1"],
        &["verify", "cert_dev1"],
    ] {
        let mut command = std::process::Command::new("strace");
        let output = command
            .args(strace)
            .arg(program())
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", hsm.path())
            .env("SOFTHSM2_CONF", hsm.config())
            .current_dir(hsm.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = fs::read_to_string(&trace).unwrap();
        assert!(text.contains("write("), "strace saw the run");
        assert!(!text.contains(PIN), "{args:?} gave the PIN away");
        assert!(!text.contains("PRIVATE KEY-----"), "{args:?} wrote a private key");
    }
}
