//! Requests that an operator has to approve: pending here, waiting there, and the same request until it is settled.

use super::{leaf, served};
use crate::support::{
    forger::{Forger, Wish},
    platform::{Served, workplace},
    scripted::{Reply, Scripted},
    terminal::certreq,
    tools,
};

fn approvals(served: &Served, home: &std::path::Path, args: &[&str]) -> crate::support::terminal::Ended {
    let authority = served.authority().display().to_string();
    certreq(home).args(["est"]).args(args).args(["--authority", &authority]).run()
}

#[test]
fn a_request_waits_for_its_approval_and_the_same_key_gets_the_certificate() {
    let home = workplace();
    let served = served(home.path(), &["--est-approve"]);
    let ask = || super::issue(home.path(), &served, "a1998e").args(["--format", "json"]).run();
    let first = ask().exits(5).stdout_has("\"state\":\"pending\"");
    assert!(first.stdout.contains("\"resumable\":true"), "{}", first.stdout);
    let key = home.path().join(".certreq/staged/a1998e/private.key");
    let staged = std::fs::read(&key).unwrap();
    ask().exits(5).stdout_has("pending");
    assert_eq!(std::fs::read(&key).unwrap(), staged, "the key survives");
    certreq(home.path()).args(["status", "--journal"]).run().exits(0).stdout_has("pending: ");
    approvals(&served, home.path(), &["list"]).exits(0).stdout_has("a1998e  waiting");
    approvals(&served, home.path(), &["approve", "zzz"]).exits(1).stderr_has("no request for zzz is pending");
    approvals(&served, home.path(), &["approve", "a1998e"]).exits(0).stdout_has("a1998e  approved");
    ask().exits(0).stdout_has("\"state\":\"issued\"");
    assert_eq!(std::fs::read(home.path().join("cert_a1998e/private.key")).unwrap(), staged);
    let mut files: Vec<_> = std::fs::read_dir(home.path().join("cert_a1998e"))
        .unwrap()
        .flatten()
        .map(|one| one.file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["cert.pem", "private.key"], "the request is gone");
    tools::accepts_pair(home.path(), "a1998e");
    // A renewal needs no approval.
    certreq(home.path()).args(["renew", "a1998e", "--all", "--est", &served.url]).run().exits(0);
}

#[test]
fn a_refusal_is_final_and_two_keys_for_one_device_are_told_apart() {
    let (home, other) = (workplace(), workplace());
    let served = served(home.path(), &["--est-approve"]);
    let root = home.path().join("ca/ca.pem").display().to_string();
    super::issue(home.path(), &served, "a1998e").run().exits(5);
    super::issue(other.path(), &served, "a1998e").args(["--cacert", &root]).run().exits(5);
    approvals(&served, home.path(), &["approve", "a1998e"])
        .exits(6)
        .stderr_has("2 requests are pending for a1998e");
    let listed = approvals(&served, home.path(), &["list", "--format", "json"]).exits(0).stdout;
    let rows: Vec<serde_json::Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [one, two] = rows.as_slice() else { panic!("{listed}") };
    let key = |row: &serde_json::Value| row["key"].as_str().unwrap().to_owned();
    approvals(&served, home.path(), &["refuse", "--request-key", &key(one)]).exits(0).stdout_has("refused");
    approvals(&served, home.path(), &["approve", "--request-key", &key(two)]).exits(0).stdout_has("approved");
    let mut codes = [&home, &other]
        .map(|place| super::issue(place.path(), &served, "a1998e").args(["--cacert", &root]).run().code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 4]);
}

#[test]
fn a_run_waits_as_long_as_it_is_told_and_sends_the_same_octets() {
    let home = workplace();
    let forger = Forger::new("CA");
    let root = forger.root.clone();
    let bundle = super::peculiar::encoded(&[&root]);
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server = Scripted::start(move |request| match request.line().as_str() {
        "GET /.well-known/est/cacerts" => super::peculiar::pkcs7(&bundle),
        "GET /.well-known/est/csrattrs" => Reply::status(204),
        _ => match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Reply::status(202).header("retry-after", "1"),
            1 => Reply::status(202),
            2 => Reply::status(202).header("Retry-After", "3600").body("come back later"),
            _ => {
                let leaf = forger.sign(&super::peculiar::csr_pem(&request.body), &Wish::default());
                super::peculiar::pkcs7(&super::peculiar::encoded_pem(&leaf))
            }
        },
    });
    let ask = |wait: &str| {
        certreq(home.path()).args(["issue", "a1998e", "--est", &server.url(), "--est-wait", wait]).run()
    };
    // A second, then the usual pause; an hour is longer than the patience.
    ask("60s").exits(5).stderr_has("come back later").stderr_has("pending");
    ask("1s").exits(0);
    let bodies: Vec<Vec<u8>> =
        server.requests().into_iter().filter(|one| one.method == "POST").map(|one| one.body).collect();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "the same request, by a later run, too");
    assert!(leaf(home.path(), "a1998e").subject.contains("a1998e"));
}
