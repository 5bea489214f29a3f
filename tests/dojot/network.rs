//! Broken networks: what was not sent, what may have happened, and what is worth another try.

use std::time::{Duration, Instant};

use certreq::platform::{
    ErrorKind, Platform, Registry,
    dojot::{BaseUrl, Dojot, Options},
};
use serde_json::json;

use super::{ca_answer, client, granted, options, pair, platform, sign_request, text};
use crate::support::{
    port::Port,
    scripted::{Reply, Scripted},
};

fn busy() -> Reply {
    Reply::json(503, json!({ "error": "Service Unavailable" }))
}

#[tokio::test]
async fn a_read_is_tried_again_when_that_may_help() {
    let hiccups = [busy(), Reply::status(502), Reply::cut(), Reply::json(200, json!({})).cut_after(1)];
    for hiccup in hiccups {
        let server = Scripted::sequence([granted(), hiccup.clone(), hiccup, ca_answer()]);
        client(&server).root().await.unwrap();
        assert_eq!(server.count("GET /x509/v1/ca"), 3);
    }
    let server =
        Scripted::slamming(1, |request| if request.line() == "POST /auth" { granted() } else { ca_answer() });
    let client = client(&server);
    assert_eq!(client.login().await.unwrap_err().kind, ErrorKind::OutcomeUnknown, "a login is not repeated");
    client.root().await.unwrap();
}

#[tokio::test]
async fn a_read_is_given_up_after_four_tries() {
    let (server, client) = pair(|_| busy());
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy);
    assert_eq!(server.count("GET /x509/v1/ca"), 4);

    let (server, client) = pair(|_| busy().header("retry-after", "61"));
    let error = client.root().await.unwrap_err();
    assert!(error.message.contains("it asks to wait 1 min 1 s"), "{error}");
    assert_eq!(server.count("GET /x509/v1/ca"), 1, "too long to wait for");

    let (server, client) = pair(|_| Reply::status(400));
    client.root().await.unwrap_err();
    assert_eq!(server.count("GET /x509/v1/ca"), 1, "a refusal stays one");
}

#[tokio::test]
async fn an_endless_or_huge_answer_ends_with_an_error() {
    let chunk = "x".repeat(1 << 16);
    let (server, client) = pair(move |_| Reply::status(200).body(chunk.clone()).endless());
    let error = client.root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert!(error.message.contains("more than 1 MiB"), "{error}");
    assert_eq!(client.devices().await.unwrap_err().kind, ErrorKind::InvalidResponse);
    assert_eq!(client.sign(&sign_request("a1998e")).await.unwrap_err().kind, ErrorKind::OutcomeUnknown);
    drop(server);

    let (_server, client) = pair(|_| Reply::json(200, json!({ "caPem": "x".repeat(5_000_000) })));
    assert!(client.root().await.unwrap_err().message.contains("more than 1 MiB"));

    let (_server, client) = pair(|_| Reply::status(500).body("x".repeat(1 << 16)).endless());
    let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert!(error.message.contains("500"), "the status counts, not the body: {error}");
}

#[tokio::test]
async fn silence_ends_after_the_time_out() {
    let server = platform(|_| Reply::hang());
    let mut options = options(&server);
    options.timeout = Duration::from_millis(500);
    let client = Dojot::new(options).unwrap();
    client.login().await.unwrap();
    let error = client.sign(&sign_request("a1998e")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert!(error.message.contains("no answer from"), "{error}");
    assert!(error.message.contains("within 0.5 s"), "{error}");
    assert!(error.request_id.is_some());
}

#[tokio::test]
async fn an_address_where_nothing_listens_is_told_at_once() {
    let nobody = Port::reserve();
    let closed = format!("http://127.0.0.1:{}", nobody.number);
    let options = Options {
        secret: Some("x".to_owned().into()),
        retry_delay: Duration::from_secs(30),
        ..Options::new(BaseUrl::parse(&closed, None).unwrap(), "admin")
    };
    let start = Instant::now();
    let error = Dojot::new(options).unwrap().root().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "not tried again");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains(&format!("no connection to {closed}: connection refused")), "{error}");
    assert!(text(&error).contains("-p"), "{error}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_called_so() {
    let mut options = Options::new(BaseUrl::parse("nowhere.invalid", None).unwrap(), "admin");
    options.secret = Some("x".to_owned().into());
    let error = Dojot::new(options).unwrap().root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("host name was not found"), "{error}");
}

#[tokio::test]
async fn what_does_not_speak_http_is_called_so() {
    let server = Scripted::start(|_| Reply::raw("SSH-2.0-OpenSSH_9.6\r\n"));
    let error = client(&server).root().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert!(text(&error).contains("does not answer in HTTP"), "{error}");
    assert!(text(&error).contains("https://"), "{error}");
}

/// Runs itself again, since the variables of a process are not a test's to change.
#[tokio::test]
async fn proxies_are_used_but_never_for_this_machine() {
    const INSIDE: &str = "CERTREQ_TEST_PROXIED_TARGET";
    if let Ok(target) = std::env::var(INSIDE) {
        let options = Options {
            secret: Some("x".to_owned().into()),
            ..Options::new(BaseUrl::parse(&target, None).unwrap(), "admin")
        };
        Dojot::new(options).unwrap().root().await.unwrap();
        return;
    }
    let proxy = platform_for_any_target();
    let server = platform(|_| ca_answer());
    for target in [server.url(), "http://iot.example:8000".to_owned()] {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "dojot::network::proxies_are_used_but_never_for_this_machine"])
            .env(INSIDE, target)
            .env("http_proxy", proxy.url())
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    }
    assert_eq!(server.requests().len(), 2);
    let proxied: Vec<String> = proxy.requests().iter().map(|request| request.target.clone()).collect();
    assert_eq!(proxied, ["http://iot.example:8000/auth", "http://iot.example:8000/x509/v1/ca"]);
}

/// A proxy sees whole URLs.
fn platform_for_any_target() -> Scripted {
    Scripted::start(|request| if request.path().ends_with("/auth") { granted() } else { ca_answer() })
}
