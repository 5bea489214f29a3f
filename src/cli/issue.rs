//! `certreq issue`, and certreq without a verb.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    idprov::OobArgs, key_store::KeyStoreArgs, pace::PaceArgs, platform::PlatformArgs, shard::ShardArgs,
};
use crate::pki::key::KeySpec;

/// Make keys and get certificates for devices
#[derive(Debug, Args)]
#[command(about = "Make keys and get certificates for devices", after_help = EXAMPLES, args_override_self = true)]
pub struct IssueVerbArgs {
    /// Device ids
    #[arg(value_name = "ID", conflicts_with_all = ["all", "csr"], help_heading = "Devices")]
    pub devices: Vec<String>,

    #[command(flatten)]
    pub issue: IssueArgs,
}

/// Flags of issue, and of certreq without a verb.
#[derive(Debug, Args)]
pub struct IssueArgs {
    /// Device ids, separated by commas (can be repeated)
    #[arg(short, long = "ids", value_name = "ID[,ID...]", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// All devices of the user
    #[arg(long, conflicts_with_all = ["ids", "ids_from", "csr"], help_heading = "Devices")]
    pub all: bool,

    /// Read ids from a file or stdin, one per line
    #[arg(long, value_name = "FILE|-", help_heading = "Devices")]
    pub ids_from: Option<PathBuf>,

    /// Read ids from this column of a CSV with a header
    #[arg(long, value_name = "NAME", requires = "ids_from", help_heading = "Devices")]
    pub id_column: Option<String>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Kind of key: p256, p384, p521, rsa2048, rsa3072 or rsa4096
    #[arg(long, value_name = "KIND", default_value = KeySpec::DEFAULT.name(), env = "CERTREQ_KEY", help_heading = "Certificates")]
    pub key: KeySpec,

    #[command(flatten)]
    pub store: KeyStoreArgs,

    /// Names of a server: dns:NAME,ip:ADDRESS
    #[arg(long, value_name = "NAME[,NAME...]", help_heading = "Certificates")]
    pub san: Vec<String>,

    /// Sign requests (*.csr) from machines without a network
    #[arg(long, value_name = "FILE|DIR", requires = "out", conflicts_with_all = ["ids", "ids_from", "force"], help_heading = "Devices")]
    pub csr: Vec<PathBuf>,

    /// Replace a valid pair; the old one is archived
    #[arg(long, help_heading = "Certificates")]
    pub force: bool,

    /// Show what would be done, and do nothing
    #[arg(long, help_heading = "Certificates")]
    pub dry_run: bool,

    /// Directory for ca/ and cert_<id>/
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Certificates")]
    pub dir: PathBuf,

    /// With --csr: directory for the certificates (<id>.pem) and ca.pem
    #[arg(long, value_name = "DIR", requires = "csr", help_heading = "Certificates")]
    pub out: Option<PathBuf>,

    /// Wait until no other certreq works in the directory
    #[arg(long, help_heading = "Certificates")]
    pub wait: bool,

    #[command(flatten)]
    pub platform: PlatformArgs,

    #[command(flatten)]
    pub oob: OobArgs,

    #[command(flatten)]
    pub pace: PaceArgs,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq issue --local a1998e                      from the embedded authority
  certreq -h 10.0.0.2 -i a1998e,b2c3d4 -u admin     from a platform
  certreq issue --est https://HOST a1998e -u ci     from any EST server
  certreq issue --local broker --san dns:broker.example.org,ip:10.0.0.2
  certreq issue --local gw --key-store 'pkcs11:token=lab?module-path=MODULE'
  certreq -h HOST -u ci --ids-from ids.csv --id-column id --format json
  certreq issue --idprov HUB -i dev1 --oob-secret-file s
  certreq issue -h HOST -u ci --csr requests/ --out certificates/

--csr signs requests of machines without a network (`certreq help key`).
The same command continues a run that stopped; no key gets a second certificate.
Without ids it needs --all, or asks at a terminal for the number of devices. As in
the shell tool, `certreq -h HOST -u USER` issues for all devices.

Exit codes: 0 every device has its certificate; 1 nothing could be done; 2 wrong
usage; 3 some devices failed; 4 the platform refused; 5 it cannot be reached, is
overloaded, or must approve the request first; 6 stopped by a safety check: another
root, another key, a directory that would be overwritten; 130 interrupted.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}
