//! `certreq oob` and `certreq discover`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{issue::Format, platform::PlatformArgs};

/// Manage secrets of devices on an IDProv server; approve pending devices
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct OobArgs {
    #[command(subcommand)]
    pub verb: OobVerb,
}

#[derive(Clone, Debug, Subcommand)]
pub enum OobVerb {
    Add(Box<AddArgs>),
    List(Box<ListArgs>),
    Remove(Box<RemoveArgs>),
    Approve(Box<ApproveArgs>),
}

impl OobArgs {
    pub fn platform_mut(&mut self) -> &mut PlatformArgs {
        match &mut self.verb {
            OobVerb::Add(args) => &mut args.operator.platform,
            OobVerb::List(args) => &mut args.operator.platform,
            OobVerb::Remove(args) => &mut args.operator.platform,
            OobVerb::Approve(args) => &mut args.operator.platform,
        }
    }
}

/// An operator's certificate and key.
#[derive(Clone, Debug, Args)]
pub struct OperatorArgs {
    /// Directory with the operator's admin.pem and admin.key and the server's ca.pem: idprov-admin of the server
    #[arg(long, value_name = "DIR", env = "CERTREQ_OPERATOR", help_heading = "Platform")]
    pub operator: Option<PathBuf>,

    /// The operator's certificate, instead of --operator
    #[arg(
        long,
        value_name = "FILE",
        env = "CERTREQ_OOB_CERT",
        required_unless_present = "operator",
        requires = "key",
        help_heading = "Platform"
    )]
    pub cert: Option<PathBuf>,

    /// The private key of --cert
    #[arg(long, value_name = "FILE", env = "CERTREQ_OOB_KEY", requires = "cert", help_heading = "Platform")]
    pub key: Option<PathBuf>,

    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

/// Add secrets to the server, given or generated ones
#[derive(Clone, Debug, Args)]
#[command(after_help = ADD, args_override_self = true)]
pub struct AddArgs {
    /// Device ids
    #[arg(value_name = "ID", required_unless_present = "from", help_heading = "Devices")]
    pub devices: Vec<String>,

    /// The secret of the one device, from a file, or from stdin with -
    #[arg(
        long,
        value_name = "FILE|-",
        conflicts_with_all = ["from", "generate"],
        help_heading = "Secrets"
    )]
    pub oob_secret_file: Option<PathBuf>,

    /// Devices and their secrets: a CSV with the columns id and secret, or JSON
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["devices", "generate"], help_heading = "Secrets")]
    pub from: Option<PathBuf>,

    /// Generate a secret of 128 bits for each device, and write them to a new file that only you can read (CSV)
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub generate: Option<PathBuf>,

    /// With --generate: also print the secrets, as text or as QR codes
    #[arg(long, value_enum, value_name = "HOW", requires = "generate", help_heading = "Secrets")]
    pub show: Option<Show>,

    /// Secrets expire after this time, or at this date: 12h, 3d, 2026-12-01 [default: the server's limit, 3 days]
    #[arg(long, value_name = "TIME", help_heading = "Secrets")]
    pub valid_for: Option<String>,

    #[command(flatten)]
    pub operator: OperatorArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    Text,
    Qr,
}

/// List the devices that have a secret, and the pending devices
#[derive(Clone, Debug, Args)]
#[command(after_help = LIST, args_override_self = true)]
pub struct ListArgs {
    #[command(flatten)]
    pub operator: OperatorArgs,
}

/// Remove secrets from the server
#[derive(Clone, Debug, Args)]
#[command(after_help = REMOVE, args_override_self = true)]
pub struct RemoveArgs {
    /// Device ids
    #[arg(value_name = "ID", required = true, help_heading = "Devices")]
    pub devices: Vec<String>,

    #[command(flatten)]
    pub operator: OperatorArgs,
}

/// Approve a device that has no secret, by the fingerprint of its key
#[derive(Clone, Debug, Args)]
#[command(after_help = APPROVE, args_override_self = true)]
pub struct ApproveArgs {
    /// The device's id
    #[arg(value_name = "ID", help_heading = "Devices")]
    pub device: String,

    /// SHA-256 of the device's public key, as the device shows it
    #[arg(value_name = "FINGERPRINT", help_heading = "Devices")]
    pub fingerprint: String,

    #[command(flatten)]
    pub operator: OperatorArgs,
}

/// Find provisioning servers on the local network
#[derive(Clone, Debug, Args)]
#[command(after_help = DISCOVER, args_override_self = true)]
pub struct DiscoverArgs {
    /// Time to wait for answers
    #[arg(long, value_name = "TIME", default_value = "3s", help_heading = "Search")]
    pub search: String,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq oob add dev1 --oob-secret-file s --idprov HUB --operator DIR
  certreq oob list --idprov HUB --operator DIR

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part, 4 the server refused,
5 it cannot be reached, 6 its root differs, or is not known.";

const ADD: &str = "\
Examples:
  certreq oob add dev1 --oob-secret-file s --idprov HUB --operator DIR
  certreq oob add --from devices.csv --idprov HUB --operator DIR
  certreq oob add dev3 --generate new.csv --show qr --idprov HUB --operator DIR

The operator's files are in DIR/idprov-admin of the server (certreq serve). A
secret is valid for one certificate. A new secret replaces an old one.

Exit codes: 0 all secrets were added; 1 failed; 2 wrong usage; 3 some were added;
4 the server refused; 5 it cannot be reached; 6 its root differs, or is not known.";

const LIST: &str = "\
Examples:
  certreq oob list --idprov HUB --operator DIR
  certreq oob list --idprov HUB --cert admin.pem --key admin.key --cacert ca.pem

Exit codes: 0 listed; 1 failed, or the server has no list; 2 wrong usage; 4 the
server refused; 5 it cannot be reached; 6 its root differs, or is not known.";

const REMOVE: &str = "\
Examples:
  certreq oob remove dev1 --idprov HUB --operator DIR

Certificates that were issued for a secret stay valid; certreq revoke ends them.

Exit codes: 0 all secrets were removed; 1 failed, or there was no secret; 2 wrong
usage; 3 some were removed; 4 the server refused; 5 it cannot be reached; 6 its
root differs, or is not known.";

const APPROVE: &str = "\
Examples:
  certreq oob approve dev1 FINGERPRINT --idprov HUB --operator DIR

The device is pending and shows the fingerprint of its key. Compare it on the
device, not in the list. The device must know the server's root
(--ca-fingerprint): without a secret nothing else proves the answer.

Exit codes: 0 approved; 1 failed; 2 wrong usage; 4 the server refused; 5 it cannot
be reached; 6 its root differs, or is not known.";

const DISCOVER: &str = "\
Examples:
  certreq discover
  certreq discover --search 10s --format json

An answer alone proves nothing: a server is trusted by its root, or because it
knows the secret of a device. Multicast DNS does not cross routers.

Exit codes: 0 at least one server answered; 1 no server answered, or the network
cannot be searched; 2 wrong usage.";
