//! `certreq key`, `certreq csr`, `certreq join`: the machine with the keys has no network.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, key_store::KeyStoreArgs};
use crate::pki::key::KeySpec;

/// Make keys where no network is; csr writes the requests for them
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true)]
pub struct KeyArgs {
    /// Device ids, also separated by commas
    #[arg(value_name = "ID", required_unless_present = "ids_from", help_heading = "What")]
    pub ids: Vec<String>,

    /// Read ids from a file or stdin: one a line, or a CSV with --id-column
    #[arg(long, value_name = "FILE|-", help_heading = "What")]
    pub ids_from: Option<PathBuf>,

    /// The ids stand in this column of a CSV with a header
    #[arg(long, value_name = "NAME", requires = "ids_from", help_heading = "What")]
    pub id_column: Option<String>,

    /// Kind of key
    #[arg(
        long,
        value_name = "KIND",
        default_value = KeySpec::DEFAULT.name(),
        hide_default_value = true,
        env = "CERTREQ_KEY",
        help_heading = "What"
    )]
    pub key: KeySpec,

    #[command(flatten)]
    pub store: KeyStoreArgs,

    /// Also where a pair is: the old one stays in use until join archives it
    #[arg(long, help_heading = "What")]
    pub force: bool,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Write a certificate request for each new key
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true)]
pub struct CsrArgs {
    /// Device ids, also separated by commas [default: every device whose key waits]
    #[arg(value_name = "ID", help_heading = "What")]
    pub ids: Vec<String>,

    /// Names and addresses of the server it is for: dns:NAME,ip:ADDRESS (can be repeated; with one id)
    #[arg(long, value_name = "NAME[,NAME...]", help_heading = "What")]
    pub san: Vec<String>,

    /// Directory for the requests, <id>.csr each; - for stdout
    #[arg(short, long, value_name = "DIR|-", help_heading = "Where")]
    pub out: PathBuf,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Join certificates that were carried back to their keys
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true)]
pub struct JoinArgs {
    /// Directories or files that issue --csr wrote, with ca.pem
    #[arg(value_name = "DIR|FILE", required = true, help_heading = "What")]
    pub paths: Vec<PathBuf>,

    /// The root that came along must have this SHA-256 fingerprint; asked for on first use
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_CA_FINGERPRINT", help_heading = "What")]
    pub ca_fingerprint: Option<String>,

    /// The root was renewed: take the one with this fingerprint beside the old one
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_ACCEPT_NEW_CA", help_heading = "What")]
    pub accept_new_ca: Option<String>,

    #[command(flatten)]
    pub place: PlaceArgs,
}

#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Directory for ca/ and cert_<id>/, where the keys are
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: PathBuf,

    /// Wait while another certreq works in the directory
    #[arg(long, help_heading = "Where")]
    pub wait: bool,

    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const LINE: &str = "\
Examples:
  certreq key --ids-from ids.txt           where no network is
  certreq csr --out requests               on the same machine
  certreq issue -h HOST -u USER --csr requests --out certificates
  certreq join certificates                back at the keys

Requests are carried to a machine with a network, which issues, and certificates
are carried back; keys never leave the machine they were made on.
Every step can be repeated: a key is kept, a request that was signed brings the
same certificate, a certificate that was joined is skipped.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some devices failed,
6 another root, another key, or another device's certificate.";
