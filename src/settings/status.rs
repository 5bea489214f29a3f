//! Settings of `certreq status`.

use crate::{
    cli::{issue::Format, status::StatusArgs},
    commands::status::Plan,
};

/// Resolves the arguments.
#[must_use]
pub fn resolve(args: &StatusArgs) -> Plan {
    Plan { dir: args.dir.clone(), json: args.format == Format::Json }
}
