//! Devices per second, side by side, in one run: `cargo bench --bench issue`.
//!
//! The classic shell tool (`benches/classic.sh`), `certreq issue` with RSA and with P-256 keys, a bare client that does
//! only what no client can leave out (`benches/bare`), and `wrk` posting one fixed request to the same server, which is
//! the ceiling: nothing that asks this server can be faster. Every row starts a fresh `certreq serve`; files and
//! database are durable. Needs openssl, curl, jq and wrk.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program by turns with this one, against the same kind of
//! server.
//!
//! The files stay where the last line says: ext4 avoids inodes that were freed a moment ago by looking at each of them
//! for every new file, so a run in the minutes after they were deleted reads less than half.

mod bare;
mod beside;
mod platform;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use bare::Bare;
use beside::{ROUNDS, by_turns, middle, programs, ratio};
use certreq::pki::{
    csr,
    key::{KeySpec, PrivateKey},
};
use platform::{Any, Served, ids, wait};

/// The argument with which this program is its own bare client, so that its memory is its own as well.
const BARE: &str = "bare";

/// Starts of the program from which the median is taken.
const TIMES: usize = 51;

/// One line of the table.
struct Row {
    what: &'static str,
    devices: usize,
    seconds: f64,
    /// KiB, the largest process of the client's side.
    peak: u64,
}

impl Row {
    #[expect(clippy::cast_precision_loss, reason = "a number of devices")]
    fn rate(&self) -> f64 {
        self.devices as f64 / self.seconds
    }
}

fn main() -> Any<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, what, rest @ ..] = arguments.as_slice()
        && what == BARE
    {
        return Bare::from_arguments(rest)?.run();
    }
    let Some(missing) = ["openssl", "curl", "jq", "wrk"].into_iter().find(|tool| !installed(tool)) else {
        return run();
    };
    Err(format!("{missing} is not installed; on Debian: apt-get install openssl curl jq wrk").into())
}

fn installed(tool: &str) -> bool {
    let known = Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status();
    known.is_ok_and(|status| status.success())
}

fn run() -> Any<()> {
    // Beside the build, on the disk that is being measured; /tmp may be memory.
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let bench = Bench { place: place.keep() };
    let rows = [
        bench.script("the classic script, rsa2048", 40)?,
        bench.certreq("certreq --key rsa2048", "rsa2048", 400)?,
        bench.certreq("certreq (p256), 1,000", "p256", 1_000)?,
        bench.certreq("certreq (p256), 10,000", "p256", 10_000)?,
        bench.bare("a bare client (p256), 10,000", 10_000)?,
        bench.ceiling("wrk, one fixed request", Duration::from_secs(10))?,
    ];
    print(&rows);
    bench.beside()?;
    bench.start()
}

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "the table is the result; KiB in MiB")]
fn print(rows: &[Row]) {
    let script = rows[0].rate();
    let ceiling = rows[rows.len() - 1].rate();
    println!("| what | devices | seconds | devices/s | of the script | of the ceiling | peak memory |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for row in rows {
        println!(
            "| {} | {} | {:.2} | {:.1} | {:.1} x | {:.1} % | {:.1} MiB |",
            row.what,
            row.devices,
            row.seconds,
            row.rate(),
            row.rate() / script,
            100.0 * row.rate() / ceiling,
            row.peak as f64 / 1024.0
        );
    }
    let [.., thousand, ten_thousand, _, _] = rows else { return };
    println!("\ntime per device at 10,000 against 1,000: {:.2}", thousand.rate() / ten_thousand.rate());
}

struct Bench {
    place: PathBuf,
}

impl Bench {
    fn script(&self, what: &'static str, devices: usize) -> Any<Row> {
        let served = Served::start(&self.place, devices)?;
        let home = self.fresh(what)?;
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/classic.sh"));
        command.args([&served.url, "admin"]).arg(&served.secret).args(ids(devices)).current_dir(&home);
        let (seconds, peak) = watch(command)?;
        expect_pairs(&home, devices)?;
        Ok(Row { what, devices, seconds, peak })
    }

    fn certreq(&self, what: &'static str, key: &str, devices: usize) -> Any<Row> {
        let (seconds, peak) = self.issue(Path::new(env!("CARGO_BIN_EXE_certreq")), what, key, devices)?;
        Ok(Row { what, devices, seconds, peak })
    }

    /// Both programs by turns, where there are two.
    #[expect(clippy::print_stdout, reason = "the lines are the result")]
    fn beside(&self) -> Any<()> {
        let programs = programs()?;
        if programs.len() < 2 {
            return Ok(());
        }
        for (key, devices) in [("rsa2048", 400), ("p256", 10_000)] {
            let mut turn = 0;
            let runs = by_turns(&programs, ROUNDS, |program| {
                turn += 1;
                self.issue(&program.path, &format!("{key}{turn}"), key, devices)
            })?;
            let seconds: Vec<f64> = runs.into_iter().map(|runs| middle(runs).0).collect();
            let each =
                programs.iter().zip(&seconds).map(|(program, took)| format!("{} {took:.2} s", program.name));
            println!("{devices} devices, {key}: {}: {}", each.collect::<Vec<_>>().join(", "), ratio(&seconds));
        }
        Ok(())
    }

    fn issue(&self, program: &Path, name: &str, key: &str, devices: usize) -> Any<(f64, u64)> {
        let served = Served::start(&self.place, devices)?;
        let home = self.fresh(name)?;
        let mut command = Command::new(program);
        command
            .args(["-h", &served.url, "-u", "admin", "--key", key, "--secret-file"])
            .arg(&served.secret)
            .current_dir(&home);
        let run = watch(command)?;
        expect_pairs(&home, devices)?;
        Ok(run)
    }

    fn bare(&self, what: &'static str, devices: usize) -> Any<Row> {
        let served = Served::start(&self.place, devices)?;
        let (prepared, home) = (self.fresh("prepared")?, self.fresh(what)?);
        let token = Self::token(&served, &prepared)?;
        fs::write(prepared.join("ids"), ids(devices).join("\n"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args([BARE, served.url.trim_start_matches("http://")])
            .args([token, prepared.join("ca/ca.pem"), prepared.join("ids")])
            .current_dir(&home);
        let (seconds, peak) = watch(command)?;
        expect_pairs(&home, devices)?;
        Ok(Row { what, devices, seconds, peak })
    }

    /// The file of a token, got by issuing for the first device.
    fn token(served: &Served, home: &Path) -> Any<PathBuf> {
        let first = Command::new(env!("CARGO_BIN_EXE_certreq"))
            .args(["-q", "-h", &served.url, "-u", "admin", "-t", "token", "-i", &ids(1)[0], "--secret-file"])
            .arg(&served.secret)
            .current_dir(home)
            .stdout(Stdio::null())
            .status()?;
        if first.success() { Ok(home.join("token")) } else { Err("no token".into()) }
    }

    /// The same request again and again, as fast as the server answers.
    fn ceiling(&self, what: &'static str, time: Duration) -> Any<Row> {
        let served = Served::start(&self.place, 1)?;
        let home = self.fresh(what)?;
        let token = fs::read_to_string(Self::token(&served, &home)?)?;
        let request = csr::request(&PrivateKey::generate(KeySpec::P256)?, &ids(1)[0])?;
        let body = serde_json::json!({"csr": request, "belongsTo": {"device": ids(1)[0]}}).to_string();
        fs::write(home.join("body.json"), body)?;
        fs::write(
            home.join("post.lua"),
            format!(
                "wrk.method = 'POST'\nwrk.body = io.open('body.json'):read('*a')\n\
                 wrk.headers['Content-Type'] = 'application/json'\nwrk.headers['Authorization'] = 'Bearer {}'\n\
                 function done(summary) io.stderr:write(string.format('%d %d %d\\n', summary.requests, \
                 summary.duration, summary.errors.status + summary.errors.read + summary.errors.timeout)) end\n",
                token.trim()
            ),
        )?;
        let mut command = Command::new("wrk");
        command
            .args(["-t", "1", "-c", "64", "-d", &format!("{}s", time.as_secs()), "-s", "post.lua"])
            .arg(format!("{}/x509/v1/certificates", served.url))
            .current_dir(&home)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let child = command.spawn()?;
        let (_, peak) = wait(child.id());
        let said = String::from_utf8(child.wait_with_output()?.stderr)?;
        let numbers: Vec<u64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [requests, micros, 0] = numbers[..] else { return Err(format!("wrk saw errors: {said}").into()) };
        let seconds = Duration::from_micros(micros).as_secs_f64();
        Ok(Row { what, devices: usize::try_from(requests)?, seconds, peak })
    }

    /// What a script pays for every call, and what a download weighs.
    #[expect(
        clippy::print_stdout,
        clippy::cast_precision_loss,
        reason = "the lines are the result; bytes in MB"
    )]
    fn start(&self) -> Any<()> {
        let program = env!("CARGO_BIN_EXE_certreq");
        // Benches are built with what the tests need as well; this is what `cargo install` puts in place.
        let built = Command::new(env!("CARGO")).args(["build", "--release", "--locked", "--quiet"]).status()?;
        if !built.success() {
            return Err("the release build failed".into());
        }
        let served = Served::start(&self.place, 1)?;
        let home = self.fresh("start")?;
        let token = Self::token(&served, &home)?;
        let version = median(Command::new(program).arg("--version"))?;
        let list =
            median(Command::new(program).args(["list", "-h", &served.url, "-u", "admin", "-t"]).arg(token))?;
        println!("certreq --version: {version:.1} ms; certreq list: {list:.1} ms (medians of {TIMES})");
        println!("release binary: {:.1} MB", fs::metadata(program)?.len() as f64 / 1e6);
        println!("the files are in {}; deleting them slows the next run down", self.place.display());
        Ok(())
    }

    fn fresh(&self, what: &str) -> Any<PathBuf> {
        let name: String = what.chars().filter(char::is_ascii_alphanumeric).collect();
        let path = self.place.join(name);
        fs::create_dir(&path)?;
        Ok(path)
    }
}

/// Milliseconds from start to end.
fn median(command: &mut Command) -> Any<f64> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !ended.success() {
            return Err(format!("{command:?} ended with {ended}").into());
        }
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Ok(times[TIMES / 2].as_secs_f64() * 1000.0)
}

fn expect_pairs(home: &Path, devices: usize) -> Any<()> {
    let complete = ids(devices)
        .iter()
        .filter(|id| {
            let directory = home.join(format!("cert_{id}"));
            directory.join("private.key").exists() && directory.join("cert.pem").exists()
        })
        .count();
    if complete == devices { Ok(()) } else { Err(format!("{complete} of {devices} pairs are there").into()) }
}

/// Wall-clock seconds and peak memory of a command.
fn watch(mut command: Command) -> Any<(f64, u64)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let (seconds, peak) = wait(child.id());
    let status = child.wait()?;
    if status.success() { Ok((seconds, peak)) } else { Err(format!("{command:?} ended with {status}").into()) }
}
