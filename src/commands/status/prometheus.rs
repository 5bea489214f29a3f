//! `--format prometheus`: the text exposition format, for node_exporter's textfile collector.
//!
//! Moments are absolute: "days left" would be wrong as soon as the file is older than a scrape.

use std::fmt::{self, Write};

use super::{
    compare::RootState,
    device::{Code, Standing},
    fleet::Fleet,
};

const ENDS: &str = "certreq_cert_not_after_timestamp_seconds";
const ROOT_ENDS: &str = "certreq_root_not_after_timestamp_seconds";

/// Every metric with its help and type.
pub(super) fn exposition(fleet: &Fleet) -> Result<String, fmt::Error> {
    let mut out = Exposition(String::new());
    out.family("certreq_devices", "Device directories by state.")?;
    for standing in Standing::ALL {
        out.sample("certreq_devices", [("state", standing.name())], fleet.count(standing))?;
    }
    out.family(ENDS, "Expiry of a device's certificate, in seconds since 1970.")?;
    for device in &fleet.devices {
        if let Some(leaf) = &device.leaf {
            let directory = fleet.directory_of(device).map(|directory| ("directory", directory));
            out.sample(
                ENDS,
                [("device", device.id.as_str())].into_iter().chain(directory),
                leaf.not_after.unix(),
            )?;
        }
    }
    for (name, help, number) in [
        (
            "certreq_keys_exposed",
            "Key files that others than their owner can read.",
            fleet.with(Code::KeyExposed).count(),
        ),
        (
            "certreq_keys_shared",
            "Devices that share a key with another device.",
            fleet.with(Code::KeyShared).count(),
        ),
        ("certreq_half_done", "Devices whose pair is not complete yet.", fleet.half_done.len()),
        ("certreq_journal_open", "Keys whose outcome is open in the journal.", fleet.journal.open.len()),
    ] {
        out.single(name, help, number)?;
    }
    authority(&mut out, fleet)?;
    platform(&mut out, fleet)?;
    out.single("certreq_status_timestamp_seconds", "When the fleet was looked at.", fleet.at.unix())?;
    Ok(out.0)
}

fn authority(out: &mut Exposition, fleet: &Fleet) -> fmt::Result {
    if !fleet.roots.is_empty() {
        out.family(ROOT_ENDS, "Expiry of a root certificate, in seconds since 1970.")?;
    }
    for root in &fleet.roots {
        out.sample(
            ROOT_ENDS,
            [("fingerprint", root.fingerprint().to_string().as_str())],
            root.not_after.unix(),
        )?;
    }
    match fleet.list.as_ref().and_then(|list| list.next_update) {
        Some(next) => out.single(
            "certreq_crl_next_update_timestamp_seconds",
            "When the next revocation list is due, in seconds since 1970.",
            next.unix(),
        ),
        None => Ok(()),
    }
}

fn platform(out: &mut Exposition, fleet: &Fleet) -> fmt::Result {
    let Some(platform) = &fleet.platform else { return Ok(()) };
    let changed = usize::from(platform.root.state == RootState::Changed);
    for (name, help, number) in [
        ("certreq_platform_certificates", "Certificates the platform has a record of.", platform.certificates),
        ("certreq_platform_orphans", "Certificates without an owner.", platform.orphans.len()),
        ("certreq_platform_revoked_in_use", "Revoked certificates in use.", platform.revoked_in_use.len()),
        (
            "certreq_platform_without_record",
            "Certificates in use without a record.",
            platform.without_record.len(),
        ),
        (
            "certreq_platform_devices_without_certificate",
            "Devices of the platform that own no certificate.",
            platform.devices_without_certificate.len(),
        ),
        ("certreq_platform_root_changed", "1 when the platform has another root.", changed),
    ] {
        out.single(name, help, number)?;
    }
    Ok(())
}

struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, help: &str) -> fmt::Result {
        writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge")
    }

    fn sample<'a>(
        &mut self,
        name: &str,
        labels: impl IntoIterator<Item = (&'a str, &'a str)>,
        value: impl fmt::Display,
    ) -> fmt::Result {
        let labels: Vec<String> =
            labels.into_iter().map(|(label, of)| format!("{label}=\"{}\"", escaped(of))).collect();
        if labels.is_empty() {
            return writeln!(self.0, "{name} {value}");
        }
        writeln!(self.0, "{name}{{{}}} {value}", labels.join(","))
    }

    fn single(&mut self, name: &str, help: &str, value: impl fmt::Display) -> fmt::Result {
        self.family(name, help)?;
        self.sample(name, [], value)
    }
}

/// A label's value, with the three escapes of the format.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
