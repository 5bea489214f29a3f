//! `certreq devices`.

use clap::Args;

use super::{list::ListFormat, platform::PlatformArgs};

/// List the devices the platform has
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct DevicesArgs {
    /// Only those without a certificate that lives: none at all, or only expired and revoked ones
    #[arg(long, help_heading = "What")]
    pub without_certificate: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object a line, or CSV with a header
    #[arg(long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

const EXAMPLES: &str = "\
Examples:
  certreq devices -h HOST -u admin
  certreq devices -h HOST -u admin --without-certificate --format csv > todo.csv
  certreq issue -h HOST -u admin --ids-from todo.csv --id-column device

A certificate lives when it has not ended and the platform's revocation list does not
name it; one that is not valid yet counts, and so does one the list cannot tell about.

Exit codes: 0 listed, also when nothing is; 1 it could not be done; 2 wrong
usage; 4 the platform refused; 5 it cannot be reached; 6 another root than
--ca-fingerprint names.";
