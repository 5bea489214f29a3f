//! Machines without a network: key, csr, issue --csr, join.

use std::fs;

use super::Scene;

#[test]
fn keys_and_requests_say_what_they_said() {
    let mut scene = Scene::new();
    scene.types("key dev-1 dev-2");
    scene.types("key dev-1 dev-3 --format json");
    fs::create_dir(scene.path().join("cert_dev-4")).unwrap();
    scene.types("key dev-4 dev-5");
    scene.types("key dev-4 --format json");
    let many: Vec<String> = (10..31).map(|number| format!("dev-{number}")).collect();
    scene.types(&format!("key --dir many {}", many.join(" ")));
    scene.types("key dev-6 -q");
    scene.types("csr --dir nowhere --out requests");
    scene.types("csr --out requests");
    scene.types("csr dev-1 dev-9 --out requests");
    scene.types("csr dev-1 dev-9 --out requests --format json");
    scene.equals("key-csr");
}

#[test]
fn what_is_carried_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("key --dir inside dev-1 dev-2 dev-3 -q");
    scene.types("csr --dir inside --out requests -q");
    fs::write(scene.path().join("requests/broken.csr"), "no request").unwrap();
    scene.types("issue @ --csr requests --out carried --dry-run");
    scene.types("issue @ --csr requests --out carried");
    scene.types("issue @ --csr requests --out carried --format json");
    fs::remove_file(scene.path().join("requests/broken.csr")).unwrap();
    scene.types("issue @ --csr requests --out carried -q");
    let pin = certreq::pki::certificate::Certificate::all_from_pem(
        &fs::read_to_string(scene.path().join("carried/ca.pem")).unwrap(),
    )
    .unwrap()
    .remove(0)
    .fingerprint()
    .to_string();
    scene.call(pin.clone(), "<root>");
    scene.types("join --dir inside carried");
    fs::create_dir(scene.path().join("one")).unwrap();
    fs::copy(scene.path().join("carried/dev-1.pem"), scene.path().join("one/dev-1.pem")).unwrap_or_default();
    scene.types(&format!("join --dir inside --ca-fingerprint {pin} carried/ca.pem carried/cert_dev-1.pem"));
    scene.types("join --dir inside carried --format json");
    scene.types("join --dir inside carried");
    fs::write(scene.path().join("garbage.pem"), "no certificate").unwrap();
    scene.types("join --dir inside carried garbage.pem");
    scene.types("join --dir inside garbage.pem --format json");
    scene.types("key --dir other dev-8 -q");
    scene.types(&format!("join --dir other --ca-fingerprint {pin} carried"));
    scene.types("key --dir inside dev-1 --format json");
    scene.types("key --dir inside dev-1");
    scene.equals("carried");
}
