//! Settings of `certreq whoami`.

use std::path::Path;

use crate::{
    cli::{issue::Format, session::WhoamiArgs},
    commands::whoami::Plan,
    fleet::named,
};

/// The directory that was named, by a path, a device id or a file in it.
#[must_use]
pub fn resolve(args: &WhoamiArgs) -> Plan {
    Plan { dir: named::directory(&args.dir, Path::new(".")), json: args.format == Format::Json }
}
