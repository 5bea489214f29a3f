//! Fifty devices, from the embedded authority and from a server: issued, renewed, verified, revoked.

use super::softhsm::{SoftHsm, accounted};
use crate::support::platform::Served;

const DEVICES: usize = 50;

fn names() -> Vec<String> {
    (0..DEVICES).map(|number| format!("d{number:04}")).collect()
}

fn every_way(hsm: &SoftHsm, platform: &[&str]) {
    let list = names().join(",");
    let store = SoftHsm::store("lab");
    hsm.certreq().args(["issue", "-i", &list, "--key-store", &store]).args(platform).run().exits(0);
    assert_eq!(hsm.ids("lab").len(), DEVICES);
    hsm.certreq().args(["renew", "--all", "--keep", "0"]).args(platform).run().exits(0);
    hsm.certreq().args(["verify", "."]).run().exits(0);
    assert_eq!(hsm.ids("lab").len(), DEVICES);
    assert_eq!(accounted(hsm, "."), hsm.ids("lab"));
    hsm.certreq().args(["revoke", "cert_d0000", "--yes"]).args(platform).run().exits(0);
    hsm.certreq().args(["verify", "cert_d0000"]).run().exits(12);
}

#[test]
fn from_the_embedded_authority() {
    let Some(hsm) = SoftHsm::new() else { return };
    every_way(&hsm, &["--local"]);
}

#[test]
fn from_a_server() {
    let Some(hsm) = SoftHsm::new() else { return };
    let served = Served::start(&["--register", &names().join(",")]);
    let login = served.login();
    every_way(&hsm, &login.iter().map(String::as_str).collect::<Vec<_>>());
}
