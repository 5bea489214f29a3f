//! Many logins at once: what they cost, whom they hold up, and who may try how often.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, Response, StatusCode};
use serde_json::json;

use crate::support::{
    lab::client,
    platform::{SECRET, Served},
    terminal::certreq,
};

/// Peak and present memory of a process, MiB.
pub(crate) fn memory(process: u32) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let of = |name: &str| -> u64 {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    (of("VmHWM:"), of("VmRSS:"))
}

/// Which way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Dojot,
    OpenId,
}

impl Way {
    pub(crate) const BOTH: [Self; 2] = [Self::Dojot, Self::OpenId];

    pub(crate) fn start(self, args: &[&str]) -> Served {
        match self {
            Self::Dojot => Served::start(args),
            Self::OpenId => Served::start(&[&["--auth", "oidc"], args].concat()),
        }
    }

    pub(crate) async fn log_in(self, http: &Client, url: &str, secret: &str) -> reqwest::Result<Response> {
        match self {
            Self::Dojot => {
                let body = json!({ "username": "admin", "passwd": secret });
                http.post(format!("{url}/auth")).json(&body).send().await
            }
            Self::OpenId => {
                let form = form(secret);
                let request = http.post(format!("{url}/auth/realms/admin/protocol/openid-connect/token"));
                let kind = "application/x-www-form-urlencoded";
                request.header("content-type", kind).body(form).send().await
            }
        }
    }
}

fn form(secret: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("client_id", "dev-test-cli"), ("grant_type", "password")]);
    form.extend_pairs([("username", "admin"), ("password", secret)]);
    form.finish()
}

/// Wrong logins from many connections at a time, until dropped.
pub(crate) struct Press {
    stop: Arc<AtomicBool>,
    pub(crate) refused: Arc<AtomicU32>,
}

impl Press {
    pub(crate) fn start(way: Way, url: &str, connections: usize) -> Self {
        let press = Self { stop: Arc::default(), refused: Arc::default() };
        for number in 0..connections {
            let (stop, refused, url) = (Arc::clone(&press.stop), Arc::clone(&press.refused), url.to_owned());
            tokio::spawn(async move {
                let http = client();
                while !stop.load(Ordering::Relaxed) {
                    let Ok(answer) = way.log_in(&http, &url, &format!("wrong {number}")).await else {
                        continue;
                    };
                    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                        assert_eq!(answer.headers()["retry-after"], "1");
                        refused.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert!([401, 403].contains(&answer.status().as_u16()), "{answer:?}");
                    }
                }
            });
        }
        press
    }
}

impl Drop for Press {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_login_takes_three_seconds_at_most_while_512_wrong_ones_press_and_none_keeps_its_memory() {
    for way in Way::BOTH {
        let served = way.start(&[]);
        let press = Press::start(way, &served.url, 512);
        let began = Instant::now();
        while press.refused.load(Ordering::Relaxed) < 64 {
            assert!(began.elapsed() < Duration::from_secs(60), "{way:?}: nobody is told to come back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for _ in 0..3 {
            let began = Instant::now();
            let answer = way.log_in(&client(), &served.url, SECRET).await.unwrap();
            assert_eq!(answer.status(), 200, "{way:?}");
            assert!(began.elapsed() < Duration::from_secs(3), "{way:?}: {:?}", began.elapsed());
        }
        drop(press);
        let (peak, _) = memory(served.process());
        assert!(peak < 200, "{way:?}: {peak} MiB");
    }
}

#[tokio::test]
async fn who_asks_for_a_limit_has_one_in_both_ways_and_others_are_not_held_up() {
    for way in Way::BOTH {
        let served = way.start(&["--login-limit"]);
        let http = client();
        let mut statuses = Vec::new();
        let mut last = None;
        for _ in 0..12 {
            let answer = way.log_in(&http, &served.url, "wrong").await.unwrap();
            statuses.push(answer.status().as_u16());
            if answer.status() == 429 {
                let seconds: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
                assert!((1..=60).contains(&seconds));
                last = Some(seconds);
                break;
            }
        }
        assert!(last.is_some(), "{way:?}: {statuses:?}");
        let elsewhere =
            Client::builder().no_proxy().local_address(std::net::IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9)));
        let elsewhere = elsewhere.tls_certs_only([]).build().unwrap();
        assert_eq!(way.log_in(&elsewhere, &served.url, SECRET).await.unwrap().status(), 200, "{way:?}");
    }
}

#[test]
fn on_loopback_nobody_is_limited_and_a_lost_secret_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let serve = |args: &[&str]| {
        let call = certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "ca"]).args(args);
        crate::serve::process::until_listening(call)
    };
    let (child, said, stderr) = serve(&[]);
    let url = said.lines().find_map(|line| line.split_once("listening on ")).unwrap().1.to_owned();
    let old = said.lines().find_map(|line| line.strip_prefix("admin secret: ")).unwrap().to_owned();
    let devices = |url: &str, secret: &str| {
        std::fs::write(home.path().join("secret"), secret).unwrap();
        let args = ["devices", "-h", url, "-u", "admin", "--secret-file", "secret"];
        certreq(home.path()).args(args).run().code
    };
    for _ in 0..7 {
        assert_eq!(devices(&url, &old), 0);
    }
    crate::serve::process::terminate(child, stderr);

    let (child, said, stderr) = serve(&["--reset-admin-secret"]);
    let url = said.lines().find_map(|line| line.split_once("listening on ")).unwrap().1.to_owned();
    let new = said.lines().find_map(|line| line.strip_prefix("admin secret: ")).unwrap().to_owned();
    assert_ne!(old, new);
    assert_eq!((devices(&url, &old), devices(&url, &new)), (4, 0));
    crate::serve::process::terminate(child, stderr);

    let given = |secret: &str, more: &[&str]| {
        std::fs::write(home.path().join("given"), secret).unwrap();
        serve(&[&["--admin-secret-file", "given"], more].concat())
    };
    let (child, _, stderr) = given(&new, &[]);
    crate::serve::process::terminate(child, stderr);
    std::fs::write(home.path().join("given"), "another").unwrap();
    let args = ["serve", "--listen", "127.0.0.1:0", "--dir", "ca", "--admin-secret-file", "given"];
    certreq(home.path())
        .args(args)
        .run()
        .exits(2)
        .stderr_has("has another secret than the one in --admin-secret-file");
    let (child, said, stderr) = given("another", &["--reset-admin-secret"]);
    let url = said.lines().find_map(|line| line.split_once("listening on ")).unwrap().1.to_owned();
    assert!(!said.contains("admin secret"), "a secret that was given is not shown: {said}");
    assert_eq!(devices(&url, "another"), 0);
    crate::serve::process::terminate(child, stderr);
}
