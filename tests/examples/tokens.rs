//! `examples/softhsm` and `examples/tpm`: keys in a token.

use crate::{
    support::{port::Port, readme::Readme, tools::present},
    tokens::softhsm::SoftHsm,
};

#[test]
fn the_readme_of_softhsm_holds() {
    if !present(&["softhsm2-util", "pkcs11-tool"]) {
        return;
    }
    let mut readme = Readme::of("examples/softhsm").set("MODULE", SoftHsm::module());
    let said = readme.follow();
    assert!(said.contains("which signs in the token devices"), "{said}");
    assert!(said.contains("never extractable"), "{said}");
}

#[test]
fn the_readme_of_the_tpm_holds() {
    let Some(module) = crate::tokens::tpm::present() else { return };
    let port = Port::reserve().number;
    let mut readme = Readme::of("examples/tpm").set("PORT", port).set("MODULE", module);
    let said = readme.follow();
    assert_eq!(said.matches("which signs in the token gateway").count(), 2, "{said}");
}
