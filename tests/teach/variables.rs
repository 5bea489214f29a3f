//! Every CERTREQ_* variable that a help names is read.

use std::collections::BTreeSet;

use crate::{
    help::{help_of, verbs},
    support::{
        platform::workplace,
        terminal::{Ended, certreq},
        tools::openssl,
    },
};

/// A variable, a value, a line on which it shows, and what the answer has because of it and has not otherwise.
const READ: &[(&str, &str, &str, &str)] = &[
    ("CERTREQ_ACCEPT_NEW_CA", "nonsense", "issue --authority ca -i a1998e", "--accept-new-ca"),
    ("CERTREQ_ACCESS_TOKEN", "no.real.token", "devices -h 127.0.0.1 -p 1 -u admin", "127.0.0.1:1"),
    ("CERTREQ_ACCESS_TOKEN_FILE", "nowhere", "devices -h 127.0.0.1 -p 1 -u admin", "nowhere"),
    ("CERTREQ_AT", "2040-01-01", "status", "2040-01-01"),
    ("CERTREQ_AUTH", "nonsense", "config show", "nonsense"),
    ("CERTREQ_AUTHORITY", "/proc/none", "serve --listen 127.0.0.1:0", "/proc/none"),
    ("CERTREQ_CA", "nowhere.pem", "verify cert_a1998e", "nowhere.pem"),
    ("CERTREQ_CACERT", "nowhere.pem", "login -h https://127.0.0.1:1 -u admin -s x", "nowhere.pem"),
    ("CERTREQ_CA_FINGERPRINT", "nonsense", "issue --authority ca -i a1998e", "--ca-fingerprint"),
    ("CERTREQ_CA_KEY_STORE", "nonsense", "serve --listen 127.0.0.1:0", "--ca-key-store"),
    ("CERTREQ_CA_PASSPHRASE", "wrong", "list --authority locked", "does not open"),
    ("CERTREQ_CLIENT_ID", "somebody", "config show", "somebody"),
    ("CERTREQ_CONNECT_TIMEOUT", "nonsense", "login -h 127.0.0.1 -p 1 -u admin -s x", "--connect-timeout"),
    ("CERTREQ_DATABASE", "nonsense", "serve --listen 127.0.0.1:0", "the address of the database"),
    (
        "CERTREQ_DATABASE_PASSWORD_FILE",
        "nowhere",
        "serve --listen 127.0.0.1:0 --database postgres://a@127.0.0.1:1/b",
        "nowhere",
    ),
    ("CERTREQ_DIR", "elsewhere", "status", "elsewhere"),
    ("CERTREQ_DRAIN", "nonsense", "serve --listen 127.0.0.1:0", "--drain"),
    ("CERTREQ_EST", "http://ca.example", "issue a1998e", "--est"),
    ("CERTREQ_EST_CERT", "nowhere.pem", "issue a1998e --est 127.0.0.1:1 --est-key none", "nowhere.pem"),
    (
        "CERTREQ_EST_KEY",
        "nowhere.pem",
        "issue a1998e --est 127.0.0.1:1 --est-cert cert_a1998e/cert.pem",
        "nowhere.pem",
    ),
    ("CERTREQ_EST_WAIT", "nonsense", "issue a1998e --est 127.0.0.1:1", "--est-wait"),
    ("CERTREQ_EXEC", "echo executed", "renew --authority ca a1998e --all", "executed"),
    ("CERTREQ_EXEC_TIMEOUT", "nonsense", "renew --authority ca a1998e", "--exec-timeout"),
    ("CERTREQ_FORMAT", "json", "status", "certreq.status/1"),
    ("CERTREQ_GIVE_UP_AFTER", "nonsense", "issue --authority ca -i a1998e", "--give-up-after"),
    ("CERTREQ_HOST", "127.0.0.2:7", "login -u admin -s x", "127.0.0.2:7"),
    ("CERTREQ_IDPROV", "127.0.0.1:1", "issue -i a1998e --retries 0", "127.0.0.1:1"),
    ("CERTREQ_IDPROV_LISTEN", "nonsense", "serve --idprov", "--idprov-listen"),
    ("CERTREQ_JOBS", "nonsense", "issue --authority ca -i a1998e", "--jobs"),
    ("CERTREQ_KEEP", "nonsense", "renew --authority ca a1998e", "--keep"),
    ("CERTREQ_KEY", "rsa4096", "config show", "rsa4096"),
    ("CERTREQ_KEY_STORE", "nonsense", "issue --authority ca -i a1998e", "--key-store"),
    ("CERTREQ_LAYOUT", "nonsense", "export a1998e", "nonsense"),
    ("CERTREQ_LISTEN", "nonsense", "serve --tls-cert nowhere --tls-key nowhere", "--listen"),
    ("CERTREQ_LOG", "certreq=debug,hyper_util=debug", "login -h 127.0.0.1 -p 1 -u admin -s x", "DEBUG"),
    ("CERTREQ_LOG_FORMAT", "nonsense", "login -h 127.0.0.1 -p 1 -u admin -s x", "logs are text or json"),
    ("CERTREQ_MQTT", "nonsense", "connect mqtts://127.0.0.1:1 cert_a1998e", "--mqtt"),
    ("CERTREQ_OOB_CERT", "nowhere", "oob list --idprov 127.0.0.1:1 --key password", "nowhere"),
    ("CERTREQ_OOB_KEY", "nowhere", "oob list --idprov 127.0.0.1:1 --cert cert_a1998e/cert.pem", "nowhere"),
    ("CERTREQ_OOB_SECRET", "x", "issue --idprov 127.0.0.1:1 -i a1998e --retries 0", "can be guessed"),
    ("CERTREQ_OOB_SECRETS", "nowhere", "issue --idprov 127.0.0.1:1", "nowhere"),
    ("CERTREQ_OOB_SECRET_FILE", "nowhere", "issue --idprov 127.0.0.1:1 -i a1998e", "nowhere"),
    ("CERTREQ_OPERATOR", "nowhere", "oob list --idprov 127.0.0.1:1", "nowhere"),
    ("CERTREQ_PASSWORD", "right", "inspect sealed.p12", "VALID"),
    ("CERTREQ_PASSWORD_FILE", "password", "inspect sealed.p12", "VALID"),
    ("CERTREQ_PORT", "7", "login -h 127.0.0.2 -u admin -s x", "127.0.0.2:7"),
    ("CERTREQ_PROFILE", "nowhere", "config show", "nowhere"),
    ("CERTREQ_REALM", "factory", "config show", "factory"),
    ("CERTREQ_RETRIES", "nonsense", "issue --authority ca -i a1998e", "--retries"),
    ("CERTREQ_REVOCATION", "nonsense", "verify cert_a1998e", "--revocation"),
    ("CERTREQ_SECRET", "x", "login -h 127.0.0.1 -p 1 -u admin", "127.0.0.1:1"),
    ("CERTREQ_SECRET_COMMAND", "echo x", "login -h 127.0.0.1 -p 1 -u admin", "127.0.0.1:1"),
    ("CERTREQ_SECRET_FILE", "password", "login -h 127.0.0.1 -p 1 -u admin", "127.0.0.1:1"),
    ("CERTREQ_SERVE_EST", "true", "serve --est-csrattrs nowhere", "nowhere"),
    ("CERTREQ_SERVE_AUTH", "nonsense", "serve --tls-cert nowhere --tls-key nowhere", "--auth"),
    ("CERTREQ_SHARD", "4/4", "issue --authority ca -i a1998e", "counted from 0"),
    ("CERTREQ_SPREAD", "nonsense", "renew --authority ca a1998e", "--spread"),
    ("CERTREQ_TENANT", "factory", "connect mqtts://127.0.0.1:1 cert_a1998e -m hi", "no server listens"),
    ("CERTREQ_TEST_CMD", "echo tested", "renew --authority ca a1998e --all", "tested"),
    ("CERTREQ_TIMEOUT", "nonsense", "login -h 127.0.0.1 -p 1 -u admin -s x", "--timeout"),
    ("CERTREQ_TO", "there", "export a1998e --chain", "there"),
    ("CERTREQ_TOKEN_FILE", "kept", "logout -h 127.0.0.1 -u admin", "kept"),
    (
        "CERTREQ_TOKEN_URL",
        "http://127.0.0.2:7/t",
        "login -h 127.0.0.1 -p 1 -u admin -s x --auth oidc",
        "127.0.0.2:7",
    ),
    ("CERTREQ_USER", "somebody", "logout -h 127.0.0.1", "somebody"),
    ("CERTREQ_WITHIN", "100%", "status", "expires soon  100"),
    ("CERTREQ_WAIT_FOR", "nonsense", "issue --idprov 127.0.0.1:1 -i a1998e", "--wait-for"),
];

/// Variables that a command finds in its environment; a help names these, too.
const GIVEN: [&str; 9] = [
    "CERTREQ_DEVICE",
    "CERTREQ_DEVICE_DIR",
    "CERTREQ_CERT_FILE",
    "CERTREQ_KEY_FILE",
    "CERTREQ_CA_FILE",
    "CERTREQ_CRL_FILE",
    "CERTREQ_FINGERPRINT",
    "CERTREQ_SERIAL",
    "CERTREQ_NOT_AFTER",
];

fn said(ended: &Ended) -> String {
    format!("{}{}", ended.stdout, ended.stderr)
}

#[test]
fn every_variable_that_help_names_changes_something() {
    let home = workplace();
    let dir = home.path();
    let run = |line: &str| certreq(dir).args(line.split(' ')).run();
    run("issue --authority ca -i a1998e").exits(0);
    certreq(dir)
        .args("issue --authority locked -i a1998e --dir other".split(' '))
        .env("CERTREQ_CA_PASSPHRASE", "right")
        .run()
        .exits(0);
    std::fs::write(dir.join("password"), "right").unwrap();
    let pair = ["-inkey", "cert_a1998e/private.key", "-in", "cert_a1998e/cert.pem"];
    openssl(dir, &[&["pkcs12", "-export", "-out", "sealed.p12", "-passout", "pass:right"][..], &pair].concat());
    // Where an authority would be by default, none can be.
    std::fs::create_dir_all(dir.join(".local/share/certreq")).unwrap();
    std::fs::write(dir.join(".local/share/certreq/authority"), "").unwrap();
    let mut wrong = Vec::new();
    for (variable, value, line, word) in READ {
        let without = said(&run(line));
        if without.contains(word) {
            wrong.push(format!("{line} says {word:?} anyway:\n{without}"));
        }
        let with = said(&certreq(dir).args(line.split(' ')).env(variable, value).run());
        if !with.contains(word) {
            wrong.push(format!("{variable}={value} certreq {line} says nothing of {word:?}:\n{with}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_variable_means_what_the_verb_makes_of_it() {
    let home = workplace();
    let run = |line: &str, (name, value): (&str, &str)| {
        certreq(home.path()).args(line.split(' ')).env(name, value).run()
    };
    run("issue --authority ca -i a1998e", ("CERTREQ_FORMAT", "json")).exits(0);
    run("list --authority ca", ("CERTREQ_FORMAT", "csv")).exits(0).stdout_has("fingerprint,");
    run("status", ("CERTREQ_FORMAT", "prometheus")).stdout_has("# TYPE");
    // Without a verb it is issue's, and a value that issue does not have is passed over with a word.
    run("--authority ca -i a1998e", ("CERTREQ_FORMAT", "csv"))
        .exits(0)
        .stderr_has("CERTREQ_FORMAT=csv is not used");
    // A value that concerns issue alone does not trouble other verbs.
    run("status", ("CERTREQ_JOBS", "many")).exits(0);
}

#[test]
fn a_command_finds_what_help_says() {
    let home = workplace();
    certreq(home.path()).args("issue --authority ca -i a1998e".split(' ')).run().exits(0);
    let line = ["renew", "a1998e", "--all", "--authority", "ca", "--exec", "env"];
    let ended = certreq(home.path()).args(line).run().exits(0);
    for name in GIVEN {
        let value = ended.stderr.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        assert!(value.is_some_and(|value| !value.is_empty()), "{name} is not in\n{}", ended.stderr);
    }
}

#[test]
fn no_variable_of_a_help_is_left_out() {
    let helps: Vec<String> = verbs().iter().map(|verb| help_of(verb)).collect();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let words = helps.iter().flat_map(|help| help.split(|c| !is_name(c)));
    let named: BTreeSet<&str> = words.filter(|word| word.starts_with("CERTREQ_")).collect();
    let known: BTreeSet<&str> = READ.iter().map(|(name, ..)| *name).chain(GIVEN).collect();
    assert_eq!(named, known);
}
