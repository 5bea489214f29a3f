//! The journal for people and for programs.

use std::io;

use serde::Serialize;

use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    fleet::{
        journal::{self, Event, JournalError, ObjectStep, Record, RevocationStep},
        layout::Layout,
    },
    output::{Ui, count, escape},
    pki::time::Time,
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.journal/1";

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    record: &'a Record,
}

/// Prints every record, oldest first. Records before a damaged one are printed before the damage is reported.
pub(super) fn print(layout: &Layout, json: bool, ui: &Ui) -> Result<Exit, Failure> {
    let mut lines = Ok(());
    let mut records = 0_usize;
    let read = journal::each(&layout.journal(), |record| {
        records += 1;
        if lines.is_ok() {
            lines = show(&record, json, ui);
        }
    });
    written(lines)?;
    match read {
        Ok(()) => {}
        Err(error @ JournalError::Damaged { .. }) => {
            return Err(Failure::failed(format!("{error}; only the entries before it are shown"))
                .hint("to continue, move it away: unfinished keys are recovered without it"));
        }
        Err(error) => return Err(Failure::failed(error.to_string())),
    }
    ui.detail(&count(records, "record"));
    if records == 0 {
        let place = layout.root().display();
        ui.note(&format!("the journal is empty: nothing was requested from {place}"));
    }
    Ok(Exit::Done)
}

fn show(record: &Record, json: bool, ui: &Ui) -> io::Result<()> {
    if json {
        return ui.json(&Line { schema: SCHEMA, record });
    }
    let line = format!("{}  {}  {}  key {}", moment(record), record.device, words(&record.event), record.key);
    ui.text(&escape::line(&line))
}

/// When it happened, as people read it; the journal has RFC 3339.
pub(super) fn moment(record: &Record) -> String {
    Time::from_rfc3339(&record.at).map_or_else(|| record.at.clone(), Time::moment)
}

/// Words for an event.
pub(super) fn words(event: &Event) -> String {
    let under = |request_id: &Option<String>| {
        request_id.as_ref().map(|id| format!(" (request id {id})")).unwrap_or_default()
    };
    match event {
        Event::Begun => "begun".to_owned(),
        Event::Sent => "sent".to_owned(),
        Event::Unanswered { request_id, error } => format!("unanswered: {error}{}", under(request_id)),
        Event::Pending { request_id, error } => format!("pending: {error}{}", under(request_id)),
        Event::Refused { request_id, error } => format!("refused: {error}{}", under(request_id)),
        Event::Surplus { fingerprint } => format!("surplus {fingerprint}"),
        Event::Answered { fingerprint, recovered, request_id, .. } => {
            let how = if *recovered { "recovered" } else { "answered" };
            format!("{how} {fingerprint}{}", under(request_id))
        }
        Event::Published { fingerprint, request_id, .. } => {
            format!("published {fingerprint}{}", under(request_id))
        }
        Event::Revocation { fingerprint, serial, step, request_id, error } => {
            let why = error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            let step = match step {
                RevocationStep::Asked => "revocation requested",
                RevocationStep::Done => "revoked",
                RevocationStep::Removed => "record removed from the platform, not revoked",
                RevocationStep::Gone => "already gone from the platform",
                RevocationStep::Refused => "not revoked",
                RevocationStep::Open => "revocation open",
            };
            format!("{step} {fingerprint} serial {serial}{why}{}", under(request_id))
        }
        Event::Owed { fingerprint, exec, delete } => {
            let command = exec.then(|| "a command".to_owned());
            let deletion = delete.iter().map(|old| format!("the deletion of {}", old.fingerprint));
            let owed: Vec<String> = command.into_iter().chain(deletion).collect();
            format!("owed for {fingerprint}: {}", owed.join(", "))
        }
        Event::Settled { fingerprint } => format!("settled {fingerprint}"),
        Event::InDoubt { fingerprint } => {
            format!("in use: {fingerprint}; the platform may have one more for this key")
        }
        Event::Object { uri, object } => {
            let step = match object {
                ObjectStep::Planned => "key about to be made in its token",
                ObjectStep::Made => "key made in its token",
                ObjectStep::Leaving => "key to be removed from its token",
                ObjectStep::Removed => "key removed from its token",
            };
            format!("{step}: {uri}")
        }
        Event::LookedThrough { .. } => "the platform has no further certificate for this key".to_owned(),
    }
}
