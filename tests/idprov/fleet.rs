//! Many devices in one run, killed in the middle of it.

use std::{fmt::Write as _, process::Stdio, thread, time::Duration};

use tempfile::TempDir;

use super::hub::{Hub, secret_file};
use crate::support::terminal::certreq;

/// How many: `CERTREQ_IDPROV_FLEET=10000` for the number a factory has.
fn devices() -> usize {
    std::env::var("CERTREQ_IDPROV_FLEET").ok().and_then(|text| text.parse().ok()).unwrap_or(120)
}

#[test]
fn every_device_has_one_pair_and_one_certificate_whichever_side_was_killed() {
    let number = devices();
    let serve = ["--idprov-service", "mqtts=tls://127.0.0.1:8884"];
    let mut hub = Hub::start(&serve);
    let dir = TempDir::new().unwrap();
    let at = dir.path();
    let mut list = String::from("id,secret\n");
    for n in 0..number {
        let _ = writeln!(list, "02:00:00:00:{:02X}:{:02X},secret-{n}-k7wq-m2xp-94tz-hh3d", n / 256, n % 256);
    }
    secret_file(at, "devices.csv", &list);
    hub.oob(at, &["add", "--from", "devices.csv"]).run().exits(0);
    let issued = |hub: &Hub| -> usize {
        hub.rows("SELECT count(*) || '' FROM certificates WHERE device IS NOT NULL")[0].parse().unwrap()
    };
    let run = |hub: &Hub| {
        let call = certreq(at).args(["issue", "--idprov", &hub.place, "--oob-secrets", "devices.csv"]);
        let mut command = call.args(["--give-up-after", "5s", "--jobs", "16"]).into_command();
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // The client in the first third, the server in the second.
    let mut client = run(&hub);
    while issued(&hub) < number / 3 && client.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(2));
    }
    client.kill().unwrap();
    client.wait().unwrap();
    let mut client = run(&hub);
    while issued(&hub) < number * 2 / 3 && client.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(2));
    }
    let home = hub.kill();
    client.wait().unwrap();
    hub = Hub::start_in(home, &serve);
    let mut finishing = run(&hub);
    assert!(finishing.wait().unwrap().success());
    assert_eq!(issued(&hub), number);
    let owners = "SELECT count(DISTINCT device) || '' FROM certificates WHERE device IS NOT NULL";
    assert_eq!(hub.rows(owners), [number.to_string()]);
    let pairs = std::fs::read_dir(at).unwrap().flatten();
    let pairs = pairs.filter(|entry| entry.file_name().to_string_lossy().starts_with("cert_"));
    assert_eq!(pairs.filter(|entry| entry.path().join("cert.pem").exists()).count(), number);
}
