//! `certreq list`.

use clap::{Args, ValueEnum};

use super::platform::PlatformArgs;

/// List the certificates the platform has
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ListArgs {
    /// Only those of these devices, separated by commas (can be repeated)
    #[arg(short = 'i', long = "ids", alias = "device", value_name = "ID[,ID...]", help_heading = "What")]
    pub device: Vec<String>,

    /// Only those that end within this time, or part of their lifetime: 30d, 12h, 33%; those that ended are left out
    #[arg(long = "within", alias = "expires-within", value_name = "TIME|PERCENT", help_heading = "What")]
    pub expires_within: Option<String>,

    /// Only those that ended
    #[arg(long, conflicts_with = "expires_within", help_heading = "What")]
    pub expired: bool,

    /// Only those without an owner: no device can use them
    #[arg(long, conflicts_with = "device", help_heading = "What")]
    pub orphans: bool,

    /// Only those that the platform's revocation list names: revoked or on hold, and yet on record
    #[arg(long, help_heading = "What")]
    pub revoked: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object a line, or CSV with a header
    #[arg(long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

/// Ways to print a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Text,
    Json,
    Csv,
}

const EXAMPLES: &str = "\
Examples:
  certreq list -h HOST -u admin --within 30d
  certreq list -h HOST -u admin --orphans --format csv > orphans.csv
  certreq list --local

Every page is read, and filters are applied here: those of the platform miss records.
The revocation list of the platform says what is revoked, after its signature was
checked; where it cannot tell, the state is that of the dates, and JSON says unknown.
Several filters together mean all of them.

Exit codes: 0 listed, also when nothing is; 1 it could not be done, or a record
could not be read; 2 wrong usage; 4 the platform refused; 5 it cannot be
reached; 6 another root than --ca-fingerprint names.";
