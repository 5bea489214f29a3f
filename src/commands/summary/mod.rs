//! `certreq summary`: the JSON lines of many runs, added up.

mod line;
mod tally;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use line::Line;
use serde::Serialize;
use tally::Tally;

use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    output::{Ui, count},
};

/// The version of the JSON; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.summary/1";

/// Octets of the longest line that is read; one with a certificate in it has some thousands.
const LONGEST: u64 = 1024 * 1024;

/// Shards named in text.
const NAMED: usize = 8;

/// Every decision of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `-` is stdin.
    pub files: Vec<PathBuf>,
    pub json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// The schema of the lines.
    of: &'a str,
    total: usize,
    states: std::collections::BTreeMap<&'a str, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shards: Option<Shards>,
    /// Lines that begin as JSON and cannot be read.
    unreadable: usize,
    exit: u8,
}

#[derive(Serialize)]
struct Shards {
    count: u32,
    /// Shards that did not come to their end, or wrote no line.
    missing: Vec<u32>,
}

/// Reads every file, prints the totals, and ends as one run would.
///
/// # Errors
/// When a file cannot be read, or holds lines that cannot be added up.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    let mut tally = Tally::default();
    for path in &plan.files {
        let shown = path.display();
        let failed = |error: io::Error| Failure::failed(format!("{shown} cannot be read: {error}"));
        if path == Path::new("-") {
            read(io::stdin().lock(), &mut tally).map_err(failed)?
        } else {
            read(BufReader::new(File::open(path).map_err(failed)?), &mut tally).map_err(failed)?
        }
        .map_err(|failure| failure.context(shown))?;
    }
    let Some(of) = tally.schema().map(str::to_owned) else {
        return Err(Failure::failed("the input has no JSON line of a run")
            .hint("give the output of certreq issue, renew, revoke or verify with --format json"));
    };
    let exit = tally.exit();
    let missing = tally.missing();
    if plan.json {
        let shards = tally.count().map(|count| Shards { count, missing });
        let (total, states, unreadable) = (tally.total(), tally.states(), tally.unreadable);
        let document =
            Document { schema: SCHEMA, of: &of, total, states, shards, unreadable, exit: exit as u8 };
        written(ui.json(&document))?;
        return Ok(exit);
    }
    written(ui.text(&sentence(&tally)))?;
    if !missing.is_empty() {
        let named: Vec<String> = missing.iter().take(NAMED).map(u32::to_string).collect();
        let more = missing.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        ui.warn(&format!(
            "{} did not come to the end: {}{more}",
            count(missing.len(), "shard"),
            named.join(", ")
        ));
        ui.hint("run the same command again for them: finished devices are skipped");
    }
    if tally.unreadable > 0 {
        ui.warn(&format!("{} cannot be read; a run was cut while it wrote", count(tally.unreadable, "line")));
    }
    Ok(exit)
}

/// `8,000 devices in 8 shards: 7,990 issued, 10 failed`
fn sentence(tally: &Tally) -> String {
    let what = if tally.schema().is_some_and(|of| of.starts_with("certreq.verify")) {
        "certificate"
    } else {
        "device"
    };
    let shards =
        tally.count().map(|number| format!(" in {}", count(number as usize, "shard"))).unwrap_or_default();
    let states: Vec<String> =
        tally.states().iter().map(|(state, number)| format!("{number} {}", state.replace('_', " "))).collect();
    let states = if states.is_empty() { "nothing to do".to_owned() } else { states.join(", ") };
    format!("{}{shards}: {states}", count(tally.total(), what))
}

fn read(mut lines: impl BufRead, tally: &mut Tally) -> io::Result<Result<(), Failure>> {
    let mut bytes = Vec::new();
    let mut number = 0_usize;
    loop {
        bytes.clear();
        if (&mut lines).take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(Ok(()));
        }
        number += 1;
        if bytes.first() != Some(&b'{') {
            continue;
        }
        match serde_json::from_slice::<Line<'_>>(&bytes) {
            Ok(line) => {
                if let Err(failure) = tally.add(&line) {
                    return Ok(Err(failure.context(format!("line {number}"))));
                }
            }
            Err(_) => tally.unreadable += 1,
        }
    }
}
