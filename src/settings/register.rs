//! Settings of `certreq register`.

use std::time::SystemTime;

use super::place::{self, Place};
use crate::{
    cli::{issue::Format, register::RegisterArgs},
    commands::register::Plan,
    failure::Failure,
    output::Ui,
};

/// Resolves the arguments.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &RegisterArgs, ui: &Ui) -> Result<(Place, Plan), Failure> {
    let device = args.device.parse();
    let trusted_ca = args.trusted_ca.as_deref().map(str::parse).transpose();
    let plan = Plan {
        certificate: args.certificate.clone(),
        device: device.map_err(|error| Failure::usage(format!("--id: {error}")))?,
        chain: args.chain.clone(),
        trusted_ca: trusted_ca.map_err(|error| Failure::usage(format!("--trusted-ca: {error}")))?,
        dry_run: args.dry_run,
        now: SystemTime::now().into(),
        json: args.format == Format::Json,
        pin: place::pin(&args.platform)?,
    };
    Ok((place::resolve(&args.platform, ui)?, plan))
}
