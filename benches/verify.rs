//! Signatures a second when many certificates are verified, beside the most that openssl reaches on the same cores:
//! `cargo bench --bench verify`.
//!
//! The fleet has 100,000 device directories of the embedded authority (P-256). `certreq verify` checks chain, dates, key,
//! id and revocation of each; `certreq inspect --check` of its certificates checks the same signatures. The ceiling is
//! `openssl speed ecdsap256` on every core, which verifies and does nothing else. The answers are checked. Needs openssl.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program by turns with this one.

mod beside;
mod fleet;

use std::{path::Path, process::Command, thread};

use beside::{ROUNDS, by_turns, middle, programs, ratio};
use fleet::{Watched, id, issue, watched};

type Any<T> = Result<T, Box<dyn std::error::Error>>;

const DEVICES: usize = 100_000;

#[expect(clippy::print_stdout, reason = "the table is the result")]
#[expect(clippy::cast_precision_loss, reason = "numbers of devices and KiB are far below 2^52")]
fn main() -> Any<()> {
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let home = place.path();
    issue(home, DEVICES)?;
    std::fs::create_dir(home.join("certificates"))?;
    for number in 0..DEVICES {
        let name = id(number);
        let from = home.join(format!("fleet/cert_{name}/cert.pem"));
        std::fs::hard_link(from, home.join(format!("certificates/{name}.pem")))?;
    }
    let programs = programs()?;
    println!(
        "| what | signatures/s | of openssl | peak memory | beside the other |\n|---|---:|---:|---:|---:|"
    );
    let ceiling = ceiling()?;
    println!("| openssl speed ecdsap256, all cores | {ceiling:.0} | 100.0 % | | |");
    let verify = ["verify", "--format", "json", "fleet"];
    let inspect = ["inspect", "--check", "-q", "--short", "--ca", "fleet/ca/ca.pem", "certificates"];
    for (what, args) in
        [("verify, 100,000 directories", &verify[..]), ("inspect --check, 100,000 files", &inspect)]
    {
        let runs = by_turns(&programs, ROUNDS, |program| run(&program.path, args, home))?;
        let runs: Vec<(f64, u64)> = runs.into_iter().map(middle).collect();
        let seconds: Vec<f64> = runs.iter().map(|(seconds, _)| *seconds).collect();
        for (at, (program, (took, peak))) in programs.iter().zip(&runs).enumerate() {
            let rate = DEVICES as f64 / took;
            println!(
                "| {} {what} | {rate:.0} | {:.1} % | {:.1} MiB | {} |",
                program.name,
                rate / ceiling * 100.0,
                *peak as f64 / 1024.0,
                if at == 0 { ratio(&seconds) } else { String::new() }
            );
        }
    }
    Ok(())
}

/// Seconds and peak KiB; every certificate has its line.
fn run(program: &Path, args: &[&str], home: &Path) -> Any<(f64, u64)> {
    let Watched { status, seconds, peak, text } =
        watched(Command::new(program).args(args).current_dir(home), home)?;
    let good = text.lines().filter(|line| line.contains("\"verdict\":\"good\"") || line.starts_with("VALID"));
    match good.count() {
        DEVICES if status.success() => Ok((seconds, peak)),
        good => Err(format!("{status}: {good} are good").into()),
    }
}

/// Verifications a second of every core together.
fn ceiling() -> Any<f64> {
    let cores = thread::available_parallelism()?.to_string();
    let said =
        Command::new("openssl").args(["speed", "-seconds", "3", "-multi", &cores, "ecdsap256"]).output()?;
    let text = String::from_utf8(said.stdout)?;
    let last = text.lines().last().and_then(|line| line.split_whitespace().last());
    Ok(last.ok_or("openssl speed says nothing")?.parse()?)
}
