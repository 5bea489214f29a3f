//! `certreq config`.

use clap::{Args, Subcommand};

use super::issue::{Format, IssueArgs};

/// Show where settings come from; check the files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub action: ConfigAction,
}

#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Print every setting and where it comes from: flag, variable, profile, default
    #[command(after_help = SHOW)]
    Show(Box<IssueArgs>),
    /// Name what the configuration files say and certreq does not understand
    #[command(after_help = CHECK)]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq config show --profile factory
  certreq config check

The user's file is ~/.config/certreq/config.toml, the system's /etc/certreq/config.toml:

  [profile.factory]
  url = \"https://platform.example\"
  user = \"ci\"
  secret_file = \"/etc/certreq/factory.secret\"
  dir = \"/var/lib/devices\"

[profile.default] is used when no profile is named. The current directory is never read.

Exit codes: 0 as it should be; 1 check found something, or a file
cannot be read; 2 wrong usage; 6 others may write a configuration file.";

const SHOW: &str = "\
Examples:
  certreq config show
  certreq config show --profile factory -h https://platform.example

Give it the flags of issue to see what a run with them would use.

Exit codes: 0 shown, 1 a file cannot be read, 2 wrong usage, or a file that
makes no sense, 6 others may write a configuration file.";

const CHECK: &str = "\
Examples:
  certreq config check
  certreq config check --format json

Exit codes: 0 as it should be, 1 something was found or cannot be read, 2 wrong
usage, 6 others may write a configuration file.";
