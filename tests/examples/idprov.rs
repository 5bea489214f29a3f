//! `examples/idprov`: a hub, three devices that provision themselves, and a broker that refuses the one that is revoked.

use crate::support::{port::Port, readme::Readme, tools::present};

#[test]
fn the_readme_holds() {
    if !present(&["mosquitto"]) {
        return;
    }
    let ports = [(); 3].map(|()| Port::reserve());
    let [broker, hub, api] = &ports;
    let mut readme =
        Readme::of("examples/idprov").set("PORT", broker.number).set("HUB", hub.number).set("API", api.number);
    let said = readme.follow();
    for words in [
        "mqtts: tls://localhost:",
        "AA:BB:CC:DD:EE:FF  renewed",
        "\ndev1 is refused\n",
        "\ndev1 is not renewed\n",
    ] {
        assert!(said.contains(words), "{words:?} is not in\n{said}");
    }
}
