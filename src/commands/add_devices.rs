//! `certreq devices add`: devices the platform does not have yet.

use std::ops::ControlFlow;

use serde::Serialize;

use super::rows::{Format, Rows};
use crate::{
    device_id::DeviceId,
    failure::{Exit, Failure},
    output::{Ui, count},
    platform::{ErrorKind, Platform, registry_of},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.devices.add/1";

/// Devices to add to the platform.
#[derive(Clone, Debug)]
pub struct Plan {
    pub devices: Vec<DeviceId>,
    /// The template they are made of, for platforms that want one.
    pub template: Option<String>,
    pub format: Format,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    device: &'a DeviceId,
    /// added, present or failed.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Adds one device after the other; one that is there already stays as it is.
///
/// # Errors
/// When the platform cannot be used at all.
pub async fn run(platform: &dyn Platform, plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let registry = registry_of(platform, "adding devices")?;
    let mut rows =
        Rows::new(ui, plan.format, &["DEVICE", "STATE"], &["device", "state", "error"], plan.columns);
    let (mut added, mut failed) = (0, 0);
    for device in &plan.devices {
        let (state, error) = match registry.add_device(device, plan.template.as_deref()).await {
            Ok(true) => ("added", None),
            Ok(false) => ("present", None),
            // The next device has no chance either.
            Err(error) if error.kind != ErrorKind::Rejected => {
                rows.finish()?;
                return Err(error.into());
            }
            Err(error) => {
                ui.warn(&format!("{device}: {error}"));
                ("failed", Some(error.to_string()))
            }
        };
        added += usize::from(state == "added");
        failed += usize::from(state == "failed");
        let shown = rows.add(
            || vec![device.to_string(), state.to_owned()],
            || vec![device.to_string(), state.to_owned(), error.clone().unwrap_or_default()],
            || Line { schema: SCHEMA, device, state, error: error.clone() },
        );
        if shown == ControlFlow::Break(()) {
            break;
        }
    }
    rows.finish()?;
    ui.note(&format!("{} added (by {})", count(added, "device"), platform.display_name()));
    Ok(match failed {
        0 => Exit::Done,
        all if all == plan.devices.len() => Exit::Failed,
        _ => Exit::Partly,
    })
}
