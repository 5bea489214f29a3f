//! Many devices over a bad network, killed anywhere: no key is lost, and whatever was issued twice is written down.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;

use super::served;
use crate::support::{
    platform::workplace,
    proxy::{Fault, Kind, Proxy},
    terminal::certreq,
};

/// As many as are asked for; the ordinary run is shorter.
fn devices() -> usize {
    std::env::var("CERTREQ_EST_DEVICES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000)
}

#[test]
fn a_thousand_devices_are_enrolled_whatever_breaks() {
    let home = workplace();
    let served = served(home.path(), &[]);
    let proxy = Proxy::start(&served.url, |kind, number| match (kind, number % 50) {
        (Kind::Sign, 7) => Some(Fault::CutBefore),
        (Kind::Sign, 17) => Some(Fault::CutAfter),
        (Kind::Sign, 27) => Some(Fault::CutAnswer),
        (Kind::Sign, 37) => Some(Fault::Status(500)),
        (Kind::Sign, 47) => Some(Fault::RetryAfter(503, 0)),
        _ => None,
    });
    let count = devices();
    let ids: Vec<String> = (0..count).map(|number| format!("{number:06x}")).collect();
    std::fs::write(home.path().join("ids"), ids.join("\n")).unwrap();
    let call = || {
        certreq(home.path())
            .args(["issue", "--ids-from", "ids", "-q", "--retries", "8", "--est", proxy.url()])
            .args(["-u", "admin", "--secret-file", &served.secret_file()])
    };
    // Killed three times on the way, wherever that is.
    for quarter in 1..4 {
        let mut child = call()
            .into_command()
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let wanted = count * quarter / 4;
        loop {
            let done = std::fs::read_dir(home.path())
                .unwrap()
                .flatten()
                .filter(|one| one.file_name().to_string_lossy().starts_with("cert_"))
                .count();
            if done >= wanted || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    call().run().exits(0);
    assert!(proxy.faults() > count / 20, "{} faults", proxy.faults());
    let status = certreq(home.path()).args(["status", "--format", "json"]).run();
    status.exits(0);
    // A device with more certificates there than the one in use is named in the journal.
    let login = [served.login(), vec!["--cacert".into(), "ca/ca.pem".into()]].concat();
    let listed = certreq(home.path()).args(["list", "--format", "json"]).args(&login).run().exits(0).stdout;
    let mut of_device: BTreeMap<String, usize> = BTreeMap::new();
    for line in listed.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        if let Some(device) = row["device"].as_str() {
            *of_device.entry(device.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(of_device.len(), count, "every device has a certificate there");
    let twice: BTreeSet<&str> =
        of_device.iter().filter(|(_, number)| **number > 1).map(|(device, _)| device.as_str()).collect();
    let journal = certreq(home.path()).args(["status", "--journal"]).run().exits(0).stdout;
    let in_doubt: BTreeSet<&str> = journal
        .lines()
        .filter(|line| line.contains("may have one more for this key"))
        .filter_map(|line| line.split_whitespace().nth(3))
        .collect();
    assert!(!twice.is_empty(), "answers were lost");
    let untold: Vec<&&str> = twice.difference(&in_doubt).collect();
    assert!(untold.is_empty(), "twice, and not in the journal: {untold:?}");
}
