//! A verb whose stdout cannot be written says so; one whose reader has enough does not.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::pipe,
    process::{Output, Stdio},
};

use crate::{
    help::verbs,
    support::{
        platform::workplace,
        terminal::{certreq, tree},
    },
};

/// In the order of a fleet's life; what the later ones need, the earlier ones leave.
const LINES: &str = "\
--help
--version
help status
issue --authority ca -i a1998e
issue --authority ca -i a1998e --format json
--authority ca -i a1998e --dry-run
key b2c3d4
csr b2c3d4 --out -
csr b2c3d4 --out requests
issue --authority ca --csr requests --out carried
join carried
devices --authority ca --format csv
register cert_a1998e/cert.pem --authority ca -i a1998e
list --authority ca
list --authority ca --format json
list --authority ca --format csv
devices --authority ca
devices add c00001 --authority ca
inspect cert_a1998e
inspect cert_a1998e --format json
verify cert_a1998e
verify cert_a1998e --format json
status
status --format json
status --format csv
status --format prometheus
status --format nagios
status --journal
summary lines
authority copy ca other-ca
whoami cert_a1998e
doctor --authority ca
ca show --authority ca
ca fetch --authority ca
ca crl --authority ca
ca bundle --authority ca
config show
connect mqtts://127.0.0.1:1 cert_a1998e
connect mqtts://127.0.0.1:1 cert_a1998e --format json
export cert_a1998e --to out --chain
export cert_a1998e --to out --chain --format json
renew --authority ca --all
renew --authority ca --all --format json
revoke cert_a1998e --authority ca --yes
revoke cert_a1998e --authority ca --yes --format json
completions bash
man";

/// Verbs without a line, and why.
const LEFT: [(&str, &str); 6] = [
    ("est", "no request waits at the authority of these lines"),
    ("oob", "it needs a server of another kind"),
    ("discover", "no server is on the network of these lines"),
    ("serve", "it does not end"),
    ("login", "it has nothing for stdout"),
    ("logout", "it has nothing for stdout"),
];

#[test]
fn every_verb_has_a_line() {
    let typed = LINES.lines().filter_map(|line| line.split(' ').next());
    let known: BTreeSet<&str> = typed.chain(LEFT.map(|(verb, _)| verb)).collect();
    let verbs = verbs();
    let without: Vec<&String> =
        verbs.iter().map(|verb| &verb[0]).filter(|verb| !known.contains(verb.as_str())).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// With the lines of a run.
fn place() -> tempfile::TempDir {
    let place = workplace();
    let line = r#"{"schema":"certreq.issue/1","device":"a1998e","state":"issued"}"#;
    std::fs::write(place.path().join("lines"), line).unwrap();
    place
}

fn run(home: &std::path::Path, line: &str, stdout: impl Into<Stdio>) -> Output {
    let mut command = certreq(home).args(line.split(' ')).into_command();
    command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
}

#[test]
fn a_full_disk_behind_it_is_told() {
    let home = place();
    let mut wrong = Vec::new();
    for line in LINES.lines() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = run(home.path(), line, full);
        let said = String::from_utf8(ended.stderr).unwrap();
        // For Nagios 1 would be a warning, and 3 is the state UNKNOWN.
        let code = if line.ends_with(" nagios") { 3 } else { 1 };
        if ended.status.code() != Some(code)
            || !said.contains("stdout cannot be written: No space left on device")
        {
            wrong.push(format!("certreq {line} > /dev/full ends with {}: {said}", ended.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let files = tree(home.path());
    assert!(files.iter().any(|file| file.ends_with("cert_a1998e/cert.pem")), "the work was done: {files:?}");
}

#[test]
fn a_reader_who_has_enough_is_no_failure() {
    let (read, left) = (place(), place());
    let mut wrong = Vec::new();
    for line in LINES.lines() {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let ended = run(left.path(), line, writer);
        let said = String::from_utf8(ended.stderr).unwrap();
        let otherwise = run(read.path(), line, Stdio::null()).status;
        if ended.status != otherwise || said.contains("stdout") || said.contains("roken pipe") {
            wrong.push(format!("certreq {line} | true ends with {} ({otherwise}): {said}", ended.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
