//! The programs in Python, where its package `cryptography` is installed.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use crate::support::tools::say;

/// A python3 with the package; without one the test says what it leaves out, and in CI it fails.
#[track_caller]
pub(super) fn here() -> Option<&'static str> {
    let works = |python: &&str| {
        let asked = Command::new(python).args(["-c", "import cryptography"]).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    let found = ["python3", "/usr/bin/python3"].into_iter().find(works);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "python3 with the package cryptography is not installed");
        let caller = std::panic::Location::caller();
        say(&format!(
            "left out: {}:{} needs python3 with the package cryptography",
            caller.file(),
            caller.line()
        ));
    }
    found
}

/// Output of the client for these arguments.
#[track_caller]
pub(super) fn client(python: &str, place: &str, args: &[&str]) -> String {
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/idprov/client.py"))
        .arg(place)
        .args(args)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A running server; it ends with the test.
pub(super) struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(super) place: String,
    pub(super) dir: TempDir,
}

impl Server {
    /// For one device and its secret.
    pub(super) fn start(python: &str, device: &str, behaviours: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/idprov/server.py"))
            .arg(dir.path())
            .args([device, super::SECRET])
            .args(behaviours)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("port ").unwrap_or_else(|| panic!("no port: {line}"));
        Self { place: format!("127.0.0.1:{port}"), child, stdout, dir }
    }

    /// Its root certificate.
    pub(super) fn root(&self) -> String {
        self.dir.path().join("root.pem").display().to_string()
    }

    /// Ends it, and says what it did.
    pub(super) fn ends(mut self) -> Vec<String> {
        let _ = self.child.kill();
        let _ = self.child.wait();
        (&mut self.stdout).lines().map_while(Result::ok).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The run wrote no file but those that the program keeps for itself.
#[track_caller]
pub(super) fn nothing_was_written(directory: &Path) {
    let left: Vec<String> =
        crate::support::terminal::tree(directory).into_iter().filter(|name| name != "s").collect();
    assert!(left.is_empty(), "{left:?}");
}
