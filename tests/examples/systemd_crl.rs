//! `examples/systemd-crl`: a timer keeps the broker's revocation list fresh.

use std::{fs, process::Command};

use crate::support::{
    platform::{SECRET, Served},
    readme::Readme,
    tools::{mode, needs},
};

#[test]
fn the_readme_holds() {
    let served = Served::with_devices(&[]);
    let mut readme = Readme::of("examples/systemd-crl").set("URL", &served.url).set("LOGIN", "admin");
    fs::create_dir(readme.home().join("credentials")).unwrap();
    fs::write(readme.home().join("credentials/certreq.secret"), SECRET).unwrap();
    let said = readme.follow();
    assert!(said.contains("nextUpdate="), "{said}");
    assert_eq!(mode(&readme.home().join("ca/crl.pem")), 0o644, "the broker reads it");
}

#[test]
fn systemd_has_no_complaints() {
    let Some(analyze) = needs("systemd-analyze") else { return };
    let home = tempfile::tempdir().unwrap();
    for name in ["certreq-crl.service", "certreq-crl.timer"] {
        let from = format!("{}/examples/systemd-crl/{name}", env!("CARGO_MANIFEST_DIR"));
        // The programs of the unit may not be installed here; that is not what is asked.
        let unit = fs::read_to_string(from).unwrap();
        let unit = unit.replace("/usr/bin/certreq", "/bin/true").replace("/usr/bin/systemctl", "/bin/true");
        fs::write(home.path().join(name), unit.replace("Documentation=man:certreq(1)\n", "")).unwrap();
    }
    let output = Command::new(analyze)
        .args(["verify", "./certreq-crl.timer", "./certreq-crl.service"])
        .current_dir(home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let about: Vec<&str> = said.lines().filter(|line| line.contains("certreq-crl")).collect();
    assert!(about.is_empty(), "{said}");
}
