//! Inputs are recognised by content, several at once, wherever they come from.

use std::fs;

use super::{fixture, fixtures, inspect};
use crate::support::{platform::workplace, terminal::certreq, tools::openssl};

fn pem(name: &str) -> String {
    String::from_utf8(fixture(name)).expect("PEM is text")
}

/// Writes `content` under a name that tells nothing, and expects one certificate of `subject` in it.
#[track_caller]
fn is_read(content: impl AsRef<[u8]>, subject: &str) {
    let place = workplace();
    fs::write(place.path().join("x.tmp"), content).unwrap();
    let said = certreq(place.path()).args(["inspect", "--format", "json", "x.tmp"]).run().exits(0).json();
    let subjects: Vec<_> =
        said.iter().filter(|line| line["kind"] == "certificate").map(|line| &line["subject"]).collect();
    assert_eq!(subjects, [subject]);
}

const SUBJECT: &str = "CN=a1998e, O=dojot IoT Platform";

#[test]
fn pem_is_read_with_whatever_editors_do_to_it() {
    let plain = pem("fleet/cert_a1998e/cert.pem");
    is_read(&plain, SUBJECT);
    is_read(plain.replace('\n', "\r\n"), SUBJECT);
    is_read(plain.trim_end(), SUBJECT);
    is_read(format!("\u{feff}{plain}"), SUBJECT);
    is_read(format!("subject=a1998e\n---\n{plain}\nVerify return code: 0\n"), SUBJECT);
    is_read(plain.replace("CERTIFICATE", "X509 CERTIFICATE"), SUBJECT);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    is_read(utf16, SUBJECT);
}

#[test]
fn der_and_bundles_are_read() {
    let place = workplace();
    let home = place.path();
    let (leaf, root) = (fixtures().join("fleet/cert_a1998e/cert.pem"), fixtures().join("fleet/ca/ca.pem"));
    let (leaf, root) = (leaf.to_str().unwrap(), root.to_str().unwrap());
    openssl(home, &["x509", "-in", leaf, "-outform", "der", "-out", "leaf.der"]);
    openssl(home, &["x509", "-in", leaf, "-trustout", "-addtrust", "clientAuth", "-out", "trusted.pem"]);
    for name in ["leaf.der", "trusted.pem"] {
        is_read(fs::read(home.join(name)).unwrap(), SUBJECT);
    }
    let mut both = fs::read(home.join("leaf.der")).unwrap();
    both.extend(fs::read(home.join("leaf.der")).unwrap());
    fs::write(home.join("two.der"), both).unwrap();
    for form in ["der", "pem"] {
        let out = format!("bundle.{form}");
        let list = fixtures().join("fleet/ca/crl.pem");
        let args = ["crl2pkcs7", "-in", list.to_str().unwrap(), "-certfile", leaf, "-certfile", root];
        openssl(home, &[&args[..], &["-outform", form, "-out", &out]].concat());
    }
    let kinds = |name: &str| {
        let said = certreq(home).args(["inspect", "--format", "json", name]).run().exits(0).json();
        said.iter()
            .map(|line| format!("{} {}", line["encoding"], line["kind"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds("two.der"), ["der certificate"; 2]);
    for name in ["bundle.der", "bundle.pem"] {
        assert_eq!(kinds(name), ["pkcs7 certificate", "pkcs7 certificate", "pkcs7 revocation_list"], "{name}");
    }
}

#[test]
fn pkcs12_opens_with_its_password_and_tells_nothing_secret() {
    let place = workplace();
    let home = place.path();
    openssl(
        home,
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "k",
            "-out",
            "c",
            "-subj",
            "/CN=p12",
        ],
    );
    for (name, more) in [("modern", &[][..]), ("legacy", &["-legacy"][..])] {
        let args = ["pkcs12", "-export", "-in", "c", "-inkey", "k", "-passout", "pass:sesame", "-out", name];
        openssl(home, &[&args[..], more].concat());
        let call = || certreq(home).args(["inspect", "--format", "json", name]);
        let said = call().env("CERTREQ_PASSWORD", "sesame").run().exits(0);
        let lines = said.json();
        assert_eq!(lines[0]["subject"], "CN=p12", "{name}");
        assert_eq!(lines[1]["kind"], "private_key");
        assert_eq!(lines[0]["key"]["spki_sha256"], lines[1]["key"]["spki_sha256"]);
        call().env("CERTREQ_PASSWORD", "open").run().exits(1).stdout_has("the password does not open it");
        call().run().exits(1).stdout_has("needs its password");
        call().args(["--password-file", "-"]).stdin("sesame\n").run().exits(0);
    }
}

#[test]
fn a_key_encrypted_the_old_way_is_named_and_how_to_convert_it() {
    let place = workplace();
    let home = place.path();
    let pass = ["-traditional", "-aes128", "-passout", "pass:sesame"];
    openssl(home, &[&["genrsa"], &pass[..], &["-out", "old.key", "1024"]].concat());
    let call = || certreq(home).args(["inspect", "old.key"]).env("CERTREQ_PASSWORD", "sesame");
    let said = call().run().exits(0).stdout_has("encrypted the old way").stdout_has("-topk8");
    assert!(!said.stdout.contains("RSA 1024"), "{}", said.stdout);
    let line = call().args(["--format", "json"]).run().json().remove(0);
    assert_eq!((&line["format"], &line["encrypted"]), (&"legacy_pem".into(), &true.into()));
    assert!(line["key"].is_null(), "{line}");
}

#[test]
fn of_private_keys_only_public_facts_are_told() {
    let place = workplace();
    let home = place.path();
    let kinds: [(&str, &[&str]); 4] = [
        ("ec", &["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        ("rsa", &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024"]),
        ("ed25519", &["-algorithm", "ed25519"]),
        ("ed448", &["-algorithm", "ed448"]),
    ];
    for (name, args) in kinds {
        openssl(home, &[&["genpkey", "-out", name], args].concat());
        let all = ["--text", "--pem", "--format=json"];
        for view in all {
            let said = certreq(home).args(["inspect", view, name]).run().exits(0).stdout;
            let key = fs::read_to_string(home.join(name)).unwrap();
            for line in key.lines().filter(|line| !line.starts_with('-')) {
                assert!(!said.contains(line), "{name} {view}: a line of the key is shown");
            }
        }
        openssl(home, &["pkey", "-in", name, "-pubout", "-outform", "der", "-out", "public"]);
        if name == "ed448" {
            continue;
        }
        let said = certreq(home).args(["inspect", "--format", "json", name, "public"]).run().exits(0).json();
        assert_eq!(said[0]["key"], said[1]["key"], "the public half of {name}");
    }
    openssl(home, &["pkcs8", "-topk8", "-in", "ec", "-passout", "pass:sesame", "-out", "sealed"]);
    let sealed = || certreq(home).args(["inspect", "sealed"]);
    sealed().run().exits(0).stdout_has("encrypted (PKCS#8)");
    sealed().env("CERTREQ_PASSWORD", "sesame").run().exits(0).stdout_has("EC P-384 (PKCS#8, encrypted)");
    sealed()
        .env("CERTREQ_PASSWORD", "open")
        .run()
        .exits(1)
        .stderr_is("error: sealed: the password does not open it\n");
}

#[test]
fn directories_patterns_and_stdin_are_read_in_order() {
    let sources = |args: &[&str]| {
        let said = inspect(&["--format", "json"]).args(args).stdin(pem("request.pem")).run().exits(0).json();
        said.iter().map(|line| line["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sources(&["fleet/ca"]), ["fleet/ca/ca.pem", "fleet/ca/crl.pem"]);
    assert_eq!(
        sources(&["fleet/cert_[ab]*/cert.pem"]),
        ["fleet/cert_a1998e/cert.pem", "fleet/cert_b2c3d4/cert.pem"]
    );
    assert_eq!(sources(&["-", "fleet/ca/c?.pem"]), ["stdin", "fleet/ca/ca.pem"]);
    assert_eq!(sources(&["-r", "fleet"]).len(), 7);
    inspect(&["fleet"]).run().exits(1).stderr_has("add -r");
}

#[test]
fn keys_and_archives_of_a_fleet_are_not_listed_with_its_certificates() {
    let place = workplace();
    let home = place.path();
    certreq(home).args(["issue", "--authority", "authority", "-i", "a1998e", "--dir", "fleet"]).run().exits(0);
    certreq(home)
        .args(["issue", "--authority", "authority", "-i", "a1998e", "--dir", "fleet", "--force"])
        .run()
        .exits(0);
    let said = certreq(home).args(["inspect", "-r", "fleet", "--short"]).run().exits(0);
    assert_eq!(said.stdout.lines().count(), 3, "the root, its list and one certificate:\n{}", said.stdout);
}

#[test]
fn one_unreadable_input_is_told_and_does_not_stop_the_rest() {
    let said = inspect(&["--short", "nowhere.pem", "fleet/ca/ca.pem", "nothing*.pem"]).run().exits(1);
    said.stdout_has("CN=Example Root").stderr_is(
        "error: nowhere.pem: there is no such file\n\
         hint: a server is named as host:port, https://host or mqtts://host\n\
         error: nothing*.pem: no file matches the pattern\n\
         1 item shown, 2 could not be read\n",
    );
}

#[test]
fn a_damaged_block_does_not_hide_the_others() {
    let place = workplace();
    let leaf = pem("fleet/cert_a1998e/cert.pem");
    let broken = leaf.replace("-----END CERTIFICATE-----", "");
    fs::write(place.path().join("x"), format!("{broken}{leaf}")).unwrap();
    let said = certreq(place.path()).args(["inspect", "--short", "x"]).run().exits(1);
    said.stdout_has(SUBJECT).stderr_has("PEM block 1 (CERTIFICATE) is damaged: it has no end line");
}

#[test]
fn json_includes_the_bytes_on_request() {
    let said = inspect(&["--format", "json", "--pem", "fleet/cert_a1998e/cert.pem"]).run().exits(0).json();
    assert_eq!(said[0]["pem"], pem("fleet/cert_a1998e/cert.pem"));
}

#[test]
fn stdin_is_read_once_and_wrong_use_is_told() {
    inspect(&["-", "-"]).run().exits(2).stderr_has("stdin can be read only once");
    inspect(&["x", "--at", "soon"]).run().exits(2).stderr_has("is not a point in time");
    inspect(&["x", "--within", "0%"]).run().exits(2).stderr_has("--within");
    inspect(&[]).run().exits(2);
}
