//! An older program beside this one, in the same run and by turns: `CERTREQ_BENCH_BESIDE=path/to/certreq`.

use std::path::PathBuf;

use crate::Any;

/// Runs of each program from which the middle is taken.
pub(crate) const ROUNDS: usize = 3;

/// A program that is measured.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

/// This program, and the other one where it was named.
pub(crate) fn programs() -> Any<Vec<Program>> {
    let mut programs = vec![Program { name: "certreq", path: PathBuf::from(env!("CARGO_BIN_EXE_certreq")) }];
    if let Some(path) = std::env::var_os("CERTREQ_BENCH_BESIDE") {
        // The programs are started in other directories.
        let path = std::fs::canonicalize(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        programs.push(Program { name: "the other certreq", path });
    }
    Ok(programs)
}

/// The runs of every program, by turns, so that a slow moment of the machine meets all of them.
pub(crate) fn by_turns<T>(
    programs: &[Program],
    rounds: usize,
    mut run: impl FnMut(&Program) -> Any<T>,
) -> Any<Vec<Vec<T>>> {
    let mut runs: Vec<Vec<T>> = programs.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for _ in 0..rounds {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(run(program)?);
        }
    }
    Ok(runs)
}

/// The middle of the runs' seconds, and the highest peak.
pub(crate) fn middle(mut runs: Vec<(f64, u64)>) -> (f64, u64) {
    let peak = runs.iter().map(|(_, peak)| *peak).max().unwrap_or(0);
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    (runs[runs.len() / 2].0, peak)
}

/// ` | 0.97 x`: the time of the first program, as a share of the other's.
pub(crate) fn ratio(seconds: &[f64]) -> String {
    match seconds {
        [ours, other] => format!("{:.2} x", ours / other),
        _ => String::new(),
    }
}
