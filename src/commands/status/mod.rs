//! `certreq status`: a whole fleet at a glance, and how it came to be.

mod compare;
mod csv;
mod device;
mod fleet;
pub(super) mod glance;
mod html;
mod journal;
mod json;
mod judge;
mod merge;
pub mod nagios;
mod prometheus;
mod text;
mod weeks;

use std::{io, path::PathBuf};

use fleet::Fleet;

use crate::{
    commands::stdout::written,
    failure::{Ended, Exit, Failure},
    fleet::{layout::Layout, shard::Shard},
    output::{self, Ui, escape},
    pki::{fingerprint::Fingerprint, state::Within, time::Time},
    platform::Platform,
};

/// Every decision that does not need the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One fleet, or several that are shown as one: shards, or directories that hold them.
    pub dirs: Vec<PathBuf>,
    /// Only these devices.
    pub shard: Option<Shard>,
    pub now: Time,
    pub within: Within,
    /// The worst state becomes the exit code.
    pub check: bool,
    pub format: Format,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    /// The report goes into this file instead of stdout.
    pub output: Option<PathBuf>,
    /// A page for browsers goes into this file, besides.
    pub html: Option<PathBuf>,
    /// The platform's root must be this one.
    pub pin: Option<Fingerprint>,
}

/// How it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
    Csv,
    Prometheus,
    Nagios,
}

/// Prints every request that was ever made in the directory; see [`crate::fleet::journal`].
///
/// # Errors
/// When it cannot be read, or stdout cannot be written.
pub fn journal(dir: PathBuf, json: bool, ui: &Ui) -> Result<Exit, Failure> {
    journal::print(&Layout::new(dir), json, ui)
}

/// Looks at the disk only.
///
/// # Errors
/// When the directory cannot be read, or a report cannot be written.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Ended, Failure> {
    report(&Fleet::look(plan)?, plan, ui)
}

/// Looks at the disk, then asks the platform about it.
///
/// # Errors
/// As [`run`], and when the platform does not answer: half a report would look like a whole one.
pub async fn run_with_platform(platform: &dyn Platform, plan: &Plan, ui: &Ui) -> Result<Ended, Failure> {
    let mut fleet = Fleet::look(plan)?;
    fleet.platform = Some(compare::compare(platform, &fleet, plan.pin).await?);
    report(&fleet, plan, ui)
}

fn report(fleet: &Fleet, plan: &Plan, ui: &Ui) -> Result<Ended, Failure> {
    // A check without a single device must not succeed.
    if fleet.devices.is_empty() && (plan.check || plan.format == Format::Nagios) {
        let place = &fleet.directory;
        return Err(Failure::failed(format!("there is no device in {place}"))
            .hint("name the directory that holds ca/ and cert_<id>/"));
    }
    if let Some(path) = &plan.html {
        let page = html::page(fleet).map_err(|error| unmade(&error.into()))?;
        output::file::replace(path, page.as_bytes())
            .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", path.display())))?;
        ui.note(&format!("the page is in {}", path.display()));
    }
    let mut ended = Ended::from(if plan.check { fleet.worst() } else { Exit::Done });
    let text = match plan.format {
        Format::Text => text::report(fleet, plan.columns),
        Format::Json => escape::json(&json::document(fleet).map_err(|error| unmade(&error.into()))?),
        Format::Csv => {
            let lines = csv::lines(fleet).map_err(|error| unmade(&error.into()))?;
            String::from_utf8_lossy(&lines).trim_end().to_owned()
        }
        Format::Prometheus => {
            let exposition = prometheus::exposition(fleet);
            exposition.map_err(|error| unmade(&io::Error::other(error)))?.trim_end().to_owned()
        }
        Format::Nagios => {
            let (line, health) = nagios::line(fleet);
            ended = health.into();
            line
        }
    };
    deliver(text, plan, ui)?;
    if fleet.devices.is_empty() {
        ui.note(&format!("there is no device in {}; name a directory that holds cert_<id>/", fleet.directory));
    }
    Ok(ended)
}

fn deliver(mut text: String, plan: &Plan, ui: &Ui) -> Result<(), Failure> {
    if let Some(path) = &plan.output {
        text.push('\n');
        return output::file::replace(path, output::ui::unstyled(&text).as_bytes())
            .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", path.display())));
    }
    written(ui.data(&text))
}

fn unmade(error: &io::Error) -> Failure {
    Failure::failed(format!("the report cannot be made: {error}"))
}
