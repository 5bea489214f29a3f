//! Shared parts of the benches: a platform to talk to, and a watch on the time and memory of a process.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const SECRET: &str = "the secret of the benches";

pub(crate) type Any<T> = Result<T, Box<dyn std::error::Error>>;

/// Six hex digits each, as the platform gives them.
pub(crate) fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06x}")).collect()
}

/// Reads the high-water mark of a process until it has ended; KiB.
pub(crate) fn wait(process: u32) -> (f64, u64) {
    let began = Instant::now();
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let mark = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        match mark {
            Some(mark) => peak = mark,
            // A process that has ended has no memory any more.
            None => return (began.elapsed().as_secs_f64(), peak),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A platform of its own for each row.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
    pub(crate) secret: PathBuf,
}

impl Served {
    pub(crate) fn start(place: &Path, devices: usize) -> Any<Self> {
        Self::start_with(place, devices, &[], &[], None)
    }

    /// With more arguments and variables, and the key of another server where they share their records.
    pub(crate) fn start_with(
        place: &Path,
        devices: usize,
        more: &[&str],
        variables: &[(&str, &str)],
        key: Option<&Path>,
    ) -> Any<Self> {
        let program = Command::new(env!("CARGO_BIN_EXE_certreq"));
        Self::start_as(program, place, devices, more, variables, key)
    }

    /// The same by a command that runs the program in a way of its own.
    pub(crate) fn start_as(
        mut program: Command,
        place: &Path,
        devices: usize,
        more: &[&str],
        variables: &[(&str, &str)],
        key: Option<&Path>,
    ) -> Any<Self> {
        let home = tempfile::Builder::new().prefix("authority-").tempdir_in(place)?.keep();
        let secret = home.join("secret");
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&secret)?
            .write_all(SECRET.as_bytes())?;
        fs::write(home.join("ids"), ids(devices).join("\n"))?;
        if let Some(key) = key {
            fs::create_dir(home.join("authority"))?;
            fs::copy(key, home.join("authority/ca.key"))?;
        }
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0", "--dir", "authority", "--register-from", "ids"])
            .args(["--admin-secret-file", "secret", "--no-login-limit", "--token-lifetime", "1h"])
            .args(more)
            .envs(variables.iter().copied())
            .env("CERTREQ_LOG", "error")
            .current_dir(&home)
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no stderr")?).lines();
        let url = loop {
            let line = lines.next().ok_or("certreq serve ended")??;
            if let Some((_, url)) = line.split_once("listening on ") {
                break url.to_owned();
            }
        };
        Ok(Self { child, url, secret })
    }

    /// Ends it as an administrator does.
    pub(crate) fn end(mut self) -> Any<()> {
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::TERM,
        )?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("certreq serve ended with {status}").into()) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
