//! The log of a server whose reader stands still.

use std::time::Duration;

use tempfile::TempDir;

use super::process::{terminate, until_listening};
use crate::support::terminal::certreq;

/// A pipe holds 64 KiB; each of these requests logs more than a thousand octets.
#[tokio::test]
async fn requests_are_answered_while_the_log_is_not_read() {
    let home = TempDir::new().unwrap();
    let call = certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "authority"]);
    let (child, said, stderr) = until_listening(call.env("CERTREQ_LOG", "certreq=info"));
    let url = said.split("listening on ").nth(1).unwrap().trim().to_owned();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let path = "x".repeat(1000);
    for number in 0..300 {
        let answer = client.get(format!("{url}/{path}")).send().await;
        assert!(answer.is_ok(), "request {number}: {answer:?}");
    }
    let (code, rest) = terminate(child, stderr);
    assert_eq!(code, Some(0), "{rest}");
    assert!(rest.matches(&path).count() > 200, "the lines that waited are written once they are read");
}
