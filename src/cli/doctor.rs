//! `certreq doctor`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Find out what is wrong: clock, network, platform, token, directories
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct DoctorArgs {
    /// Directory with ca/ and cert_<id>/ [default: that of --dir]
    #[arg(value_name = "DIR", help_heading = "Where")]
    pub directory: Option<PathBuf>,

    /// The same, for scripts that name it for every verb; DIR counts first
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON document
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,

    #[command(flatten)]
    pub platform: PlatformArgs,
}

const EXAMPLES: &str = "\
Examples:
  certreq doctor -h HOST -u admin --secret-file secret
  certreq doctor /srv/fleet -h https://HOST        without a login
  certreq doctor --local
  certreq doctor --local --format json | jq '.checks[] | select(.state != \"ok\")'

Nothing is written, no token is kept, no secret is asked for: without one,
checks that need a login are skipped. No step waits longer than 4 seconds.

Exit codes: 0 nothing fails, there may be warnings; 6 a safety check failed:
another root; 4 the platform refuses who we are or what we may do; 1 something
else fails; 12 a device is revoked; 5 nothing fails but the platform, which
cannot be reached or does not answer: try later. The first of these that is so
counts. 2 wrong usage.";
