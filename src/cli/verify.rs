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
    #[arg(value_name = "FILE|DIR|SERVER", required = true, help_heading = "Input")]
    pub inputs: Vec<OsString>,

    #[command(flatten)]
    pub shard: ShardArgs,

    /// Read the password of PKCS#12 files from a file, or from stdin with - (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "Input")]
    pub password_file: Option<PathBuf>,

    /// Trusted root certificates: file, bundle or directory (can be repeated) [default: ca/ca.pem beside the device
    /// directory]
    #[arg(long, value_name = "FILE", env = "CERTREQ_CA", help_heading = "Trust")]
    pub ca: Vec<PathBuf>,

    /// Trust the root certificates of this machine
    #[arg(long, help_heading = "Trust")]
    pub system_roots: bool,

    /// Accept every certificate of --ca as the end of the chain, self-signed or not
    #[arg(long, help_heading = "Trust")]
    pub partial_chain: bool,

    /// Intermediate certificates: file, bundle or directory (can be repeated)
    #[arg(long, value_name = "FILE", help_heading = "Trust")]
    pub intermediates: Vec<PathBuf>,

    /// Private key that must match the certificate [default: private.key of a device directory]
    #[arg(long, value_name = "FILE", help_heading = "Requirements")]
    pub key: Option<PathBuf>,

    /// Device id that the certificate must be for [default: the id of a device directory]
    #[arg(long, value_name = "ID", help_heading = "Requirements")]
    pub id: Option<String>,

    /// Required purpose; client and server need the matching extended key usage [default: any; with --name: server]
    #[arg(long, value_enum, value_name = "USE", help_heading = "Requirements")]
    pub purpose: Option<Use>,

    /// Acceptable certificate policy, in dots (can be repeated) [default: any]
    #[arg(long, value_name = "OID", help_heading = "Requirements")]
    pub policy: Vec<String>,

    /// Require that the chain is valid under an acceptable policy
    #[arg(long, help_heading = "Requirements")]
    pub explicit_policy: bool,

    /// Server name or address that the certificate must be for
    #[arg(long, value_name = "NAME", help_heading = "Requirements")]
    pub name: Option<String>,

    /// Exit with 10 if less than this is left: 30d, 12h, or 33% of the lifetime
    #[arg(long, value_name = "TIME|PERCENT", help_heading = "Requirements")]
    pub within: Option<String>,

    /// Use this time instead of now: 2026-11-23, or 2026-11-23T08:00:00Z
    #[arg(long, value_name = "TIME", help_heading = "Requirements")]
    pub at: Option<String>,

    /// off: no check; prefer: revoked fails, unknown does not; require: unknown fails, too
    #[arg(long, value_enum, value_name = "MODE", default_value_t = Mode::Prefer, env = "CERTREQ_REVOCATION", help_heading = "Revocation")]
    pub revocation: Mode,

    /// Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside the root]
    #[arg(long, value_name = "FILE|URL", help_heading = "Revocation")]
    pub crl: Vec<String>,

    /// Query the OCSP responders and distribution points that the certificates name
    #[arg(long, help_heading = "Revocation")]
    pub online: bool,

    /// With --online: include addresses in private networks
    #[arg(long, requires = "online", help_heading = "Revocation")]
    pub online_private: bool,

    /// Name to send to a server (SNI) [default: --name, or the host]
    #[arg(long, value_name = "NAME", help_heading = "Servers")]
    pub servername: Option<String>,

    /// Client certificate for a server
    #[arg(long, value_name = "FILE", requires = "client_key", help_heading = "Servers")]
    pub client_cert: Option<PathBuf>,

    /// The private key of the client certificate
    #[arg(long, value_name = "FILE", requires = "client_cert", help_heading = "Servers")]
    pub client_key: Option<PathBuf>,

    /// The platform whose revocation list is fetched
    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Output format: text, or one JSON object per line and certificate
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
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
  certreq verify cert_a1998e            with the key, id and root beside it
  certreq verify cert.pem --ca ca.pem --crl crl.pem --revocation require
  certreq verify mqtts://broker --system-roots --name broker.example.org

The platform's own list is used only with the flag -h or --local, so that variables
and profiles do not make a login necessary for a file.

GOOD means that every check passed. A missing or outdated list fails only with
--revocation require; otherwise the result is VALID, NOT ALL CHECKED.

Exit codes, the first that applies to any certificate: 12 revoked or on hold, 14
not trusted or mismatched, 11 expired, 13 not yet valid, 15 revocation not
determinable (with --revocation require), 1 unreadable, 10 expires soon (with
--within), 0 no problem. If nothing was verified: 1 failed; 2 wrong usage; 4 the
platform refused; 5 it cannot be reached.";
