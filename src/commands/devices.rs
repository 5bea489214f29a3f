//! `certreq devices`: the devices the platform has, and which of them lack a certificate.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use serde::Serialize;

use super::{
    anchor::pinned_root,
    listed::{Held, Judge},
    rows::{Format, Rows},
};
use crate::{
    failure::{Exit, Failure},
    output::{Ui, count, span},
    pki::{fingerprint::Fingerprint, state::State, time::Time},
    platform::{CertificateRecord, DeviceRecord, Platform, Registry, registry_of},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.devices/1";

/// Plan of `certreq devices`.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Only devices without a live certificate.
    pub without_certificate: bool,
    pub now: Time,
    pub format: Format,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    /// The platform's root must have this fingerprint.
    pub pin: Option<Fingerprint>,
}

/// The certificates of devices, as far as it matters here.
#[derive(Debug, Default)]
struct Certificates {
    live: HashSet<String>,
    /// The last certificate of each device without a live one.
    last: HashMap<String, (State, Time)>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    device: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a str>,
    /// Its last certificate: expired, revoked or on_hold; none. Absent unless the plan asks for certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Time>,
}

/// Prints the devices that match the plan.
///
/// # Errors
/// When one of the platform's lists cannot be read to its end.
pub async fn run(platform: &dyn Platform, plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let registry = registry_of(platform, "devices")?;
    let certificates = if plan.without_certificate {
        Some(certificates(platform, registry, &plan, ui).await?)
    } else {
        if plan.pin.is_some() {
            pinned_root(platform, plan.pin).await?;
        }
        None
    };
    let (mut headings, mut names) = (vec!["DEVICE", "LABEL", "CREATED"], vec!["device", "label", "created"]);
    if certificates.is_some() {
        headings.push("CERTIFICATE");
        names.extend(["certificate", "not_after"]);
    }
    let mut rows = Rows::new(ui, plan.format, &headings, &names, plan.columns);
    let mut see = |device: DeviceRecord| -> ControlFlow<()> {
        let last = match &certificates {
            Some(known) if known.live.contains(&device.id) => return ControlFlow::Continue(()),
            Some(known) => Some(known.last.get(&device.id).copied()),
            None => None,
        };
        rows.add(|| cells(&device, last), || fields(&device, last), || line(&device, last))
    };
    let read = registry.each_device(&mut see).await;
    // Printed rows stand, also when the rest cannot be had.
    let number = rows.finish()?;
    read.map_err(Failure::from)?;
    let without = if plan.without_certificate { " without a live certificate" } else { "" };
    ui.note(&format!("{}{without} (by {})", count(number, "device"), platform.display_name()));
    if plan.without_certificate && number > 0 {
        ui.hint("as CSV, it is a list for certreq issue: --ids-from FILE --id-column device");
    }
    Ok(Exit::Done)
}

async fn certificates(
    platform: &dyn Platform,
    registry: &dyn Registry,
    plan: &Plan,
    ui: &Ui,
) -> Result<Certificates, Failure> {
    let judge = Judge::of(platform, plan.pin, plan.now, ui).await?;
    let mut known = Certificates::default();
    let mut see = |record: CertificateRecord| {
        let (name, device) = (record.fingerprint.clone(), record.device.clone());
        match (judge.read(record), device) {
            (Ok(held), Some(device)) => known.take(device, &held),
            (Err(why), Some(_)) => ui.warn(&format!("the record {name} cannot be read: {why}")),
            (_, None) => {}
        }
        ControlFlow::Continue(())
    };
    registry.each_certificate(&mut see).await.map_err(Failure::from)?;
    Ok(known)
}

impl Certificates {
    fn take(&mut self, device: String, held: &Held) {
        if held.is_live() {
            self.last.remove(&device);
            self.live.insert(device);
            return;
        }
        if self.live.contains(&device) {
            return;
        }
        let end = held.certificate.not_after;
        let last = self.last.entry(device).or_insert((held.state, end));
        if end > last.1 {
            *last = (held.state, end);
        }
    }
}

type Last = Option<Option<(State, Time)>>;

fn word(last: Last) -> Option<&'static str> {
    Some(match last? {
        None => "none",
        Some((State::Expired, _)) => "expired",
        Some((State::OnHold, _)) => "on_hold",
        Some(_) => "revoked",
    })
}

/// As people read it; a platform that writes it another way is quoted.
fn created(text: &str) -> String {
    Time::from_rfc3339(text).map_or_else(|| text.to_owned(), Time::moment)
}

fn cells(device: &DeviceRecord, last: Last) -> Vec<String> {
    let mut cells = vec![
        device.id.clone(),
        device.label.clone().unwrap_or_default(),
        device.created.as_deref().map(created).unwrap_or_default(),
    ];
    cells.extend(word(last).map(|word| match last.flatten() {
        Some((State::Expired, end)) => format!("expired {}", span::moment(end)),
        _ => word.replace('_', " "),
    }));
    cells
}

fn fields(device: &DeviceRecord, last: Last) -> Vec<String> {
    let mut fields = cells(device, None);
    if let Some(word) = word(last) {
        fields.push(word.to_owned());
        fields.push(last.flatten().map(|(_, end)| end.to_string()).unwrap_or_default());
    }
    fields
}

fn line(device: &DeviceRecord, last: Last) -> Line<'_> {
    Line {
        schema: SCHEMA,
        device: &device.id,
        label: device.label.as_deref(),
        created: device.created.as_deref(),
        certificate: word(last),
        not_after: last.flatten().map(|(_, end)| end),
    }
}
