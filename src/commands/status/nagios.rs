//! `--format nagios`: one line and an exit code, as monitoring plugins have them.

use super::{
    compare::RootState,
    device::{Code, Standing},
    fleet::Fleet,
};
use crate::{
    failure::{Failure, Health},
    output::{count, escape, span},
};

/// Devices named in the line.
const NAMED: usize = 3;

/// The plugin's line, and the state of the fleet.
pub(super) fn line(fleet: &Fleet) -> (String, Health) {
    let troubles = troubles(fleet);
    let health = troubles.iter().map(|(health, _)| *health).max().unwrap_or(Health::Ok);
    let mut texts = vec![count(fleet.devices.len(), "device")];
    texts.extend(troubles.into_iter().map(|(_, text)| text));
    if let Some((device, end)) = fleet.next(1).first() {
        let left = span::duration(end.unix() - fleet.at.unix());
        texts.push(format!("next to expire {} in {left}", device.id));
    }
    (format!("CERTREQ {} - {} | {}", health.word(), plain(&texts.join(", ")), performance(fleet)), health)
}

/// The plugin's line for a state that could not be found out.
#[must_use]
pub fn failed(failure: &Failure) -> String {
    format!("CERTREQ {} - {}", Health::Unknown.word(), plain(&failure.message))
}

/// Problems of the fleet, the worst first.
fn troubles(fleet: &Fleet) -> Vec<(Health, String)> {
    let mut found = Vec::new();
    for standing in [
        Standing::Revoked,
        Standing::OnHold,
        Standing::Mismatched,
        Standing::Broken,
        Standing::Expired,
        Standing::NotYetValid,
        Standing::ExpiresSoon,
    ] {
        let number = fleet.count(standing);
        if number > 0 {
            let health = if standing == Standing::ExpiresSoon { Health::Warning } else { Health::Critical };
            let named: Vec<&str> =
                fleet.that_are(standing).take(NAMED).map(|device| device.id.as_str()).collect();
            let more = if number > NAMED { ", ..." } else { "" };
            found.push((health, format!("{number} {} ({}{more})", standing.words(), named.join(", "))));
        }
    }
    for (number, what) in [
        (fleet.with(Code::KeyExposed).count(), "with an exposed key"),
        (fleet.with(Code::KeyShared).count(), "with a shared key"),
        (fleet.half_done.len(), "unfinished"),
        (fleet.journal.open.len(), "open in the journal"),
    ] {
        if number > 0 {
            found.push((Health::Warning, format!("{number} {what}")));
        }
    }
    if fleet.has_only_dead_roots() {
        found.push((Health::Critical, "no root is valid".to_owned()));
    }
    found.extend(fleet.doubts.iter().map(|doubt| (Health::Warning, doubt.clone())));
    if let Some(platform) = &fleet.platform {
        for (number, health, what) in [
            (platform.revoked_in_use.len(), Health::Critical, "revoked and in use"),
            (platform.without_record.len(), Health::Critical, "in use without a record"),
            (platform.orphans.len(), Health::Warning, "without an owner"),
            (platform.devices_without_certificate.len(), Health::Warning, "devices without a certificate"),
        ] {
            if number > 0 {
                found.push((health, format!("{number} {what}")));
            }
        }
        if platform.root.state == RootState::Changed {
            found.push((Health::Critical, "the platform's root changed".to_owned()));
        }
    }
    found.sort_by_key(|(health, _)| std::cmp::Reverse(*health));
    found
}

/// `'label'=value;warn;crit;min;max`: more than 0 of a kind warns, or is critical.
fn performance(fleet: &Fleet) -> String {
    let total = fleet.devices.len();
    let mut data: Vec<String> = Standing::ALL
        .into_iter()
        .map(|standing| {
            let (warning, critical) = match standing {
                Standing::Valid => ("", ""),
                Standing::ExpiresSoon => ("0", ""),
                _ => ("", "0"),
            };
            format!("'{}'={};{warning};{critical};0;{total}", standing.name(), fleet.count(standing))
        })
        .collect();
    if let Some((_, end)) = fleet.next(1).first() {
        data.push(format!("'next_expiry'={}s;;;;", end.unix() - fleet.at.unix()));
    }
    data.join(" ")
}

/// One line without the bar that begins the performance data.
fn plain(text: &str) -> String {
    escape::line(&text.replace('\n', "; ").replace('|', "/"))
}
