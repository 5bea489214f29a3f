//! A run with --watch survives the platform's refusals, reads files again when told, and leaves the directory to
//! others.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use super::{fingerprint, fleet, ids};
use crate::support::{
    platform::{SECRET, workplace},
    terminal::certreq,
};

#[test]
fn a_wrong_secret_does_not_end_it_and_a_hangup_brings_the_right_one() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &["--lifetime", "1d"]);
    let old = fingerprint(home.path(), "000000");
    std::fs::write(home.path().join("secret"), "wrong").unwrap();
    let mut command = certreq(home.path())
        .args([
            "renew",
            "--watch",
            "--within",
            "2d",
            "-h",
            &served.url,
            "-u",
            "admin",
            "--secret-file",
            "secret",
        ])
        .into_command();
    let mut watch = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut wait_for = |part: &str| lines.find(|line| line.contains(part)).expect(part);
    let signal = |name: &str| {
        assert!(Command::new("kill").args([name, &watch.id().to_string()]).status().unwrap().success());
    };
    wait_for("next check at ");
    assert_eq!(fingerprint(home.path(), "000000"), old);
    // Between two cycles the directory is free.
    certreq(home.path()).args(["issue", "--all", "-q"]).args(served.login()).run().exits(0);
    std::fs::write(home.path().join("secret"), SECRET).unwrap();
    signal("-HUP");
    wait_for("reloaded: files are read again");
    wait_for("1 renewed, 0 failed");
    assert_ne!(fingerprint(home.path(), "000000"), old);
    signal("-TERM");
    assert_eq!(watch.wait().unwrap().code(), Some(130));
}
