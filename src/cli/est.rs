//! The EST server, and the pair for first certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::issue::Format;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Platform")]
pub struct EstArgs {
    /// Use an EST server instead of a platform (RFC 7030): https://HOST[:PORT][/LABEL]
    #[arg(long, value_name = "URL[/LABEL]", env = "CERTREQ_EST")]
    pub est: Option<String>,

    /// With --est: the client certificate for first certificates
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_CERT", requires = "est_key")]
    pub est_cert: Option<PathBuf>,

    /// The private key of --est-cert
    #[arg(long, value_name = "FILE", env = "CERTREQ_EST_KEY", requires = "est_cert")]
    pub est_key: Option<PathBuf>,

    /// With --est: wait this long for the approval of a request [default: 0s, the next run asks again]
    #[arg(long, value_name = "TIME", env = "CERTREQ_EST_WAIT")]
    pub est_wait: Option<String>,

    /// A flag or a variable chose the kind of key.
    #[arg(skip)]
    pub key_is_chosen: bool,
}

/// EST on the side of the server.
#[derive(Clone, Debug, Args)]
pub struct EstServeArgs {
    /// Serve EST (RFC 7030) in addition, over HTTPS, with a certificate of the authority unless --tls-cert names one
    #[arg(long, env = "CERTREQ_SERVE_EST", help_heading = "Protocols")]
    pub est: bool,

    /// With --est: the only user that may request certificates with a password [default: the users of the authority]
    #[arg(long, value_name = "USER", requires_all = ["est", "est_secret_file"], help_heading = "EST")]
    pub est_user: Option<String>,

    /// With --est-user: read the user's secret from a file
    #[arg(long, value_name = "FILE", requires = "est_user", help_heading = "EST")]
    pub est_secret_file: Option<PathBuf>,

    /// With --est: a label of the paths, https://HOST/.well-known/est/NAME/... (can be repeated)
    #[arg(long, value_name = "NAME", requires = "est", help_heading = "EST")]
    pub est_label: Vec<String>,

    /// With --est: hold first requests until `certreq est approve`; renewals need no approval
    #[arg(long, requires = "est", help_heading = "EST")]
    pub est_approve: bool,

    /// With --est: attributes for requests, a CsrAttrs of RFC 8951 in DER or base64 [default: empty]
    #[arg(long, value_name = "FILE", requires = "est", help_heading = "EST")]
    pub est_csrattrs: Option<PathBuf>,
}

/// Approve or refuse requests over EST
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct EstVerbArgs {
    #[command(subcommand)]
    pub verb: EstVerb,
}

#[derive(Debug, Subcommand)]
pub enum EstVerb {
    #[command(about = "List the pending requests")]
    List(EstListArgs),
    #[command(about = "Approve pending requests; devices get certificates when they ask again")]
    Approve(EstSettleArgs),
    #[command(about = "Refuse pending requests permanently")]
    Refuse(EstSettleArgs),
}

/// List the pending requests
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLES, args_override_self = true)]
pub struct EstListArgs {
    #[command(flatten)]
    pub place: EstPlaceArgs,
}

/// Approve or refuse pending requests
#[derive(Debug, Args)]
#[command(after_help = SETTLE_EXAMPLES, args_override_self = true)]
pub struct EstSettleArgs {
    /// Ids of the devices
    #[arg(value_name = "ID", required_unless_present_any = ["all", "request_key"], help_heading = "Requests")]
    pub devices: Vec<String>,

    /// All pending requests
    #[arg(long, conflicts_with_all = ["devices", "request_key"], help_heading = "Requests")]
    pub all: bool,

    /// The request with this key (SHA-256 of the public key), if several are pending for one device
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "devices", help_heading = "Requests")]
    pub request_key: Option<String>,

    #[command(flatten)]
    pub place: EstPlaceArgs,
}

/// The place of the pending requests.
#[derive(Debug, Args)]
pub struct EstPlaceArgs {
    /// Directory of the authority, the same as for certreq serve [default: in the user's data directory]
    #[arg(long, value_name = "DIR", env = "CERTREQ_AUTHORITY", help_heading = "Authority")]
    pub authority: Option<PathBuf>,

    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq est list                   pending requests, each with its key
  certreq est approve a1998e

`certreq serve --est --est-approve` holds each first request until it is approved.

Exit codes: 0 done, 1 failed, 2 wrong usage, 6 several requests are pending for
one device.";

const LIST_EXAMPLES: &str = "\
Examples:
  certreq est list
  certreq est list --format json

Exit codes: 0 listed, 1 failed, 2 wrong usage.";

const SETTLE_EXAMPLES: &str = "\
Examples:
  certreq est approve a1998e
  certreq est refuse b2c3d4
  certreq est approve --all

An approval is valid for seven days; a refusal does not expire.

Exit codes: 0 done, 1 failed, 2 wrong usage, 6 several requests are pending for
one device.";
