//! What cannot leave a token is said, and other software is told where the key is, in its own form.

use std::{fs, process::Command};

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
