//! Bad input of any kind: a clear message comes out, soon.

use std::{fs, time::Instant};

use super::{fixture, fixtures, inspect};
use crate::support::{platform::workplace, terminal::certreq};

#[track_caller]
fn refused(content: &[u8], why: &str) {
    let place = workplace();
    fs::write(place.path().join("x"), content).unwrap();
    certreq(place.path())
        .args(["inspect", "x"])
        .run()
        .exits(1)
        .stdout_is("")
        .stderr_is(&format!("error: x: {why}\n"));
}

#[test]
fn what_holds_nothing_says_so() {
    refused(b"", "it is empty");
    refused(b" \n\n", "it is empty");
    let nothing = "no certificate, request, revocation list or key is in it";
    refused(b"null\n", &format!("{nothing}: it begins with \"null\""));
    refused(b"\x7fELF\x02\x01", nothing);
    refused(b"0 is where this text begins", &format!("{nothing}: it begins with \"0 is where this text beg\""));
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    refused(
        parameters.as_bytes(),
        &format!("{nothing}: its only PEM block is of another kind (EC PARAMETERS)"),
    );
}

#[test]
fn a_directory_without_certificates_is_an_error() {
    let place = workplace();
    fs::create_dir(place.path().join("empty")).unwrap();
    fs::write(place.path().join("empty/readme"), "nothing here").unwrap();
    certreq(place.path()).args(["inspect", "--check", "-r", "empty"]).run().exits(1).stderr_is(
        "error: empty: no certificate, request, revocation list or public key is in this directory\n",
    );
}

#[test]
fn a_gigabyte_of_zeros_ends_soon() {
    let place = workplace();
    fs::File::create(place.path().join("zeros")).unwrap().set_len(1 << 30).unwrap();
    let began = Instant::now();
    let said = certreq(place.path()).args(["inspect", "zeros", "/dev/zero"]).run().exits(1);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    said.stderr_has("zeros: it is larger than the limit of 64 MiB")
        .stderr_has("/dev/zero: it is not a regular file");
}

#[test]
fn a_hundred_thousand_nested_sequences_end_soon() {
    let mut heads = Vec::new();
    let mut length = 0_usize;
    for _ in 0..100_000 {
        let head = match length {
            0..0x80 => vec![0x30, u8::try_from(length).unwrap()],
            0x80..0x1_0000 => [&[0x30, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
            _ => [&[0x30, 0x83][..], &u32::try_from(length).unwrap().to_be_bytes()[1..]].concat(),
        };
        length += head.len();
        heads.push(head);
    }
    let nested: Vec<u8> = heads.into_iter().rev().flatten().collect();
    refused(
        &nested,
        "no certificate, request, revocation list or key is in it: it is DER, of a kind that is not known here",
    );
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(&nested));
    let place = workplace();
    fs::write(place.path().join("x"), pem).unwrap();
    certreq(place.path()).args(["inspect", "x"]).run().exits(1).stderr_has("error: x: not a certificate");
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Output for the fixture `bad/NAME.der`, as JSON.
#[track_caller]
fn shown(name: &str) -> serde_json::Value {
    inspect(&["--format", "json", &format!("bad/{name}.der")]).run().exits(0).json().remove(0)
}

#[track_caller]
fn finds(name: &str, code: &str) {
    let shown = shown(name);
    let codes: Vec<_> = shown["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert!(codes.iter().any(|found| *found == code), "{name}: {codes:?}");
}

#[test]
fn odd_certificates_are_shown_with_what_is_odd() {
    finds("negative-serial", "negative_serial");
    finds("forty-octets", "long_serial");
    assert_eq!(shown("forty-octets")["serial"].as_str().unwrap().len(), 40 * 3 - 1);
    finds("v1", "old_version");
    assert_eq!(shown("v1")["version"], 1);
    finds("duplicate-extension", "duplicate_extension");
    finds("reversed-dates", "dates_reversed");
    finds("fractions", "date_encoding");
    assert_eq!(shown("fractions")["not_after"], "2056-01-01T00:00:00Z");
    let years = shown("years");
    assert_eq!([&years["not_before"], &years["not_after"]], ["1950-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]);
    assert_eq!(years["state"], "valid");
    inspect(&["bad/no-month-13.der"])
        .run()
        .exits(1)
        .stderr_has("is not a date, notAfter")
        .stderr_has("it is CN=negative");
}

#[test]
fn nothing_from_a_certificate_reaches_the_terminal_raw() {
    for args in [&["--text"][..], &["--short"], &["--format=json"]] {
        let said = inspect(args).args(["fleet/cert_odd/cert.pem"]).run().exits(0).stdout;
        for line in said.lines() {
            let hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!line.contains(hostile), "{args:?}: {line:?}");
        }
    }
    let said = inspect(&["--format=json", "fleet/cert_odd/cert.pem"]).run().json();
    assert_eq!(said[0]["common_names"][0], "\u{202e}e.exe\u{1b}[31mred\u{1b}[0m", "the data itself is whole");
}

#[test]
fn file_names_are_escaped_too() {
    let place = workplace();
    let name = "a\u{1b}[2Jb\nc.pem";
    fs::write(place.path().join(name), fixture("fleet/ca/ca.pem")).unwrap();
    fs::write(place.path().join("x\u{1b}y"), "").unwrap();
    let said = certreq(place.path()).args(["inspect", ".", "x\u{1b}y"]).run().exits(1);
    assert!(!said.stdout.contains('\u{1b}') && !said.stderr.contains('\u{1b}'));
    said.stdout_has(r"a\u{1b}[2Jb\u{a}c.pem").stderr_has(r"x\u{1b}y: it is empty");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let fixtures = fixtures();
    let program = crate::support::terminal::program();
    let script = format!("{program} inspect -r {} | head -1", fixtures.join("fleet").display());
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error"), "{output:?}");
}
