//! Renewals over mutual TLS: the same names, a new key, and the first credentials where the certificate has ended.

use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::{issue, leaf, served};
use crate::{
    broker::mosquitto::{self, Broker},
    support::{platform::workplace, terminal::certreq, tools},
};

fn extension(home: &std::path::Path, id: &str) -> String {
    let file = format!("cert_{id}/cert.pem");
    tools::openssl(home, &["x509", "-in", &file, "-noout", "-subject", "-ext", "subjectAltName"])
}

#[test]
fn a_renewal_keeps_subject_and_names_and_needs_no_password() {
    let home = workplace();
    let served = served(home.path(), &[]);
    issue(home.path(), &served, "broker").args(["--san", "dns:broker.example.org,ip:192.0.2.1"]).run().exits(0);
    let (before, names) = (leaf(home.path(), "broker"), extension(home.path(), "broker"));
    assert!(names.contains("broker.example.org") && names.contains("192.0.2.1"), "{names}");
    certreq(home.path()).args(["renew", "broker", "--all", "--est", &served.url]).run().exits(0);
    let after = leaf(home.path(), "broker");
    assert_ne!(after.public_key_info(), before.public_key_info(), "a new key");
    assert_eq!(after.subject, before.subject);
    assert_eq!(extension(home.path(), "broker"), names);
    certreq(home.path()).args(["renew", "broker", "--all", "--reuse-key", "--est", &served.url]).run().exits(0);
    assert_eq!(leaf(home.path(), "broker").public_key_info(), after.public_key_info(), "the key stays");
    tools::accepts_pair(home.path(), "broker");
}

#[test]
fn a_certificate_that_has_ended_is_renewed_with_the_first_credentials() {
    let home = workplace();
    let served = served(home.path(), &["--lifetime", "5s"]);
    issue(home.path(), &served, "a1998e").run().exits(0);
    let before = leaf(home.path(), "a1998e");
    let began = std::time::Instant::now();
    while certreq(home.path()).args(["verify", "-q", "cert_a1998e"]).run().code != 11 {
        assert!(began.elapsed().as_secs() < 60, "it does not expire");
    }
    let kept = served.kill();
    let served = crate::support::platform::Served::start_in(kept, &["--est"]);
    certreq(home.path()).args(["renew", "a1998e"]).args(served.est()).run().exits(0);
    assert_ne!(leaf(home.path(), "a1998e").fingerprint(), before.fingerprint());
}

#[test]
fn other_names_than_those_of_the_certificate_shown_are_refused() {
    let home = workplace();
    let served = served(home.path(), &[]);
    issue(home.path(), &served, "a1998e").run().exits(0);
    if !tools::present(&["curl"]) {
        return;
    }
    let ask = |subject: &str, more: &[&str]| {
        tools::openssl(
            home.path(),
            &[
                &[
                    "req",
                    "-new",
                    "-key",
                    "cert_a1998e/private.key",
                    "-subj",
                    subject,
                    "-outform",
                    "DER",
                    "-out",
                    "r.der",
                ][..],
                more,
            ]
            .concat(),
        );
        let der = std::fs::read(home.path().join("r.der")).unwrap();
        std::fs::write(
            home.path().join("r.b64"),
            certreq::pki::base64_lines::encode(&der, certreq::pki::base64_lines::Lines::Short),
        )
        .unwrap();
        let output = std::process::Command::new("curl")
            .args([
                "-sS",
                "--cacert",
                "ca/ca.pem",
                "--cert",
                "cert_a1998e/cert.pem",
                "--key",
                "cert_a1998e/private.key",
            ])
            .args(["-H", "Content-Type: application/pkcs10", "--data-binary", "@r.b64", "-w", "%{http_code}"])
            .arg(format!("{}/.well-known/est/simplereenroll", served.url))
            .current_dir(home.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(ask("/CN=b2c3d4", &[]).contains("the subject of the request is not the one"), "another device");
    assert!(ask("/CN=a1998e", &["-addext", "subjectAltName=DNS:x.example"]).contains("subjectAltName"));
    assert!(ask("/CN=a1998e", &[]).ends_with("200"), "the authority adds its organization itself");
}

const BROKER: &str = "listener @PORT@ 127.0.0.1
cafile ca/ca.pem
certfile cert_broker/cert.pem
keyfile cert_broker/private.key
require_certificate true
use_identity_as_username true
";

#[test]
fn a_hundred_devices_are_renewed_while_mosquitto_uses_their_pairs() {
    if !mosquitto::is_here() {
        return;
    }
    let home = workplace();
    let served = served(home.path(), &[]);
    issue(home.path(), &served, "broker").args(["--san", "dns:localhost,ip:127.0.0.1"]).run().exits(0);
    let ids: Vec<String> = (0..100).map(|number| format!("{number:06x}")).collect();
    issue(home.path(), &served, &ids.join(",")).args(["-q"]).run().exits(0);
    let before: Vec<_> = ids.iter().map(|id| leaf(home.path(), id).fingerprint()).collect();
    let broker = Broker::start(home.path(), BROKER);
    let (done, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let publish = |id: &str| {
        // From inside of its directory: both files are of one pair, whatever is exchanged meanwhile.
        let output = Command::new("mosquitto_pub")
            .args([
                "-h",
                "localhost",
                "-p",
                &broker.port.to_string(),
                "-q",
                "1",
                "-i",
                id,
                "-t",
                id,
                "-m",
                "hi",
            ])
            .args(["--cert", "cert.pem", "--key", "private.key", "--cafile"])
            .arg(home.path().join("ca/ca.pem"))
            .current_dir(home.path().join(format!("cert_{id}")))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        sent.fetch_add(1, Ordering::Relaxed);
        assert!(output.status.success(), "{id}: {}", String::from_utf8_lossy(&output.stderr));
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..2)
            .map(|client| {
                let (ids, done, publish) = (&ids, &done, &publish);
                scope.spawn(move || {
                    for id in ids.iter().cycle().skip(client * 50) {
                        publish(id);
                        if done.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                })
            })
            .collect();
        // In four runs, so that there is time to use what was renewed.
        for part in ids.chunks(25) {
            let renewed = certreq(home.path())
                .args(["renew", "--all", "-q", "-i", &part.join(","), "--est", &served.url])
                .run();
            done.store(renewed.code != 0, Ordering::Relaxed);
            renewed.exits(0);
        }
        done.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().unwrap();
        }
    });
    assert!(sent.load(Ordering::Relaxed) > 20, "it was used meanwhile");
    for (id, before) in ids.iter().zip(before) {
        assert_ne!(leaf(home.path(), id).fingerprint(), before, "{id}");
        publish(id);
    }
}
