//! `examples/mosquitto`: a broker that knows devices by their certificates.

use crate::support::{port::Port, readme::Readme, tools::present};

#[test]
fn the_readme_holds() {
    if !present(&["mosquitto", "mosquitto_pub", "mosquitto_sub"]) {
        return;
    }
    let port = Port::reserve();
    let mut readme = Readme::of("examples/mosquitto").set("PORT", port.number);
    let said = readme.follow();
    let heard = |value: &str| said.contains(&format!("{{\"temperature\": {value}}}"));
    assert!(heard("21.5") && heard("19"), "{said}");
    assert!(!heard("-273"), "nobody writes another's topic: {said}");
    assert!(said.contains("\na1998e is refused\n"), "{said}");
}
