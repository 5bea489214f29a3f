//! The README's recipes, typed as they stand there.

use crate::support::{platform::Served, port::Port, readme::Readme, terminal::tree};

#[test]
fn the_recipes_hold() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c3d4e5"]);
    let (port, hub) = (Port::reserve(), Port::reserve());
    let mut readme = Readme::part("README.md", "Recipes")
        .set("CERTREQ_HOST", &served.url)
        .set("CERTREQ_USER", "admin")
        .set("CERTREQ_SECRET_FILE", served.secret_file())
        .set("HUB", hub.number)
        .set("EST_PORT", port.number);
    let said = readme.follow();
    for word in [
        "a1998e\t",
        "skipped",
        "VALID",
        "GOOD",
        "new pair in ",
        "e5f6a7  renewed",
        "Serial Number: ",
        "CERTREQ CRITICAL",
        "a plugin's code: 2",
        "certreq_devices{state=\"revoked\"} 1",
    ] {
        assert!(said.contains(word), "{word:?} is not in\n{said}");
    }
    let made = tree(readme.home());
    for name in [
        "fleet.html",
        "fleet.prom",
        "lab/cert_broker/cert.pem",
        "lab/mosquitto/certs/server.key",
        "provisioned/cert_dev1/cert.pem",
    ] {
        assert!(made.iter().any(|made| made == name), "{name} is not in {made:?}");
    }
}
