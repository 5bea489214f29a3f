//! Several servers on one database.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use certreq::authority::{Authority, AuthorityError, Options};
use reqwest::Client;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    lab::{client, csr, openssl, openssl_raw, read},
    platform::{SECRET, Served, workplace},
    postgres::{self, Cluster, Fresh},
    terminal::certreq,
};

/// A server on the database; one that is not the first gets the key of the first.
pub(super) fn serve(database: &str, first: Option<&Served>, args: &[&str]) -> Served {
    let home = TempDir::new().unwrap();
    if let Some(first) = first {
        fs::create_dir(home.path().join("authority")).unwrap();
        let copied = std::process::Command::new("cp")
            .arg("-a")
            .arg(first.authority().join("ca.key"))
            .arg(home.path().join("authority/ca.key"))
            .status();
        assert!(copied.unwrap().success());
    }
    Served::start_in(home, &[&["--database", database], args].concat())
}

async fn token(client: &Client, served: &Served) -> String {
    let body = json!({ "username": "admin", "passwd": SECRET });
    let (status, body) =
        read(client.post(format!("{}/auth", served.url)).json(&body).send().await.unwrap()).await;
    assert_eq!(status, 200, "{body}");
    body["jwt"].as_str().unwrap().to_owned()
}

async fn number(client: &Client, url: &str) -> (u64, Vec<u8>) {
    let der = client.get(format!("{url}/crl.der")).send().await.unwrap().bytes().await.unwrap().to_vec();
    let text = openssl(&["crl", "-inform", "DER", "-noout", "-crlnumber"], &der);
    let number = text.trim().strip_prefix("crlNumber=0x").or_else(|| text.trim().strip_prefix("crlNumber="));
    (u64::from_str_radix(number.unwrap(), 16).unwrap(), der)
}

fn two(what: &str) -> Option<(&'static Cluster, Fresh, Served, Served)> {
    let cluster = postgres::shared(what)?;
    let database = cluster.fresh();
    let first = serve(&database.url(), None, &[]);
    let second = serve(&database.url(), Some(&first), &[]);
    Some((cluster, database, first, second))
}

#[tokio::test]
async fn a_token_of_one_is_taken_by_the_other_and_what_one_did_the_other_knows() {
    let Some((_, _, first, second)) = two("postgres::shared") else { return };
    let client = client();
    let token = token(&client, &first).await;
    let issue = client
        .post(format!("{}/x509/v1/certificates", second.url))
        .bearer_auth(&token)
        .json(&json!({ "csr": csr("a1998e") }));
    let (status, issued) = read(issue.send().await.unwrap()).await;
    assert_eq!(status, 201, "{issued}");
    let fingerprint = issued["certificateFingerprint"].as_str().unwrap();
    let path = format!("x509/v1/certificates/{fingerprint}");
    let seen = client.get(format!("{}/{path}", first.url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(seen.status(), 200);
    // Each list is newer than the one before, whichever server made it, and names what the other revoked.
    let (before, _) = number(&client, &first.url).await;
    assert_eq!(number(&client, &second.url).await.0, before, "nothing new, no new list");
    let gone = client.delete(format!("{}/{path}", second.url)).bearer_auth(&token).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    let (after, der) = number(&client, &first.url).await;
    assert_eq!(after, before + 1);
    assert!(openssl(&["crl", "-inform", "DER", "-noout", "-text"], &der).contains("Superseded"));
    assert_eq!(number(&client, &second.url).await, (after, der));
}

#[tokio::test]
async fn a_server_with_another_key_does_not_start() {
    let Some(cluster) = postgres::shared("postgres::shared") else { return };
    let database = cluster.fresh();
    let first = serve(&database.url(), None, &[]);
    let home = workplace();
    let call = || {
        certreq(home.path()).args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--dir",
            "a",
            "--database",
            &database.url(),
        ])
    };
    call().run().exits(1).stderr_has("copy ca.key from the first one");
    let other = workplace();
    certreq(other.path()).args(["issue", "--authority", "b", "-i", "x1"]).run().exits(0);
    fs::copy(other.path().join("b/ca.key"), home.path().join("a/ca.key")).unwrap();
    call().run().exits(1).stderr_has("does not belong to the root certificate in the database");
    drop(first);
}

#[tokio::test]
async fn of_servers_that_start_at_once_one_founds_the_authority() {
    let Some(cluster) = postgres::shared("postgres::shared") else { return };
    let database = cluster.fresh();
    let made = TempDir::new().unwrap();
    let key = made.path().join("first");
    drop(Authority::open(&key, Options::default()).await.unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    let mut homes = Vec::new();
    for place in 0..8 {
        let home = TempDir::new().unwrap();
        // One key for all of them, or one for each.
        if place > 3 {
            fs::copy(key.join("ca.key"), home.path().join("ca.key")).unwrap();
        }
        let options = Options { database: database.database(), ..Options::default() };
        let dir = home.path().to_owned();
        homes.push(home);
        tasks.spawn(async move { Authority::open(&dir, options).await });
    }
    let mut roots = std::collections::BTreeSet::new();
    let (mut opened, mut refused) = (0, 0);
    for outcome in tasks.join_all().await {
        match outcome {
            Ok(authority) => {
                roots.insert(authority.root().fingerprint().to_string());
                opened += 1;
            }
            Err(AuthorityError::KeyMismatch(_) | AuthorityError::KeyMissing(_)) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((roots.len(), opened + refused), (1, 8), "{opened} opened");
    assert_eq!(cluster.sql(&database, "SELECT count(*) FROM meta WHERE key = 'root'"), "1");
}

#[tokio::test]
async fn lists_of_racing_servers_have_numbers_of_their_own_and_lack_no_revocation() {
    let Some(cluster) = postgres::shared("postgres::shared") else { return };
    let database = cluster.fresh();
    let home = TempDir::new().unwrap();
    let mut instances = Vec::new();
    for place in 0..4 {
        let dir = home.path().join(place.to_string());
        if place > 0 {
            fs::create_dir(&dir).unwrap();
            fs::copy(home.path().join("0/ca.key"), dir.join("ca.key")).unwrap();
        }
        let options = Options { database: database.database(), ..Options::default() };
        instances.push(Arc::new(Authority::open(&dir, options).await.unwrap()));
    }
    let mut tasks = tokio::task::JoinSet::new();
    for place in 0..16_usize {
        let (revokes, lists) = (Arc::clone(&instances[place % 4]), Arc::clone(&instances[(place + 1) % 4]));
        tasks.spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..6 {
                let request = csr("d");
                let issued = revokes.issue("admin", &request, certreq::authority::Owner::Nobody).await.unwrap();
                revokes.delete("admin", &issued.fingerprint).await.unwrap();
                let list = lists.crl().await.unwrap();
                let serial = openssl(&["x509", "-noout", "-serial"], issued.certificate_pem.as_bytes());
                seen.push((serial.trim().trim_start_matches("serial=").to_owned(), list.der.to_vec()));
            }
            seen
        });
    }
    let (mut numbers, mut lists) = (std::collections::BTreeMap::new(), 0);
    for (serial, der) in tasks.join_all().await.concat() {
        let (_, text, _) = openssl_raw(&["crl", "-inform", "DER", "-noout", "-text"], &der);
        assert!(text.contains(&serial), "a list that was made after a revocation names it: {serial}\n{text}");
        let number = openssl(&["crl", "-inform", "DER", "-noout", "-crlnumber"], &der);
        let known = numbers.entry(number).or_insert_with(|| der.clone());
        assert_eq!(*known, der, "one number, one list");
        lists += 1;
    }
    assert_eq!(lists, 96);
    assert_eq!(cluster.sql(&database, "SELECT count(*) FROM revocations"), "96");
}

#[tokio::test]
async fn attempts_to_log_in_are_counted_by_all_together() {
    let Some(cluster) = postgres::shared("postgres::shared") else { return };
    let database = cluster.fresh();
    let first = serve(&database.url(), None, &["--login-limit"]);
    let second = serve(&database.url(), Some(&first), &["--login-limit"]);
    let client = client();
    let mut answers = Vec::new();
    for attempt in 0..8 {
        let served = if attempt % 2 == 0 { &first } else { &second };
        let body = json!({ "username": "admin", "passwd": "wrong" });
        let answer = client.post(format!("{}/auth", served.url)).json(&body).send().await.unwrap();
        answers.push(answer.status().as_u16());
    }
    let refused = answers.iter().filter(|status| **status == 429).count();
    // A minute may end in the middle of it.
    assert!(refused >= 3 || answers.iter().filter(|status| **status == 403).count() > 5, "{answers:?}");
    assert!(cluster.sql(&database, "SELECT count(*) FROM login_attempts").parse::<u32>().unwrap() >= 2);
}

#[tokio::test]
async fn without_its_database_a_server_lives_and_tells_everybody_to_come_again() {
    let Some(cluster) = Cluster::start() else { return };
    let database = cluster.fresh();
    let served = serve(&database.url(), None, &[]);
    let client = client();
    let status =
        async |path: &str| client.get(format!("{}{path}", served.url)).send().await.unwrap().status().as_u16();
    assert_eq!(
        (status("/health/live").await, status("/health/ready").await, status("/health").await),
        (200, 200, 200)
    );
    let token = token(&client, &served).await;
    cluster.kill();
    assert_eq!(
        (status("/health/live").await, status("/health/ready").await, status("/health").await),
        (200, 503, 503)
    );
    // Each kind of request, several at once, is told to come again: by the first within 2 seconds, and later at once.
    for longest in [2, 1] {
        let begun = Instant::now();
        let requests = (0..24).map(|number| lost(&client, &served.url, &token, number));
        for (status, wait) in futures_util::future::join_all(requests).await {
            assert_eq!((status, wait.as_deref()), (503, Some("1")));
        }
        assert!(begun.elapsed() < Duration::from_secs(longest) + SLACK, "{:?}", begun.elapsed());
    }
    let cluster = tokio::task::spawn_blocking(move || {
        cluster.launch();
        cluster
    });
    let cluster = cluster.await.unwrap();
    assert_eq!(status("/health/ready").await, 200);
    assert_eq!(lost(&client, &served.url, &token, 0).await, (201, None));
    assert_eq!(cluster.sql(&database, "SELECT count(*) FROM certificates"), "1", "503 left nothing behind");
}

/// Time that a busy machine may take in addition.
const SLACK: Duration = Duration::from_secs(1);

/// A request of some kind: its status, and when to come again.
async fn lost(client: &Client, url: &str, token: &str, number: usize) -> (u16, Option<String>) {
    let request = match number % 4 {
        0 => client.post(format!("{url}/x509/v1/certificates")).json(&json!({ "csr": csr("a1998e") })),
        1 => client.get(format!("{url}/x509/v1/certificates")),
        2 => client.get(format!("{url}/crl.der")),
        _ => client.post(format!("{url}/auth")).json(&json!({ "username": "admin", "passwd": SECRET })),
    };
    let answer = request.bearer_auth(token).send().await.unwrap();
    let wait = answer.headers().get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
    (answer.status().as_u16(), wait)
}

#[tokio::test]
async fn told_to_stop_it_says_so_before_it_takes_no_more() {
    let Some(cluster) = postgres::shared("postgres::shared") else { return };
    let served = serve(&cluster.fresh().url(), None, &["--drain", "30s"]);
    let client = client();
    let ready =
        async || client.get(format!("{}/health/ready", served.url)).send().await.unwrap().status().as_u16();
    assert_eq!(ready().await, 200);
    let process = rustix::process::Pid::from_raw(i32::try_from(served.process()).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    while ready().await == 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let root = client.get(format!("{}/crl.der", served.url)).send().await.unwrap();
    assert_eq!(root.status(), 200, "requests are answered meanwhile");
    // Told once more, it does not wait.
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    while client.get(format!("{}/health/live", served.url)).send().await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
