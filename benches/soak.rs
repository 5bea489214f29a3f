//! Many devices over a bad network: `cargo bench --bench soak`.
//!
//! A hundred thousand devices (`CERTREQ_SOAK_DEVICES` for another number) through a proxy that breaks one request in
//! fifty, each time in another way, and before them a thousand as the yardstick. The command is started again until it
//! succeeds. Lost and duplicate are counted in the platform's database and on the disk, not in a report:
//!
//! - lost: a device without a valid pair, or a certificate of the platform whose key is not on the disk
//! - duplicate: a device for which the platform has more than one certificate

// The proxy accepts every platform's certificate with it.
#[path = "../tests/support/any_server.rs"]
mod any_server;

// The proxy of the tests, which use all of it.
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/proxy.rs"]
mod proxy;

#[allow(dead_code, reason = "the other bench uses the rest")]
mod platform;

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use certreq::{fleet::pair, pki::fingerprint::Fingerprint};
use platform::{Any, Served, ids, wait};
use proxy::{Fault, Kind, Proxy};
use rusqlite::{Connection, OpenFlags};

/// One request in so many is broken.
const ONE_IN: usize = 50;

const FAULTS: [Fault; 12] = [
    Fault::CutAfter,
    Fault::Status(503),
    Fault::CutBefore,
    Fault::Corrupt,
    Fault::Delay(Duration::from_millis(500)),
    Fault::CutAnswer,
    Fault::Status(502),
    Fault::Twice,
    Fault::Status(429),
    Fault::Stall,
    Fault::Status(500),
    Fault::Status(504),
];

/// Result of a soak of so many devices.
#[derive(Default)]
struct Row {
    devices: usize,
    runs: usize,
    seconds: f64,
    requests: usize,
    faults: usize,
    recovered: usize,
    /// KiB, the largest run.
    peak: u64,
    lost: usize,
    duplicate: usize,
}

impl Row {
    #[expect(clippy::cast_precision_loss, reason = "a number of devices")]
    fn rate(&self) -> f64 {
        self.devices as f64 / self.seconds
    }
}

fn main() -> Any<()> {
    let most = match std::env::var("CERTREQ_SOAK_DEVICES") {
        Ok(text) => text.parse()?,
        Err(_) => 100_000,
    };
    // Beside the build, on the disk that is being measured; /tmp may be memory.
    let place = tempfile::Builder::new().prefix("soak-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let rows = [soak(place.path(), most.min(1_000))?, soak(place.path(), most)?];
    print(&rows);
    if rows.iter().any(|row| row.lost + row.duplicate > 0) {
        return Err("something was lost, or issued twice".into());
    }
    Ok(())
}

#[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "the table is the result; KiB in MiB")]
fn print(rows: &[Row; 2]) {
    println!(
        "| devices | seconds | devices/s | faults | retries | recovered | runs | peak memory | lost | duplicate |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for row in rows {
        println!(
            "| {} | {:.1} | {:.0} | {} | {} | {} | {} | {:.1} MiB | {} | {} |",
            row.devices,
            row.seconds,
            row.rate(),
            row.faults,
            row.requests - row.devices,
            row.recovered,
            row.runs,
            row.peak as f64 / 1024.0,
            row.lost,
            row.duplicate,
        );
    }
    let [few, many] = rows;
    println!("\ntime per device at {} against {}: {:.2}", many.devices, few.devices, few.rate() / many.rate());
}

fn soak(place: &Path, devices: usize) -> Any<Row> {
    let served = Served::start(place, devices)?;
    let home = tempfile::Builder::new().prefix("fleet-").tempdir_in(place)?.keep();
    let proxy = Proxy::start(&served.url, |_, number| {
        (number % ONE_IN == ONE_IN / 2).then(|| FAULTS[number / ONE_IN % FAULTS.len()])
    });
    let mut row = Row { devices, ..Row::default() };
    while !run(&home, &served, &proxy, &mut row)? {
        if row.runs == 10 {
            return Err("ten runs were not enough".into());
        }
    }
    row.requests = proxy.count(Kind::Sign);
    row.faults = proxy.faults();
    judge(&home, &served, &mut row)?;
    Ok(row)
}

/// Starts the command once; says whether it succeeded.
fn run(home: &Path, served: &Served, proxy: &Proxy, row: &mut Row) -> Any<bool> {
    let said = home.join("said");
    let mut child = Command::new(env!("CARGO_BIN_EXE_certreq"))
        .args(["-h", proxy.url(), "-u", "admin", "--timeout", "5s", "--secret-file"])
        .arg(&served.secret)
        .args(["--dir", "fleet"])
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&said)?)
        .spawn()?;
    let (seconds, peak) = wait(child.id());
    row.runs += 1;
    row.seconds += seconds;
    row.peak = row.peak.max(peak);
    let said = fs::read_to_string(said)?;
    let recovered = said
        .lines()
        .filter(|line| line.contains(" devices in "))
        .flat_map(|line| line.split(", ").filter_map(|part| part.split_once(" recovered")))
        .filter_map(|(number, _)| number.split_whitespace().last()?.parse::<usize>().ok());
    row.recovered += recovered.sum::<usize>();
    let status = child.wait()?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1 | 3 | 5) => Ok(false),
        _ => Err(format!("certreq ended with {status}: {said}").into()),
    }
}

fn judge(home: &Path, served: &Served, row: &mut Row) -> Any<()> {
    let authority = served.secret.with_file_name("authority").join("authority.db");
    let database = Connection::open_with_flags(authority, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut query = database.prepare("SELECT device, der FROM certificates")?;
    let mut issued: HashMap<String, Vec<Fingerprint>> = HashMap::new();
    let mut rows = query.query([])?;
    while let Some(certificate) = rows.next()? {
        let der: Vec<u8> = certificate.get(1)?;
        issued.entry(certificate.get(0)?).or_default().push(Fingerprint::of(&der));
    }
    for id in ids(row.devices) {
        let there = issued.remove(&id).unwrap_or_default();
        let pair = pair::at(&home.join("fleet").join(format!("cert_{id}")));
        let ours = pair.ok().map(|pair| pair.leaf.fingerprint());
        row.lost += usize::from(ours.is_none_or(|ours| !there.contains(&ours)));
        row.duplicate += there.len().saturating_sub(1);
    }
    // These devices were not asked for.
    row.duplicate += issued.len();
    Ok(())
}
