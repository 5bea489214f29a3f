//! `certreq renew`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, key_store::KeyStoreArgs, pace::PaceArgs, platform::PlatformArgs, shard::ShardArgs};
use crate::pki::key::KeySpec;

/// Renew certificates before they expire
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct RenewArgs {
    /// Ids or directories [default: every cert_<id> of --dir]
    #[arg(value_name = "ID|DIR", help_heading = "What")]
    pub devices: Vec<String>,

    /// Device ids, separated by commas (can be repeated)
    #[arg(short, long = "ids", value_name = "ID[,ID...]", help_heading = "What")]
    pub ids: Vec<String>,

    /// Read ids from a file or stdin: one a line, or a CSV with --id-column
    #[arg(long, value_name = "FILE|-", help_heading = "What")]
    pub ids_from: Option<PathBuf>,

    /// The ids stand in this column of a CSV with a header
    #[arg(long, value_name = "NAME", requires = "ids_from", help_heading = "What")]
    pub id_column: Option<String>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Due when it expires within this: 30d, 12h, or a part of its lifetime
    #[arg(
        long,
        value_name = "TIME|PERCENT",
        default_value = "33%",
        env = "CERTREQ_WITHIN",
        help_heading = "When"
    )]
    pub within: String,

    /// Due when the platform's revocation list names it, too
    #[arg(long, help_heading = "When")]
    pub revoked: bool,

    /// All are due, whenever they expire
    #[arg(long, conflicts_with = "watch", help_heading = "When")]
    pub all: bool,

    /// Each device is due earlier by its own part of this, always the same
    #[arg(long, value_name = "TIME", env = "CERTREQ_SPREAD", help_heading = "When")]
    pub spread: Option<String>,

    /// Stay, and renew what becomes due; SIGHUP reads files again
    #[arg(long, conflicts_with = "dry_run", help_heading = "When")]
    pub watch: bool,

    /// Say for each device why it is due or not, and do nothing
    #[arg(long, help_heading = "When")]
    pub dry_run: bool,

    /// Kind of the new key [default: the kind of the old one]
    #[arg(long, value_name = "KIND", env = "CERTREQ_KEY", help_heading = "How")]
    pub key: Option<KeySpec>,

    #[command(flatten)]
    pub store: KeyStoreArgs,

    /// Keep the key, get only a new certificate
    #[arg(long, conflicts_with = "key", help_heading = "How")]
    pub reuse_key: bool,

    /// Replaced pairs that stay in .certreq/archive, for each device
    #[arg(long, value_name = "N", default_value_t = 3, env = "CERTREQ_KEEP", help_heading = "How")]
    pub keep: usize,

    /// Run this on the new pair first; unless it succeeds, the old one stays
    #[arg(long, value_name = "CMD", env = "CERTREQ_TEST_CMD", help_heading = "How")]
    pub test_cmd: Option<std::ffi::OsString>,

    /// Run this for each device whose pair was replaced
    #[arg(long, value_name = "CMD", env = "CERTREQ_EXEC", help_heading = "How")]
    pub exec: Option<std::ffi::OsString>,

    /// The longest a command may take
    #[arg(long, value_name = "TIME", default_value = "2m", env = "CERTREQ_EXEC_TIMEOUT", help_heading = "How")]
    pub exec_timeout: String,

    /// Delete the old certificate on the platform, after --exec
    #[arg(long, help_heading = "How")]
    pub revoke_old: bool,

    /// Directory with ca/ and cert_<id>/ [default: .]
    #[arg(long, value_name = "DIR", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: Option<PathBuf>,

    /// Wait while another certreq works in the directory (--watch always does)
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
Commands run as `sh -c CMD`, one device at a time for --exec, with nothing put
into their text. They find in their environment: CERTREQ_DEVICE,
CERTREQ_DEVICE_DIR, CERTREQ_CERT_FILE, CERTREQ_KEY_FILE, CERTREQ_CA_FILE,
CERTREQ_CRL_FILE (absolute paths), CERTREQ_FINGERPRINT, CERTREQ_SERIAL,
CERTREQ_NOT_AFTER. Their output goes to stderr. A failed --exec does not undo
the renewal: exit 3, and the next run with --exec runs it again. After a failed
--test-cmd the next run tries the same new certificate again.

A client that opens cert.pem and private.key one after the other can meet the
swap between them. Start it inside the directory (cd cert_<id>) with relative
names: then both are always of one pair. Or let it try again. Where directories
cannot be exchanged (overlayfs for those of its lower layer, NFS, some FUSE), the
two files are replaced one after the other, cert.pem first: each changes in one
step, a reader can meet one of each pair, and a run that was cut between them is
finished by the next one.

Examples:
  certreq renew -h HOST -u ci                      in their last third
  certreq renew --est https://HOST                 over mutual TLS
  certreq renew --within 30d --spread 14d --dry-run
  certreq renew cert_a1998e --exec 'systemctl reload mosquitto' -h HOST -u ci
  certreq renew --watch --dir /var/lib/certreq -h HOST -u ci

Exit codes: 0 what was due is renewed, also when nothing was; 1 it could not be
done; 2 wrong usage; 3 some devices failed, or --exec did; 4 the platform
refused; 5 it cannot be reached, or is overloaded; 6 stopped by a safety check;
15 with --revoked, revocation not determinable; 130 interrupted.";
