//! `examples/nginx`: client certificates at a reverse proxy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::{free_port, offers};
use crate::support::{
    lab::{Lab, SECRET, text},
    platform::workplace,
    readme::Readme,
    terminal::certreq,
    tools::{needs, openssl, present},
};

#[test]
fn the_readme_holds() {
    if !present(&["nginx", "curl"]) || !offers(&[&["issue", "--san", "dns:x"], &["revoke"], &["ca", "crl"]]) {
        return;
    }
    let mut readme = Readme::of("examples/nginx").set("PORT", free_port());
    let said = readme.follow();
    assert!(said.contains("CN=a1998e\n"), "the application hears the name: {said}");
    assert!(said.contains("\n400\n"), "without a certificate: {said}");
    assert!(said.ends_with("a1998e is refused\n"), "{said}");
}

/// An nginx with the configuration of the example; it ends with the test.
struct Proxy {
    program: PathBuf,
    home: tempfile::TempDir,
    port: u16,
}

impl Proxy {
    /// In a directory that holds everything the configuration names.
    fn start(program: PathBuf, home: tempfile::TempDir) -> Self {
        let port = free_port();
        let example = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/nginx/nginx.conf"));
        let ours = example.unwrap().replace("127.0.0.1:8443", &format!("127.0.0.1:{port}"));
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

    /// Status and body for a device, or for nobody.
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
        let address = format!("https://localhost:{}/", self.port);
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

/// Who runs the tests.
fn user() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

/// A certificate for the server's names, by the key of the lab's authority.
fn server_pair(lab: &Lab, home: &Path) {
    let key = lab.dir.path().join("ca/ca.key");
    let directory = home.join("cert_server");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n").unwrap();
    let request = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout"];
    let request = [&request[..], &["private.key", "-out", "request", "-subj", "/CN=localhost"]].concat();
    openssl(&directory, &request);
    let sign = ["x509", "-req", "-in", "request", "-CA", "../ca/ca.pem", "-CAkey", key.to_str().unwrap()];
    openssl(&directory, &[&sign[..], &["-CAcreateserial", "-extfile", "names", "-out", "cert.pem"]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pair_gets_in_nobody_else_does_and_the_revoked_are_refused() {
    if !present(&["curl"]) {
        return;
    }
    let Some(program) = needs("nginx") else { return };
    let lab = Lab::start().await;
    lab.register(&["a1998e", "b2c3d4"]).await;
    let home = workplace();
    certreq(home.path())
        .args(["issue", "-h", &lab.url, "-u", "admin", "-i", "a1998e,b2c3d4", "--secret-file", "-"])
        .stdin(SECRET)
        .run()
        .exits(0);
    certreq(home.path())
        .args(["issue", "--local", "stranger", "--dir", "other", "-i", "a1998e"])
        .run()
        .exits(0);
    fs::rename(home.path().join("other/cert_a1998e"), home.path().join("cert_stranger")).unwrap();
    server_pair(&lab, home.path());
    let proxy = Proxy::start(program, home);

    let (status, subject) = proxy.ask(Some("a1998e"));
    assert_eq!((status.as_str(), subject.as_str()), ("200", "O=dojot IoT Platform,CN=a1998e\n"));
    assert_eq!(proxy.ask(Some("b2c3d4")).1, "O=dojot IoT Platform,CN=b2c3d4\n");
    let (status, page) = proxy.ask(None);
    assert!(status == "400" && page.contains("No required SSL certificate was sent"), "{status} {page}");
    let (status, page) = proxy.ask(Some("stranger"));
    assert!(status == "400" && page.contains("The SSL certificate error"), "{status} {page}");

    let of_a = fs::read_to_string(proxy.home.path().join("cert_a1998e/cert.pem")).unwrap();
    let of_a = &certreq::pki::certificate::Certificate::all_from_pem(&of_a).unwrap()[0];
    assert_eq!(lab.delete(&format!("/x509/v1/certificates/{}", of_a.fingerprint())).await.0, 204);
    let list = text(&lab.get("/x509/v1/ca/crl").await.1["crl"]);
    fs::write(proxy.home.path().join("ca/crl.pem"), list).unwrap();
    proxy.run(&["-s", "reload"]);
    proxy.wait_for("a1998e", "400");
    assert_eq!(proxy.ask(Some("b2c3d4")).0, "200", "the others go on");
}
