//! `certreq revoke`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, pace::PaceArgs, platform::PlatformArgs, shard::ShardArgs};

/// Revoke certificates, or take their owner away
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true, mut_arg("jobs", |arg| arg.default_value("16")))]
pub struct RevokeArgs {
    /// Device ids, device directories, certificate files or SHA-256 fingerprints
    #[arg(value_name = "ID|DIR|FILE|FINGERPRINT", help_heading = "What")]
    pub targets: Vec<String>,

    /// Device ids, separated by commas (can be repeated): the certificate in the device's directory, or all the
    /// platform has for the device when there is no such directory
    #[arg(short, long = "ids", value_name = "ID[,ID...]", help_heading = "What")]
    pub ids: Vec<String>,

    /// Read more of them from a file or stdin, one a line
    #[arg(long = "ids-from", alias = "from", value_name = "FILE|-", help_heading = "What")]
    pub from: Option<PathBuf>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// For ids: every certificate the platform has for the device, not only the one in its directory
    #[arg(long, help_heading = "What")]
    pub all: bool,

    /// Do not revoke: only take the owner away; the certificate stays valid
    #[arg(long, help_heading = "What")]
    pub unlink: bool,

    /// Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "What")]
    pub password_file: Option<PathBuf>,

    /// Do not ask
    #[arg(short, long, help_heading = "Consent")]
    pub yes: bool,

    /// How many certificates it is; needed for more than ten, also with --yes
    #[arg(long, value_name = "N", help_heading = "Consent")]
    pub confirm: Option<usize>,

    /// Say what would be done for each certificate, and do nothing
    #[arg(long, help_heading = "Consent")]
    pub dry_run: bool,

    /// Directory with cert_<id>/ and the journal [default: where the first device directory stands, else .]
    #[arg(long, value_name = "DIR", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: Option<PathBuf>,

    /// Wait while another certreq works in the directory
    #[arg(long, help_heading = "Where")]
    pub wait: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    #[command(flatten)]
    pub pace: PaceArgs,

    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq revoke cert_a1998e -h HOST -u admin      the certificate there
  certreq revoke -i a1998e,b2c3d4 --all -h HOST -u admin
  certreq revoke --ids-from stolen.txt --yes --confirm 212 -h HOST -u admin

Every record is fetched and compared with what was named before anything is done.
A revocation cannot be undone. The journal keeps outcomes that are open:
certreq status --journal.

Exit codes: 0 all of them are revoked, or were gone already; 1 not confirmed, or it
could not be done; 2 no terminal to ask at, and no --yes or --confirm; 3 some of them;
4 the platform refused; 5 it cannot be reached, or left open whether it revoked;
6 a record is not the one that was named, or the count is another: nothing was done.";
