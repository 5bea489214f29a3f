//! PKCS#12 files open where they are taken, and hold the same key.

use std::{fs, process::Command};

use super::{export, fleet};
use crate::support::{
    python,
    terminal::certreq,
    tools::{mode, openssl},
};

const PASSWORD: &str = "correct horse";

/// Both kinds, for openssl 3 and for Python's cryptography.
fn opens_everywhere(key: &str) {
    let home = fleet(key, "a1998e");
    let home = home.path();
    fs::write(home.join("password"), PASSWORD).unwrap();
    let python = python::with("tests/export/requirements.txt");
    let original = openssl(home, &["pkey", "-in", "cert_a1998e/private.key", "-text", "-noout"]);
    for (to, more, mark) in [
        ("modern", &[][..], "PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256"),
        ("legacy", &["--legacy"][..], "pbeWithSHA1And3-KeyTripleDES-CBC"),
    ] {
        let args = ["a1998e", "--p12", "--password-file", "password", "--to", to];
        export(home, &[&args[..], more].concat()).run().exits(0);
        let file = format!("{to}/a1998e.p12");
        assert_eq!(mode(&home.join(&file)), 0o600);
        let open = ["pkcs12", "-in", &file, "-passin", "file:password", "-noenc", "-info", "-out", "open.pem"];
        let legacy: &[&str] = if to == "legacy" { &["-legacy"] } else { &[] };
        let said = openssl(home, &[&open[..], legacy].concat());
        assert!(said.contains(mark), "{said}");
        assert_eq!(openssl(home, &["pkey", "-in", "open.pem", "-text", "-noout"]), original);
        let certificates = fs::read_to_string(home.join("open.pem")).unwrap();
        assert_eq!(certificates.matches("BEGIN CERTIFICATE").count(), 2, "leaf and root: {certificates}");
        if let Some(python) = &python {
            let output = Command::new(python)
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/export/compare.py"))
                .args([&file, PASSWORD, "cert_a1998e/private.key", "cert_a1998e/cert.pem", "ca/ca.pem"])
                .current_dir(home)
                .output()
                .unwrap();
            assert!(output.status.success(), "{key} {to}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn p256_opens_with_openssl_and_python() {
    opens_everywhere("p256");
}

#[test]
fn p384_opens_with_openssl_and_python() {
    opens_everywhere("p384");
}

#[test]
fn p521_opens_with_openssl_and_python() {
    opens_everywhere("p521");
}

#[test]
fn rsa_opens_with_openssl_and_python() {
    opens_everywhere("rsa2048");
}

#[test]
fn certreq_reads_its_own_files_with_the_same_variable() {
    let home = fleet("p256", "a1998e");
    export(home.path(), &["a1998e", "--p12"]).env("CERTREQ_PASSWORD", PASSWORD).run().exits(0);
    certreq(home.path())
        .args(["inspect", "--short", "export/a1998e.p12"])
        .env("CERTREQ_PASSWORD", PASSWORD)
        .run()
        .exits(0)
        .stdout_has("a1998e");
}

#[test]
fn without_a_terminal_a_new_password_goes_into_a_closed_file_and_nowhere_else() {
    let home = fleet("p256", "a1998e,b2c3d4");
    let ended = export(home.path(), &[".", "--p12", "--format", "json"]).run().exits(0);
    let mut passwords = Vec::new();
    for id in ["a1998e", "b2c3d4"] {
        let file = home.path().join(format!("export/{id}.p12.password"));
        assert_eq!(mode(&file), 0o600);
        let password = fs::read_to_string(&file).unwrap();
        assert_eq!(password.trim_end().len(), 25);
        assert!(!ended.stdout.contains(password.trim_end()) && !ended.stderr.contains(password.trim_end()));
        let (p12, pass) = (format!("export/{id}.p12"), format!("file:export/{id}.p12.password"));
        openssl(home.path(), &["pkcs12", "-in", &p12, "-passin", &pass, "-noout"]);
        passwords.push(password);
    }
    assert_ne!(passwords[0], passwords[1], "each file has its own");
}

#[test]
fn on_a_terminal_a_new_password_is_shown_once_and_kept_nowhere() {
    let home = fleet("p256", "a1998e");
    let mut command = export(home.path(), &["a1998e", "--p12"]).into_command();
    command.env("TERM", "dumb");
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    let said = session.exp_eof().unwrap();
    let password =
        said.split("a1998e.p12: ").nth(1).unwrap_or_else(|| panic!("{said}")).lines().next().unwrap();
    assert!(said.contains("It is shown only now."), "{said}");
    assert!(!home.path().join("export/a1998e.p12.password").exists());
    let pass = format!("pass:{}", password.trim());
    openssl(home.path(), &["pkcs12", "-in", "export/a1998e.p12", "-passin", &pass, "-noout"]);
}

#[test]
fn asking_needs_a_terminal_and_takes_the_password_twice() {
    let home = fleet("p256", "a1998e");
    export(home.path(), &["a1998e", "--p12", "--ask-password"]).run().exits(2).stderr_has("needs a terminal");
    let command = export(home.path(), &["a1998e", "--p12", "--ask-password"]).into_command();
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("Password of the PKCS#12 files: ").unwrap();
    session.send_line(PASSWORD).unwrap();
    session.exp_string("The same again: ").unwrap();
    session.send_line(PASSWORD).unwrap();
    session.exp_eof().unwrap();
    openssl(home.path(), &["pkcs12", "-in", "export/a1998e.p12", "-passin", "pass:correct horse", "-noout"]);
}
