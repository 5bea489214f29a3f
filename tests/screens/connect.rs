//! `connect`, at a server that takes every pair and at a port where nothing listens.

use std::fs;

use certreq::pki::{certificate::Certificate, key::PrivateKey};

use super::Scene;
use crate::support::scripted::{Reply, Scripted};

#[test]
fn connect_says_what_it_said() {
    let mut scene = Scene::new();
    scene.types("issue @ -i dev-1,dev-2 -q");
    scene.types("issue @ -i server --san dns:localhost -q");
    let text = |name: &str| fs::read_to_string(scene.path().join("cert_server").join(name)).unwrap();
    let leaf = Certificate::all_from_pem(&text("cert.pem")).unwrap().remove(0);
    let key = certreq::pki::pem::decode_all("PRIVATE KEY", &text("private.key")).unwrap().remove(0);
    PrivateKey::from_pem(&text("private.key")).unwrap();
    let server = Scripted::tls(leaf.der(), &key, |_| Reply::status(200));
    let port = server.port();
    scene.call(format!("localhost:{port}"), "localhost:<port>");
    scene.call(format!("127.0.0.1:{port}"), "<address>");
    scene.call(format!("[::1]:{port}"), "<address>");
    let (tls, https) = (format!("connect tls://localhost:{port}"), format!("connect https://localhost:{port}"));
    scene.types(&format!("{tls} cert_dev-1"));
    scene.types(&format!("{https} cert_dev-1 --format json"));
    scene.types(&format!("{https} cert_dev-1 -q"));
    scene.types(&format!("{tls} cert_dev-1 --servername other.example"));
    scene.types(&format!("{tls} cert_dev-1 --servername other.example --format json"));
    scene.types(&format!("{tls} cert_dev-1 --servername other.example -q"));
    scene.types("connect tls://127.0.0.1:1 cert_dev-1");
    fs::remove_file(scene.path().join("cert_dev-2/private.key")).unwrap();
    scene.types(&format!("{tls} cert_dev-1 cert_dev-2 --jobs 1"));
    scene.types(&format!("{tls} cert_dev-1 cert_dev-2 --jobs 1 -v"));
    scene.types(&format!("{tls} cert_dev-1 cert_dev-2 --jobs 1 -q"));
    scene.types(&format!("{tls} cert_dev-2 cert_dev-1 --jobs 1 --format json"));
    scene.equals("connect");
}
