//! `certreq verify`.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{issue::Format, platform::PlatformArgs, shard::ShardArgs};

/// Check certificates: chain, time, key, device id, revocation
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub struct VerifyArgs {
    /// Certificates: files (PEM, DER, PKCS#7, PKCS#12), device directories, a fleet directory, patterns, `-`, or
    /// servers (host:port, https://, mqtts://)
    #[arg(value_name = "FILE|DIR|SERVER", required = true, help_heading = "What")]
    pub inputs: Vec<OsString>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "What")]
    pub password_file: Option<PathBuf>,

    /// Trusted root certificates: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device
    /// directory]
    #[arg(long, value_name = "FILE", env = "CERTREQ_CA", help_heading = "Trust")]
    pub ca: Vec<PathBuf>,

    /// Trust the roots of this computer
    #[arg(long, help_heading = "Trust")]
    pub system_roots: bool,

    /// Let a path end at any certificate of --ca, self-signed or not
    #[arg(long, help_heading = "Trust")]
    pub partial_chain: bool,

    /// Certificates between the root and the certificate: file, bundle or directory (can be repeated)
    #[arg(long, value_name = "FILE", help_heading = "Trust")]
    pub intermediates: Vec<PathBuf>,

    /// The private key that belongs to the certificate [default: private.key of a device directory]
    #[arg(long, value_name = "FILE", help_heading = "Expect")]
    pub key: Option<PathBuf>,

    /// The device it must be for [default: the id in the name of a device directory]
    #[arg(long, value_name = "ID", help_heading = "Expect")]
    pub id: Option<String>,

    /// Purpose it must serve; client and server require the matching extended key usage [default: any, server with
    /// --name]
    #[arg(long, value_enum, value_name = "USE", help_heading = "Expect")]
    pub purpose: Option<Use>,

    /// A certificate policy that is acceptable, dotted (can be repeated) [default: any]
    #[arg(long, value_name = "OID", help_heading = "Expect")]
    pub policy: Vec<String>,

    /// Require that the path is valid under a certificate policy that is acceptable
    #[arg(long, help_heading = "Expect")]
    pub explicit_policy: bool,

    /// The server name or address it must be for (subject alternative name)
    #[arg(long, value_name = "NAME", help_heading = "Expect")]
    pub name: Option<String>,

    /// Exit code 10 when less than this is left: 30d, 12h, or 33% of the lifetime
    #[arg(long, value_name = "TIME|PERCENT", help_heading = "Expect")]
    pub within: Option<String>,

    /// Look from another moment: 2026-11-23, or 2026-11-23T08:00:00Z
    #[arg(long, value_name = "TIME", help_heading = "Expect")]
    pub at: Option<String>,

    /// off; prefer: revoked fails, not knowing does not; require: not knowing fails, too
    #[arg(long, value_enum, value_name = "MODE", default_value_t = Mode::Prefer, env = "CERTREQ_REVOCATION", help_heading = "Revocation")]
    pub revocation: Mode,

    /// Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside the root]
    #[arg(long, value_name = "FILE|URL", help_heading = "Revocation")]
    pub crl: Vec<String>,

    /// Ask the OCSP responders and distribution points that the certificates name
    #[arg(long, help_heading = "Revocation")]
    pub online: bool,

    /// With --online, ask addresses in private networks, too
    #[arg(long, requires = "online", help_heading = "Revocation")]
    pub online_private: bool,

    /// The name to ask a server for (SNI) [default: --name, or the host]
    #[arg(long, value_name = "NAME", help_heading = "Network")]
    pub servername: Option<String>,

    /// Show a server this client certificate
    #[arg(long, value_name = "FILE", requires = "client_key", help_heading = "Network")]
    pub client_cert: Option<PathBuf>,

    /// The private key of the client certificate
    #[arg(long, value_name = "FILE", requires = "client_cert", help_heading = "Network")]
    pub client_key: Option<PathBuf>,

    /// A platform that is named is asked for its revocation list
    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: text, or one JSON object for each certificate, a line each
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Use {
    Client,
    Server,
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Off,
    Prefer,
    Require,
}

const EXAMPLES: &str = "\
Examples:
  certreq verify cert_a1998e            by all that its directory knows
  certreq verify cert.pem --ca ca.pem --crl crl.pem --revocation require
  certreq verify mqtts://broker --system-roots --name broker.example.org

The platform's own list counts only when -h or --local is typed: no variable and
no profile makes looking at a file need a login.

GOOD is only what passed every check. Where --revocation require does not ask for
it, a list that is missing or stale is no failure, but the word is another.

Exit codes, the first that applies to any of the certificates: 12 revoked or on
hold, 14 not trusted or mismatched, 11 expired, 13 not yet valid, 15 revocation
not determinable (with --revocation require), 1 unreadable, 10 expires soon
(with --within), 0 nothing is wrong. Nothing was verified: 1 it could not be
done; 2 wrong usage; 4 the platform that was named refused; 5 it cannot be
reached.";
