//! `examples/est`: strongSwan and certreq at `certreq serve --est`.

use crate::support::{port::Port, readme::Readme, tools::present};

#[test]
fn the_readme_holds() {
    if !present(&["pki"]) {
        return;
    }
    let port = Port::reserve();
    let mut readme = Readme::of("examples/est").set("PORT", port.number);
    let said = readme.follow();
    for words in ["device.pem: OK", "next.pem: OK", "b2c3d4  issued", "b2c3d4  renewed", "VALID"] {
        assert!(said.contains(words), "{words:?} is not in {said}");
    }
}
