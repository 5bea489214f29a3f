//! Devices per second, side by side, in one run: `cargo bench --bench issue`.
//!
//! The classic shell tool (`benches/classic.sh`), `certreq issue` with RSA and with P-256 keys, a bare client that does
//! only what no client can leave out (`benches/bare`), and `wrk` posting one fixed request to the same server, which is
//! the ceiling: nothing that asks this server can be faster. Every row starts a fresh `certreq serve`; files and
//! database are durable. Needs openssl, curl, jq and wrk.
//!
//! Then what a device costs in instructions, which noise does not move (valgrind counts them; left out without it), 500
//! devices at a slow platform, keys of RSA beside nothing but such keys, and the start of the program. Names of parts run
//! only those: `cargo bench --bench issue -- instructions`; they are `table`, `instructions`, `slow`, `rsa`, `beside` and `start`.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program by turns with this one, against the same kind of
//! server.
//!
//! The files stay where the last line says: ext4 avoids inodes that were freed a moment ago by looking at each of them
//! for every new file, so a run in the minutes after they were deleted reads less than half.

mod bare;
mod beside;
mod counted;
mod platform;
mod slow;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use bare::Bare;
use beside::{ROUNDS, by_turns, middle, programs, ratio};
use certreq::pki::{
    csr,
    key::{KeySpec, PrivateKey},
};
use counted::{can_count, counted, counting};
use platform::{Any, Served, ids, wait};
use slow::Slow;

/// The argument with which this program is its own bare client, so that its memory is its own as well.
const BARE: &str = "bare";

/// The argument with which it makes keys of RSA and does nothing else.
const KEYS: &str = "keys";

/// Devices of the two runs whose difference is counted, so that the start falls out.
const COUNTED: [usize; 2] = [250, 750];

/// The time a slow platform needs for a request, and how many devices ask it.
const SLOWNESS: Duration = Duration::from_millis(45);
const SLOW: usize = 500;

/// Keys of RSA: their times differ so much that few say little.
const RSA: usize = 600;

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
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [what, rest @ ..] if what == BARE => return Bare::from_arguments(rest)?.run(),
        [what, number] if what == KEYS => return keys(number.parse()?),
        _ => {}
    }
    let Some(missing) = ["openssl", "curl", "jq", "wrk"].into_iter().find(|tool| !installed(tool)) else {
        return run(&arguments);
    };
    Err(format!("{missing} is not installed; on Debian: apt-get install openssl curl jq wrk").into())
}

/// Keys of RSA on every core, and nothing else.
fn keys(number: usize) -> Any<()> {
    let begun = AtomicUsize::new(0);
    let work = || {
        while begun.fetch_add(1, Ordering::Relaxed) < number {
            PrivateKey::generate(KeySpec::Rsa2048).map_err(|error| error.to_string())?;
        }
        Ok::<_, String>(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism()?.get();
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker panicked")?)?;
        Ok(())
    })
}

fn installed(tool: &str) -> bool {
    let known = Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status();
    known.is_ok_and(|status| status.success())
}

fn run(parts: &[String]) -> Any<()> {
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);
    // Beside the build, on the disk that is being measured; /tmp may be memory.
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let bench = Bench { place: place.keep() };
    if wanted("table") {
        print(&[
            bench.script("the classic script, rsa2048", 40)?,
            bench.certreq("certreq --key rsa2048", "rsa2048", 400)?,
            bench.certreq("certreq (p256), 1,000", "p256", 1_000)?,
            bench.certreq("certreq (p256), 10,000", "p256", 10_000)?,
            bench.bare("a bare client (p256), 10,000", 10_000)?,
            bench.ceiling("wrk, one fixed request", Duration::from_secs(10))?,
        ]);
    }
    if wanted("instructions") {
        bench.instructions()?;
    }
    if wanted("slow") {
        bench.slow()?;
    }
    if wanted("rsa") {
        bench.rsa()?;
    }
    if wanted("beside") {
        bench.beside()?;
    }
    if wanted("start") {
        bench.start()?;
    }
    bench.farewell();
    Ok(())
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
    let [.., thousand, ten_thousand, bare, _] = rows else { return };
    println!("\ntime per device at 10,000 against 1,000: {:.2}", thousand.rate() / ten_thousand.rate());
    println!("certreq at {:.1} % of the bare client\n", 100.0 * ten_thousand.rate() / bare.rate());
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
                let served = Served::start(&self.place, devices)?;
                let command = Command::new(&program.path);
                let more = ["--key", key];
                self.issue(command, &format!("{key}{turn}"), &served, &served.url, &more, devices)
            })?;
            let seconds: Vec<f64> = runs.into_iter().map(|runs| middle(runs).0).collect();
            let each =
                programs.iter().zip(&seconds).map(|(program, took)| format!("{} {took:.2} s", program.name));
            println!("{devices} devices, {key}: {}: {}", each.collect::<Vec<_>>().join(", "), ratio(&seconds));
        }
        Ok(())
    }

    fn certreq(&self, what: &'static str, key: &str, devices: usize) -> Any<Row> {
        let served = Served::start(&self.place, devices)?;
        let program = Command::new(env!("CARGO_BIN_EXE_certreq"));
        let (seconds, peak) = self.issue(program, what, &served, &served.url, &["--key", key], devices)?;
        Ok(Row { what, devices, seconds, peak })
    }

    /// Issues for so many devices in a directory of its own.
    fn issue(
        &self,
        mut program: Command,
        what: &str,
        served: &Served,
        url: &str,
        more: &[&str],
        devices: usize,
    ) -> Any<(f64, u64)> {
        let home = self.fresh(what)?;
        program.args(["-h", url, "-u", "admin"]).args(more).arg("--secret-file").arg(&served.secret);
        program.current_dir(&home);
        let measured = watch(program)?;
        expect_pairs(&home, devices)?;
        Ok(measured)
    }

    fn bare(&self, what: &'static str, devices: usize) -> Any<Row> {
        let served = Served::start(&self.place, devices)?;
        let program = Command::new(std::env::current_exe()?);
        let (seconds, peak) = self.issue_barely(program, what, &served, devices)?;
        Ok(Row { what, devices, seconds, peak })
    }

    fn issue_barely(
        &self,
        mut program: Command,
        what: &str,
        served: &Served,
        devices: usize,
    ) -> Any<(f64, u64)> {
        let (prepared, home) = (self.fresh(&format!("{what} prepared"))?, self.fresh(what)?);
        let token = Self::token(served, &prepared)?;
        fs::write(prepared.join("ids"), ids(devices).join("\n"))?;
        program
            .args([BARE, served.url.trim_start_matches("http://")])
            .args([token, prepared.join("ca/ca.pem"), prepared.join("ids")])
            .current_dir(&home);
        let measured = watch(program)?;
        expect_pairs(&home, devices)?;
        Ok(measured)
    }

    /// Instructions outside the kernel, for each device.
    #[expect(
        clippy::print_stdout,
        clippy::cast_precision_loss,
        reason = "the table is the result; numbers in thousands"
    )]
    fn instructions(&self) -> Any<()> {
        if !can_count() {
            println!("instructions: left out, valgrind is not installed\n");
            return Ok(());
        }
        let program = env!("CARGO_BIN_EXE_certreq");
        let client = self.per_device(|log, devices| {
            let served = Served::start(&self.place, devices)?;
            let what = format!("counted {devices}");
            self.issue(counting(program, log), &what, &served, &served.url, &[], devices).map(drop)
        })?;
        let bare = self.per_device(|log, devices| {
            let served = Served::start(&self.place, devices)?;
            let what = format!("counted barely {devices}");
            self.issue_barely(counting(std::env::current_exe()?, log), &what, &served, devices).map(drop)
        })?;
        let server = self.per_device(|log, devices| {
            let served = Served::start_as(counting(program, log), &self.place, devices, &[], &[], None)?;
            let client = Command::new(std::env::current_exe()?);
            self.issue_barely(client, &format!("counted by the server {devices}"), &served, devices)?;
            served.end()
        })?;
        println!("| instructions | per device | of the bare client |\n|---|---:|---:|");
        for (what, count) in
            [("certreq (p256)", client), ("a bare client (p256)", bare), ("certreq serve", server)]
        {
            println!("| {what} | {:.0} k | {:.1} % |", count as f64 / 1e3, 100.0 * count as f64 / bare as f64);
        }
        println!();
        Ok(())
    }

    fn per_device(&self, run: impl Fn(&Path, usize) -> Any<()>) -> Any<u64> {
        let log = self.place.join("count");
        let [few, many] = COUNTED.map(|devices| run(&log, devices).and_then(|()| counted(&log)));
        Ok((many? - few?) / (COUNTED[1] - COUNTED[0]) as u64)
    }

    /// How close a run comes to what a slow platform can do.
    #[expect(
        clippy::print_stdout,
        clippy::cast_precision_loss,
        reason = "the line is the result; a number of devices"
    )]
    fn slow(&self) -> Any<()> {
        let served = Served::start(&self.place, SLOW)?;
        let slow = Slow::start(&served.url, SLOWNESS)?;
        let program = Command::new(env!("CARGO_BIN_EXE_certreq"));
        let (seconds, _) = self.issue(program, "slow", &served, &slow.url, &[], SLOW)?;
        let ceiling = SLOWNESS.as_secs_f64() * SLOW as f64;
        println!(
            "a platform of one thread, {} ms a request: {SLOW} devices in {seconds:.2} s, {:.1} % of what it can do\n",
            SLOWNESS.as_millis(),
            100.0 * ceiling / seconds
        );
        Ok(())
    }

    /// Keys of RSA are the whole price of such devices; the first ones are finished early.
    #[expect(
        clippy::print_stdout,
        clippy::cast_precision_loss,
        reason = "the line is the result; a number of devices"
    )]
    fn rsa(&self) -> Any<()> {
        let mut alone = Command::new(std::env::current_exe()?);
        alone.args([KEYS, &RSA.to_string()]);
        let (alone, _) = watch(alone)?;
        let served = Served::start(&self.place, RSA)?;
        let home = self.fresh("rsa")?;
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_certreq"))
            .args(["-h", &served.url, "-u", "admin", "--key", "rsa2048", "--format", "json", "--secret-file"])
            .arg(&served.secret)
            .current_dir(&home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no stdout")?).lines();
        let first = lines.next().map(|_| began.elapsed().as_secs_f64()).ok_or("no device")?;
        let others = lines.count();
        let whole = began.elapsed().as_secs_f64();
        if !child.wait()?.success() || others + 1 != RSA {
            return Err("not every device has its pair".into());
        }
        println!(
            "rsa2048: {:.1} keys/s on all cores, and {:.1} devices/s with certreq, {:.1} % of it; the first device \
             after {first:.2} s of {whole:.1} s\n",
            RSA as f64 / alone,
            RSA as f64 / whole,
            100.0 * alone / whole
        );
        Ok(())
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

    /// The cost of every call for a script, and the size of a download.
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
        Ok(())
    }

    #[expect(clippy::print_stdout, reason = "it says where the files are")]
    fn farewell(&self) {
        println!("the files are in {}; deleting them slows the next run down", self.place.display());
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
