//! `--platform`: what the platform knows beside what lies here; and a platform that refuses.

use std::fs;

use serde_json::json;

use super::park::{NOW, Park, Wish};
use crate::support::{
    forger,
    platform::{Served, workplace},
    scripted::{Reply, Scripted},
    terminal::{Call, certreq, tree},
};

/// The platform's answer about a record it does not have.
const NO_RECORD: &str = "No records found for the following parameters: {}";

fn call(home: &std::path::Path, url: &str, args: &[&str]) -> Call {
    certreq(home)
        .args(["status", "--platform", "-h", url, "-u", "admin"])
        .args(args)
        .env("CERTREQ_SECRET", "right")
}

#[test]
fn it_adds_what_the_platform_knows_and_changes_nothing() {
    let served = Served::with_devices(&["a1998e", "b2c3d4", "c3d4e5", "d4e5f6"]);
    let home = workplace();
    let secret = served.secret_file();
    let on = |args: &[&str]| {
        certreq(home.path()).args(args).args(["-h", &served.url, "-u", "admin", "--secret-file", &secret]).run()
    };
    on(&["issue", "-i", "a1998e,b2c3d4,c3d4e5"]).exits(0);
    let before = tree(home.path());
    let document = on(&["status", "--platform", "--format", "json", "--check"]).exits(0).json().remove(0);
    let platform = &document["platform"];
    assert_eq!(platform["root"]["state"], "same");
    assert_eq!(platform["certificates"], 3);
    assert_eq!(platform["devices_without_certificate"], json!(["d4e5f6"]));
    assert_eq!((&platform["orphans"], &platform["revoked_in_use"]), (&json!([]), &json!([])));
    assert_eq!(tree(home.path()), before);
    // Behind this directory's back one is deleted, which revokes it, and one loses its owner.
    let prints = |id: &str| {
        let devices = document["devices"].as_array().unwrap();
        devices.iter().find(|device| device["device"] == id).unwrap()["fingerprint"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = crate::support::lab::client();
        let login = json!({"username": "admin", "passwd": crate::support::platform::SECRET});
        let answer = client.post(format!("{}/auth", served.url)).json(&login).send().await.unwrap();
        let token = answer.json::<serde_json::Value>().await.unwrap()["jwt"].as_str().unwrap().to_owned();
        let of = |id: &str| format!("{}/x509/v1/certificates/{}", served.url, prints(id));
        let gone = client.delete(of("b2c3d4")).bearer_auth(&token).send().await.unwrap();
        assert!(gone.status().is_success(), "{}", gone.status());
        let freed =
            client.delete(format!("{}/belongsto", of("c3d4e5"))).bearer_auth(&token).send().await.unwrap();
        assert!(freed.status().is_success(), "{}", freed.status());
    });
    let after = on(&["status", "--platform", "--format", "json", "--check"]);
    assert_eq!(after.code, 12, "{}", after.stderr);
    let platform = after.json().remove(0)["platform"].clone();
    assert_eq!(platform["orphans"][0]["fingerprint"], prints("c3d4e5"));
    assert_eq!(platform["revoked_in_use"], json!(["b2c3d4"]));
    assert_eq!(platform["without_record"], json!([]));
    on(&["status", "--platform"])
        .exits(0)
        .stdout_has("in use here")
        .stdout_has("1 without an owner")
        .stdout_has("3 without a certificate: b2c3d4, c3d4e5, d4e5f6");
}

#[test]
fn a_root_that_changed_is_said() {
    let served = Served::with_devices(&[]);
    let mut park = Park::new();
    park.device("a1", Wish::default());
    let secret = served.secret_file();
    let args = ["--platform", "-h", &served.url, "-u", "admin", "--secret-file", &secret];
    park.status(&args).run().exits(0).stdout_has("the root changed");
    park.status(&args).args(["--check"]).run().exits(14);
    park.status(&args).args(["--format", "nagios"]).run().exits(2).stdout_has("the platform's root changed");
}

#[test]
fn without_the_flag_nobody_is_asked_and_no_secret_is_wanted() {
    let server = Scripted::start(|_| Reply::status(500));
    let mut park = Park::new();
    park.device("a1", Wish::default());
    park.status(&["-h", server.url().as_str(), "-u", "admin"]).run().exits(0).stdout_has("1  valid");
    assert!(server.requests().is_empty());
    let ended = park.status(&["--platform", "-h", server.url().as_str(), "-u", "admin"]).run().exits(2);
    ended.stderr_has("no secret given");
    assert!(server.requests().is_empty());
}

#[test]
fn looking_founds_no_authority() {
    let mut park = Park::new();
    park.device("a1", Wish::default());
    park.status(&["--platform", "--authority", "nothing"])
        .run()
        .exits(1)
        .stderr_has("there is no authority in nothing");
    assert!(!park.path("nothing").exists());
}

#[test]
fn a_platform_that_refuses_ends_the_run_with_the_right_code_and_changes_nothing() {
    let root = forger::Forger::new("the root").ca_answer();
    let empty = json!({"paging": {"totalItems": 0, "totalPages": 0}, "certificates": []});
    let park = {
        let mut park = Park::new();
        park.device("a1", Wish::default());
        park
    };
    let before = fs::read(park.path("cert_a1/cert.pem")).unwrap();
    let listed = tree(park.home.path());
    let well = move |line: &str| match line {
        "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
        "GET /x509/v1/ca" => Reply::json(200, root.clone()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({ "error": NO_RECORD })),
        "GET /x509/v1/certificates" => Reply::json(200, empty.clone()),
        _ => Reply::json(200, json!([])),
    };
    let refusals = || {
        let message = |status: u16, text: &str| Reply::json(status, json!({ "message": text }));
        [
            (message(401, "Unauthorized"), 4, "Unauthorized"),
            (Reply::status(403), 4, "403"),
            (Reply::json(404, json!({ "error": NO_RECORD })), 1, NO_RECORD),
            (message(409, "It exists."), 1, "It exists."),
            (message(429, "rate limit").header("retry-after", "3600"), 5, "rate limit"),
            (message(500, "An error"), 5, "An error"),
            (Reply::html(200, "<html><title>Log in</title></html>"), 1, "web page"),
            (Reply::cut(), 5, "broke off"),
        ]
    };
    let mut wrong = Vec::new();
    std::thread::scope(|scope| {
        let mut cases = Vec::new();
        for refused in ["GET /x509/v1/ca", "GET /x509/v1/ca/crl", "GET /x509/v1/certificates", "GET /device"] {
            for (number, (reply, code, words)) in refusals().into_iter().enumerate() {
                let (well, park) = (well.clone(), &park);
                cases.push(scope.spawn(move || {
                    let server = Scripted::start(move |request| match request.line() {
                        line if line == refused => reply.clone(),
                        line => well(&line),
                    });
                    let ended =
                        call(park.home.path(), &server.url(), &["--at", NOW, "--output", "report"]).run();
                    // A platform without a list is one that can still be compared with.
                    let code = if refused.ends_with("crl") && number == 2 { 0 } else { code };
                    let said = code == 0 || ended.stderr.contains(words);
                    (ended.code != code || !said).then(|| format!("{refused} {number}: {ended:?}"))
                }));
            }
        }
        wrong.extend(cases.into_iter().filter_map(|case| case.join().unwrap()));
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    fs::remove_file(park.path("report")).unwrap();
    assert_eq!(tree(park.home.path()), listed);
    assert_eq!(fs::read(park.path("cert_a1/cert.pem")).unwrap(), before);
}
