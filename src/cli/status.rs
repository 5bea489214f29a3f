//! `certreq status`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{platform::PlatformArgs, shard::ShardArgs};

/// Show a whole fleet at a glance: expiry, revoked, broken, mismatched
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct StatusArgs {
    /// Directories with ca/ and cert_<id>/, or with shards in them; several are shown as one fleet [default: that of
    /// --dir]
    #[arg(value_name = "DIR", help_heading = "Where")]
    pub directories: Vec<PathBuf>,

    /// The same, for scripts that name it for every verb (can be repeated); DIR counts first
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: Vec<PathBuf>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Compare with what the platform has; without it nothing is contacted
    #[arg(long = "platform", help_heading = "What")]
    pub compare: bool,

    /// Print the journal: every step of every key, oldest first
    #[arg(long, conflicts_with_all = ["compare", "check", "html", "output"], help_heading = "What")]
    pub journal: bool,

    /// Look from another day: a date, or a time as in RFC 3339
    #[arg(long, value_name = "TIME", env = "CERTREQ_AT", help_heading = "What")]
    pub at: Option<String>,

    /// Time left that counts as "expires soon", or part of the lifetime left [default: 30d, at most a third of the
    /// lifetime]
    #[arg(long, value_name = "TIME|PERCENT", env = "CERTREQ_WITHIN", help_heading = "What")]
    pub within: Option<String>,

    /// End with the code of the worst state
    #[arg(long, help_heading = "What")]
    pub check: bool,

    /// Output format: text, one JSON document, a CSV line a device, node_exporter's text format, or a monitoring
    /// plugin's line; --journal has text, and JSON lines
    #[arg(long, value_enum, default_value_t = Report::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Report,

    /// Write the report to a file, in one step, instead of stdout
    #[arg(long = "out", alias = "output", value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write a page for browsers to a file, besides
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub html: Option<PathBuf>,

    #[command(flatten)]
    pub platform: PlatformArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    Text,
    Json,
    Csv,
    Prometheus,
    Nagios,
}

const EXAMPLES: &str = "\
Examples:
  certreq status /srv/fleet
  certreq status /srv/shards                       all shards below it as one
  certreq status --html fleet.html                 a page for browsers
  certreq status --platform -h HOST -u admin       and what the platform knows
  certreq status --format prometheus --out /var/lib/node_exporter/fleet.prom
  certreq status --format nagios --within 14d
  certreq status --journal                         every step of every key

Exit codes: 0 it was looked at, whatever was found; 1 it could not be done; 2 wrong
usage; with --platform, 4 it refused, 5 it cannot be reached, 6 it has another root.
With --check the worst of: 12 revoked or on hold, 14 mismatched or broken, 11 expired,
13 not yet valid, 15 ca/crl.pem cannot tell, 10 expires soon; 1 when there is no device.
With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.";
