//! `certreq list`.

use clap::{Args, ValueEnum};

use super::platform::PlatformArgs;

/// List the certificates on the platform
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct ListArgs {
    /// Only certificates of these devices, separated by commas (can be repeated)
    #[arg(short = 'i', long = "ids", alias = "device", value_name = "ID[,ID...]", help_heading = "Filters")]
    pub device: Vec<String>,

    /// Only certificates that expire within this time, or part of their lifetime: 30d, 12h, 33%; expired ones are left
    /// out
    #[arg(long = "within", alias = "expires-within", value_name = "TIME|PERCENT", help_heading = "Filters")]
    pub expires_within: Option<String>,

    /// Only expired certificates
    #[arg(long, conflicts_with = "expires_within", help_heading = "Filters")]
    pub expired: bool,

    /// Only certificates without an owner: no device can use them
    #[arg(long, conflicts_with = "device", help_heading = "Filters")]
    pub orphans: bool,

    /// Only certificates on the platform's revocation list: revoked or on hold
    #[arg(long, help_heading = "Filters")]
    pub revoked: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object per line, or CSV with a header
    #[arg(short = 'o', long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
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

certreq reads all pages and filters them itself, because the platform's filters miss
records. Several filters are combined with AND. Revoked certificates are known
from the platform's revocation list, whose signature is checked. If the list does
not decide, the state follows from the dates, and JSON has the word unknown.

Exit codes: 0 listed, even if the list is empty; 1 failed, or a record could not
be read; 2 wrong usage; 4 the platform refused; 5 it cannot be reached; 6 the root
is not the one that --ca-fingerprint names.";
