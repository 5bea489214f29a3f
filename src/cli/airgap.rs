//! `certreq key`, `certreq csr`, `certreq join`: the machine with the keys has no network.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, key_store::KeyStoreArgs};
use crate::pki::key::KeySpec;

/// Make keys on a machine without a network; csr writes their requests
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true)]
pub struct KeyArgs {
    /// Device ids, also separated by commas
    #[arg(value_name = "ID", required_unless_present = "ids_from", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// Read ids from a file or stdin, one per line, or from a CSV with --id-column
    #[arg(long, value_name = "FILE|-", help_heading = "Devices")]
    pub ids_from: Option<PathBuf>,

    /// Read ids from this column of a CSV with a header
    #[arg(long, value_name = "NAME", requires = "ids_from", help_heading = "Devices")]
    pub id_column: Option<String>,

    /// Kind of key
    #[arg(
        long,
        value_name = "KIND",
        default_value = KeySpec::DEFAULT.name(),
        hide_default_value = true,
        env = "CERTREQ_KEY",
        help_heading = "Certificates"
    )]
    pub key: KeySpec,

    #[command(flatten)]
    pub store: KeyStoreArgs,

    /// Make a key even if there is a pair; the old pair stays in use until join archives it
    #[arg(long, help_heading = "Certificates")]
    pub force: bool,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Write a certificate request for each new key
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true, mut_arg("format", |format| format.short(None)))]
pub struct CsrArgs {
    /// Device ids, also separated by commas [default: all with a new key]
    #[arg(value_name = "ID", help_heading = "Devices")]
    pub ids: Vec<String>,

    /// Names and addresses of a server: dns:NAME,ip:ADDRESS (can be repeated; needs one id)
    #[arg(long, value_name = "NAME[,NAME...]", help_heading = "Certificates")]
    pub san: Vec<String>,

    /// Directory for the requests (<id>.csr), or - for stdout
    #[arg(short, long, value_name = "DIR|-", help_heading = "Directories")]
    pub out: PathBuf,

    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Join certificates with the keys they were issued for
#[derive(Debug, Args)]
#[command(after_help = LINE, args_override_self = true)]
pub struct JoinArgs {
    /// Directories or files that issue --csr wrote, with ca.pem
    #[arg(value_name = "DIR|FILE", required = true, help_heading = "Certificates")]
    pub paths: Vec<PathBuf>,

    /// The root among them must have this SHA-256 fingerprint; a new root needs it
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_CA_FINGERPRINT", help_heading = "Certificates")]
    pub ca_fingerprint: Option<String>,

    /// The root was renewed: trust the new one, with this fingerprint, in addition to the old one
    #[arg(long, value_name = "FINGERPRINT", env = "CERTREQ_ACCEPT_NEW_CA", help_heading = "Certificates")]
    pub accept_new_ca: Option<String>,

    #[command(flatten)]
    pub place: PlaceArgs,
}

#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Directory for ca/ and cert_<id>/, where the keys are
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: PathBuf,

    /// Wait until no other certreq works in the directory
    #[arg(long, help_heading = "Directories")]
    pub wait: bool,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const LINE: &str = "\
Examples:
  certreq key --ids-from ids.txt           without a network
  certreq csr --out requests               on the same machine
  certreq issue -h HOST -u USER --csr requests --out certificates
  certreq join certificates                where the keys are

You carry the requests to a machine with a network and the certificates back. Keys
never leave the machine they were made on. Every step can be repeated: a key is
kept, a signed request brings the same certificate, a joined certificate is
skipped.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some devices failed,
6 another root, another key, or another device's certificate.";
