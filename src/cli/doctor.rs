//! `certreq doctor`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Find problems: clock, network, platform, token, directories
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct DoctorArgs {
    /// Directory with ca/ and cert_<id>/ [default: --dir]
    #[arg(value_name = "DIR", help_heading = "Directories")]
    pub directory: Option<PathBuf>,

    /// The same as DIR, for scripts; DIR takes precedence
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON document
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
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

doctor writes nothing, keeps no token and does not ask for a secret; without one it
skips the checks that need a login. No check takes longer than 4 seconds.

Exit codes, the first that applies: 6 a safety check failed: another root; 4 the
platform refuses the login or an action; 1 another check failed; 12 a device is
revoked; 5 the platform cannot be reached or does not answer: try later; 0 no
check failed, there may be warnings. 2 wrong usage.";
