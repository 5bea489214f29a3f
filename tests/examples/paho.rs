//! `examples/paho`: Eclipse Paho for Python with the files as `issue` wrote them.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair};
use time::OffsetDateTime;

use super::{issued, revoke, server_pair, user};
use crate::support::{
    lab::Lab,
    platform::text,
    port::Port,
    python,
    readme::Readme,
    terminal::certreq,
    tools::{needs, present},
};

const REQUIREMENTS: &str = "examples/paho/requirements.txt";

#[test]
fn the_readme_holds() {
    if needs("python3").is_none() || !present(&["mosquitto"]) {
        return;
    }
    if python::with(REQUIREMENTS).is_none() {
        return;
    }
    let port = Port::reserve();
    let mut readme = Readme::of("examples/paho")
        .beside("examples/mosquitto")
        .set("PORT", port.number)
        .set("VENV", python::environment(REQUIREMENTS).display());
    let said = readme.follow();
    assert!(said.contains("subscribed: Granted QoS 1"), "{said}");
    assert!(said.ends_with("published\nadmin:a1998e/attrs {\"temperature\": 21.5}\n"), "{said}");
}

/// A program that runs beside the test, and ends with it.
struct Running {
    child: Child,
    output: Box<dyn BufRead + Send>,
}

impl Running {
    /// Once it said `until`.
    fn start(command: &mut Command, until: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut output = Box::new(BufReader::new(child.stdout.take().unwrap()));
        let mut said = String::new();
        while !said.contains(until) {
            assert_ne!(output.read_line(&mut said).unwrap(), 0, "it ended: {said}");
        }
        Self { child, output }
    }

    /// The rest of its output, when it ends by itself within a minute.
    fn rest(mut self) -> String {
        let (done, ended) = mpsc::channel();
        let mut output = std::mem::replace(&mut self.output, Box::new(std::io::empty()));
        std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = done.send(output.read_to_string(&mut rest).map(|_| rest));
        });
        ended.recv_timeout(Duration::from_secs(60)).expect("it ends").unwrap()
    }

    /// The rest of its output; it is ended.
    fn stop(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.rest()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A mosquitto with the example's configuration and another list of rights, and the example's clients.
struct Bench {
    broker: Running,
    home: PathBuf,
    python: PathBuf,
    port: Port,
}

impl Bench {
    fn start(home: &Path, python: PathBuf, rights: &str) -> Self {
        let port = Port::reserve();
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/mosquitto/mosquitto.conf");
        let listener = format!("listener {} 127.0.0.1\nuser {}", port.number, user());
        let ours = fs::read_to_string(example).unwrap().replace("listener 8883", &listener);
        fs::write(home.join("mosquitto.conf"), ours).unwrap();
        fs::write(home.join("acl"), rights).unwrap();
        let mut command = Command::new("sh");
        // Its log goes to stderr, which waits in no buffer, and from there into our pipe.
        command.args(["-c", "exec \"$0\" -c mosquitto.conf 2>&1"]).arg(needs("mosquitto").unwrap());
        let broker = Running::start(command.current_dir(home), "running");
        Self { broker, home: home.to_owned(), python, port }
    }

    fn client(&self, program: &str, id: &str, topic: &str, more: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command
            .arg(format!("{}/examples/paho/{program}", env!("CARGO_MANIFEST_DIR")))
            .args([id, "--port", &self.port.number.to_string(), "--topic", topic])
            .args(more)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(&self.home);
        command
    }

    fn subscribe(&self, id: &str, count: usize) -> Running {
        let count = count.to_string();
        Running::start(&mut self.client("subscribe.py", id, "+/attrs", &["--count", &count]), "subscribed")
    }

    /// Whether it was published; else what the client says.
    fn publish(&self, id: &str, topic: &str, message: &str) -> Result<(), String> {
        let output = self.client("publish.py", id, topic, &["--message", message]).output().unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
    }

    /// How a client fares that trusts the root and has nothing to show.
    fn without_a_certificate(&self) -> String {
        const PROGRAM: &str = "import sys\nfrom paho.mqtt.client import CallbackAPIVersion, Client\n\
            c = Client(CallbackAPIVersion.VERSION2)\nc.tls_set(ca_certs='ca/ca.pem')\n\
            c.on_connect = lambda *a: sys.exit(0)\n\
            c.on_disconnect = lambda *a: sys.exit('refused')\n\
            c.connect('localhost', int(sys.argv[1]))\nc.loop_forever()\n";
        let port = self.port.number.to_string();
        let output =
            Command::new(&self.python).args(["-c", PROGRAM, &port]).current_dir(&self.home).output().unwrap();
        assert!(!output.status.success(), "the broker let it in");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Tells the broker to read its files again, and waits until it refuses the device.
    fn reload_until_refused(&self, id: &str) {
        let pid = rustix::process::Pid::from_child(&self.broker.child);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
        let began = Instant::now();
        while self.publish(id, "admin:a1998e/attrs", "still here").is_ok() {
            assert!(began.elapsed() < Duration::from_secs(60), "{id} is never refused");
        }
    }
}

/// `cert_<id>` that ended yesterday, by the key of the lab's authority.
fn expired_pair(lab: &Lab, home: &Path, id: &str) {
    let key = fs::read_to_string(lab.dir.path().join("ca/ca.key")).unwrap();
    let issuer = Issuer::from_ca_cert_pem(&text(home, "ca/ca.pem"), KeyPair::from_pem(&key).unwrap()).unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, id);
    params.not_before = OffsetDateTime::now_utc() - time::Duration::days(9);
    params.not_after = OffsetDateTime::now_utc() - time::Duration::days(1);
    let own = KeyPair::generate().unwrap();
    let directory = home.join(format!("cert_{id}"));
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("cert.pem"), params.signed_by(&own, &issuer).unwrap().pem()).unwrap();
    fs::write(directory.join("private.key"), own.serialize_pem()).unwrap();
}

const RIGHTS: &str = "user a1998e\ntopic write admin:a1998e/attrs\n\
    user b2c3d4\ntopic read +/attrs\ntopic write admin:b2c3d4/attrs\n";

#[tokio::test(flavor = "multi_thread")]
async fn paho_delivers_what_is_allowed_and_the_broker_refuses_the_rest() {
    if !present(&["mosquitto"]) {
        return;
    }
    let Some(python) = python::with(REQUIREMENTS) else { return };
    let (lab, home) = issued(&["a1998e", "b2c3d4", "c3d4e5"]).await;
    let home = home.path();
    server_pair(&lab, home, "broker");
    expired_pair(&lab, home, "old");
    certreq(home).args(["issue", "--authority", "stranger", "--dir", "other", "-i", "a1998e"]).run().exits(0);
    fs::rename(home.join("other/cert_a1998e"), home.join("cert_stranger")).unwrap();
    let bench = Bench::start(home, python, RIGHTS);

    let (hears, has_no_right) = (bench.subscribe("b2c3d4", 2), bench.subscribe("c3d4e5", 1));
    bench.publish("a1998e", "admin:b2c3d4/attrs", "another's").unwrap();
    bench.publish("a1998e", "admin:a1998e/attrs", "one's own").unwrap();
    bench.publish("b2c3d4", "admin:b2c3d4/attrs", "its own").unwrap();
    assert_eq!(hears.rest(), "admin:a1998e/attrs one's own\nadmin:b2c3d4/attrs its own\n");
    assert_eq!(has_no_right.stop(), "", "connected and subscribed, and hears nothing");

    for nobody in ["old", "stranger"] {
        let why = bench.publish(nobody, "admin:a1998e/attrs", "let me in").unwrap_err();
        assert!(why.contains("it refused the certificate") || why.contains("SSL"), "{nobody}: {why}");
    }

    let why = bench.without_a_certificate();
    assert!(why.contains("refused") || why.contains("SSL"), "{why}");

    revoke(&lab, home, "a1998e");
    bench.reload_until_refused("a1998e");
    bench.publish("b2c3d4", "admin:b2c3d4/attrs", "still here").unwrap();
}
