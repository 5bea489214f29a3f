//! A platform, a directory with pairs as `issue` wrote them, and the configuration of a broker beside them.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use certreq::pki::{
    certificate::Certificate,
    csr,
    key::{KeySpec, PrivateKey},
    time::Time,
};
use tempfile::TempDir;

use super::mosquitto::Broker;
use crate::support::{
    lab::{self, Lab},
    terminal::{Ended, certreq},
};

pub(super) const DAY: i64 = 86_400;

pub(super) struct Scene {
    pub(super) lab: Lab,
    home: TempDir,
    offset: Arc<AtomicI64>,
}

/// Configuration of a broker that asks every client for its certificate.
pub(super) const MUTUAL: &str = "listener @PORT@ 127.0.0.1
cafile ca/ca.pem
certfile cert_bede12/cert.pem
keyfile cert_bede12/private.key
require_certificate true
use_identity_as_username true
";

/// `MUTUAL`, with a revocation list, and a list of the rights of each client.
pub(super) fn strict() -> String {
    format!("{MUTUAL}crlfile crl.pem\nacl_file acl\n")
}

impl Scene {
    /// A platform whose clock can be moved, and a broker's pair of its authority.
    pub(super) async fn new() -> Self {
        // A while ago, so that certificates can be old and lists differ by more than a second.
        let offset = Arc::new(AtomicI64::new(-400 * DAY));
        let moved = Arc::clone(&offset);
        let lab = Lab::with(|options, settings| {
            settings.login_limit = false;
            options.clock = Arc::new(move || now().plus(moved.load(Ordering::SeqCst)));
        })
        .await;
        let mut scene = Self { lab, home: tempfile::tempdir().unwrap(), offset };
        fs::write(scene.path().join("secret"), lab::SECRET).unwrap();
        scene.lab.register(&["01dca7", "bede12", "a1998e", "b2c3d4", "c5d6e7"]).await;
        scene.old_pair("01dca7").await;
        scene.clock(-60).await;
        scene.issue(&["-i", "bede12", "--san", "dns:localhost,ip:127.0.0.1"]);
        scene
    }

    pub(super) fn path(&self) -> &Path {
        self.home.path()
    }

    /// Sets the platform's clock, in seconds from now.
    pub(super) async fn clock(&mut self, seconds: i64) {
        self.offset.store(seconds, Ordering::SeqCst);
        self.lab.log_in().await;
    }

    /// `certreq issue`, and the list it brings along for the broker.
    #[track_caller]
    pub(super) fn issue(&self, args: &[&str]) {
        certreq(self.path())
            .args(["issue", "-h", &self.lab.url, "-u", "admin", "--secret-file", "secret"])
            .args(args)
            .run()
            .exits(0);
        fs::copy(self.path().join("ca/crl.pem"), self.path().join("crl.pem")).unwrap();
    }

    /// A pair that expired, as no authority would issue it today.
    async fn old_pair(&self, id: &str) {
        let key = PrivateKey::generate(KeySpec::P256).unwrap();
        let (_, pem) = self.lab.issue(&csr::request(&key, id).unwrap(), Some(id)).await;
        self.pair(id, &key.to_pkcs8_pem().unwrap(), &pem);
    }

    /// A device directory with this in it.
    pub(super) fn pair(&self, id: &str, key: &str, certificate: &str) {
        let directory = self.path().join(format!("cert_{id}"));
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("private.key"), key).unwrap();
        fs::write(directory.join("cert.pem"), certificate).unwrap();
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(super) fn leaf(&self, id: &str) -> Certificate {
        let text = fs::read_to_string(self.path().join(format!("cert_{id}/cert.pem"))).unwrap();
        Certificate::all_from_pem(&text).unwrap().remove(0)
    }

    /// `certreq revoke` with a directory or a fingerprint, and `certreq ca crl`: the list that says so.
    pub(super) fn revoke(&self, target: &str) {
        self.ask(&["revoke", target, "--yes"]);
        self.ask(&["ca", "crl"]);
        fs::copy(self.path().join("ca/crl.pem"), self.path().join("crl.pem")).unwrap();
    }

    /// certreq does what the platform has to agree to.
    pub(super) fn ask(&self, verb: &[&str]) {
        let platform = ["-h", &self.lab.url, "-u", "admin", "--secret-file", "secret"];
        certreq(self.path()).args(verb).args(platform).run().exits(0);
    }

    /// `certreq connect` to a broker, by name.
    pub(super) fn connect(&self, broker: &Broker, device: &str, args: &[&str]) -> Ended {
        self.connect_to(&format!("mqtts://localhost:{}", broker.port), device, args)
    }

    pub(super) fn connect_to(&self, server: &str, device: &str, args: &[&str]) -> Ended {
        let directory = format!("cert_{device}");
        certreq(self.path()).args(["connect", server, &directory]).args(args).run()
    }
}

pub(super) fn now() -> Time {
    SystemTime::now().into()
}
