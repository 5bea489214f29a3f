//! `examples/paho`: Eclipse Paho for Python with the files as `issue` wrote them.

use super::{free_port, offers};
use crate::support::{
    python,
    readme::Readme,
    tools::{needs, present},
};

#[test]
fn the_readme_holds() {
    if needs("python3").is_none() || !present(&["mosquitto"]) || !offers(&[&["issue", "--san", "dns:x"]]) {
        return;
    }
    const REQUIREMENTS: &str = "examples/paho/requirements.txt";
    if python::with(REQUIREMENTS).is_none() {
        return;
    }
    let mut readme = Readme::of("examples/paho")
        .beside("examples/mosquitto")
        .set("PORT", free_port())
        .set("VENV", python::environment(REQUIREMENTS).display());
    let said = readme.follow();
    assert!(said.contains("subscribed: Granted QoS 1"), "{said}");
    assert!(said.ends_with("published\nadmin:a1998e/attrs {\"temperature\": 21.5}\n"), "{said}");
}
