//! Keys that cannot leave a token: the verb says so, and other software is told where the key is, in its own form.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::softhsm::{PIN, SoftHsm};
use crate::{
    broker::mosquitto::{Broker, is_here},
    support::{port::Port, tools},
};

/// With pairs of a broker and of a device in the token, and the PIN in a file.
fn fleet() -> Option<SoftHsm> {
    let hsm = SoftHsm::new()?;
    let pin = hsm.path().join("pin");
    fs::write(&pin, PIN).unwrap();
    fs::set_permissions(&pin, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let store = format!("{}&pin-source={}", SoftHsm::store("lab"), pin.display());
    let args = ["issue", "--local", "--key-store", &store];
    hsm.certreq().args(args).args(["server", "--san", "dns:localhost,ip:127.0.0.1"]).run().exits(0);
    hsm.certreq().args(args).args(["dev1"]).run().exits(0);
    Some(hsm)
}

/// OpenSSL's engine for tokens is here.
#[track_caller]
fn has_engine() -> bool {
    let shown = Command::new("openssl").args(["engine", "-t", "pkcs11"]).output().unwrap();
    let is_here = String::from_utf8_lossy(&shown.stdout).contains("[ available ]");
    assert!(is_here || std::env::var_os("CI").is_none(), "not installed: libengine-pkcs11-openssl");
    if !is_here {
        tools::say("left out: tests/tokens/export.rs needs libengine-pkcs11-openssl");
    }
    is_here
}

#[test]
fn a_key_that_cannot_leave_is_called_that() {
    let Some(hsm) = fleet() else { return };
    for form in [&["--p12"][..], &["--combined"], &["--der"], &["--layout", "mosquitto"]] {
        let ended = hsm.certreq().args(["export", "dev1"]).args(form).run();
        ended.exits(1).stderr_has("is in the token lab, and cannot leave it").stderr_has("mosquitto-token");
    }
    hsm.certreq().args(["export", "dev1", "--chain"]).run().exits(0);
    hsm.certreq().args(["issue", "--local", "filed"]).run().exits(0);
    let other = ["export", "filed", "--layout", "nginx-token"];
    hsm.certreq().args(other).run().exits(1).stderr_has("its private key is in a file");
}

#[test]
fn a_broker_takes_its_own_key_from_the_token() {
    let Some(hsm) = fleet() else { return };
    if !is_here() || !has_engine() {
        return;
    }
    hsm.certreq().args(["export", "server", "--layout", "mosquitto-token", "--to", "broker"]).run().exits(0);
    let settings = fs::read_to_string(hsm.path().join("broker/conf.d/token.conf")).unwrap();
    let config = format!(
        "listener @PORT@ 127.0.0.1\ncafile broker/ca_certificates/ca.crt\ncertfile broker/certs/server.crt\n\
         require_certificate true\nuse_identity_as_username true\n{settings}"
    );
    let module = SoftHsm::module();
    let conf = hsm.config();
    let environment = [("PKCS11_MODULE_PATH", std::path::Path::new(module)), ("SOFTHSM2_CONF", &conf)];
    let broker = Broker::with(hsm.path(), &config, &environment);
    let url = format!("mqtts://localhost:{}", broker.port);
    hsm.certreq().args(["connect", &url, "cert_dev1"]).run().exits(0).stdout_has("ACCEPTED");
}

#[test]
fn nginx_and_curl_take_their_keys_from_the_token() {
    let Some(hsm) = fleet() else { return };
    if !has_engine() || !tools::present(&["nginx", "curl"]) {
        return;
    }
    hsm.certreq().args(["export", "server", "--layout", "nginx-token", "--to", "web"]).run().exits(0);
    hsm.certreq().args(["export", "dev1", "--layout", "curl-token", "--to", "client"]).run().exits(0);
    let (port, home) = (Port::reserve(), hsm.path().display().to_string());
    let conf = format!(
        "pid {home}/nginx.pid; error_log {home}/error.log; daemon on; master_process off;\n\
         env PKCS11_MODULE_PATH; env SOFTHSM2_CONF; events {{}}\n\
         http {{ access_log off; server {{ listen 127.0.0.1:{port} ssl;\n\
         ssl_certificate {home}/web/server.crt; include {home}/web/server.key.conf;\n\
         ssl_client_certificate {home}/web/ca.crt; ssl_verify_client on;\n\
         location / {{ return 200 \"$ssl_client_s_dn\"; }} }} }}\n",
        port = port.number
    );
    fs::write(hsm.path().join("nginx.conf"), conf).unwrap();
    // nginx starts no engine by itself.
    let engine = "openssl_conf = a\n[a]\nengines = b\n[b]\npkcs11 = c\n[c]\nengine_id = pkcs11\ninit = 1\n";
    fs::write(hsm.path().join("openssl.cnf"), engine).unwrap();
    let within = |command: &mut Command| {
        let output = command
            .env("PKCS11_MODULE_PATH", SoftHsm::module())
            .env("SOFTHSM2_CONF", hsm.config())
            .env("OPENSSL_CONF", hsm.path().join("openssl.cnf"))
            .env("no_proxy", "*")
            .current_dir(hsm.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{command:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let nginx = tools::needs("nginx").unwrap();
    let files = ["-p", &home, "-c", "nginx.conf"];
    within(Command::new(&nginx).args(files));
    let url = format!("https://localhost:{}/", port.number);
    let asked =
        ["-sS", "--config", "client/dev1.curlrc", "--cert", "client/dev1.crt", "--cacert", "client/ca.crt"];
    let said = within(Command::new("curl").args(asked).arg(&url));
    within(Command::new(&nginx).args(files).args(["-s", "stop"]));
    assert!(said.contains("CN=dev1"), "{said}");
}

#[test]
fn strongswan_finds_the_key_by_the_handle_in_its_settings() {
    let Some(hsm) = fleet() else { return };
    hsm.certreq().args(["export", "dev1", "--layout", "strongswan-token", "--to", "swan"]).run().exits(0);
    let settings = fs::read_to_string(hsm.path().join("swan/conf.d/dev1.conf")).unwrap();
    let handle = settings.lines().find_map(|line| line.trim().strip_prefix("handle = ")).unwrap().to_owned();
    let key = hsm.private_keys("lab").into_iter().find(|key| key.label == "dev1").unwrap();
    assert_eq!(handle, key.id);
    assert!(
        settings.contains(&format!("path = {}", SoftHsm::module())) && settings.contains("module = certreq")
    );
}

/// strongSwan's daemon for one test: its own socket for settings, ports that are free.
struct Charon {
    daemon: Child,
    settings: std::path::PathBuf,
    socket: String,
}

impl Drop for Charon {
    fn drop(&mut self) {
        // One that ended has said why in its log.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Charon {
    fn start(hsm: &SoftHsm) -> Self {
        let place = hsm.path();
        let (settings, socket) =
            (place.join("strongswan.conf"), format!("unix://{}", place.join("vici").display()));
        let plugins = "random nonce openssl pem pkcs1 pkcs8 x509 pubkey revocation constraints pkcs11 vici kernel-netlink socket-default";
        let text = format!(
            "charon-systemd {{\n load = {plugins}\n port = 0\n port_nat_t = 0\n plugins {{ vici {{ socket = {socket} }}\n \
             pkcs11 {{ modules {{ certreq {{ path = {} }} }} }} }}\n}}\nswanctl {{ load = pem pkcs1 x509 openssl random }}\n",
            SoftHsm::module()
        );
        fs::write(&settings, text).unwrap();
        let log = fs::File::create(place.join("charon.log")).unwrap();
        let daemon = Command::new("charon-systemd")
            .envs([("STRONGSWAN_CONF", &settings), ("SOFTHSM2_CONF", &hsm.config())])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { daemon, settings, socket }
    }

    /// Runs `swanctl` until the daemon listens; the PIN is what it is asked for.
    fn swanctl(&mut self, hsm: &SoftHsm, args: &[&str]) -> String {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let mut asked = Command::new("swanctl")
                .args(args)
                .args(["--uri", &self.socket])
                .env("STRONGSWAN_CONF", &self.settings)
                .env("SWANCTL_DIR", hsm.path().join("swan"))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // It may not read it.
            let _ = std::io::Write::write_all(&mut asked.stdin.take().unwrap(), format!("{PIN}\n").as_bytes());
            let output = asked.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.success() {
                return said;
            }
            let ended = self.daemon.try_wait().unwrap();
            let log = || fs::read_to_string(hsm.path().join("charon.log")).unwrap();
            assert!(
                ended.is_none() && Instant::now() < until,
                "{said}{}{}",
                String::from_utf8_lossy(&output.stderr),
                log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn strongswan_loads_the_key_from_the_token() {
    let Some(hsm) = fleet() else { return };
    if !tools::present(&["charon-systemd", "swanctl"]) {
        return;
    }
    hsm.certreq().args(["export", "dev1", "--layout", "strongswan-token", "--to", "swan"]).run().exits(0);
    fs::write(hsm.path().join("swan/swanctl.conf"), "include conf.d/*.conf\n").unwrap();
    let mut charon = Charon::start(&hsm);
    let said = charon.swanctl(&hsm, &["--load-creds"]);
    assert!(said.contains("loaded key token-dev1 from token"), "{said}");
    let said = charon.swanctl(&hsm, &["--list-certs", "--type", "x509"]);
    let of_device = said.split("subject:").find(|part| part.contains("CN=dev1")).unwrap_or_default();
    assert!(of_device.contains("has private key"), "{said}");
}
