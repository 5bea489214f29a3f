//! Surroundings that the examples take for granted: a platform, a broker, a gateway, and a directory with devices.

use std::{
    cell::OnceCell,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    broker::mosquitto::Broker,
    idprov::hub::Hub,
    support::{
        platform::{SECRET, Served},
        terminal::{certreq, program},
        tty::Tty,
    },
};

pub(super) struct Scene {
    around: TempDir,
    platform: Served,
    gateway: OnceCell<Served>,
    est: OnceCell<Served>,
    broker: OnceCell<Broker>,
    hub: OnceCell<Hub>,
}

/// A directory that is made anew for the examples of one verb, and a home beside it.
pub(super) struct Place {
    pub(super) directory: PathBuf,
    home: PathBuf,
    root: PathBuf,
}

const BROKER: &str = "listener @PORT@ 127.0.0.1
cafile ca/ca.pem
certfile cert_broker/cert.pem
keyfile cert_broker/private.key
require_certificate true
use_identity_as_username true
";

impl Place {
    /// The directory that takes the place of the system's root in an example.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}

impl Scene {
    /// A platform that issued for two devices and a broker; one more device has no certificate.
    pub(super) fn new() -> Self {
        let (around, authority) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let fleet = around.path().join("fleet");
        fs::create_dir(&fleet).unwrap();
        fs::write(fleet.join("secret"), SECRET).unwrap();
        let local = authority.path().join("authority").display().to_string();
        for devices in [
            &["a1998e,b2c3d4"][..],
            // The platform itself takes no such id, so only the authority can issue for it.
            &["broker", "--san", "dns:localhost,dns:broker.example.org,ip:127.0.0.1"],
        ] {
            certreq(&fleet).args(["issue", "--authority", &local, "-i"]).args(devices).run().exits(0);
        }
        let platform =
            Served::start_in(authority, &["--register", "a1998e,b2c3d4,c3d4e5,d4e5f6,e5f6a7,f6a7b8"]);
        let (gateway, est, broker, hub) = (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { around, platform, gateway, est, broker, hub }
    }

    fn fleet(&self) -> PathBuf {
        self.around.path().join("fleet")
    }

    /// A place for the examples of a verb, prepared by a script. The embedded authority of its home is the platform's,
    /// so that one root signs for both.
    pub(super) fn place(&self, verb: &str, script: &str) -> Place {
        let name = if verb.is_empty() { "certreq" } else { verb };
        let root = self.around.path().join(name.replace(' ', "-"));
        let place = Place { directory: root.join("here"), home: root.join("home"), root };
        copy(&self.fleet(), &place.directory);
        copy(&self.platform.authority(), &place.home.join(".local/share/certreq/authority"));
        let made = self.shell(&place, &format!("set -e\n{script}"));
        assert!(made.status.success(), "{verb}: {}", String::from_utf8_lossy(&made.stderr));
        place
    }

    /// Runs a script without a terminal.
    pub(super) fn shell(&self, place: &Place, script: &str) -> std::process::Output {
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-c", script]).env_clear().current_dir(&place.directory);
        command.envs(self.variables(place)).env("HOME", &place.home).output().unwrap()
    }

    /// Examples rely on a secret, and on TLS servers of an authority that the machine trusts.
    fn variables(&self, place: &Place) -> Vec<(&'static str, String)> {
        let bin = Path::new(program()).parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let root = self.fleet().join("ca/ca.pem").display().to_string();
        vec![
            ("PATH", format!("{}/bin:{bin}:{path}:/usr/sbin", place.home.display())),
            ("ROOT", place.root.display().to_string()),
            ("MANUAL", concat!(env!("CARGO_MANIFEST_DIR"), "/man").to_owned()),
            ("PLATFORM", self.platform.url.clone()),
            ("CERTREQ_USER", "admin".to_owned()),
            ("CERTREQ_SECRET", SECRET.to_owned()),
            ("CERTREQ_PIN", "271828".to_owned()),
            ("CERTREQ_LISTEN", "127.0.0.1:0".to_owned()),
            ("CERTREQ_IDPROV_LISTEN", "127.0.0.1:0".to_owned()),
            ("CERTREQ_CACERT", root.clone()),
            ("SSL_CERT_FILE", root),
            ("PAGER", "cat".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
        ]
    }

    pub(super) fn tty<'a>(&self, place: &'a Place, columns: u16) -> Tty<'a> {
        Tty { directory: &place.directory, home: &place.home, columns, variables: self.variables(place) }
    }

    /// `http://127.0.0.1:PORT`
    pub(super) fn platform(&self) -> String {
        self.platform.url.clone()
    }

    /// The same authority behind TLS: `https://127.0.0.1:PORT`
    pub(super) fn gateway(&self) -> String {
        let served = self.gateway.get_or_init(|| {
            let home = TempDir::new().unwrap();
            copy(&self.platform.authority(), &home.path().join("authority"));
            let pair = self.fleet().join("cert_broker");
            let (cert, key) = (pair.join("cert.pem"), pair.join("private.key"));
            Served::start_in(home, &["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()])
        });
        served.url.clone()
    }

    /// The same authority over EST: `https://127.0.0.1:PORT`
    pub(super) fn est(&self) -> String {
        let served = self.est.get_or_init(|| {
            let home = TempDir::new().unwrap();
            copy(&self.platform.authority(), &home.path().join("authority"));
            Served::start_in(home, &["--est"])
        });
        served.url.clone()
    }

    /// The same authority as an IDProv server that knows the secret of dev1: `127.0.0.1:PORT`. The operator's files are
    /// in the place of the example afterwards.
    pub(super) fn hub(&self, place: &Place) -> String {
        let hub = self.hub.get_or_init(|| {
            let home = TempDir::new().unwrap();
            copy(&self.platform.authority(), &home.path().join("authority"));
            let hub = Hub::start_in(home, &[]);
            hub.knows(self.around.path(), "dev1", crate::idprov::SECRET);
            hub
        });
        for name in ["admin.pem", "admin.key", "ca.pem"] {
            fs::copy(hub.operator().join(name), place.directory.join(name)).unwrap();
        }
        hub.place.clone()
    }

    /// A real mosquitto: `localhost:PORT`
    pub(super) fn broker(&self) -> String {
        let broker = self.broker.get_or_init(|| Broker::start(&self.fleet(), BROKER));
        format!("localhost:{}", broker.port)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let copied = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(copied.success());
}
