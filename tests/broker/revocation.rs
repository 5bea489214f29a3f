//! Revoked means refused, and a renewed pair is used at the next connection.

use super::{
    mosquitto::{Broker, Listener, is_here, publish, published},
    scene::{Scene, strict},
};

const ACL: &str = "user a1998e\ntopic readwrite news\n\nuser b2c3d4\ntopic readwrite news\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_is_refused_after_the_broker_read_the_list_and_others_stay() {
    if !is_here() {
        return;
    }
    let mut scene = Scene::new().await;
    scene.issue(&["-i", "a1998e,b2c3d4"]);
    scene.write("acl", ACL);
    let broker = Broker::start(scene.path(), &strict());
    published(scene.path(), "a1998e", &broker, ("news", "before"));
    let listener = Listener::start(scene.path(), "b2c3d4", &broker, &["news"]);

    scene.clock(-30).await;
    scene.revoke("cert_a1998e");
    published(scene.path(), "a1998e", &broker, ("news", "the broker does not know yet"));
    broker.reload();
    let refused = publish(scene.path(), "localhost", "a1998e", &broker, ("news", "too late"), &["-q", "1"]);
    assert!(!refused.status.success());
    scene
        .connect(&broker, "a1998e", &[])
        .exits(12)
        .stdout_has("FAIL  tls         the server refused our certificate: it was revoked; revoked at")
        .stderr_has("get a new one: certreq issue -i a1998e --force");
    published(scene.path(), "b2c3d4", &broker, ("news", "still here"));
    assert_eq!(listener.hears("news still here"), ["news the broker does not know yet", "news still here"]);
    scene.connect(&broker, "b2c3d4", &["--publish", "news", "--subscribe", "news", "-m", "x"]).exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_that_is_renewed_while_its_device_is_connected_is_used_at_the_next_connection() {
    if !is_here() {
        return;
    }
    let mut scene = Scene::new().await;
    scene.issue(&["-i", "a1998e,b2c3d4"]);
    scene.write("acl", ACL);
    let broker = Broker::start(scene.path(), &strict());
    let connected = Listener::start(scene.path(), "b2c3d4", &broker, &["news"]);
    let old = scene.leaf("b2c3d4").fingerprint();
    scene.ask(&["renew", "b2c3d4", "--all"]);
    assert_ne!(scene.leaf("b2c3d4").fingerprint(), old);
    // With the old one revoked, only the new one can get in.
    scene.clock(-30).await;
    scene.revoke(&old.to_string());
    broker.reload();
    published(scene.path(), "b2c3d4", &broker, ("news", "with the new pair"));
    assert_eq!(connected.hears("news with the new pair"), ["news with the new pair"], "it was never cut off");
    scene.connect(&broker, "b2c3d4", &[]).exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_whose_list_ended_refuses_everybody_and_is_told_apart_from_an_expired_certificate() {
    if !is_here() {
        return;
    }
    let mut scene = Scene::new().await;
    scene.issue(&["-i", "a1998e"]);
    scene.write("acl", ACL);
    // A list of last week: it ended after a day.
    scene.clock(-7 * super::scene::DAY).await;
    let (_, body) = scene.lab.get("/x509/v1/ca/crl").await;
    scene.write("crl.pem", body["crl"].as_str().unwrap());
    let broker = Broker::start(scene.path(), &strict());
    scene
        .connect(&broker, "a1998e", &[])
        .exits(4)
        .stdout_has("the server refused our certificate: expired by its clock")
        .stderr_has("its revocation list is past its nextUpdate");
}
