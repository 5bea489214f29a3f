//! The README's recipes, typed as they stand there.

use crate::{
    support::{platform::Served, readme::Readme, terminal::tree},
    tokens::softhsm::{PIN, SoftHsm},
};

#[test]
fn the_recipes_hold() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c3d4e5"]);
    let hsm = SoftHsm::new();
    let token = hsm.as_ref().map(|_| SoftHsm::store("lab")).unwrap_or_default();
    let mut readme = Readme::part("README.md", "Recipes")
        .set("TOKEN", token)
        .set("CERTREQ_HOST", &served.url)
        .set("CERTREQ_USER", "admin")
        .set("CERTREQ_SECRET_FILE", served.secret_file());
    if let Some(hsm) = &hsm {
        readme = readme.with("SOFTHSM2_CONF", hsm.config().display()).with("CERTREQ_PIN", PIN);
    }
    let said = readme.follow();
    for word in [
        "a1998e\t",
        "skipped",
        "VALID",
        "GOOD",
        "new pair in ",
        "Serial Number: ",
        "CERTREQ CRITICAL",
        "a plugin's code: 2",
        "certreq_devices{state=\"revoked\"} 1",
    ] {
        assert!(said.contains(word), "{word:?} is not in\n{said}");
    }
    let made = tree(readme.home());
    for name in ["fleet.html", "fleet.prom", "lab/cert_broker/cert.pem", "lab/mosquitto/certs/server.key"] {
        assert!(made.iter().any(|made| made == name), "{name} is not in {made:?}");
    }
}
