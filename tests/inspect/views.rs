//! Every state, as a person sees it: 80 and 200 columns, with and without colour.
//!
//! The expected files were looked at. After a change that is meant, write them again with `UPDATE_VIEWS=1` and look
//! at the difference.

use std::{env, fs};

use super::inspect;
use crate::support::terminal::certreq;

/// The name of each view, its time, and its arguments.
const SCENES: [(&str, &str, &[&str]); 25] = [
    ("valid, good", NOON, &["fleet/cert_a1998e/cert.pem"]),
    ("expires soon, the list is stale", "2026-12-20", &["fleet/cert_a1998e/cert.pem"]),
    ("expired", "2027-02-01", &["fleet/cert_a1998e/cert.pem"]),
    ("not yet valid", "2025-12-24T18:30:00Z", &["fleet/cert_a1998e/cert.pem"]),
    ("revoked", NOON, &["fleet/cert_b2c3d4/cert.pem"]),
    ("on hold", NOON, &["fleet/cert_c3d4e5/cert.pem"]),
    ("no list", NOON, &["bad/v1.der"]),
    ("many names, everything decoded", NOON, &["--text", "fleet/cert_gateway/cert.pem"]),
    ("hostile", NOON, &["--text", "fleet/cert_odd/cert.pem"]),
    ("root and list", NOON, &["fleet/ca/ca.pem", "fleet/ca/crl.pem"]),
    ("request and public key", NOON, &["request.pem", "public.pem"]),
    (
        "OCSP: answer, request, refusal",
        "2026-12-01T12:00:00Z",
        &["ocsp/answer.der", "ocsp/request.der", "ocsp/try-later.der"],
    ),
    (
        "OCSP: one line each, later",
        "2027-02-01",
        &["--short", "ocsp/answer.der", "ocsp/request.der", "ocsp/try-later.der"],
    ),
    ("one line each", NOON, &["--short", "-r", "fleet", "bad", "request.pem", "public.pem"]),
    ("one line each, later", "2027-02-01", &["--short", "-r", "fleet"]),
    ("unreadable", NOON, &["--short", "nowhere.pem", "bad/no-month-13.der"]),
    ("unknown", NOON, &["--crl", "fleet/ca/crl.pem", "bad/v1.der"]),
    ("unreachable", NOON, &["--ca", "online/ca.pem", "--online", "--online-private", "online/cert.pem"]),
    ("nobody may be asked", NOON, &["--ca", "online/ca.pem", "--online", "online/cert.pem"]),
    ("verify: a fleet", NOON, &["verify", "fleet"]),
    ("verify: later", "2027-02-01", &["verify", "--revocation", "require", "fleet/cert_a1998e"]),
    ("verify: soon, and the list is stale", "2026-12-20", &["verify", "--within", "30d", "fleet/cert_a1998e"]),
    ("verify: too early", "2025-12-24", &["verify", "--revocation", "off", "fleet/cert_a1998e"]),
    (
        "verify: unreachable",
        NOON,
        &[
            "verify",
            "--ca",
            "online/ca.pem",
            "--revocation",
            "require",
            "--online",
            "--online-private",
            "online/cert.pem",
        ],
    ),
    ("verify: unreadable", NOON, &["verify", "--ca", "fleet/ca/ca.pem", "nowhere.pem", "bad/no-month-13.der"]),
];

const NOON: &str = "2026-11-23T12:00:00Z";

/// `inspect`, unless the scene begins with another.
fn verb(args: &[&str]) -> Option<&'static str> {
    (args[0] != "verify").then_some("inspect")
}

fn drawn(columns: &str, colour: bool) -> String {
    let mut all = String::new();
    for (title, at, args) in SCENES {
        let mut call = certreq(&super::fixtures())
            .args(verb(args))
            .args(args.iter())
            .args(["--at", at])
            .env("COLUMNS", columns);
        if colour {
            call = call.env("CLICOLOR_FORCE", "1");
        }
        let said = call.run();
        all.extend(["=== ", title, "\n", &said.stdout, &said.stderr]);
    }
    all
}

#[test]
fn every_state_looks_as_it_was_approved() {
    for columns in ["80", "200"] {
        for colour in [false, true] {
            let name = format!("{columns}{}.txt", if colour { "-colour" } else { "" });
            let path = super::fixtures().join("../views").join(&name);
            let drawn = drawn(columns, colour);
            if env::var_os("UPDATE_VIEWS").is_some() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &drawn).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(drawn, expected, "{name} is out of date; see the top of this file");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal_and_colour_adds_no_word() {
    for columns in [80_usize, 200] {
        let plain = drawn(&columns.to_string(), false);
        for line in plain.lines().filter(|line| !line.starts_with("error") && !line.starts_with("hint")) {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
        let coloured = drawn(&columns.to_string(), true);
        let mut bare = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = after.split_once('m').expect("a colour ends with m").1;
        }
        bare.push_str(rest);
        assert_eq!(bare, plain);
    }
}

#[test]
fn a_pipe_gets_whole_lines() {
    let said = inspect(&["--short", "fleet/cert_gateway/cert.pem"]).run().exits(0);
    assert!(said.stdout.ends_with("fleet/cert_gateway/cert.pem\n"), "{}", said.stdout);
}
