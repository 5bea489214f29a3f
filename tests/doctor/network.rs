//! The way to the platform: every step that can be missing.

use std::net::TcpListener;

use serde_json::json;

use super::Found;
use crate::support::{
    platform::{Served, workplace},
    port::Port,
    scripted::{Reply, Scripted},
    terminal::certreq,
};

fn examine(host: &str, variables: &[(&str, &str)], args: &[&str]) -> Found {
    let home = workplace();
    let mut call = certreq(home.path()).args(["doctor", "--format", "json", "-h", host]).args(args);
    for (name, value) in variables {
        call = call.env(name, value);
    }
    let found = Found::new(call);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "something was written");
    found
}

fn gateway() -> Reply {
    Reply::json(401, json!({"message": "Unauthorized"}))
}

#[test]
fn a_wrong_port_is_a_connection_that_is_refused() {
    let nobody = Port::reserve();
    let found = examine(&format!("127.0.0.1:{}", nobody.number), &[], &[]);
    found.exits(5).says("connection", "fail", "connection refused");
    found.says("http", "skipped", "was not reached").says("login", "skipped", "was not reached");
    found.says("rights", "skipped", "was not reached").says("clock", "ok", "not compared with another clock");
}

#[test]
fn a_name_that_does_not_resolve() {
    let found = examine("platform.invalid", &[], &[]);
    found.exits(5).says("name", "fail", "platform.invalid is not found");
    assert!(found.check("name")["hint"].as_str().unwrap().contains("getent hosts platform.invalid"));
    found.says("connection", "skipped", "was not reached");
}

#[test]
fn a_server_that_takes_connections_and_says_nothing_costs_seconds() {
    // The backlog takes connections, and the test never accepts one.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let found = examine(&host, &[], &["--timeout", "1s"]);
    found.exits(5).says("connection", "ok", "127.0.0.1").says("http", "fail", "no answer");
    examine(&format!("https://{host}"), &[], &[]).exits(5).says("tls", "fail", "no answer within 4 seconds");
}

#[test]
fn http_and_tls_on_each_others_ports() {
    let plain = Served::with_devices(&[]);
    let (_, port) = plain.host_and_port();
    let found = examine(&format!("https://127.0.0.1:{port}"), &[], &[]);
    found.exits(5).says("tls", "fail", "has no TLS");
    let hint = format!("-h http://127.0.0.1:{port}");
    assert!(found.check("tls")["hint"].as_str().unwrap().contains(&hint));

    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let secure = Scripted::tls(certificate.der(), &key.serialize_der(), |_| gateway());
    let found = examine(&format!("http://127.0.0.1:{}", secure.port()), &[], &[]);
    assert_eq!(found.check("http")["state"], "fail", "{:#}", found.document);

    // Its certificate is good for what it is; whether it is trusted is another question.
    examine(&secure.url(), &[], &[]).exits(5).says("tls", "fail", "a CA that is not trusted here");
    let home = workplace();
    std::fs::write(home.path().join("ca.pem"), certificate.pem()).unwrap();
    let ca = home.path().join("ca.pem").display().to_string();
    examine(&secure.url(), &[], &["--cacert", &ca]).exits(0).says("tls", "ok", "TLS 1.3, 1 certificate");
    examine(&secure.url(), &[], &["--cacert", "missing.pem"]).says("settings", "fail", "missing.pem");
}

#[test]
fn the_servers_certificate_is_of_another_name_or_has_ended() {
    let served = |change: fn(&mut rcgen::CertificateParams), name: &str| {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap();
        Scripted::tls(certificate.der(), &key.serialize_der(), |_| gateway())
    };
    let other = served(|_| {}, "iot.example");
    examine(&other.url(), &[], &[]).exits(5).says(
        "tls",
        "fail",
        "is not for 127.0.0.1, but for DNS:iot.example",
    );
    let old = served(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 2), "127.0.0.1");
    examine(&old.url(), &[], &[]).exits(5).says("tls", "fail", "expired at 2020-01-02");
}

#[test]
fn a_redirect_and_a_web_page_are_no_gateway() {
    let moved = Scripted::start(|_| Reply::status(301).header("location", "https://iot.example/x"));
    let found = examine(&moved.url(), &[], &[]);
    found.exits(1).says("http", "fail", "redirect to https://iot.example");
    assert!(found.check("http")["hint"].as_str().unwrap().contains("-h https://iot.example"));
    let page = Scripted::start(|_| Reply::html(200, "<html><title>It works!</title>"));
    examine(&page.url(), &[], &[]).exits(1).says("http", "fail", "It works!");
    let other = Scripted::start(|_| Reply::status(404));
    examine(&other.url(), &[], &[]).exits(1).says("http", "fail", "404");
}

#[test]
fn the_proxy_that_counts_is_named_without_its_password() {
    let nobody = Port::reserve();
    let dead = format!("http://clerk:hunter2@127.0.0.1:{}", nobody.number);
    let found = examine("http://platform.invalid", &[("http_proxy", &dead)], &[]);
    found.exits(5).says("proxy", "ok", "by http_proxy, with a login");
    found.says("connection", "fail", "the proxy connection refused by 127.0.0.1");
    assert!(!found.document.to_string().contains("hunter2"), "{:#}", found.document);

    let exempt = [("ALL_PROXY", dead.as_str()), ("NO_PROXY", "platform.invalid")];
    examine("http://platform.invalid", &exempt, &[])
        .says("proxy", "ok", "ALL_PROXY is not used: NO_PROXY names the host")
        .says("name", "fail", "platform.invalid");
    let here = Scripted::start(|_| gateway());
    examine(&here.url(), &[("HTTP_PROXY", &dead)], &[]).exits(0).says("proxy", "ok", "this machine");

    // Through a proxy that is alive, the platform's name is the proxy's business.
    let alive = Scripted::start(|_| gateway());
    let found = examine("http://platform.invalid", &[("HTTP_PROXY", &alive.url())], &[]);
    found.exits(0).says("http", "ok", "platform.invalid").says("tls", "warn", "plain HTTP");
}
