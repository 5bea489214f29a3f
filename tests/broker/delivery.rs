//! Messages reach the clients that may have them, and other clients stay outside.

use std::process::{Command, Stdio};

use super::{
    mosquitto::{Broker, Listener, is_here, publish, published},
    scene::{Scene, strict},
};
use crate::support::{forger::Forger, terminal::certreq};

/// All clients may hear `public`; A and B may do what a platform's device may, and B hears A.
const ACL: &str = "pattern read public

user a1998e
topic write admin:a1998e/attrs
topic write public

user b2c3d4
topic write admin:b2c3d4/attrs
topic read admin:b2c3d4/attrs
topic read admin:a1998e/attrs
";

const OWN: &str = "admin:a1998e/attrs";
const FOREIGN: &str = "admin:b2c3d4/attrs";

async fn scene() -> (Scene, Broker) {
    let mut scene = Scene::new().await;
    scene.clock(-30).await;
    scene.issue(&["-i", "a1998e,b2c3d4,c5d6e7"]);
    scene.write("acl", ACL);
    let broker = Broker::start(scene.path(), &strict());
    (scene, broker)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_reaches_who_may_hear_it_and_writes_nowhere_else() {
    if !is_here() {
        return;
    }
    let (scene, broker) = scene().await;
    let topics = [OWN, FOREIGN, "public"];
    let allowed = Listener::start(scene.path(), "b2c3d4", &broker, &topics);
    let unlisted = Listener::start(scene.path(), "c5d6e7", &broker, &topics);
    // A message that is thrown away is acknowledged, so the later message shows that the first one is not under way
    // any more.
    published(scene.path(), "a1998e", &broker, (FOREIGN, "intruder"));
    published(scene.path(), "a1998e", &broker, (OWN, "first"));
    // Word for word as the platform's documentation writes it, without conversion of any file.
    let output = publish(scene.path(), "localhost", "a1998e", &broker, (OWN, r#"{"x":1}"#), &[]);
    assert!(output.status.success());
    let heard = allowed.hears(&format!(r#"{OWN} {{"x":1}}"#));
    assert_eq!(heard, [format!("{OWN} first"), format!(r#"{OWN} {{"x":1}}"#)]);
    // The device that is on no list is connected: it hears `public`, which all clients may hear, and only that.
    published(scene.path(), "a1998e", &broker, ("public", "marker"));
    assert_eq!(unlisted.hears("public marker"), ["public marker"]);
    // Its own messages reach no client.
    published(scene.path(), "c5d6e7", &broker, (OWN, "from nobody"));
    published(scene.path(), "a1998e", &broker, ("public", "end"));
    assert!(!allowed.hears("public end").iter().any(|line| line.contains("from nobody")));
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_publishes_and_receives_as_the_device_does() {
    if !is_here() {
        return;
    }
    let (scene, broker) = scene().await;
    let server = format!("mqtts://localhost:{}", broker.port);
    for version in ["3.1.1", "5"] {
        let mut receiver = certreq(scene.path())
            .args(["connect", &server, "cert_b2c3d4", "--subscribe", OWN, "--wait", "120s", "--mqtt", version])
            .into_command()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = super::mosquitto::Lines::of(receiver.stdout.take().unwrap());
        // Each step is told when it is done, not at the end.
        lines.wait("the subscription", |line| {
            line.contains("ok    subscribe   admin:a1998e/attrs granted, QoS 1")
        });
        scene
            .connect(&broker, "a1998e", &["--publish", FOREIGN, "-m", "intruder"])
            .exits(0)
            .stdout_has("not proven in MQTT 3.1.1");
        scene.connect(&broker, "a1998e", &["--tenant", "admin", "-m", "21", "--mqtt", version]).exits(0);
        assert!(receiver.wait().unwrap().success());
        let line = lines.wait("the message", |line| line.contains("receive"));
        assert!(line.contains("admin:a1998e/attrs: 21"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_of_this_authority_and_of_today_does_not_come_in() {
    if !is_here() {
        return;
    }
    let (scene, broker) = scene().await;
    let port = broker.port.to_string();
    let anonymous = Command::new("mosquitto_pub")
        .args(["-h", "localhost", "-p", &port, "--cafile", "ca/ca.pem", "-t", "public", "-m", "x"])
        .current_dir(scene.path())
        .output()
        .unwrap();
    assert!(!anonymous.status.success());
    broker.says("peer did not return a certificate");

    let expired = publish(scene.path(), "localhost", "01dca7", &broker, ("public", "x"), &["-q", "1"]);
    assert!(!expired.status.success());
    broker.says("certificate verify failed");
    scene
        .connect(&broker, "01dca7", &[])
        .exits(11)
        .stdout_has("WARN  pair        CN=01dca7, O=dojot IoT Platform, EXPIRED 35d")
        .stdout_has("FAIL  tls         the server refused our certificate: it expired at")
        .stderr_has("get a new one: certreq issue -i 01dca7 --force");

    let other = Forger::new("Somebody else's CA");
    let key = certreq::pki::key::PrivateKey::generate(certreq::pki::key::KeySpec::P256).unwrap();
    let csr = certreq::pki::csr::request(&key, "f0e1d2").unwrap();
    let foreign = other.sign(&csr, &crate::support::forger::Wish::default());
    scene.pair("f0e1d2", &key.to_pkcs8_pem().unwrap(), &foreign);
    let refused = publish(scene.path(), "localhost", "f0e1d2", &broker, ("public", "x"), &["-q", "1"]);
    assert!(!refused.status.success());
    let ended = scene.connect(&broker, "f0e1d2", &["--format", "json"]).exits(4);
    let record = &ended.json()[0];
    assert_eq!(record["error"]["cause"], "certificate_authority_unknown", "{record}");
    assert_eq!(record["error"]["step"], "tls");
    // A certificate that names another device is not even shown.
    let csr = certreq::pki::csr::request(&key, "a1998e").unwrap();
    let foreign = other.sign(&csr, &crate::support::forger::Wish::default());
    scene.write("cert_f0e1d2/cert.pem", &foreign);
    scene.connect(&broker, "f0e1d2", &[]).exits(6).stdout_has("it is for a1998e, not for the device f0e1d2");
}
