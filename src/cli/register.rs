//! `certreq register`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Register a certificate of another CA for a device
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct RegisterArgs {
    /// The device's certificate, PEM or DER; issuers may follow it
    #[arg(value_name = "FILE", help_heading = "What")]
    pub certificate: PathBuf,

    /// The device it is for
    #[arg(short = 'i', long = "id", aliases = ["device", "ids"], value_name = "ID", help_heading = "What")]
    pub device: String,

    /// Certificates between it and the root, perhaps the root too, in any order: file, bundle or directory (can be
    /// repeated)
    #[arg(long = "intermediates", alias = "chain", value_name = "FILE", help_heading = "What")]
    pub chain: Vec<PathBuf>,

    /// SHA-256 fingerprint of the trusted CA it leads to, where the root itself is not at hand
    #[arg(long, value_name = "FINGERPRINT", help_heading = "What")]
    pub trusted_ca: Option<String>,

    /// Check everything, and register nothing
    #[arg(long, help_heading = "What")]
    pub dry_run: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: text, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq register cert.pem -i a1998e --intermediates chain.pem -h HOST -u admin
  certreq register cert.pem -i a1998e --trusted-ca 24:59:...:FA -h HOST -u admin

The platform must trust the root first: certreq ca trust add. The rules of the platform
are checked here before anything is sent, rule by rule.

Exit codes: 0 it is registered for the device; 1 a rule fails, or the
platform refused the certificate; 2 wrong usage; 4 the platform refused who we
are; 5 it cannot be reached.";
