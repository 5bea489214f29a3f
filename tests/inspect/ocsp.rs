//! OCSP requests and answers: what they say, as openssl prints it, and never more than they prove.

use serde_json::json;

use super::fixtures;
use crate::support::{
    terminal::{Call, certreq},
    tools::openssl,
};

/// While the answer of the fixtures is current.
const AT: &str = "2026-12-01T12:00:00Z";

fn inspect(args: &[&str]) -> Call {
    certreq(&fixtures()).args(["inspect"]).args(args)
}

#[test]
fn an_answer_says_about_whom_what_since_when_and_by_whom() {
    let said = inspect(&["--format", "json", "--at", AT, "ocsp/answer.der"]).run().exits(0).json();
    let answer = &said[0];
    assert_eq!((&answer["kind"], &answer["state"]), (&json!("ocsp_answer"), &json!("current")));
    assert_eq!(answer["response_status"], "successful");
    assert_eq!(
        (&answer["responder"], &answer["certificates"]),
        (&json!("CN=Fixture CA"), &json!(["CN=Fixture CA"]))
    );
    let told = &answer["answers"];
    assert_eq!((&told[0]["serial"], &told[0]["status"]), (&json!("10:01"), &json!("good")));
    assert_eq!((&told[1]["serial"], &told[1]["status"]), (&json!("10:02"), &json!("revoked")));
    assert_eq!(
        (&told[1]["revoked_at"], &told[1]["reason"]),
        (&json!("2026-11-01T00:00:00Z"), &json!("keyCompromise"))
    );
    assert_eq!(
        (&told[1]["this_update"], &told[1]["next_update"]),
        (&json!("2026-11-30T08:46:51Z"), &json!("2026-12-07T08:46:51Z"))
    );
    let text = openssl(&fixtures(), &["ocsp", "-respin", "ocsp/answer.der", "-noverify", "-resp_text"]);
    let plain = |name: &str| told[0][name].as_str().unwrap().replace(':', "");
    assert!(text.contains(&format!("Issuer Name Hash: {}", plain("issuer_name_hash"))), "{text}");
    assert!(text.contains(&format!("Issuer Key Hash: {}", plain("issuer_key_hash"))), "{text}");
    assert_eq!(answer["signature_algorithm"], "ecdsa-with-SHA256");
}

#[test]
fn a_request_says_about_whom_it_asks() {
    let said = inspect(&["--format", "json", "ocsp/request.der"]).run().exits(0).json();
    assert_eq!((&said[0]["kind"], &said[0]["signed"]), (&json!("ocsp_request"), &json!(false)));
    let asked: Vec<_> = said[0]["asks"].as_array().unwrap().iter().map(|one| &one["serial"]).collect();
    assert_eq!(asked, ["10:01", "10:02"]);
    assert!(said[0]["nonce"].is_string());
}

#[test]
fn an_answer_that_was_not_verified_never_reads_as_good() {
    for (file, at, code) in [
        // It says revoked of one of two: not believed, and not silent.
        ("ocsp/answer.der", AT, 15),
        ("ocsp/answer.der", "2027-02-01", 15),
        ("ocsp/answer.der", "2026-11-01", 13),
        ("ocsp/try-later.der", AT, 15),
        ("ocsp/request.der", AT, 0),
    ] {
        let ended = inspect(&["--check", "--at", at, file]).run();
        assert_eq!(ended.code, code, "{file} at {at}: {}{}", ended.stdout, ended.stderr);
        assert!(!ended.stdout.contains("GOOD"), "{}", ended.stdout);
    }
    inspect(&["--at", AT, "ocsp/answer.der"]).run().exits(0).stdout_has("revoked at").stdout_has("not checked");
}

#[test]
fn what_is_damaged_is_named_as_what_it_is() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("answer.der");
    // A SEQUENCE whose status is no status.
    std::fs::write(&file, [0x30, 3, 0x0a, 1, 0x63]).unwrap();
    let said = inspect(&[file.to_str().unwrap()]).run().exits(1);
    said.stderr_has("OCSP answer");
}
