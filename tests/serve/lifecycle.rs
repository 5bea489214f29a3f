//! Starting, stopping, starting again; who may use a directory.

use std::{io::Write, os::unix::fs::MetadataExt, process::Command};

use certreq::authority::{Authority, AuthorityError, Options};
use serde_json::json;
use zeroize::Zeroizing;

use crate::support::{
    lab::{Lab, SECRET, csr, text},
    postgres,
};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let lab = Lab::start().await;
    lab.register(&["a1998e"]).await;
    let (fingerprint, _) = lab.issue(&csr("a"), Some("a1998e")).await;
    let (_, root) = lab.get("/x509/v1/ca").await;
    let (_, record) = lab.get(&format!("/x509/v1/certificates/{fingerprint}")).await;
    let token = lab.token.clone();
    let mut lab = lab.restart().await;
    assert_eq!(lab.get("/x509/v1/ca").await.1, root);
    assert_eq!(lab.get(&format!("/x509/v1/certificates/{fingerprint}")).await.1, record);
    assert_eq!(lab.get("/device?idsOnly=true").await.1, json!(["a1998e"]));
    lab.token = token;
    assert_eq!(lab.get("/x509/v1/ca").await.0, 200, "tokens survive, too");
}

#[tokio::test]
async fn a_directory_belongs_to_one_process_at_a_time() {
    let lab = Lab::start().await;
    let dir = lab.dir.path().join("ca");
    let second = Authority::open(&dir, Options::default()).await.unwrap_err();
    assert_eq!(second.to_string(), format!("another certreq is using {}", dir.display()));
}

#[tokio::test]
async fn the_first_secret_is_made_once_or_given_and_is_never_a_default() {
    let dir = tempfile::tempdir().unwrap();
    let first = Authority::open(dir.path(), Options::default()).await.unwrap();
    let secret = first.introduce_admin(None).await.unwrap().unwrap();
    assert_eq!(secret.len(), 32);
    drop(first);
    let again = Authority::open(dir.path(), Options::default()).await.unwrap();
    assert!(again.introduce_admin(None).await.unwrap().is_none());
    let login = again.log_in("admin", secret).await.unwrap();
    assert!(matches!(login, certreq::authority::Login::Granted(account) if account.tenant == "admin"));

    let other = tempfile::tempdir().unwrap();
    let given = Authority::open(other.path(), Options::default()).await.unwrap();
    let login = given.log_in("admin", Zeroizing::new("admin".to_owned())).await.unwrap();
    assert_eq!(login, certreq::authority::Login::UnknownUser, "nobody can log in before that");
    assert!(given.introduce_admin(Some(Zeroizing::new(SECRET.to_owned()))).await.unwrap().is_none());
}

#[tokio::test]
async fn nothing_in_the_directory_is_for_others_and_no_secret_is_kept_in_clear() {
    let lab = Lab::start().await;
    lab.issue(&csr("a"), None).await;
    let dir = lab.dir.path().join("ca");
    assert_eq!(std::fs::metadata(&dir).unwrap().mode() & 0o777, 0o700);
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "{}", path.display());
        seen.extend(std::fs::read(&path).unwrap());
    }
    let holds = |needle: &[u8]| seen.windows(needle.len()).any(|window| window == needle);
    // In Postgres the records are elsewhere.
    assert!(holds(b"$argon2id$v=19$") != postgres::chosen() && !holds(SECRET.as_bytes()));
}

#[tokio::test]
async fn an_encrypted_authority_opens_with_its_passphrase_only() {
    let dir = tempfile::tempdir().unwrap();
    let with = |passphrase: Option<&str>| Options {
        passphrase: passphrase.map(|text| Zeroizing::new(text.to_owned())),
        ..Options::default()
    };
    drop(Authority::open(dir.path(), with(Some("right"))).await.unwrap());
    let pem = std::fs::read_to_string(dir.path().join("ca.key")).unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let error = Authority::open(dir.path(), with(None)).await.unwrap_err();
    assert!(matches!(error, AuthorityError::PassphraseNeeded(_)), "{error}");
    let error = Authority::open(dir.path(), with(Some("wrong"))).await.unwrap_err();
    assert!(matches!(error, AuthorityError::PassphraseWrong(_)), "{error}");
    let opened = Authority::open(dir.path(), with(Some("right"))).await.unwrap();
    opened.issue("admin", &csr("a"), certreq::authority::Owner::Nobody).await.unwrap();
}

#[tokio::test]
async fn a_lost_or_foreign_key_is_noticed_before_anything_is_signed() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(Authority::open(dir.path(), Options::default()).await.unwrap());
    drop(Authority::open(other.path(), Options::default()).await.unwrap());
    let key = dir.path().join("ca.key");
    std::fs::copy(other.path().join("ca.key"), &key).unwrap();
    let error = Authority::open(dir.path(), Options::default()).await.unwrap_err();
    assert!(matches!(error, AuthorityError::KeyMismatch(_)), "{error}");
    std::fs::remove_file(&key).unwrap();
    let error = Authority::open(dir.path(), Options::default()).await.unwrap_err();
    assert!(matches!(error, AuthorityError::KeyMissing(_)), "{error}");
    assert!(!key.exists(), "no new key is made for an old root");
}

/// The process that the next test starts and kills; in the ordinary run it has nothing to do.
#[tokio::test]
async fn issue_until_killed() {
    let Ok(dir) = std::env::var("LAB_DIR") else { return };
    let authority = Authority::open(dir.as_ref(), Options::default()).await.unwrap();
    let request = csr("a");
    for _ in 0..1_000_000 {
        let all = (0..8).map(|_| authority.issue("admin", &request, certreq::authority::Owner::Nobody));
        for issued in futures_util::future::join_all(all).await {
            // One line each, in one write: what was answered must be on record.
            writeln!(std::io::stderr(), "issued {}", issued.unwrap().fingerprint).unwrap();
        }
    }
}

#[tokio::test]
async fn every_certificate_that_was_answered_survives_a_kill() {
    use std::io::{BufRead, BufReader};
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "serve::lifecycle::issue_until_killed", "--nocapture"])
        .env("LAB_DIR", dir.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut answered: Vec<String> = lines.by_ref().take(100).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.map_while(Result::ok));
    let authority = Authority::open(dir.path(), Options::default()).await.unwrap();
    let mut known = 0;
    for line in &answered {
        let Some(fingerprint) = line.strip_prefix("issued ").and_then(|text| text.parse().ok()) else {
            continue;
        };
        authority.certificate("admin", &fingerprint).await.unwrap();
        known += 1;
    }
    assert!(known >= 90, "{answered:?}");
    let (all, total) = authority
        .certificates("admin", certreq::authority::repository::CertificateQuery::default())
        .await
        .unwrap();
    assert_eq!(u64::try_from(all.len()).unwrap(), total);
}

#[tokio::test]
async fn requests_under_way_are_finished_before_the_server_stops() {
    let lab = Lab::start().await;
    let body = json!({ "csr": csr("a") });
    let asked: Vec<_> = (0..20)
        .map(|_| tokio::spawn(lab.request(reqwest::Method::POST, "/x509/v1/certificates").json(&body).send()))
        .collect();
    let mut answered = 0;
    for one in asked {
        answered += u64::from(one.await.unwrap().is_ok_and(|answer| answer.status() == 201));
    }
    let lab = lab.restart().await;
    let (_, list) = lab.get("/x509/v1/certificates?limit=1").await;
    assert_eq!(list["paging"]["totalItems"], answered);
    assert_eq!(text(&lab.get("/x509/v1/ca").await.1["caPem"]), lab.authority.root().to_pem().trim_end());
}
