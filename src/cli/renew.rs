//! `certreq renew`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, key_store::KeyStoreArgs, pace::PaceArgs, platform::PlatformArgs, shard::ShardArgs};
use crate::pki::key::KeySpec;

/// Renew certificates before they expire
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct RenewArgs {
    /// Device ids or directories [default: every cert_<id> of --dir]
    #[arg(value_name = "ID|DIR", help_heading = "Devices")]
    pub devices: Vec<String>,

    /// Device ids, separated by commas (can be repeated)
    #[arg(short, long = "ids", value_name = "ID[,ID...]", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// Read ids from a file or stdin, one per line, or from a CSV with --id-column
    #[arg(long, value_name = "FILE|-", help_heading = "Devices")]
    pub ids_from: Option<PathBuf>,

    /// Read ids from this column of a CSV with a header
    #[arg(long, value_name = "NAME", requires = "ids_from", help_heading = "Devices")]
    pub id_column: Option<String>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// A certificate is due when it expires within this time, or part of its lifetime: 30d, 12h, 33%
    #[arg(
        long,
        value_name = "TIME|PERCENT",
        default_value = "33%",
        env = "CERTREQ_WITHIN",
        help_heading = "Due date"
    )]
    pub within: String,

    /// Revoked certificates are due, too
    #[arg(long, help_heading = "Due date")]
    pub revoked: bool,

    /// All certificates are due
    #[arg(long, conflicts_with = "watch", help_heading = "Due date")]
    pub all: bool,

    /// Spread renewals: each device is due earlier by its own, constant part of this time
    #[arg(long, value_name = "TIME", env = "CERTREQ_SPREAD", help_heading = "Due date")]
    pub spread: Option<String>,

    /// Keep running, and renew certificates when they are due; SIGHUP reads files again
    #[arg(long, conflicts_with = "dry_run", help_heading = "Due date")]
    pub watch: bool,

    /// Show for each device whether it is due, and do nothing
    #[arg(long, help_heading = "Due date")]
    pub dry_run: bool,

    /// Kind of the new key [default: the old key's]
    #[arg(long, value_name = "KIND", env = "CERTREQ_KEY", help_heading = "Certificates")]
    pub key: Option<KeySpec>,

    #[command(flatten)]
    pub store: KeyStoreArgs,

    /// Keep the key, and get a new certificate for it
    #[arg(long, conflicts_with = "key", help_heading = "Certificates")]
    pub reuse_key: bool,

    /// Number of replaced pairs to keep for each device in .certreq/archive
    #[arg(long, value_name = "N", default_value_t = 3, env = "CERTREQ_KEEP", help_heading = "Directories")]
    pub keep: usize,

    /// Run this command on the new pair first; if it fails, the old pair stays in use
    #[arg(long, value_name = "CMD", env = "CERTREQ_TEST_CMD", help_heading = "Commands")]
    pub test_cmd: Option<std::ffi::OsString>,

    /// Run this command for each device with a new pair
    #[arg(long, value_name = "CMD", env = "CERTREQ_EXEC", help_heading = "Commands")]
    pub exec: Option<std::ffi::OsString>,

    /// Time limit for a command
    #[arg(
        long,
        value_name = "TIME",
        default_value = "2m",
        env = "CERTREQ_EXEC_TIMEOUT",
        help_heading = "Commands"
    )]
    pub exec_timeout: String,

    /// Delete the old certificate on the platform, after --exec
    #[arg(long, help_heading = "Certificates")]
    pub revoke_old: bool,

    /// Directory with ca/ and cert_<id>/ [default: .]
    #[arg(long, value_name = "DIR", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: Option<PathBuf>,

    /// Wait until no other certreq works in the directory (--watch always does)
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
Commands run as `sh -c CMD`, unchanged; --exec runs for one device at a time. Their
environment has: CERTREQ_DEVICE, CERTREQ_DEVICE_DIR, CERTREQ_CERT_FILE, CERTREQ_KEY_FILE, CERTREQ_CA_FILE,
CERTREQ_CRL_FILE (absolute paths), CERTREQ_FINGERPRINT, CERTREQ_SERIAL,
CERTREQ_NOT_AFTER. Their output goes to stderr. A failed --exec does not undo
the renewal: certreq exits with 3, and the next run with --exec runs it again.
After a failed --test-cmd the next run tries the same new certificate again.

A client that opens cert.pem and private.key one after the other can get one of
each pair. Start it inside the directory (cd cert_<id>) with relative names, and
both are of one pair; or let it try again. On file systems that cannot exchange
directories (overlayfs for its lower layer, NFS, some FUSE), the two files are
replaced one after the other, cert.pem first. Each changes in one step, and the
next run finishes an interrupted replacement.

Examples:
  certreq renew -h HOST -u ci                      those in their last third
  certreq renew --est https://HOST                 over mutual TLS
  certreq renew --within 30d --spread 14d --dry-run
  certreq renew cert_a1998e --exec 'systemctl reload mosquitto' -h HOST -u ci
  certreq renew --watch --dir /var/lib/certreq -h HOST -u ci

Exit codes: 0 all due certificates are renewed, or none was due; 1 failed; 2 wrong
usage; 3 some devices failed, or --exec failed; 4 the platform
refused; 5 it cannot be reached, or is overloaded; 6 stopped by a safety check;
15 with --revoked, revocation not determinable; 130 interrupted.";
