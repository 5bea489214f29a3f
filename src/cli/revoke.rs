//! `certreq revoke`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, pace::PaceArgs, platform::PlatformArgs, shard::ShardArgs};

/// Revoke certificates, or remove their owner
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true, mut_arg("jobs", |arg| arg.default_value("16")))]
pub struct RevokeArgs {
    /// Device ids, device directories, certificate files or SHA-256 fingerprints
    #[arg(value_name = "ID|DIR|FILE|FINGERPRINT", help_heading = "Devices")]
    pub targets: Vec<String>,

    /// Device ids, separated by commas (can be repeated): the certificate in the device's directory; without such a
    /// directory, all certificates of the device on the platform
    #[arg(short, long = "ids", value_name = "ID[,ID...]", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// Read targets from a file or stdin, one per line
    #[arg(long = "ids-from", alias = "from", value_name = "FILE|-", help_heading = "Devices")]
    pub from: Option<PathBuf>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// For ids: all certificates of the device on the platform, not only the one in its directory
    #[arg(long, help_heading = "Devices")]
    pub all: bool,

    /// Remove the owner only; the certificate stays valid
    #[arg(long, help_heading = "Devices")]
    pub unlink: bool,

    /// Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "Devices")]
    pub password_file: Option<PathBuf>,

    /// Do not ask for confirmation
    #[arg(short, long, help_heading = "Confirmation")]
    pub yes: bool,

    /// Number of certificates; required for more than ten, even with --yes
    #[arg(long, value_name = "N", help_heading = "Confirmation")]
    pub confirm: Option<usize>,

    /// Show what would be done for each certificate, and do nothing
    #[arg(long, help_heading = "Confirmation")]
    pub dry_run: bool,

    /// Directory with cert_<id>/ and the journal [default: the parent of the first device directory, or .]
    #[arg(long, value_name = "DIR", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: Option<PathBuf>,

    /// Wait until no other certreq works in the directory
    #[arg(long, help_heading = "Directories")]
    pub wait: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    #[command(flatten)]
    pub pace: PaceArgs,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq revoke cert_a1998e -h HOST -u admin      the pair's certificate
  certreq revoke -i a1998e,b2c3d4 --all -h HOST -u admin
  certreq revoke --ids-from stolen.txt --yes --confirm 212 -h HOST -u admin

certreq fetches each record and compares it with the target before it revokes
anything. A revocation cannot be undone. If an outcome is unknown, the journal has
it: certreq status --journal.

Exit codes: 0 all are revoked, or were gone already; 1 not confirmed, or failed; 2
wrong usage, or --yes or --confirm is missing and there is no terminal; 3 some are
revoked; 4 the platform refused; 5 it cannot be reached, or the outcome is unknown;
6 a record does not match its target, or the count differs: nothing was done.";
