//! Where an EST server is, and with which pair first certificates are asked for.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::issue::Format;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct EstArgs {
    /// Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]
    #[arg(long, value_name = "URL[/LABEL]", env = "CERTREQ_EST")]
    pub est: Option<String>,

    /// With --est: show this certificate when first certificates are asked for
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_CERT", requires = "est_key")]
    pub est_cert: Option<PathBuf>,

    /// The private key of --est-cert
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_KEY", requires = "est_cert")]
    pub est_key: Option<PathBuf>,

    /// With --est: wait so long for requests that have to be approved [default: 0s, the next run asks again]
    #[arg(long, value_name = "TIME", env = "CERTREQ_EST_WAIT")]
    pub est_wait: Option<String>,

    /// The kind of key was chosen, by a flag or a variable.
    #[arg(skip)]
    pub key_is_chosen: bool,
}

/// EST on the side of the server.
#[derive(Clone, Debug, Args)]
pub struct EstServeArgs {
    /// Speak EST, too (RFC 7030): over HTTPS, with a certificate of the authority unless --tls-cert names one
    #[arg(long, env = "CERTREQ_SERVE_EST", help_heading = "What")]
    pub est: bool,

    /// With --est: the user that asks for certificates with a password [default: the users of the authority]
    #[arg(long, value_name = "USER", requires_all = ["est", "est_secret_file"], help_heading = "EST")]
    pub est_user: Option<String>,

    /// With --est-user: read the user's secret from a file
    #[arg(long, value_name = "FILE", requires = "est_user", help_heading = "EST")]
    pub est_secret_file: Option<PathBuf>,

    /// With --est: a label of the paths, https://HOST/.well-known/est/NAME/... (can be repeated)
    #[arg(long, value_name = "NAME", requires = "est", help_heading = "EST")]
    pub est_label: Vec<String>,

    /// With --est: keep first requests until `certreq est approve` (renewals pass)
    #[arg(long, requires = "est", help_heading = "EST")]
    pub est_approve: bool,

    /// With --est: attributes for requests, a CsrAttrs of RFC 8951 in DER or base64 [default: nothing]
    #[arg(long, value_name = "FILE", requires = "est", help_heading = "EST")]
    pub est_csrattrs: Option<PathBuf>,
}

/// Requests over EST that wait for an approval
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct EstVerbArgs {
    #[command(subcommand)]
    pub verb: EstVerb,
}

#[derive(Debug, Subcommand)]
pub enum EstVerb {
    #[command(about = "List the requests that wait")]
    List(EstListArgs),
    #[command(about = "Approve requests that wait: they are issued when their devices ask again")]
    Approve(EstSettleArgs),
    #[command(about = "Refuse requests that wait, for good")]
    Refuse(EstSettleArgs),
}

/// List the requests that wait
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLES, args_override_self = true)]
pub struct EstListArgs {
    #[command(flatten)]
    pub place: EstPlaceArgs,
}

/// Settle requests that wait
#[derive(Debug, Args)]
#[command(after_help = SETTLE_EXAMPLES, args_override_self = true)]
pub struct EstSettleArgs {
    /// Ids of the devices
    #[arg(value_name = "ID", required_unless_present_any = ["all", "request_key"], help_heading = "What")]
    pub devices: Vec<String>,

    /// Every request that waits
    #[arg(long, conflicts_with_all = ["devices", "request_key"], help_heading = "What")]
    pub all: bool,

    /// The request with this key (SHA-256 of its public key), where several wait for one device
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "devices", help_heading = "What")]
    pub request_key: Option<String>,

    #[command(flatten)]
    pub place: EstPlaceArgs,
}

/// Where the requests wait.
#[derive(Debug, Args)]
pub struct EstPlaceArgs {
    /// Directory of the authority, as certreq serve has it [default: in the user's data directory]
    #[arg(long, value_name = "DIR", env = "CERTREQ_AUTHORITY", help_heading = "Where")]
    pub authority: Option<PathBuf>,

    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq est list                   what waits, with the key of each
  certreq est approve a1998e

`certreq serve --est --est-approve` keeps each first request until it is approved.

Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 6 several requests
wait for one device.";

const LIST_EXAMPLES: &str = "\
Examples:
  certreq est list
  certreq est list --format json

Exit codes: 0 listed, 1 it could not be done, 2 wrong usage.";

const SETTLE_EXAMPLES: &str = "\
Examples:
  certreq est approve a1998e
  certreq est refuse b2c3d4
  certreq est approve --all

An approval holds for seven days; a refusal stays.

Exit codes: 0 settled, 1 it could not be done, 2 wrong usage, 6 several requests
wait for one device.";
