//! Every directory of `examples/` does what its README.md says, with the real programs.

mod mosquitto;
mod nginx;
mod paho;
mod systemd_crl;

use std::{fs, net::TcpListener, path::Path, process::Command};

use certreq::pki::certificate::Certificate;
use tempfile::TempDir;

use crate::support::{
    lab::{Lab, SECRET, text as string},
    platform::{text, workplace},
    terminal::certreq,
    tools::openssl,
};

/// A port of this machine that nobody has.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Who runs the tests.
fn user() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

/// What a README types is offered by the program; each call gets `--help`.
fn offers(calls: &[&[&str]]) -> bool {
    let home = workplace();
    calls.iter().all(|call| certreq(home.path()).args(call.iter()).args(["--help"]).run().code == 0)
}

/// A platform, and a fleet directory with pairs it signed.
async fn issued(ids: &[&str]) -> (Lab, TempDir) {
    let lab = Lab::start().await;
    lab.register(ids).await;
    let home = workplace();
    certreq(home.path())
        .args(["issue", "-h", &lab.url, "-u", "admin", "-i", &ids.join(","), "--secret-file", "-"])
        .stdin(SECRET)
        .run()
        .exits(0);
    (lab, home)
}

/// Revokes a device's certificate and writes the new list to where servers read it.
async fn revoke(lab: &Lab, home: &Path, id: &str) {
    let leaf = &Certificate::all_from_pem(&text(home, &format!("cert_{id}/cert.pem"))).unwrap()[0];
    assert_eq!(lab.delete(&format!("/x509/v1/certificates/{}", leaf.fingerprint())).await.0, 204);
    let list = string(&lab.get("/x509/v1/ca/crl").await.1["crl"]);
    fs::write(home.join("ca/crl.pem"), list).unwrap();
}

/// `cert_<id>` for a server called localhost, signed by openssl with the key of the lab's authority.
fn server_pair(lab: &Lab, home: &Path, id: &str) {
    let key = lab.dir.path().join("ca/ca.key");
    let directory = home.join(format!("cert_{id}"));
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n").unwrap();
    let request = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout"];
    let request = [&request[..], &["private.key", "-out", "request", "-subj", "/CN=localhost"]].concat();
    openssl(&directory, &request);
    let sign = ["x509", "-req", "-in", "request", "-CA", "../ca/ca.pem", "-CAkey", key.to_str().unwrap()];
    openssl(&directory, &[&sign[..], &["-CAcreateserial", "-extfile", "names", "-out", "cert.pem"]].concat());
}
