//! `certreq status`.

use std::path::PathBuf;

use clap::Args;

use super::issue::Format;

/// Show what this directory ever asked a platform for
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct StatusArgs {
    /// Print the journal: every step of every key, oldest first
    #[arg(long, required = true, help_heading = "What")]
    pub journal: bool,

    /// Directory with ca/ and cert_<id>/
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq status --journal                                 what was begun, sent, answered and published
  certreq status --journal --format json | jq .fingerprint";
