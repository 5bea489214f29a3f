//! `certreq devices`.

use clap::{Args, Subcommand};

use super::{list::ListFormat, platform::PlatformArgs};

/// List the devices the platform has
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true, args_conflicts_with_subcommands = true)]
pub struct DevicesArgs {
    #[command(subcommand)]
    pub verb: Option<DevicesVerb>,

    /// Only devices without a live certificate: no certificate, or only expired and revoked ones
    #[arg(long, help_heading = "What")]
    pub without_certificate: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object a line, or CSV with a header
    #[arg(long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

#[derive(Debug, Subcommand)]
pub enum DevicesVerb {
    Add(Box<AddArgs>),
}

/// Add devices to the platform; those it has already stay as they are
#[derive(Debug, Args)]
#[command(after_help = ADD, args_override_self = true)]
pub struct AddArgs {
    /// Devices to add
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,

    /// Number of the template they are made of; dojot wants one, certreq serve does not
    #[arg(long, value_name = "NUMBER", help_heading = "What")]
    pub template: Option<String>,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: a table, one JSON object a line, or CSV with a header
    #[arg(long, value_enum, default_value_t = ListFormat::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: ListFormat,
}

const ADD: &str = "\
Examples:
  certreq devices add -h HOST -u admin b0a4d1
  certreq devices add b0a4d1 b0a4d2 --local

Exit codes: 0 they are there; 1 it could not be done; 2 wrong usage; 3 only some
could be added; 4 the platform refused; 5 it cannot be reached.";

const EXAMPLES: &str = "\
Examples:
  certreq devices -h HOST -u admin
  certreq devices -h HOST -u admin --without-certificate --format csv > todo.csv
  certreq issue -h HOST -u admin --ids-from todo.csv --id-column device
  certreq devices add -h HOST -u admin b0a4d1

A certificate lives when it has not ended and the platform's revocation list does not
name it; one that is not valid yet counts, and so does one the list cannot tell about.

Exit codes: 0 listed, also when nothing is; 1 it could not be done; 2 wrong
usage; 4 the platform refused; 5 it cannot be reached; 6 another root than
--ca-fingerprint names.";
