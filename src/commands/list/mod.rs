//! `certreq list`: the certificates the platform has, filtered here.

use std::{collections::HashSet, ops::ControlFlow};

use serde::Serialize;

use super::{
    listed::{Facts, Held, Judge, has_expired},
    living::{Living, named},
    rows::{Format, Rows},
};
use crate::{
    failure::{Exit, Failure},
    output::{Ui, columns, count, span},
    pki::{fingerprint::Fingerprint, state::Within, time::Time},
    platform::{CertificateRecord, Platform, registry_of},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.list/1";

/// Columns a fingerprint gets in a table on a terminal: its first eight octets.
const SHORT: usize = 26;

/// Plan of `certreq list`. A certificate must match all filters.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Owners whose certificates are listed; empty: every owner, and certificates without an owner.
    pub devices: HashSet<String>,
    pub within: Option<Within>,
    pub expired: bool,
    pub orphans: bool,
    pub revoked: bool,
    pub now: Time,
    pub format: Format,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    /// The platform's root must have this fingerprint.
    pub pin: Option<Fingerprint>,
}

impl Plan {
    fn wants(&self, held: &Held) -> bool {
        let of_device =
            self.devices.is_empty() || held.device.as_ref().is_some_and(|device| self.devices.contains(device));
        let expired = has_expired(held, self.now);
        of_device
            && self.within.is_none_or(|within| !expired && held.ends_within(self.now, within))
            && (!self.expired || expired)
            && (!self.orphans || held.is_orphan())
            && (!self.revoked || held.revocation.state.is_revoked())
    }
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    facts: Facts<'a>,
}

/// Prints the certificates that match the plan.
///
/// # Errors
/// When the platform's list cannot be read to its end.
pub async fn run(platform: &dyn Platform, plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let registry = registry_of(platform, "list")?;
    let judge = Judge::of(platform, plan.pin, plan.now, ui).await?;
    let headings = ["DEVICE", "STATE", "EXPIRES", "FINGERPRINT"];
    let names =
        ["device", "application", "state", "not_before", "not_after", "serial", "fingerprint", "subject"];
    let mut rows = Rows::new(ui, plan.format, &headings, &names, plan.columns);
    let mut unreadable = 0_usize;
    let mut undecided = 0_usize;
    let mut living = Living::default();
    let mut see = |record: CertificateRecord| -> ControlFlow<()> {
        let (name, device) = (record.fingerprint.clone(), record.device.clone());
        match judge.read(record) {
            Ok(held) => {
                undecided +=
                    usize::from(!held.revocation.state.is_conclusive() && !has_expired(&held, plan.now));
                if !plan.wants(&held) {
                    return ControlFlow::Continue(());
                }
                if held.is_live() {
                    living.take(held.device.as_deref(), &held.certificate);
                }
                rows.add(
                    || cells(&held, &plan),
                    || fields(&held),
                    || Line { schema: SCHEMA, facts: Facts::from(&held) },
                )
            }
            // Unreadable records can be filtered by their owner only.
            Err(_)
                if !plan.devices.is_empty() && !device.as_ref().is_some_and(|id| plan.devices.contains(id)) =>
            {
                ControlFlow::Continue(())
            }
            Err(why) => {
                unreadable += 1;
                ui.warn(&format!("the record {name} cannot be read: {why}"));
                let owner = device.as_deref().unwrap_or("-");
                rows.add(
                    || vec![owner.to_owned(), UNREADABLE.to_owned(), "-".to_owned(), shortened(&name, &plan)],
                    || unreadable_fields(device.as_deref(), &name),
                    || Unreadable {
                        schema: SCHEMA,
                        device: device.as_deref(),
                        state: UNREADABLE,
                        fingerprint: &name,
                    },
                )
            }
        }
    };
    let read = registry.each_certificate(&mut see).await;
    // Printed rows stand, also when the rest cannot be had.
    let number = rows.finish()?;
    read.map_err(Failure::from)?;
    ui.note(&format!("{} (by {})", count(number, "certificate"), platform.display_name()));
    let (keys, devices) = (living.keys_with_several(), living.devices_with_several());
    if !keys.is_empty() {
        let text = format!("{} have several live certificates: {}", count(keys.len(), "key"), named(&keys));
        ui.warn(&text);
    }
    if !devices.is_empty() {
        let number = count(devices.len(), "device");
        ui.note(&format!("{number} with several live certificates: {}", named(&devices)));
    }
    if plan.revoked && undecided > 0 {
        ui.warn(&format!(
            "of {} the platform's revocation list cannot tell",
            count(undecided, "more certificate")
        ));
    }
    if unreadable > 0 {
        ui.warn(&format!(
            "of {} the platform has no certificate that can be read",
            count(unreadable, "record")
        ));
    }
    Ok(Exit::Done)
}

/// A record whose certificate cannot be read.
#[derive(Serialize)]
struct Unreadable<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    state: &'static str,
    fingerprint: &'a str,
}

/// Its state.
const UNREADABLE: &str = "unreadable";

fn unreadable_fields(device: Option<&str>, fingerprint: &str) -> Vec<String> {
    let known = [device.unwrap_or_default(), "", UNREADABLE, "", "", "", fingerprint, ""];
    known.map(str::to_owned).to_vec()
}

fn shortened(fingerprint: &str, plan: &Plan) -> String {
    if plan.columns.is_some() { columns::cut(fingerprint, SHORT) } else { fingerprint.to_owned() }
}

fn owner(held: &Held) -> String {
    match (&held.device, &held.application) {
        (Some(device), _) => device.clone(),
        (None, Some(application)) => format!("application {application}"),
        // The certificate has no owner; the common name in it may tell whose it was.
        (None, None) => match held.certificate.common_names.first() {
            Some(name) => format!("- ({name})"),
            None => "-".to_owned(),
        },
    }
}

fn cells(held: &Held, plan: &Plan) -> Vec<String> {
    let fingerprint = shortened(&held.certificate.fingerprint().to_string(), plan);
    vec![owner(held), held.state.words().to_lowercase(), span::moment(held.certificate.not_after), fingerprint]
}

fn fields(held: &Held) -> Vec<String> {
    let certificate = &held.certificate;
    vec![
        held.device.clone().unwrap_or_default(),
        held.application.clone().unwrap_or_default(),
        held.state.words().to_lowercase().replace(' ', "_"),
        certificate.not_before.to_string(),
        certificate.not_after.to_string(),
        certificate.serial.clone(),
        certificate.fingerprint().to_string(),
        certificate.subject.clone(),
    ]
}
