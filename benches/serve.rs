//! Certificates per second of the server, side by side, in one run: `cargo bench --bench serve`.
//!
//! `wrk` posts one fixed request; each answer is a new certificate, durable in the database. SQLite, Postgres with one, two
//! and four servers on one database, and `cfssl serve`, which keeps no record. Needs wrk, psql and initdb (postgresql), and
//! cfssl (golang-cfssl); run as a user that Postgres takes, or as root, for whom it runs as the user postgres.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program's server with SQLite by turns with this one.

#[expect(dead_code, reason = "other benches need more of it")]
mod beside;
#[expect(dead_code, reason = "other benches need more of it")]
mod platform;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use beside::{ROUNDS, by_turns, middle, programs};
use certreq::pki::{
    csr,
    key::{KeySpec, PrivateKey},
};
use platform::{Any, Served};

/// Seconds of each row.
const SECONDS: u32 = 10;

/// Connections in all.
const CONNECTIONS: usize = 64;

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn main() -> Any<()> {
    for tool in ["wrk", "cfssl"] {
        if Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            return Err(format!("{tool} is not installed").into());
        }
    }
    // Beside the build, on the disk that is being measured; /tmp may be memory.
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?.keep();
    let request = csr::request(&PrivateKey::generate(KeySpec::P256)?, "000001")?;
    println!("{:<34} {:>14}", "server", "certificates/s");
    let programs = programs()?;
    let runs = by_turns(&programs, if programs.len() > 1 { ROUNDS } else { 1 }, |program| {
        certreq(&program.path, &place, &request, &[&[]])
    })?;
    let rates: Vec<f64> =
        runs.into_iter().map(|runs| middle(runs.into_iter().map(|rate| (rate, 0)).collect()).0).collect();
    let sqlite = rates[0];
    for (program, rate) in programs.iter().zip(rates) {
        row(&format!("{} serve, SQLite", program.name), rate, sqlite);
    }
    let own = &programs[0].path;
    let cluster = Cluster::start()?;
    for number in [1, 2, 4] {
        let url = cluster.database(number)?;
        let args = ["--database", &url];
        let servers: Vec<&[&str]> = vec![&args; number];
        let plural = if number == 1 { "" } else { "s" };
        row(
            &format!("certreq serve, Postgres, {number} server{plural}"),
            certreq(own, &place, &request, &servers)?,
            sqlite,
        );
    }
    row("cfssl serve, no database", cfssl(&place, &request)?, sqlite);
    println!("{} cores for clients, servers and database together", thread::available_parallelism()?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn row(what: &str, rate: f64, of: f64) {
    println!("{what:<34} {rate:>14.0} {:>6.2} of SQLite", rate / of);
}

/// Answers per second of servers that share a key.
fn certreq(program: &Path, place: &Path, request: &str, servers: &[&[&str]]) -> Any<f64> {
    let mut running: Vec<Served> = Vec::new();
    for args in servers {
        let key = running.first().map(key_of);
        running.push(Served::start_as(Command::new(program), place, 10, args, &[], key.as_deref())?);
    }
    let body = serde_json::json!({ "csr": request, "belongsTo": { "device": "000001" } }).to_string();
    let token = token(&running[0], place)?;
    let urls: Vec<String> =
        running.iter().map(|served| format!("{}/x509/v1/certificates", served.url)).collect();
    post(place, &urls, &body, &format!("Bearer {token}"))
}

fn key_of(served: &Served) -> PathBuf {
    served.secret.with_file_name("authority").join("ca.key")
}

/// A token for the admin.
fn token(served: &Served, place: &Path) -> Any<String> {
    let file = place.join("token");
    let login = Command::new(env!("CARGO_BIN_EXE_certreq"))
        .args(["login", "-q", "-h", &served.url, "-u", "admin", "--secret-file"])
        .arg(&served.secret)
        .arg("--token-file")
        .arg(&file)
        .status()?;
    if !login.success() {
        return Err("the login failed".into());
    }
    Ok(fs::read_to_string(file)?.trim().to_owned())
}

/// Runs wrk for each address at the same time.
fn post(place: &Path, urls: &[String], body: &str, authorization: &str) -> Any<f64> {
    let script = place.join("post.lua");
    fs::write(
        &script,
        format!(
            "wrk.method = 'POST'\nwrk.body = [[{body}]]\nwrk.headers['Content-Type'] = 'application/json'\n\
             wrk.headers['Authorization'] = '{authorization}'\n"
        ),
    )?;
    let connections = (CONNECTIONS / urls.len()).to_string();
    let started: Vec<Child> = urls
        .iter()
        .map(|url| {
            Command::new("wrk")
                .args(["-t1", "-c", &connections, "-d", &SECONDS.to_string(), "-s"])
                .arg(&script)
                .arg(url)
                .stdout(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    let mut rate = 0.0;
    for child in started {
        let said = String::from_utf8(child.wait_with_output()?.stdout)?;
        if said.contains("Non-2xx") {
            return Err(format!("requests failed: {said}").into());
        }
        let number = said.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
        rate += number.ok_or("wrk says nothing")?.trim().parse::<f64>()?;
    }
    Ok(rate)
}

fn cfssl(place: &Path, request: &str) -> Any<f64> {
    let home = tempfile::Builder::new().prefix("cfssl-").tempdir_in(place)?.keep();
    let ca = r#"{"CN":"bench","key":{"algo":"ecdsa","size":256}}"#;
    fs::write(home.join("ca.json"), ca)?;
    let made = Command::new("sh")
        .args(["-c", "cfssl gencert -initca ca.json 2>/dev/null | cfssljson -bare ca"])
        .current_dir(&home)
        .status()?;
    if !made.success() {
        return Err("cfssl made no CA".into());
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut child = Command::new("cfssl")
        .args(["serve", "-address=127.0.0.1", &format!("-port={port}"), "-ca=ca.pem", "-ca-key=ca-key.pem"])
        .args(["-loglevel=5"])
        .current_dir(&home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        thread::sleep(Duration::from_millis(20));
    }
    let body = serde_json::json!({ "certificate_request": request }).to_string();
    let rate = post(place, &[format!("http://127.0.0.1:{port}/api/v1/cfssl/sign")], &body, "none");
    child.kill()?;
    child.wait()?;
    rate
}

/// A Postgres of the bench's own.
struct Cluster {
    home: PathBuf,
    programs: PathBuf,
}

impl Cluster {
    fn start() -> Any<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql")?.flatten().map(|version| version.path().join("bin"));
        let programs = versions.max().ok_or("postgresql is not installed")?;
        let home = tempfile::Builder::new().prefix("pg").tempdir()?.keep();
        let cluster = Self { home, programs };
        cluster.run("chown postgres . 2>/dev/null || true", false)?;
        cluster.run("\"$BIN/initdb\" -U certreq --auth=trust --encoding=UTF8 --no-locale -D data", true)?;
        let options = "-o \"-k $PWD -c listen_addresses='' -c max_connections=200\"";
        cluster.run(&format!("\"$BIN/pg_ctl\" -D data -w {options} -l log start"), true)?;
        Ok(cluster)
    }

    /// Runs a line of shell in its directory; with `own`, as a user that Postgres takes.
    fn run(&self, line: &str, own: bool) -> Any<()> {
        let mut command = if own && rustix::process::geteuid().is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", line]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        };
        let ended =
            command.env("BIN", &self.programs).current_dir(&self.home).stdout(Stdio::null()).status()?;
        if ended.success() { Ok(()) } else { Err(format!("{line}: {ended}").into()) }
    }

    fn database(&self, number: usize) -> Any<String> {
        self.run(&format!("\"$BIN/createdb\" -h \"$PWD\" -U certreq b{number}"), true)?;
        Ok(format!("postgres://certreq@{}/b{number}", self.home.display().to_string().replace('/', "%2F")))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.run("\"$BIN/pg_ctl\" -D data -m fast stop", true);
    }
}
