//! Settings of `certreq list` and `certreq devices`.

use std::time::SystemTime;

use super::{
    moment,
    place::{self, Place},
};
use crate::{
    cli::{
        devices::{AddArgs, DevicesArgs},
        list::{ListArgs, ListFormat},
    },
    commands::{add_devices, devices, list, rows::Format},
    failure::Failure,
    fleet::id_list,
    output::{Ui, columns},
};

/// Resolves the arguments of `list`.
///
/// # Errors
/// Usage failures.
pub fn certificates(args: &ListArgs, ui: &Ui) -> Result<(Place, list::Plan), Failure> {
    let mut ids = Vec::new();
    for text in &args.device {
        ids.extend(id_list::from_commas(text).map_err(|error| Failure::usage(error.to_string()))?);
    }
    let within = args.expires_within.as_deref().map(|text| moment::within("--within", text)).transpose()?;
    let plan = list::Plan {
        devices: ids.iter().map(ToString::to_string).collect(),
        within,
        expired: args.expired,
        orphans: args.orphans,
        revoked: args.revoked,
        now: SystemTime::now().into(),
        format: format(args.format),
        columns: columns::of_stdout(),
        pin: place::pin(&args.platform)?,
    };
    Ok((place::resolve(&args.platform, ui)?, plan))
}

/// Resolves the arguments of `devices`.
///
/// # Errors
/// Usage failures.
pub fn devices(args: &DevicesArgs, ui: &Ui) -> Result<(Place, devices::Plan), Failure> {
    let plan = devices::Plan {
        without_certificate: args.without_certificate,
        now: SystemTime::now().into(),
        format: format(args.format),
        columns: columns::of_stdout(),
        pin: place::pin(&args.platform)?,
    };
    Ok((place::resolve(&args.platform, ui)?, plan))
}

/// Resolves the arguments of `devices add`.
///
/// # Errors
/// Usage failures.
pub fn add(args: &AddArgs, ui: &Ui) -> Result<(Place, add_devices::Plan), Failure> {
    let mut devices = Vec::new();
    for text in &args.ids {
        devices.extend(id_list::from_commas(text).map_err(|error| Failure::usage(error.to_string()))?);
    }
    id_list::all_plain(&devices).map_err(|error| Failure::usage(error.to_string()))?;
    let plan = add_devices::Plan {
        devices: id_list::without_duplicates(devices),
        template: args.template.clone(),
        format: format(args.format),
        columns: columns::of_stdout(),
    };
    Ok((place::resolve(&args.platform, ui)?, plan))
}

fn format(format: ListFormat) -> Format {
    match format {
        ListFormat::Text => Format::Table,
        ListFormat::Json => Format::Json,
        ListFormat::Csv => Format::Csv,
    }
}
