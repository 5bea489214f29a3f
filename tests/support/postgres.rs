//! A Postgres of the tests' own: one for all that share it, and others for tests that kill theirs. It lives in a
//! temporary directory, listens on a socket there, and ends with the process that started it.

use std::{
    io::Read,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use certreq::authority::{AddressError, Database};
use tempfile::TempDir;

use super::tools;

/// A running server.
pub(crate) struct Cluster {
    home: TempDir,
    programs: PathBuf,
    child: std::sync::Mutex<Option<Child>>,
    number: AtomicUsize,
    /// More settings, as the command line has them.
    settings: Vec<String>,
}

/// An empty database.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    socket: PathBuf,
    pub(crate) name: String,
}

/// Where Debian, or the path, has the programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    found.reverse();
    found.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    found.into_iter().find(|directory| directory.join("initdb").is_file())
}

/// The server that tests share; `None` where there is none, which is said by the name of what is left out.
pub(crate) fn shared(what: &str) -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let shared = SHARED.get_or_init(Cluster::start).as_ref();
    if shared.is_none() {
        assert!(std::env::var_os("CI").is_none(), "postgresql is not installed");
        tools::say(&format!("left out: {what} needs postgresql"));
    }
    shared
}

/// The suite is to run on it.
pub(crate) fn chosen() -> bool {
    std::env::var("CERTREQ_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

/// The same, where it was asked for.
pub(crate) fn required() -> &'static Cluster {
    shared("CERTREQ_TEST_DATABASE=postgres").expect("postgresql is installed")
}

impl Cluster {
    /// A server of one test's own.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(|_| Vec::new())
    }

    /// One with more settings, which may need files in its directory.
    pub(crate) fn start_with(settings: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let mut cluster = Self::unmade()?;
        cluster.settings = settings(cluster.home.path());
        cluster.own();
        let made = cluster
            .command("initdb")
            .args(["-U", "certreq", "--auth=trust", "--encoding=UTF8", "--no-locale", "-D"])
            .arg(cluster.data())
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.launch();
        Some(cluster)
    }

    /// A standby of this one: it has what this one has, and takes no writes.
    pub(crate) fn standby(&self) -> Self {
        let standby = Self::unmade().expect("there is one");
        standby.own();
        let copied = standby
            .command("pg_basebackup")
            .arg("-h")
            .arg(self.home.path())
            .args(["-U", "certreq", "-R", "-X", "stream", "-c", "fast", "-D"])
            .arg(standby.data())
            .output()
            .expect("pg_basebackup starts");
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        standby.launch();
        standby
    }

    fn unmade() -> Option<Self> {
        let programs = programs()?;
        let home = tempfile::Builder::new().prefix("pg").tempdir().expect("a temporary directory");
        let (child, number) = (std::sync::Mutex::default(), AtomicUsize::new(0));
        Some(Self { home, programs, child, number, settings: Vec::new() })
    }

    /// Its server does not run as root.
    fn own(&self) {
        if let Some((user, _)) = other_user() {
            let owned = Command::new("chown").arg("-R").arg(user.to_string()).arg(self.home.path()).status();
            assert!(owned.expect("chown starts").success());
        }
    }

    /// The directory with its socket, as an address has it.
    pub(crate) fn host(&self) -> String {
        self.home.path().display().to_string().replace('/', "%2F")
    }

    /// The directory with its socket.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        self.beside(&self.programs.join(program))
    }

    /// Any program, in its directory and as its user.
    pub(crate) fn beside(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.home.path()).env("LC_ALL", "C").stdin(Stdio::null());
        if let Some(port) = self.settings.iter().find_map(|setting| setting.strip_prefix("port=")) {
            command.env("PGPORT", port);
        }
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        command
    }

    /// Starts the server on its data, and waits until it answers.
    pub(crate) fn launch(&self) {
        // When the tests end, whatever ends them, the pipe closes, and the server is stopped.
        let script = "\"$@\" & trap '' INT TERM; read -r _; kill -INT $!; wait";
        let mut command = Command::new("sh");
        command
            .args(["-c", script, "sh"])
            .arg(self.programs.join("postgres"))
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.home.path())
            .args(["-c", "listen_addresses=", "-c", "max_connections=300", "-c", "shared_buffers=32MB"])
            .args(self.settings.iter().flat_map(|setting| ["-c", setting]))
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        if let Some((user, group)) = other_user() {
            command.uid(user).gid(group);
        }
        *self.child.lock().expect("no panic") = Some(command.spawn().expect("postgres starts"));
        let until = Instant::now() + Duration::from_secs(60);
        while !self.answers() {
            assert!(Instant::now() < until, "postgres does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self) -> bool {
        let asked = self.command("pg_isready").arg("-h").arg(self.home.path()).args(["-U", "certreq"]).output();
        asked.expect("pg_isready starts").status.success()
    }

    /// The number of its first process.
    fn process(&self) -> i32 {
        let mut text = String::new();
        let mut file = std::fs::File::open(self.data().join("postmaster.pid")).expect("it runs");
        file.read_to_string(&mut text).expect("readable");
        text.lines().next().and_then(|line| line.parse().ok()).expect("a process")
    }

    /// Kills it and all it started, as a power cut does to a process, and starts it again.
    pub(crate) fn kill_and_start_again(&self) {
        self.kill();
        self.launch();
    }

    /// Kills it without warning.
    pub(crate) fn kill(&self) {
        let first = self.process();
        let children = Command::new("pgrep").args(["-P", &first.to_string()]).output().expect("pgrep starts");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        let process = rustix::process::Pid::from_raw(first).expect("a process");
        rustix::process::kill_process(process, rustix::process::Signal::KILL).expect("it runs");
        if let Some(mut child) = self.child.lock().expect("no panic").take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
        // Its own children notice, and end; a new server would not start before.
        let until = Instant::now() + Duration::from_secs(30);
        let lives = |process: &str| {
            let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            state.rsplit(") ").next().is_some_and(|state| !state.is_empty() && !state.starts_with('Z'))
        };
        while children.split_whitespace().any(lives) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// An empty database.
    pub(crate) fn fresh(&self) -> Fresh {
        let name = format!("t{}", self.number.fetch_add(1, Ordering::Relaxed));
        let made = self
            .command("createdb")
            .arg("-h")
            .arg(self.home.path())
            .args(["-U", "certreq", &name])
            .output()
            .expect("createdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Fresh { socket: self.home.path().to_owned(), name }
    }

    /// The database of an address that was handed out.
    pub(crate) fn of_url(&self, url: &str) -> Fresh {
        let name = url.rsplit('/').next().expect("a name").to_owned();
        Fresh { socket: self.home.path().to_owned(), name }
    }

    /// Output of psql for a statement, without headings.
    pub(crate) fn sql(&self, database: &Fresh, statement: &str) -> String {
        let asked = self
            .command("psql")
            .arg("-h")
            .arg(self.home.path())
            .args(["-U", "certreq", "-d", &database.name, "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .output()
            .expect("psql starts");
        assert!(asked.status.success(), "{statement}: {}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8_lossy(&asked.stdout).trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.lock().expect("no panic").take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

impl Fresh {
    pub(crate) fn url(&self) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        format!("postgres://certreq@{socket}/{}", self.name)
    }

    pub(crate) fn database(&self) -> Database {
        Database::at::<AddressError>(&self.url(), |_| Ok(None)).expect("an address")
    }
}

/// The user that Postgres runs as, since it refuses to run as root: the one Debian made for it, or 65534.
fn other_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let known = |path: &Path| {
        let users = std::fs::read_to_string(path).ok()?;
        let line = users.lines().find(|line| line.starts_with("postgres:"))?.to_owned();
        let mut numbers = line.split(':').skip(2).map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    Some(known(Path::new("/etc/passwd")).unwrap_or((65534, 65534)))
}
