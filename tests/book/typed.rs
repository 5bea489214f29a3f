//! The recipes and the tutorial, typed as they stand there.

use crate::{
    support::{platform::Served, port::Port, readme::Readme, terminal::tree, tools::present},
    tokens::softhsm::{PIN, SoftHsm},
};

#[test]
fn the_recipes_hold() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c3d4e5"]);
    let hsm = SoftHsm::new();
    let token = hsm.as_ref().map(|_| SoftHsm::store("lab")).unwrap_or_default();
    let (port, hub) = (Port::reserve(), Port::reserve());
    let mut page = Readme::page("docs/src/recipes.md")
        .set("CERTREQ_HOST", &served.url)
        .set("CERTREQ_USER", "admin")
        .set("CERTREQ_SECRET_FILE", served.secret_file())
        .set("EST_PORT", port.number)
        .set("HUB", hub.number)
        .set("TOKEN", token);
    if let Some(hsm) = &hsm {
        page = page.with("SOFTHSM2_CONF", hsm.config().display()).with("CERTREQ_PIN", PIN);
    }
    let said = page.follow();
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
    let made = tree(page.home());
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

#[test]
fn the_tutorial_ends_with_a_broker_that_takes_the_new_pair() {
    if !present(&["mosquitto"]) {
        return;
    }
    let (platform, broker) = (Port::reserve(), Port::reserve());
    let mut page =
        Readme::page("docs/src/tutorial.md").set("PLATFORM", platform.number).set("BROKER", broker.number);
    let said = page.follow();
    for word in ["b0a4d1", "GOOD", "ACCEPTED", "REVOKED", "exit code 12"] {
        assert!(said.contains(word), "{word:?} is not in\n{said}");
    }
    assert!(said.trim_end().ends_with("ACCEPTED") || said.rfind("ACCEPTED") > said.rfind("REVOKED"), "{said}");
}

/// Pages that show what another tool would type; their commands are understood, and not typed.
const SHOWN: [&str; 3] = ["from-step.md", "from-certbot.md", "files.md"];

#[test]
fn every_command_beside_that_of_another_tool_is_understood() {
    for page in SHOWN {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src").join(page);
        let text = std::fs::read_to_string(file).unwrap();
        let commands = text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("certreq "));
        for line in commands {
            let words: Vec<&str> = line.split_whitespace().collect();
            let parsed = certreq::help::command().try_get_matches_from(&words);
            let mistake = parsed.err().filter(clap::Error::use_stderr);
            assert!(mistake.is_none(), "{page}: {line}: {}", mistake.unwrap());
        }
    }
}
