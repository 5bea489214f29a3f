//! Discovery, on two networks of their own: a server in one network namespace, a device in the other.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{SECRET, hub::secret_file};
use crate::support::{
    terminal::program,
    tools::{accepts_pair, present, say},
};

/// Two namespaces with a wire between them; they go with the test.
struct Wire {
    near: String,
    far: String,
}

impl Wire {
    /// Without the right to make them, the test says what it leaves out.
    #[track_caller]
    fn lay() -> Option<Self> {
        if !present(&["ip"]) {
            return None;
        }
        let mark = std::process::id();
        let wire = Self { near: format!("crn{mark}"), far: format!("crf{mark}") };
        let Self { near, far } = &wire;
        let script = format!(
            "set -e
            ip netns add {near}; ip netns add {far}
            ip link add v{mark}a netns {near} type veth peer name v{mark}b netns {far}
            ip -n {near} addr add 10.77.0.1/24 dev v{mark}a; ip -n {far} addr add 10.77.0.2/24 dev v{mark}b
            for n in {near} {far}; do ip -n $n link set lo up; done
            ip -n {near} link set v{mark}a up; ip -n {far} link set v{mark}b up"
        );
        let made = Command::new("sh").args(["-c", &script]).output().unwrap();
        if made.status.success() {
            return Some(wire);
        }
        let caller = std::panic::Location::caller();
        let why = String::from_utf8_lossy(&made.stderr).trim().to_owned();
        say(&format!("left out: {}:{} needs network namespaces: {why}", caller.file(), caller.line()));
        None
    }

    /// A program on one side.
    fn on(side: &str, directory: &Path, program: &str) -> Command {
        // A namespace without an answer must not hold the test up.
        let mut command = Command::new("timeout");
        command
            .args(["--foreground", "300", "ip", "netns", "exec", side, program])
            .current_dir(directory)
            .env("HOME", directory);
        command.env_remove("CERTREQ_LOG");
        command
    }

    fn far(&self, directory: &Path, args: &[&str]) -> std::process::Output {
        Self::on(&self.far, directory, program()).args(args).output().unwrap()
    }

    fn serve(&self, directory: &Path, args: &[&str]) -> Server {
        let mut child = Self::on(&self.near, directory, program())
            .args(["serve", "--listen", "127.0.0.1:0", "--idprov"])
            .args(args)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while !lines.next().unwrap().unwrap().contains("listening on ") {}
        // Its later lines are of no use here, and a full pipe must not stop it.
        std::thread::spawn(move || lines.count());
        Server(child)
    }
}

/// A server that ends with the test, however that ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        let _ = self.0.wait();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        for name in [&self.near, &self.far] {
            let _ = Command::new("ip").args(["netns", "del", name]).status();
        }
    }
}

fn text(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Everything that python-zeroconf sees of the service within three seconds.
const ZEROCONF: &str = "
import time
from zeroconf import ServiceBrowser, Zeroconf
seen = set()
class Listener:
    def add_service(self, zc, kind, name):
        info = zc.get_service_info(kind, name, 3000)
        if info: print(name, info.parsed_addresses()[0], info.port, info.properties.get(b'path'), info.properties.get(b'directory'))
    update_service = remove_service = lambda *args: None
zc = Zeroconf(interfaces=['10.77.0.2'])
ServiceBrowser(zc, '_idprov._tcp.local.', Listener())
time.sleep(3)
zc.close()
";

#[test]
fn a_device_finds_the_only_server_of_its_network_and_nobody_else_does_it_for_it() {
    let Some(wire) = Wire::lay() else { return };
    let (hub, device) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let at = device.path();
    let nobody = wire.far(at, &["discover", "--search", "1s"]);
    assert_eq!(nobody.status.code(), Some(1), "{}", text(&nobody));
    secret_file(at, "s", SECRET);
    let alone = wire.far(at, &["issue", "--idprov", "-i", "dev1", "--oob-secret-file", "s"]);
    assert_eq!(alone.status.code(), Some(5), "{}", text(&alone));
    assert!(text(&alone).contains("no provisioning server was found on this network"));

    let server = wire.serve(hub.path(), &["--authority", "authority"]);
    let found = wire.far(at, &["discover", "--format", "json"]);
    let said = text(&found);
    assert!(
        said.contains(r#""instance":"idprov""#) && said.contains(r#""url":"https://10.77.0.1:43776""#),
        "{said}"
    );
    // avahi asks over IPv4 only; for a second after that, the server's answers reach a device over IPv6 only.
    zeroconf_and_avahi_see_it(&wire, at);

    let file = |name: &str| hub.path().join("authority/idprov-admin").join(name).display().to_string();
    let (cert, key, ca) = (file("admin.pem"), file("admin.key"), file("ca.pem"));
    let as_operator = ["--idprov", "--cert", &cert, "--key", &key, "--cacert", &ca];
    let brought = wire.far(at, &[&["oob", "add", "dev1", "--oob-secret-file", "s"], &as_operator[..]].concat());
    assert!(brought.status.success(), "{}", text(&brought));
    let issued = wire.far(at, &["issue", "--idprov", "-i", "dev1", "--oob-secret-file", "s"]);
    assert!(issued.status.success(), "{}", text(&issued));
    accepts_pair(at, "dev1");
    let renewed = wire.far(at, &["renew", "--all", "--idprov"]);
    assert!(renewed.status.success(), "{}", text(&renewed));

    // Another one of the same name: both are seen, and none is chosen.
    let second = TempDir::new().unwrap();
    let other = wire.serve(second.path(), &["--authority", "authority", "--idprov-listen", "10.77.0.1:0"]);
    let two = wire.far(at, &["discover", "--format", "json", "--search", "5s"]);
    assert_eq!(String::from_utf8_lossy(&two.stdout).lines().count(), 2, "{}", text(&two));
    let which = wire.far(at, &["renew", "--all", "--idprov"]);
    assert_ne!(which.status.code(), Some(0));
    assert!(text(&which).contains("2 servers offer provisioning"), "{}", text(&which));
    drop(other);
    // It said goodbye: the one that is left is the only one again.
    let again = wire.far(at, &["renew", "--all", "--idprov"]);
    assert!(again.status.success(), "{}", text(&again));
    drop(server);
    let gone = wire.far(at, &["discover", "--search", "1s"]);
    assert_eq!(gone.status.code(), Some(1), "{}", text(&gone));
}

fn zeroconf_and_avahi_see_it(wire: &Wire, at: &Path) {
    let python = ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let asked = Command::new(python).args(["-c", "import zeroconf"]).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    });
    match python {
        None => say("left out: python3 with the package zeroconf is not installed"),
        Some(python) => {
            let seen = Wire::on(&wire.far, at, python).args(["-c", ZEROCONF]).output().unwrap();
            let expected =
                "idprov._idprov._tcp.local. 10.77.0.1 43776 b'/idprov/directory' b'/idprov/directory'";
            assert!(text(&seen).contains(expected), "{}", text(&seen));
        }
    }
    if !present(&["avahi-daemon", "avahi-browse", "dbus-daemon"]) {
        return;
    }
    // A bus and a daemon of their own, in the device's network.
    let bus = at.join("bus");
    let config = format!(
        "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
        <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/>
        <allow own='*'/></policy></busconfig>",
        bus.display()
    );
    std::fs::write(at.join("bus.conf"), config).unwrap();
    std::fs::write(at.join("avahi.conf"), "[server]\nuse-ipv6=no\n[rlimits]\n").unwrap();
    let script = format!(
        "export DBUS_SYSTEM_BUS_ADDRESS=unix:path={bus}
        mount -t tmpfs tmpfs /run && mkdir -p /run/avahi-daemon
        dbus-daemon --config-file=bus.conf --nofork >/dev/null 2>&1 & d=$!
        for i in $(seq 100); do [ -S {bus} ] && break; sleep 0.1; done
        avahi-daemon --no-drop-root --no-chroot --no-rlimits -f avahi.conf >/dev/null 2>&1 & a=$!
        for i in $(seq 20); do timeout 5 avahi-browse -rpt _idprov._tcp | grep '^=' && break; sleep 0.3; done
        kill $a $d",
        bus = bus.display()
    );
    std::fs::write(at.join("avahi.sh"), script).unwrap();
    let seen = Wire::on(&wire.far, at, "timeout")
        .args(["100", "unshare", "--mount", "sh", "avahi.sh"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&seen.stdout);
    // Of the machine's addresses it shows any one, a link-local one as well.
    let line = said.lines().find(|line| line.starts_with('='));
    let line = line.unwrap_or_else(|| panic!("avahi-browse sees nothing: {}", text(&seen)));
    for part in
        [";idprov;_idprov._tcp;local;", ";43776;", "path=/idprov/directory", "directory=/idprov/directory"]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    for name in ["bus.conf", "avahi.conf", "avahi.sh"] {
        let _ = std::fs::remove_file(at.join(name));
    }
}
