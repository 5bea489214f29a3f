//! `certreq status`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{platform::PlatformArgs, shard::ShardArgs};

/// Show a whole fleet: valid, expired, revoked, broken, mismatched
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct StatusArgs {
    /// Directories with ca/ and cert_<id>/, or with shards; several are shown as one fleet [default: --dir]
    #[arg(value_name = "DIR", help_heading = "Directories")]
    pub directories: Vec<PathBuf>,

    /// The same as DIR, for scripts (can be repeated); DIR takes precedence
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: Vec<PathBuf>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Compare with the platform's records; without this flag nothing is contacted
    #[arg(long = "platform", help_heading = "Report")]
    pub compare: bool,

    /// Print the journal: each step of each key, oldest first
    #[arg(long, conflicts_with_all = ["compare", "check", "html", "output"], help_heading = "Report")]
    pub journal: bool,

    /// Use this time instead of now: a date, or a time in RFC 3339
    #[arg(long, value_name = "TIME", env = "CERTREQ_AT", help_heading = "Report")]
    pub at: Option<String>,

    /// "Expires soon" means: less than this time, or this part of the lifetime, is left [default: 30d, at most a third
    /// of the lifetime]
    #[arg(long, value_name = "TIME|PERCENT", env = "CERTREQ_WITHIN", help_heading = "Report")]
    pub within: Option<String>,

    /// Exit with the code of the worst state
    #[arg(long, help_heading = "Report")]
    pub check: bool,

    /// Output format: text, one JSON document, CSV with a line per device, node_exporter's text format, or a line for a
    /// monitoring plugin; for --journal: text or JSON lines
    #[arg(short = 'o', long, value_enum, default_value_t = Report::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Report,

    /// Write the report to a file, in one step [default: stdout]
    #[arg(long = "out", alias = "output", value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Also write a page for browsers to this file
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
  certreq status /srv/shards                       all shards below, as one
  certreq status --html fleet.html                 a page for browsers
  certreq status --platform -h HOST -u admin       compared with the platform
  certreq status --format prometheus --out /var/lib/node_exporter/fleet.prom
  certreq status --format nagios --within 14d
  certreq status --journal                         each step of each key

Exit codes: 0 the report is complete, with or without problems; 1 failed; 2 wrong
usage; with --platform, 4 it refused, 5 it cannot be reached, 6 its root differs.
With --check the worst of: 12 revoked or on hold, 14 mismatched or broken, 11 expired,
13 not yet valid, 15 ca/crl.pem does not decide, 10 expires soon; 1 if there is no
device.
With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.";
