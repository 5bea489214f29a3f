//! `certreq register`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Register a certificate of another CA for a device
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct RegisterArgs {
    /// The device's certificate, PEM or DER; its issuers may follow
    #[arg(value_name = "FILE", help_heading = "Certificate")]
    pub certificate: PathBuf,

    /// The device's id
    #[arg(short = 'i', long = "id", aliases = ["device", "ids"], value_name = "ID", help_heading = "Certificate")]
    pub device: String,

    /// Intermediate certificates in any order, with or without the root: file, bundle or directory (can be repeated)
    #[arg(long = "intermediates", alias = "chain", value_name = "FILE", help_heading = "Certificate")]
    pub chain: Vec<PathBuf>,

    /// SHA-256 fingerprint of the trusted CA, if the root itself is not in a file
    #[arg(long, value_name = "FINGERPRINT", help_heading = "Certificate")]
    pub trusted_ca: Option<String>,

    /// Check the certificate, and do not register it
    #[arg(long, help_heading = "Certificate")]
    pub dry_run: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: text, or one JSON object
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq register cert.pem -i a1998e --intermediates chain.pem -h HOST -u admin
  certreq register cert.pem -i a1998e --trusted-ca 24:59:...:FA -h HOST -u admin

The platform must trust the root first: certreq ca trust add. certreq checks the
platform's rules one by one before it sends anything.

Exit codes: 0 registered for the device; 1 a rule fails, or the platform refused
the certificate; 2 wrong usage; 4 the platform refused the login; 5 it cannot be
reached.";
