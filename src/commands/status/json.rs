//! `--format json`: one document, a contract.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    compare::Comparison,
    device::{Code, Device, Known, Problem, Standing},
    fleet::{Fleet, Part, Shared},
    weeks::{self, Week},
};
use crate::{
    device_id::DeviceId,
    evidence::fleet_authorities::ListDates,
    fleet::{journal::Record, shard::Shard},
    pki::{fingerprint::Fingerprint, time::Time},
};

/// The version of the document; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.status/1";
/// Devices under `next`.
const NEXT: usize = 10;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// The moment everything was judged at.
    at: Time,
    directory: &'a str,
    /// Where there are several.
    #[serde(skip_serializing_if = "<[Part]>::is_empty")]
    directories: &'a [Part],
    /// Where there is one, and it was given to a shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<Shard>,
    total: usize,
    counts: Counts<'a>,
    authority: Authority<'a>,
    next: Vec<Next<'a>>,
    weeks: &'a [Week],
    cliffs: Vec<Cliff>,
    shared_keys: &'a [Shared],
    exposed_keys: Vec<Exposed<'a>>,
    half_done: &'a [DeviceId],
    journal: JournalPart<'a>,
    /// Names that begin as a device's and cannot be one.
    strays: &'a [String],
    doubts: &'a [String],
    limits: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a Comparison>,
    devices: Devices<'a>,
}

/// Number of devices in every state, also in states without a device.
struct Counts<'a>(&'a Fleet);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Standing::ALL.len()))?;
        for standing in Standing::ALL {
            map.serialize_entry(standing.name(), &self.0.count(standing))?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Authority<'a> {
    roots: Vec<Root<'a>>,
    revocation_list: Option<&'a ListDates>,
}

#[derive(Serialize)]
struct Root<'a> {
    subject: &'a str,
    fingerprint: Fingerprint,
    not_before: Time,
    not_after: Time,
}

#[derive(Serialize)]
struct Next<'a> {
    device: &'a DeviceId,
    state: Standing,
    not_after: Time,
    remaining_seconds: i64,
}

#[derive(Serialize)]
struct Cliff {
    #[serde(flatten)]
    week: Week,
    percent: usize,
}

#[derive(Serialize)]
struct Exposed<'a> {
    device: &'a DeviceId,
    mode: Option<String>,
}

#[derive(Serialize)]
struct JournalPart<'a> {
    open: &'a [Record],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// One at a time, so that a hundred thousand need no second place in memory.
struct Devices<'a>(&'a Fleet);

impl Serialize for Devices<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.devices.iter().map(|device| Line::of(device, self.0)))
    }
}

#[derive(Serialize)]
struct Line<'a> {
    device: &'a DeviceId,
    /// Where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<&'a str>,
    state: Standing,
    #[serde(flatten)]
    certificate: Option<Certificate<'a>>,
    revocation: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_mode: Option<String>,
    problems: &'a [Problem],
}

#[derive(Serialize)]
struct Certificate<'a> {
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    fingerprint: Fingerprint,
    not_before: Time,
    not_after: Time,
    /// Negative after the end.
    remaining_seconds: i64,
}

impl<'a> Line<'a> {
    fn of(device: &'a Device, fleet: &'a Fleet) -> Self {
        let now = fleet.at;
        let certificate = device.leaf.as_ref().map(|leaf| Certificate {
            subject: &leaf.subject,
            issuer: &leaf.issuer,
            serial: &leaf.serial,
            fingerprint: leaf.fingerprint,
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            remaining_seconds: leaf.not_after.unix() - now.unix(),
        });
        Self {
            device: &device.id,
            directory: fleet.directory_of(device),
            state: device.standing,
            certificate,
            revocation: device.revocation,
            key_mode: device.key_mode.map(octal),
            problems: &device.problems,
        }
    }
}

/// The document as one line of text.
pub(super) fn document(fleet: &Fleet) -> serde_json::Result<String> {
    serde_json::to_string(&Document {
        schema: SCHEMA,
        at: fleet.at,
        directory: &fleet.directory,
        directories: if fleet.is_merged() { &fleet.parts } else { &[] },
        shard: fleet.parts.first().filter(|_| !fleet.is_merged()).and_then(|part| part.shard),
        total: fleet.devices.len(),
        counts: Counts(fleet),
        authority: Authority {
            roots: fleet
                .roots
                .iter()
                .map(|root| Root {
                    subject: &root.subject,
                    fingerprint: root.fingerprint(),
                    not_before: root.not_before,
                    not_after: root.not_after,
                })
                .collect(),
            revocation_list: fleet.list.as_ref(),
        },
        next: fleet
            .next(NEXT)
            .into_iter()
            .map(|(device, not_after)| Next {
                device: &device.id,
                state: device.standing,
                not_after,
                remaining_seconds: not_after.unix() - fleet.at.unix(),
            })
            .collect(),
        weeks: &fleet.weeks,
        cliffs: fleet
            .cliffs()
            .map(|week| Cliff { week, percent: weeks::percent(week.devices, fleet.devices.len()) })
            .collect(),
        shared_keys: &fleet.shared,
        exposed_keys: fleet
            .with(Code::KeyExposed)
            .map(|device| Exposed { device: &device.id, mode: device.key_mode.map(octal) })
            .collect(),
        half_done: &fleet.half_done,
        journal: JournalPart { open: &fleet.journal.open, error: fleet.journal.damage.as_deref() },
        strays: &fleet.strays,
        doubts: &fleet.doubts,
        limits: &fleet.limits,
        platform: fleet.platform.as_ref(),
        devices: Devices(fleet),
    })
}

/// `0600`
pub(super) fn octal(mode: u32) -> String {
    format!("{mode:04o}")
}
