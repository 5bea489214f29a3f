//! Lists of checks: verify, register, doctor.

use std::fs;

use super::Scene;
use crate::support::{
    forger::{Forger, Wish},
    held::Held,
};

#[test]
fn verify_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("issue @ -i dev-1,dev-2,dev-3 -q");
    scene.types("revoke @ cert_dev-2 --yes -q");
    scene.types("ca crl @ -q");
    scene.types("verify cert_dev-1");
    scene.types("verify cert_dev-1 --format json");
    scene.types("verify cert_dev-1 -q");
    scene.types("verify cert_dev-1 --within 9999d --purpose server --name host.example");
    scene.types("verify cert_dev-1 --within 9999d --revocation off --id dev-2 --format json");
    scene.types("verify cert_dev-1 cert_dev-2");
    scene.types("verify cert_dev-2 --format json");
    scene.types("verify cert_dev-2 -q");
    fs::copy(scene.path().join("cert_dev-1/private.key"), scene.path().join("cert_dev-3/private.key")).unwrap();
    scene.types("verify cert_dev-3 nowhere");
    scene.types("verify nowhere --ca ca/ca.pem --format json");
    Held::with(&Forger::new("another root"), "dev-4", &Wish { valid: -9..-1, ..Wish::default() })
        .put(scene.path());
    scene.types("verify cert_dev-4");
    scene.types("verify cert_dev-4 --format json");
    scene.types("verify cert_dev-1 --at 2020-01-01 --format json");
    scene.equals("verify");
}

#[test]
fn register_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("devices @ -q");
    scene.types("issue @ -i dev-1 -q");
    let forger = Forger::new("a foreign root");
    let held = Held::new(&forger, "dev-1");
    held.put(&scene.path().join("foreign"));
    fs::write(scene.path().join("root.pem"), forger.root.to_pem()).unwrap();
    let root = forger.root.fingerprint().to_string();
    scene.call(root.clone(), "<root>");
    let line = "register @ foreign/cert_dev-1/cert.pem -i dev-1";
    scene.types(line);
    scene.types(&format!("{line} --intermediates root.pem"));
    scene.types(&format!("{line} --intermediates root.pem --format json"));
    scene.types("ca trust add root.pem @ -q");
    scene.types(&format!("{line} --intermediates root.pem --dry-run"));
    scene.types(&format!("{line} --trusted-ca {root} --dry-run --format json"));
    scene.types(&format!("{line} --trusted-ca {root}"));
    scene.types(&format!("{line} --trusted-ca {root} --format json"));
    scene.types(&format!("register @ foreign/cert_dev-1/cert.pem -i dev-2 --trusted-ca {root}"));
    scene.types("register @ root.pem -i dev-1 --format json");
    scene.types("register @ cert_dev-1/cert.pem -i dev-1 -q");
    scene.equals("register");
}

#[test]
fn doctor_says_what_it_said() {
    let mut scene = Scene::new();
    let (database, number) = certreq::authority::Database::default().software();
    scene.call(format!("certreq {}", env!("CARGO_PKG_VERSION")), "certreq <version>");
    scene.call(format!("{database} {number}"), "SQLite <version>");
    scene.call("dev-1 is the next", "<device> is the next");
    scene.call("dev-2 is the next", "<device> is the next");
    scene.types("doctor nowhere @");
    scene.types("issue @ -i dev-1,dev-2 --dir fleet -q");
    scene.types("doctor fleet @");
    scene.types("doctor fleet @ --format json");
    fs::remove_file(scene.path().join("fleet/cert_dev-2/private.key")).unwrap();
    fs::create_dir_all(scene.path().join(".config/certreq")).unwrap();
    fs::write(scene.path().join(".config/certreq/config.toml"), "[profile.a]\nhoost = \"x\"\n").unwrap();
    scene.types("doctor fleet @");
    scene.types("doctor fleet -h http://127.0.0.1:1 -u admin");
    scene.types("doctor fleet -h http://127.0.0.1:1 --format json");
    scene.equals("doctor");
}
