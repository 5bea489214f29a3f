//! `certreq config`.

use clap::{Args, Subcommand};

use super::issue::{Format, IssueArgs};

/// Show settings and their sources; check the configuration files
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
    /// List the errors in the configuration files
    #[command(after_help = CHECK)]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
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

Exit codes: 0 no error; 1 check found errors, or a file cannot be read; 2 wrong usage; 6 others may write a configuration file.";

const SHOW: &str = "\
Examples:
  certreq config show
  certreq config show --profile factory -h https://platform.example

With the flags of issue it shows the settings that such a run would use.

Exit codes: 0 shown, 1 a file cannot be read, 2 wrong usage, or a file
with errors, 6 others may write a configuration file.";

const CHECK: &str = "\
Examples:
  certreq config check
  certreq config check --format json

Exit codes: 0 no error, 1 errors were found or a file cannot be read, 2 wrong
usage, 6 others may write a configuration file.";
