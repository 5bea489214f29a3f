//! `certreq status` of a hundred thousand device directories, beside a loop of `openssl x509 -checkend` over a
//! thousand of them.
//!
//! ```sh
//! cargo bench --bench status
//! ```
//!
//! The fleet is made by `certreq issue` with the embedded authority, so every certificate was checked once and the
//! journal has its fingerprint; one row takes the journal away, and all signatures are checked again. A tenth of the
//! fleet is on the authority's list. The answers are checked. Needs openssl and sh.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program by turns with this one.

mod beside;
mod fleet;

use std::{fs, path::Path, process::Command, time::Instant};

use beside::{Program, ROUNDS, by_turns, middle, programs, ratio};
use certreq::pki::certificate::Certificate;
use fleet::{Watched, id, issue, watched};
use rcgen::{CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber};
use time::OffsetDateTime;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

const DEVICES: usize = 100_000;
const REVOKED: usize = 10_000;
const LOOPED: usize = 1_000;

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn main() -> Any<()> {
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let home = place.path();
    issue(home, DEVICES)?;
    revoke(home)?;
    println!("| what | devices | seconds | devices/s | peak memory | beside the other |");
    println!("|---|---:|---:|---:|---:|---:|");
    let looped = checkend(home)?;
    row("a loop of openssl x509 -checkend", LOOPED, (looped, 0), "");
    let programs = programs()?;
    for format in ["text", "json", "csv", "prometheus"] {
        rows(&programs, &format!("status --format {format}"), home, &["--format", format])?;
    }
    rows(&programs, "status --html", home, &["--html", "fleet.html"])?;
    fs::remove_file(home.join("fleet/.certreq/journal"))?;
    rows(&programs, "status, without the journal", home, &[])
}

/// A row for each program, from runs by turns.
fn rows(programs: &[Program], what: &str, home: &Path, args: &[&str]) -> Any<()> {
    let runs = by_turns(programs, ROUNDS, |program| status(&program.path, home, args))?;
    let runs: Vec<(f64, u64)> = runs.into_iter().map(middle).collect();
    let seconds: Vec<f64> = runs.iter().map(|(seconds, _)| *seconds).collect();
    for (at, (program, run)) in programs.iter().zip(&runs).enumerate() {
        let ratio = if at == 0 { ratio(&seconds) } else { String::new() };
        row(&format!("{} {what}", program.name), DEVICES, *run, &ratio);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is the result")]
#[expect(clippy::cast_precision_loss, reason = "numbers of devices and KiB are far below 2^52")]
fn row(what: &str, devices: usize, (seconds, peak): (f64, u64), ratio: &str) {
    let memory = if peak == 0 { String::new() } else { format!("{:.1} MiB", peak as f64 / 1024.0) };
    println!("| {what} | {devices} | {seconds:.2} | {:.0} | {memory} | {ratio} |", devices as f64 / seconds);
}

/// Every tenth device is on the list, which the authority's own key signs.
fn revoke(home: &Path) -> Any<()> {
    let key = KeyPair::from_pem(&fs::read_to_string(home.join("authority/ca.key"))?)?;
    let root = fs::read_to_string(home.join("fleet/ca/ca.pem"))?;
    let issuer = Issuer::from_ca_cert_pem(&root, key)?;
    let now = OffsetDateTime::now_utc();
    let entry = |number: usize| -> Any<RevokedCertParams> {
        let path = home.join(format!("fleet/cert_{}/cert.pem", id(number * (DEVICES / REVOKED))));
        let leaf = Certificate::all_from_pem(&fs::read_to_string(path)?)?.remove(0);
        let octets: Result<Vec<u8>, _> =
            leaf.serial.split(':').map(|pair| u8::from_str_radix(pair, 16)).collect();
        Ok(RevokedCertParams {
            serial_number: SerialNumber::from(octets?),
            revocation_time: now,
            reason_code: None,
            invalidity_date: None,
        })
    };
    let list = CertificateRevocationListParams {
        this_update: now - time::Duration::hours(1),
        next_update: now + time::Duration::days(1),
        crl_number: SerialNumber::from(42_u64),
        issuing_distribution_point: None,
        revoked_certs: (0..REVOKED).map(entry).collect::<Any<_>>()?,
        key_identifier_method: KeyIdMethod::Sha256,
    };
    fs::write(home.join("fleet/ca/crl.pem"), list.signed_by(&issuer)?.pem()?)?;
    Ok(())
}

/// The way of administrators today: one process for each certificate, and only one question asked.
fn checkend(home: &Path) -> Any<f64> {
    let paths = (0..LOOPED).map(|number| format!("fleet/cert_{}/cert.pem", id(number)));
    fs::write(home.join("list"), paths.collect::<Vec<_>>().join("\n") + "\n")?;
    let script = "n=0; while read -r f; do openssl x509 -checkend 2592000 -noout -in \"$f\" >/dev/null && n=$((n+1)); done <list; echo $n";
    let began = Instant::now();
    let output = Command::new("sh").args(["-c", script]).current_dir(home).output()?;
    let seconds = began.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if said == LOOPED.to_string() { Ok(seconds) } else { Err(format!("openssl is content with {said}").into()) }
}

/// Seconds and peak KiB; the summary says whether the answer is right.
fn status(program: &Path, home: &Path, args: &[&str]) -> Any<(f64, u64)> {
    let mut command = Command::new(program);
    command.args(["status", "-q", "fleet"]).args(args).current_dir(home);
    let Watched { status, seconds, peak, text } = watched(&mut command, home)?;
    let right = match args {
        ["--format", "json"] => text.contains(&format!("\"valid\":{},", DEVICES - REVOKED)),
        ["--format", "csv"] => text.lines().count() == DEVICES + 1,
        ["--format", "prometheus"] => text.contains(&format!("{{state=\"revoked\"}} {REVOKED}\n")),
        _ => text.contains("90,000  valid") && text.contains("10,000  revoked"),
    };
    if status.success() && right {
        Ok((seconds, peak))
    } else {
        Err(format!("{status}: {}", text.lines().take(6).collect::<Vec<_>>().join("\n")).into())
    }
}
