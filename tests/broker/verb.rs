//! Output and arguments of `certreq connect`.

use super::{
    mosquitto::{Broker, is_here},
    scene::{MUTUAL, Scene, strict},
};
use crate::support::{platform::workplace, terminal::certreq};

#[tokio::test(flavor = "multi_thread")]
async fn tells_each_step_the_chain_and_what_was_agreed() {
    if !is_here() {
        return;
    }
    let scene = Scene::new().await;
    scene.issue(&["-i", "a1998e"]);
    let broker = Broker::start(scene.path(), MUTUAL);
    let text = scene.connect(&broker, "a1998e", &[]).exits(0);
    let steps: Vec<&str> = text.stdout.lines().filter_map(|line| line.strip_prefix("  ok    ")).collect();
    let names: Vec<&str> = steps.iter().filter_map(|step| step.split_whitespace().next()).collect();
    assert_eq!(names, ["pair", "name", "tcp", "server", "server", "tls", "mqtt"], "{}", text.stdout);
    assert!(text.stdout.ends_with("cert_a1998e: ACCEPTED\n"));
    assert!(text.stdout.lines().next().unwrap().starts_with("cert_a1998e to mqtts://localhost:"));
    let json = scene.connect(&broker, "a1998e", &["--format", "json"]).exits(0);
    let record = &json.json()[0];
    assert_eq!(record["state"], "accepted");
    assert_eq!(record["device"], "a1998e");
    assert_eq!(record["tls"]["version"], "TLS 1.3");
    assert_eq!(record["chain"][0]["fingerprint"], scene.leaf("bede12").fingerprint().to_string());
    assert_eq!(record["chain"][0]["not_after"], scene.leaf("bede12").not_after.to_string());
    assert!(record["steps"][1]["milliseconds"].is_number(), "{record}");
    for quiet in [["--quiet", "--timeout"], ["-q", "--timeout"]] {
        scene.connect(&broker, "a1998e", &[quiet[0], quiet[1], "60s"]).exits(0).stdout_is("").stderr_is("");
    }
    scene.connect_to(&format!("tls://localhost:{}", broker.port), "a1998e", &[]).exits(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_is_granted_and_not_delivered_is_found_out() {
    if !is_here() {
        return;
    }
    let scene = Scene::new().await;
    scene.issue(&["-i", "a1998e"]);
    scene.write("acl", "user a1998e\ntopic write x\ntopic readwrite y\n");
    let broker = Broker::start(scene.path(), &strict());
    scene
        .connect(&broker, "a1998e", &["--subscribe", "x", "--publish", "x", "-m", "1", "--timeout", "6s"])
        .exits(4)
        .stdout_has("ok    subscribe   x granted")
        .stdout_has("FAIL  receive     subscribed and published, but the message to x did not")
        .stderr_has("must let a1998e read and write the topic");
    scene
        .connect(&broker, "a1998e", &["--subscribe", "+", "--publish", "{id}", "-m", "1", "--mqtt", "5"])
        .exits(4);
    scene
        .connect(&broker, "a1998e", &["--subscribe", "y", "--publish", "y", "-m", "1", "--timeout", "60s"])
        .exits(0)
        .stdout_has("ok    receive     y came back");
    scene
        .connect(&broker, "a1998e", &["--subscribe", "x", "--wait", "1s"])
        .exits(1)
        .stdout_has("no message of x came within 1 s");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_directories_at_once_and_one_summary() {
    if !is_here() {
        return;
    }
    let scene = Scene::new().await;
    scene.issue(&["-i", "a1998e,b2c3d4"]);
    let broker = Broker::start(scene.path(), MUTUAL);
    let server = format!("mqtts://localhost:{}", broker.port);
    let all =
        |more: &[&str]| certreq(scene.path()).args(["connect", &server, "--all"]).args(more).run().exits(3);
    let text = all(&[]);
    let mut lines: Vec<&str> = text.stdout.lines().filter(|line| line.starts_with("cert_")).collect();
    lines.sort_unstable();
    let accepted =
        ["cert_01dca7: FAILED", "cert_a1998e: ACCEPTED", "cert_b2c3d4: ACCEPTED", "cert_bede12: ACCEPTED"];
    assert_eq!(lines, accepted);
    text.stderr_has(&format!("4 directories to {server}: 3 accepted, 1 failed (1 certificate expired)\n"));
    let json = all(&["--format", "json"]);
    assert_eq!(json.json().len(), 4);
    let empty = workplace();
    certreq(empty.path())
        .args(["connect", &server, "--all"])
        .run()
        .exits(1)
        .stderr_has("there is no device directory in .");
}

#[test]
fn what_cannot_be_meant_is_wrong_usage() {
    let home = workplace();
    let usage = |args: &[&str]| certreq(home.path()).args(["connect"]).args(args).run().exits(2);
    usage(&["broker:8883", "cert_a"]).stderr_has("no protocol given");
    usage(&["mqtt://broker", "cert_a"]).stderr_has("does not use TLS");
    usage(&["wss://broker", "cert_a"]).stderr_has("wss is not supported");
    usage(&["tls://broker", "cert_a"]).stderr_has("names no server, or no port");
    usage(&["mqtts://broker", "cert_a", "-m", "x"]).stderr_has("-m needs a topic");
    usage(&["mqtts://broker", "cert_a", "--publish", "a/#", "-m", "x"])
        .stderr_has("is not a topic to publish to");
    usage(&["mqtts://broker", "cert_a", "--subscribe", "a#"]).stderr_has("is not a topic filter");
    usage(&["mqtts://broker", "cert_a", "--subscribe", "{tenant}/x"]).stderr_has("needs a --tenant");
    usage(&["mqtts://broker", "cert_a", "--wait", "5s"]).stderr_has("needs a subscription");
    usage(&["https://broker", "cert_a", "--subscribe", "x"]).stderr_has("are for mqtts://");
    usage(&["mqtts://broker"]).stderr_has("<DIR>");
}
