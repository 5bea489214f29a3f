//! The embedded platform, started as a user starts it, on a free port.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStderr, Stdio},
};

use tempfile::TempDir;

use super::terminal::{Call, certreq, started_by};

/// The admin's secret of every platform the tests start.
pub(crate) const SECRET: &str = "a secret for tests";

/// A running `certreq serve`; it ends with the test.
pub(crate) struct Served {
    child: Child,
    /// Keeps the pipe open; what it says after the start is not read.
    _stderr: BufReader<ChildStderr>,
    pub(crate) url: String,
    /// Its log lines before it listened.
    pub(crate) said: String,
    home: TempDir,
}

impl Served {
    /// With these devices registered.
    pub(crate) fn with_devices(devices: &[&str]) -> Self {
        let list = devices.join(",");
        if devices.is_empty() { Self::start(&[]) } else { Self::start(&["--register", &list]) }
    }

    /// With more arguments.
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_in(TempDir::new().expect("a temporary directory"), args)
    }

    /// Starts again on what an earlier one left.
    pub(crate) fn start_in(home: TempDir, args: &[&str]) -> Self {
        let call = certreq(home.path());
        Self::launch(home, call, args)
    }

    /// By way of another program, which is given the arguments.
    pub(crate) fn start_as(way: &[&str], args: &[&str]) -> Self {
        let home = TempDir::new().expect("a temporary directory");
        let call = started_by(way, home.path());
        Self::launch(home, call, args)
    }

    fn launch(home: TempDir, call: Call, args: &[&str]) -> Self {
        use std::os::unix::fs::OpenOptionsExt;
        let mut secret = std::fs::OpenOptions::new();
        let secret =
            secret.write(true).create(true).truncate(true).mode(0o600).open(home.path().join("secret"));
        secret.and_then(|mut file| file.write_all(SECRET.as_bytes())).expect("the secret is written");
        let mut command = call
            .args(["serve", "--listen", "127.0.0.1:0", "--no-login-limit", "--admin-secret-file", "secret"])
            .args(["--dir", "authority"])
            .args(args)
            .into_command();
        if super::postgres::chosen()
            && !args.contains(&"--database")
            && command.get_envs().all(|(name, _)| name != "CERTREQ_DATABASE")
        {
            // A server that starts again in a home finds the records of before.
            let kept = home.path().join("database");
            let url = std::fs::read_to_string(&kept).unwrap_or_else(|_| {
                let url = super::postgres::required().fresh().url();
                std::fs::write(&kept, &url).expect("the address is written");
                url
            });
            command.env("CERTREQ_DATABASE", url);
        }
        command.env("CERTREQ_LOG", "certreq=warn");
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("certreq serve starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).expect("readable"), 0, "certreq serve ended: {said}");
            if let Some((_, url)) = line.split_once("listening on ") {
                break url.trim().to_owned();
            }
            said.push_str(&line);
        };
        Self { child, _stderr: stderr, url, said, home }
    }

    /// Host and port, as `-h` and `-p` take them.
    pub(crate) fn host_and_port(&self) -> (String, String) {
        let authority = self.url.split("://").last().expect("a URL");
        let (host, port) = authority.rsplit_once(':').expect("a port");
        (host.to_owned(), port.to_owned())
    }

    /// The file that holds the admin's secret.
    pub(crate) fn secret_file(&self) -> String {
        self.home.path().join("secret").display().to_string()
    }

    /// Where the authority keeps its key and its database.
    pub(crate) fn authority(&self) -> std::path::PathBuf {
        self.home.path().join("authority")
    }

    /// Kills it without warning and starts it again on the same data.
    pub(crate) fn kill(mut self) -> TempDir {
        let _ = self.child.kill();
        let _ = self.child.wait();
        std::mem::replace(&mut self.home, TempDir::new().expect("a temporary directory"))
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The fingerprint of its root, as it says when it speaks EST.
    pub(crate) fn root_fingerprint(&self) -> String {
        let said = self.said.lines().find_map(|line| line.strip_prefix("root certificate, SHA-256: "));
        said.expect("it speaks EST").to_owned()
    }

    /// Arguments that reach it over EST as the admin.
    pub(crate) fn est(&self) -> Vec<String> {
        ["--est", &self.url, "-u", "admin", "--secret-file", &self.secret_file()].map(str::to_owned).to_vec()
    }

    /// Arguments that reach it as the admin.
    pub(crate) fn login(&self) -> Vec<String> {
        ["-h", &self.url, "-u", "admin", "--secret-file", &self.secret_file()].map(str::to_owned).to_vec()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A fresh directory for one test.
pub(crate) fn workplace() -> TempDir {
    TempDir::new().expect("a temporary directory")
}

/// Text of a file below a directory.
pub(crate) fn text(directory: &Path, name: &str) -> String {
    std::fs::read_to_string(directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
