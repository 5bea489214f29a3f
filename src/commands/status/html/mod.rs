//! `--html`: one page that fetches no other resource.
//!
//! The numbers stand in it as JSON, and its script shows them. The script may do nothing else: the page's policy names
//! the hashes of this script and this style, so that no text of a certificate can ever run or be fetched.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use super::{
    device::{Code, Device, Standing},
    fleet::Fleet,
    weeks,
};
use crate::output::{count, escape, grouped};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[derive(Serialize)]
struct Data<'a> {
    directory: String,
    /// Seconds since 1970, as all moments here.
    at: i64,
    states: Vec<State>,
    roots: Vec<Root<'a>>,
    list: Option<Dates>,
    notes: Vec<String>,
    /// So many of the notes, the first ones, are failures.
    failures: usize,
    /// One array a device: id, state, begin, end, serial, subject, issuer, problems; null without a certificate.
    devices: Rows<'a>,
}

#[derive(Serialize)]
struct State {
    name: &'static str,
    words: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Root<'a> {
    subject: &'a str,
    end: i64,
}

#[derive(Serialize)]
struct Dates {
    made: i64,
    next: Option<i64>,
    revoked: usize,
}

struct Rows<'a>(&'a [Device]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(row))
    }
}

type Row<'a> = (&'a str, usize, Option<i64>, Option<i64>, &'a str, &'a str, &'a str, String);

fn row(device: &Device) -> Row<'_> {
    let leaf = device.leaf.as_ref();
    let problems: Vec<&str> = device.problems.iter().map(|problem| problem.message.as_str()).collect();
    (
        device.id.as_str(),
        device.standing.index(),
        leaf.map(|leaf| leaf.not_before.unix()),
        leaf.map(|leaf| leaf.not_after.unix()),
        leaf.map(|leaf| &*leaf.serial).unwrap_or_default(),
        leaf.map(|leaf| &*leaf.subject).unwrap_or_default(),
        leaf.map(|leaf| &*leaf.issuer).unwrap_or_default(),
        problems.join("; "),
    )
}

/// The whole page.
pub(super) fn page(fleet: &Fleet) -> serde_json::Result<String> {
    // A relative path such as `.` has no meaning on another machine.
    let directory = std::fs::canonicalize(&fleet.directory);
    let (failing, notes) = (failing(fleet), notes(fleet));
    let data = Data {
        directory: directory.map_or_else(|_| fleet.directory.clone(), |path| path.display().to_string()),
        at: fleet.at.unix(),
        states: Standing::ALL
            .into_iter()
            .map(|standing| State {
                name: standing.name(),
                words: standing.words(),
                count: fleet.count(standing),
            })
            .collect(),
        roots: fleet
            .roots
            .iter()
            .map(|root| Root { subject: &root.subject, end: root.not_after.unix() })
            .collect(),
        list: fleet.list.as_ref().map(|list| Dates {
            made: list.this_update.unix(),
            next: list.next_update.map(crate::pki::time::Time::unix),
            revoked: list.revoked,
        }),
        failures: failing.len(),
        notes: failing.into_iter().chain(notes).collect(),
        devices: Rows(&fleet.devices),
    };
    // In a script element only `<` can end the data; the escapes are JSON's own, so the data stays what it is.
    let json = escape::json(&serde_json::to_string(&data)?).replace('<', "\\u003c");
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + json.len() + 256);
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        match name {
            "style" => page.push_str(STYLE),
            "script" => page.push_str(SCRIPT),
            "data" => page.push_str(&json),
            "style-hash" => page.push_str(&hash(STYLE)),
            "script-hash" => page.push_str(&hash(SCRIPT)),
            _ => {}
        }
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// Hash by which a policy names a script or a style (CSP level 3, §2.3.1).
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

/// Devices named for each state; the table has all of them.
const NAMED: usize = 5;

/// Things of one kind that are named; the report has all of them.
const NOTES: usize = 20;

fn more(notes: &mut Vec<String>, number: usize, what: &str) {
    if number > NOTES {
        notes.push(format!("and {} more {what}", number - NOTES));
    }
}

/// Devices that fail, the worst first, as the report for a terminal has them.
fn failing(fleet: &Fleet) -> Vec<String> {
    let named = |number: usize, devices: &mut dyn Iterator<Item = &Device>, what: &str| {
        let shown: Vec<&str> = devices.take(NAMED).map(|device| device.id.as_str()).collect();
        let more = if number > shown.len() {
            format!(" and {} more", grouped(number - shown.len()))
        } else {
            String::new()
        };
        (number > 0).then(|| format!("{} {what}: {}{more}", count(number, "device"), shown.join(", ")))
    };
    let states = [
        (Standing::Revoked, "revoked"),
        (Standing::OnHold, "on hold"),
        (Standing::Mismatched, "mismatched"),
        (Standing::Broken, "broken"),
        (Standing::Expired, "expired"),
    ];
    let states = states
        .into_iter()
        .filter_map(|(standing, what)| named(fleet.count(standing), &mut fleet.that_are(standing), what));
    let exposed = fleet.with(Code::KeyExposed).count();
    let exposed = named(exposed, &mut fleet.with(Code::KeyExposed), "with a key that other users can read");
    let mut failing: Vec<String> = states.chain(exposed).collect();
    let shared = fleet.shared.iter().take(NOTES);
    failing.extend(shared.map(|shared| {
        format!("{} have one key: {}", count(shared.devices.len(), "device"), ids(&shared.devices))
    }));
    more(&mut failing, fleet.shared.len(), "shared keys");
    let Some(platform) = &fleet.platform else { return failing };
    let place = &platform.place;
    if platform.root.state == super::compare::RootState::Changed {
        failing.push(format!("{place} has another root: {}", platform.root.fingerprint));
    }
    for (number, what) in [
        (platform.revoked_in_use.len(), "revoked there and still in use here"),
        (platform.without_record.len(), "in use here and without a record there"),
    ] {
        if number > 0 {
            failing.push(format!("{place}: {number} {what}"));
        }
    }
    failing
}

fn ids(ids: &[crate::device_id::DeviceId]) -> String {
    let shown: Vec<String> = ids.iter().take(NOTES).map(ToString::to_string).collect();
    let more = if ids.len() > NOTES { format!(" and {} more", ids.len() - NOTES) } else { String::new() };
    shown.join(", ") + &more
}

/// Warnings and facts that the table does not show, one sentence each.
fn notes(fleet: &Fleet) -> Vec<String> {
    let mut notes = Vec::new();
    let early = fleet.count(Standing::NotYetValid);
    if early > 0 {
        let named: Vec<String> =
            fleet.that_are(Standing::NotYetValid).take(NAMED).map(|device| device.id.to_string()).collect();
        notes.push(format!("{} not yet valid: {}", count(early, "device"), named.join(", ")));
    }
    notes.extend(fleet.cliffs().map(|week| {
        let share = weeks::share(week.devices, fleet.devices.len());
        let (number, date) = (count(week.devices, "device"), week.date());
        format!("{number}, {share} % of the fleet, expire in the week of {date}")
    }));
    notes.extend(fleet.doubts.iter().chain(&fleet.limits).cloned());
    if !fleet.half_done.is_empty() {
        notes.push(format!("unfinished: {}; issue again to finish", ids(&fleet.half_done)));
    }
    let open = fleet.journal.open.iter().take(NOTES);
    notes.extend(open.map(|record| {
        format!(
            "open in the journal: {}, {} at {}",
            record.device,
            super::journal::words(&record.event),
            super::journal::moment(record)
        )
    }));
    more(&mut notes, fleet.journal.open.len(), "open entries of the journal");
    if !fleet.strays.is_empty() {
        notes.push(format!(
            "not a device id: {}",
            fleet.strays.iter().take(NOTES).cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    if let Some(platform) = &fleet.platform {
        let place = &platform.place;
        for (number, what) in [
            (platform.orphans.len(), "certificates without an owner"),
            (platform.devices_without_certificate.len(), "devices without a certificate"),
        ] {
            if number > 0 {
                notes.push(format!("{place}: {number} {what}"));
            }
        }
    }
    notes
}
