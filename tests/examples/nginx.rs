//! `examples/nginx`: client certificates at a reverse proxy.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use super::{issued, revoke, server_pair, user};
use crate::support::{
    port::Port,
    readme::Readme,
    terminal::certreq,
    tools::{needs, present},
};

#[test]
fn the_readme_holds() {
    if !present(&["nginx", "curl"]) {
        return;
    }
    let port = Port::reserve();
    let mut readme = Readme::of("examples/nginx").set("PORT", port.number);
    let said = readme.follow();
    assert!(said.contains("CN=a1998e\n"), "the application hears the name: {said}");
    assert!(said.contains("\n400\n"), "without a certificate: {said}");
    assert!(said.contains("\na1998e is refused\n"), "{said}");
}

/// An nginx with the configuration of the example; it ends with the test.
struct Proxy {
    program: PathBuf,
    home: tempfile::TempDir,
    port: Port,
}

impl Proxy {
    /// In a directory that holds everything the configuration names.
    fn start(program: PathBuf, home: tempfile::TempDir) -> Self {
        let port = Port::reserve();
        let example = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/nginx/nginx.conf"));
        let ours = example.unwrap().replace("127.0.0.1:8443", &format!("127.0.0.1:{}", port.number));
        fs::write(home.path().join("nginx.conf"), ours).unwrap();
        let proxy = Self { program, home, port };
        // It returns when it listens.
        proxy.run(&["-g", &format!("user {};", user())]);
        proxy
    }

    fn run(&self, args: &[&str]) {
        let home = self.home.path();
        let output = Command::new(&self.program)
            .args(["-p", &format!("{}/", home.display()), "-c", &home.join("nginx.conf").display().to_string()])
            .args(args)
            .current_dir(home)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Status and body for a device, or for a client without a certificate.
    fn ask(&self, device: Option<&str>) -> (String, String) {
        let mut command = Command::new("curl");
        command.args(["-sS", "--noproxy", "*", "--cacert", "ca/ca.pem", "-w", "%{stderr}%{http_code}"]);
        if let Some(id) = device {
            command.args([
                "--cert",
                &format!("cert_{id}/cert.pem"),
                "--key",
                &format!("cert_{id}/private.key"),
            ]);
        }
        let address = format!("https://localhost:{}/", self.port.number);
        let output = command.arg(address).current_dir(self.home.path()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stderr), text(output.stdout))
    }

    fn wait_for(&self, device: &str, status: &str) {
        let began = Instant::now();
        while self.ask(Some(device)).0 != status {
            assert!(began.elapsed() < Duration::from_secs(60), "{device} never got {status}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let pid = fs::read_to_string(self.home.path().join("nginx.pid")).unwrap_or_default();
        if let Some(pid) = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pair_gets_in_nobody_else_does_and_the_revoked_are_refused() {
    if !present(&["curl"]) {
        return;
    }
    let Some(program) = needs("nginx") else { return };
    let (lab, home) = issued(&["a1998e", "b2c3d4"]).await;
    certreq(home.path())
        .args(["issue", "--authority", "stranger", "--dir", "other", "-i", "a1998e"])
        .run()
        .exits(0);
    fs::rename(home.path().join("other/cert_a1998e"), home.path().join("cert_stranger")).unwrap();
    server_pair(&lab, home.path(), "server");
    let proxy = Proxy::start(program, home);

    let (status, subject) = proxy.ask(Some("a1998e"));
    assert_eq!((status.as_str(), subject.as_str()), ("200", "O=dojot IoT Platform,CN=a1998e\n"));
    assert_eq!(proxy.ask(Some("b2c3d4")).1, "O=dojot IoT Platform,CN=b2c3d4\n");
    let (status, page) = proxy.ask(None);
    assert!(status == "400" && page.contains("No required SSL certificate was sent"), "{status} {page}");
    let (status, page) = proxy.ask(Some("stranger"));
    assert!(status == "400" && page.contains("The SSL certificate error"), "{status} {page}");

    revoke(&lab, proxy.home.path(), "a1998e");
    proxy.run(&["-s", "reload"]);
    proxy.wait_for("a1998e", "400");
    assert_eq!(proxy.ask(Some("b2c3d4")).0, "200", "the others go on");
}
