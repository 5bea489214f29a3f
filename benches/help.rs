//! `--help` of every verb: the time from start to end of the program.
//!
//! ```sh
//! cargo bench --bench help
//! ```

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use certreq::help::command;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs of each verb; the fastest is what the program costs, the median what a busy machine makes of it.
const RUNS: usize = 21;

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn main() -> Any<()> {
    println!("| certreq ... --help | fastest ms | median ms |\n|---|---:|---:|");
    let mut paths = vec![Vec::new()];
    collect(&command(), &[], &mut paths);
    for path in paths {
        let mut times = (0..RUNS).map(|_| time(&path)).collect::<Any<Vec<_>>>()?;
        times.sort_unstable();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "| {} | {:.1} | {:.1} |",
            path.join(" "),
            milliseconds(times[0]),
            milliseconds(times[RUNS / 2])
        );
    }
    Ok(())
}

fn collect(command: &clap::Command, path: &[String], paths: &mut Vec<Vec<String>>) {
    for verb in command.get_subcommands() {
        let path = [path, &[verb.get_name().to_owned()]].concat();
        paths.push(path.clone());
        collect(verb, &path, paths);
    }
}

fn time(path: &[String]) -> Any<Duration> {
    let began = Instant::now();
    let mut call = Command::new(env!("CARGO_BIN_EXE_certreq"));
    let ended = call.args(path).arg("--help").stdout(Stdio::null()).status()?;
    let took = began.elapsed();
    if ended.success() { Ok(took) } else { Err(format!("{path:?} failed").into()) }
}
