//! Clients that are not ours, at `certreq serve --est`: Debian's strongSwan, and curl with openssl.

use std::{path::Path, process::Command};

use super::served;
use crate::support::{platform::workplace, tools};

/// Runs a program in a directory; stdout and stderr together, when it succeeds.
#[track_caller]
fn run(home: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(home).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {args:?}: {said}");
    said
}

/// Writes the stdout of a program into a file.
#[track_caller]
fn into(home: &Path, file: &str, program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).current_dir(home).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::write(home.join(file), output.stdout).unwrap();
}

#[test]
fn strongswan_fetches_the_root_enrols_and_reenrols() {
    if !tools::present(&["pki"]) {
        return;
    }
    let home = workplace();
    let dir = home.path();
    let served = served(dir, &["--est-user", "dev", "--est-secret-file", &secret(dir)]);
    run(dir, "pki", &["--estca", "--url", &served.url, "--cacert", "ca/ca.pem", "--caout", "found", "--force"]);
    tools::openssl(dir, &["x509", "-inform", "DER", "-in", "found.der", "-out", "found.pem"]);
    assert_eq!(std::fs::read(dir.join("found.pem")).unwrap(), std::fs::read(dir.join("ca/ca.pem")).unwrap());
    into(dir, "one.key", "pki", &["--gen", "--type", "rsa", "--size", "2048", "--outform", "pem"]);
    into(
        dir,
        "one.csr",
        "pki",
        &["--req", "--in", "one.key", "--type", "priv", "--dn", "CN=a1998e", "--outform", "pem"],
    );
    let common =
        ["--est", "--url", &served.url, "--in", "one.csr", "--cacert", "ca/ca.pem", "--outform", "pem"];
    into(dir, "one.pem", "pki", &[&common[..], &["--userpass", "dev:enrol me"]].concat());
    tools::openssl(dir, &["verify", "-CAfile", "ca/ca.pem", "one.pem"]);
    // A new key, the same name, shown in TLS with the old pair.
    into(dir, "two.key", "pki", &["--gen", "--type", "rsa", "--size", "2048", "--outform", "pem"]);
    let name = ["--dn", "CN=a1998e, O=dojot IoT Platform"];
    into(
        dir,
        "two.csr",
        "pki",
        &[&["--req", "--in", "two.key", "--type", "priv", "--outform", "pem"][..], &name].concat(),
    );
    let common =
        ["--est", "--url", &served.url, "--in", "two.csr", "--cacert", "ca/ca.pem", "--outform", "pem"];
    into(dir, "two.pem", "pki", &[&common[..], &["--cert", "one.pem", "--key", "one.key"]].concat());
    tools::openssl(dir, &["verify", "-CAfile", "ca/ca.pem", "two.pem"]);
    let serial = |file: &str| tools::openssl(dir, &["x509", "-in", file, "-noout", "-serial"]);
    assert_ne!(serial("one.pem"), serial("two.pem"));
}

fn secret(dir: &Path) -> String {
    std::fs::write(dir.join("est.secret"), "enrol me").unwrap();
    dir.join("est.secret").display().to_string()
}

#[test]
fn curl_and_openssl_enrol_and_reenrol() {
    if !tools::present(&["curl"]) {
        return;
    }
    let home = workplace();
    let dir = home.path();
    let served = served(dir, &["--est-user", "dev", "--est-secret-file", &secret(dir)]);
    let url = |operation: &str| format!("{}/.well-known/est/{operation}", served.url);
    let of = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    tools::openssl(
        dir,
        &[&["req", "-new", "-subj", "/CN=a1998e", "-keyout", "k.pem", "-out", "r.pem", "-newkey"][..], &of]
            .concat(),
    );
    tools::openssl(dir, &["req", "-in", "r.pem", "-outform", "DER", "-out", "r.der"]);
    tools::openssl(dir, &["base64", "-in", "r.der", "-out", "r.b64"]);
    let curl = ["-sSf", "--cacert", "ca/ca.pem", "-H", "Content-Type: application/pkcs10"];
    let read = |answer: &str, pem: &str| {
        tools::openssl(dir, &["base64", "-d", "-A", "-in", answer, "-out", "a.der"]);
        tools::openssl(dir, &["pkcs7", "-inform", "DER", "-in", "a.der", "-print_certs", "-out", pem]);
        tools::openssl(dir, &["verify", "-CAfile", "ca/ca.pem", pem]);
    };
    // Base64 in lines, in one line, in chunks, and with armour.
    let bodies: [&[&str]; 3] = [
        &["--data-binary", "@r.b64"],
        &["--data-binary", "@r.pem"],
        &["--data-binary", "@r.b64", "-H", "Transfer-Encoding: chunked"],
    ];
    for body in bodies {
        let address = url("simpleenroll");
        into(dir, "answer", "curl", &[&curl[..], body, &["-u", "dev:enrol me", &address]].concat());
        read("answer", "one.pem");
    }
    let shown = ["--cert", "one.pem", "--key", "k.pem", "--data-binary", "@r.b64"];
    for version in ["--tls-max", "--tlsv1.3"] {
        let version = if version == "--tls-max" { vec!["--tls-max", "1.2"] } else { vec![version] };
        into(dir, "answer", "curl", &[&curl[..], &version, &shown, &[&url("simplereenroll")]].concat());
        read("answer", "two.pem");
    }
    // Headers and lines that each client needs to see in an answer.
    let head = run(dir, "curl", &["-sSi", "--cacert", "ca/ca.pem", &url("cacerts")]);
    for line in [
        "Content-Type: application/pkcs7-mime; smime-type=certs-only",
        "Content-Transfer-Encoding: base64",
        "Content-Length: ",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let (_, body) = head.split_once("\r\n\r\n").unwrap();
    assert_eq!((body.lines().count(), body.ends_with('\n')), (1, true), "one line");
    let body = run(dir, "curl", &["-sS", "-A", "libest 3.2.0p", "--cacert", "ca/ca.pem", &url("cacerts")]);
    assert!(body.lines().all(|line| line.len() <= 64), "libest takes no long line");
    run(dir, "curl", &["-sSf", "--cacert", "ca/ca.pem", &url("csrattrs")]);
}
