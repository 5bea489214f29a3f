//! `certreq serve --idprov` on free loopback ports, as a user starts it, and its log.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

use tempfile::TempDir;

use crate::support::terminal::{Call, certreq};

/// Long enough for a loaded machine; a test that gets here has failed.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

/// A running hub; it ends with the test.
pub(crate) struct Hub {
    child: Child,
    log: Arc<Log>,
    home: TempDir,
    /// Host and port, as `--idprov` takes them.
    pub(crate) place: String,
    /// The platform beside it.
    pub(crate) url: String,
}

impl Hub {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_in(TempDir::new().unwrap(), args)
    }

    /// Starts again on what an earlier one left.
    pub(crate) fn start_in(home: TempDir, args: &[&str]) -> Self {
        let secret = home.path().join("secret");
        let mut open = fs::OpenOptions::new();
        let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(secret).unwrap();
        std::io::Write::write_all(&mut file, crate::support::platform::SECRET.as_bytes()).unwrap();
        let mut command = certreq(home.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--no-login-limit", "--admin-secret-file", "secret"])
            .args(["--authority", "authority", "--idprov", "--idprov-listen", "127.0.0.1:0"])
            .args(args)
            .into_command();
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Log::default());
        let (stderr, heard) = (child.stderr.take().unwrap(), Arc::clone(&log));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                heard.lines.lock().unwrap().push(line);
                heard.more.notify_all();
            }
            heard.lines.lock().unwrap().push("(ended)".to_owned());
            heard.more.notify_all();
        });
        let mut hub = Self { child, log, home, place: String::new(), url: String::new() };
        let place = hub.says("provisioning on https://");
        place.split("https://").nth(1).unwrap().split(' ').next().unwrap().clone_into(&mut hub.place);
        hub.says("listening on ").split("listening on ").nth(1).unwrap().trim().clone_into(&mut hub.url);
        hub
    }

    /// Waits for a line of its log.
    #[track_caller]
    pub(crate) fn says(&self, part: &str) -> String {
        let lines = self.log.lines.lock().unwrap();
        let (lines, waited) = self
            .log
            .more
            .wait_timeout_while(lines, PATIENCE, |lines| {
                !lines.iter().any(|line| line.contains(part) || line == "(ended)")
            })
            .unwrap();
        let found = lines.iter().find(|line| line.contains(part)).cloned();
        found
            .unwrap_or_else(|| panic!("{part:?} is not in the log (waited: {waited:?}):\n{}", lines.join("\n")))
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    /// Kills it without warning; what it left.
    pub(crate) fn kill(mut self) -> TempDir {
        let _ = self.child.kill();
        let _ = self.child.wait();
        std::mem::replace(&mut self.home, TempDir::new().unwrap())
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.home.path().join("authority")
    }

    /// The directory with the operator's files.
    pub(crate) fn operator(&self) -> PathBuf {
        self.authority().join("idprov-admin")
    }

    /// The root's fingerprint.
    pub(crate) fn fingerprint(&self) -> String {
        let said = self.says("root certificate, SHA-256: ");
        said.split("SHA-256: ").nth(1).unwrap().trim().to_owned()
    }

    /// `certreq oob VERB ...` as its operator.
    pub(crate) fn oob(&self, directory: &Path, args: &[&str]) -> Call {
        let file = |name: &str| self.operator().join(name).display().to_string();
        certreq(directory)
            .args(["oob"])
            .args(args)
            .args(["--idprov", &self.place, "--cert", &file("admin.pem"), "--key", &file("admin.key")])
            .args(["--cacert", &file("ca.pem")])
    }

    /// Brings the secret of a device.
    #[track_caller]
    pub(crate) fn knows(&self, directory: &Path, device: &str, secret: &str) {
        self.oob(directory, &["add", device, "--oob-secret-file", "-"]).stdin(secret).run().exits(0);
    }

    /// Arguments that reach the platform beside it as its admin.
    pub(crate) fn login(&self) -> Vec<String> {
        let secret = self.home.path().join("secret").display().to_string();
        ["-h", &self.url, "-u", "admin", "--secret-file", &secret].map(str::to_owned).to_vec()
    }

    /// Rows of the authority's database.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        rows(&self.authority(), sql)
    }
}

/// Rows of an authority's database, read while it may be in use.
pub(crate) fn rows(authority: &Path, sql: &str) -> Vec<String> {
    let file = authority.join("authority.db");
    let database =
        rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    database.busy_timeout(Duration::from_secs(10)).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file that only this user can read.
pub(crate) fn secret_file(directory: &Path, name: &str, text: &str) {
    let mut open = fs::OpenOptions::new();
    let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(directory.join(name)).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
}

/// `certreq issue --idprov PLACE -i DEVICE` with this secret.
pub(crate) fn issue(directory: &Path, place: &str, device: &str, secret: &str) -> Call {
    secret_file(directory, "s", secret);
    certreq(directory).args(["issue", "--idprov", place, "-i", device, "--oob-secret-file", "s"])
}

/// Output of openssl about a certificate.
pub(crate) fn openssl(directory: &Path, args: &[&str]) -> String {
    let output = Command::new("openssl").args(args).current_dir(directory).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
