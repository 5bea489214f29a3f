//! `certreq devices`.

use clap::{Args, Subcommand};

use super::{list::ListFormat, platform::PlatformArgs};

/// List the devices on the platform
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true, args_conflicts_with_subcommands = true)]
pub struct DevicesArgs {
    #[command(subcommand)]
    pub verb: Option<DevicesVerb>,

    /// Only devices without a live certificate
    #[arg(long, help_heading = "Devices")]
    pub without_certificate: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object per line, or CSV with a header
    #[arg(short = 'o', long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

#[derive(Debug, Subcommand)]
pub enum DevicesVerb {
    Add(Box<AddArgs>),
}

/// Add devices to the platform; existing ones stay as they are
#[derive(Debug, Args)]
#[command(after_help = ADD, args_override_self = true)]
pub struct AddArgs {
    /// Devices to add
    #[arg(required = true, value_name = "ID", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// Number of the template for the devices; dojot needs one, certreq serve does not
    #[arg(long, value_name = "NUMBER", help_heading = "Devices")]
    pub template: Option<String>,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object per line, or CSV with a header
    #[arg(short = 'o', long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

const ADD: &str = "\
Examples:
  certreq devices add -h HOST -u admin b0a4d1
  certreq devices add b0a4d1 b0a4d2 --local

Exit codes: 0 all exist now; 1 failed; 2 wrong usage; 3 only some were added; 4
the platform refused; 5 it cannot be reached.";

const EXAMPLES: &str = "\
Examples:
  certreq devices -h HOST -u admin
  certreq devices -h HOST -u admin --without-certificate --format csv > todo.csv
  certreq issue -h HOST -u admin --ids-from todo.csv --id-column device
  certreq devices add -h HOST -u admin b0a4d1

A certificate is live until it expires or is revoked. One that is not yet valid is
live, and so is one whose revocation cannot be determined.

Exit codes: 0 listed, even if the list is empty; 1 failed; 2 wrong usage; 4 the
platform refused; 5 it cannot be reached; 6 the root is not the one that
--ca-fingerprint names.";
