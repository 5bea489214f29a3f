//! EST over mutual TLS with a key that stays in its token.

use super::softhsm::{SoftHsm, accounted};
use crate::support::{
    platform::{SECRET, Served},
    terminal::Call,
};

struct Line {
    hsm: SoftHsm,
    served: Served,
}

impl Line {
    fn new() -> Option<Self> {
        let hsm = SoftHsm::new()?;
        Some(Self { hsm, served: Served::start(&["--est"]) })
    }

    fn est(&self, verb: &[&str]) -> Call {
        let fingerprint = self.served.root_fingerprint();
        let place = ["--est", &self.served.url, "--ca-fingerprint", &fingerprint];
        self.hsm.certreq().args(verb).args(place)
    }
}

#[test]
fn a_device_renews_over_mutual_tls_without_a_password() {
    let Some(line) = Line::new() else { return };
    let store = SoftHsm::store("lab");
    let first = line.est(&["issue", "a1998e", "-u", "admin", "--key-store", &store]);
    first.env("CERTREQ_SECRET", SECRET).run().exits(0);
    let before = line.hsm.ids("lab");
    line.est(&["renew", "a1998e", "--all", "--keep", "0"]).run().exits(0);
    let after = line.hsm.ids("lab");
    assert!(after.len() == 1 && after != before, "{after:?}");
    assert_eq!(accounted(&line.hsm, "."), after);
    line.hsm.certreq().args(["verify", "cert_a1998e"]).run().exits(0).stdout_has("signs in the token lab");
}

#[test]
fn the_first_identity_may_be_a_key_in_a_token_by_file_or_by_uri() {
    let Some(line) = Line::new() else { return };
    let store = SoftHsm::store("lab");
    let maker = ["issue", "--authority", "maker", "--dir", "made", "-i", "a1998e", "--key-store", &store];
    line.hsm.certreq().args(maker).run().exits(0);
    line.est(&["ca", "fetch", "--dir", "root"]).run().exits(0);
    let login = [line.served.login(), vec!["--cacert".into(), "root/ca/ca.pem".into()]].concat();
    line.hsm.certreq().args(["ca", "trust", "add", "made/ca/ca.pem"]).args(&login).run().exits(0);
    let cert = "made/cert_a1998e/cert.pem";
    let uri = SoftHsm::store("lab;object=a1998e");
    for (key, dir) in [("made/cert_a1998e/private.key", "one"), (&uri, "two")] {
        let shown = ["issue", "a1998e", "--dir", dir, "--est-cert", cert, "--est-key", key];
        line.est(&shown).run().exits(0);
    }
    // A wrong PIN is said, and the request does not leave.
    let shown =
        ["issue", "a1998e", "--dir", "three", "--est-cert", cert, "--est-key", "made/cert_a1998e/private.key"];
    let refused = line.est(&shown).env("CERTREQ_PIN", "0000").run();
    assert_ne!(refused.code, 0, "{}", refused.stderr);
}
