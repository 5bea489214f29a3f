//! Settings of `certreq status`.

use std::{path::PathBuf, time::SystemTime};

use super::{
    moment,
    place::{self, Place},
    shard,
};
use crate::{
    cli::status::{Report, StatusArgs},
    commands::status::{Format, Plan},
    failure::Failure,
    output::{Ui, columns},
    pki::time::Time,
};

/// Task of `certreq status`.
#[derive(Debug)]
pub enum Task {
    /// The journal of a directory; as JSON lines or for people.
    Journal { dir: PathBuf, json: bool },
    /// The state of the fleet, from disk alone.
    Disk(Plan),
    /// The same, compared with the platform's records.
    Platform(Plan, Place),
}

/// Resolves the arguments; fetches a secret only when the platform is to be asked.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &StatusArgs, ui: &Ui) -> Result<Task, Failure> {
    let dirs = if args.directories.is_empty() { args.dir.clone() } else { args.directories.clone() };
    if args.journal {
        let [dir] = dirs.as_slice() else {
            return Err(Failure::usage("--journal prints the journal of one directory"));
        };
        let dir = dir.clone();
        let json = match args.format {
            Report::Text => false,
            Report::Json => true,
            _ => return Err(Failure::usage("--journal has the formats text and json")),
        };
        return Ok(Task::Journal { dir, json });
    }
    let now = || Ok(Time::from(SystemTime::now()));
    let within = args.within.as_deref().map(|text| moment::within("--within", text)).transpose()?;
    let plan = Plan {
        dirs,
        shard: shard::resolve(&args.shard)?,
        now: args.at.as_deref().map_or_else(now, |at| moment::parse("--at", at))?,
        within: within.unwrap_or_default(),
        check: args.check,
        format: match args.format {
            Report::Text => Format::Text,
            Report::Json => Format::Json,
            Report::Csv => Format::Csv,
            Report::Prometheus => Format::Prometheus,
            Report::Nagios => Format::Nagios,
        },
        columns: columns::of_stdout(),
        output: args.output.clone(),
        html: args.html.clone(),
        pin: place::pin(&args.platform)?,
    };
    if !args.compare {
        return Ok(Task::Disk(plan));
    }
    let place = place::resolve(&args.platform, ui)?;
    Ok(Task::Platform(plan, place))
}
