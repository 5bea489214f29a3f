//! Every directory of `examples/` does what its README.md says, with the real programs.

mod est;
mod ha;
mod idprov;
mod kubernetes;
mod mosquitto;
mod nginx;
mod paho;
mod slurm;
mod systemd_crl;
mod tokens;

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

use crate::support::{
    lab::{Lab, SECRET},
    platform::workplace,
    terminal::certreq,
    tools::openssl,
};

/// Name of the user that runs the tests.
pub(crate) fn user() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
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
fn revoke(lab: &Lab, home: &Path, id: &str) {
    let directory = format!("cert_{id}");
    for verb in [&["revoke", &directory, "--yes"][..], &["ca", "crl"]] {
        let platform = ["-h", &lab.url, "-u", "admin", "--secret-file", "-"];
        certreq(home).args(verb).args(platform).stdin(SECRET).run().exits(0);
    }
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
