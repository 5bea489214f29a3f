//! `certreq inspect`.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Show certificates, keys, requests and revocation lists
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InspectArgs {
    /// Files (PEM, DER, PKCS#7, PKCS#12), directories, patterns, - for stdin,
    /// or servers: host:port, https://host, mqtts://host
    #[arg(value_name = "FILE|DIR|-|HOST:PORT", required = true, help_heading = "Input")]
    pub inputs: Vec<OsString>,

    /// Include directories below the directories
    #[arg(short, long, help_heading = "Input")]
    pub recursive: bool,

    /// Use this time instead of now: a date, or a time in RFC 3339
    #[arg(long, value_name = "TIME", env = "CERTREQ_AT", help_heading = "Report")]
    pub at: Option<String>,

    /// "Expires soon" means: less than this time, or this part of the lifetime, is left [default: 30d, at most a third
    /// of the lifetime]
    #[arg(long, value_name = "TIME|PERCENT", env = "CERTREQ_WITHIN", help_heading = "Report")]
    pub within: Option<String>,

    /// Exit with the code of the worst state
    #[arg(long, help_heading = "Report")]
    pub check: bool,

    /// Read the password of PKCS#12 files and encrypted keys from a file, or from stdin with -
    /// (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "Input")]
    pub password_file: Option<PathBuf>,

    /// Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside ca.pem]
    #[arg(long, value_name = "FILE|URL", help_heading = "Revocation")]
    pub crl: Vec<String>,

    /// Certificates of the CAs that sign the lists: file, bundle or directory (can be repeated) [default:
    /// ca/ca.pem beside the device directory]
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub ca: Vec<PathBuf>,

    /// Query the OCSP responders and distribution points that the certificates name
    #[arg(long, help_heading = "Revocation")]
    pub online: bool,

    /// With --online: include addresses in private networks
    #[arg(long, requires = "online", help_heading = "Revocation")]
    pub online_private: bool,

    /// Send this name to a server instead of its host name (SNI)
    #[arg(long, value_name = "NAME", help_heading = "Servers")]
    pub servername: Option<String>,

    /// Client certificate for a server
    #[arg(
        long = "client-cert",
        alias = "cert",
        value_name = "FILE",
        requires = "key",
        help_heading = "Servers"
    )]
    pub cert: Option<PathBuf>,

    /// The private key of the client certificate
    #[arg(
        long = "client-key",
        alias = "key",
        value_name = "FILE",
        requires = "cert",
        help_heading = "Servers"
    )]
    pub key: Option<PathBuf>,

    /// The platform whose revocation list is fetched
    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Show every extension, decoded
    #[arg(long, conflicts_with = "short", help_heading = "Output")]
    pub text: bool,

    /// Print one line per object
    #[arg(long, help_heading = "Output")]
    pub short: bool,

    /// Include the PEM
    #[arg(long, conflicts_with = "short", help_heading = "Output")]
    pub pem: bool,

    /// Output format: text, or one JSON object per line
    #[arg(
        short = 'o',
        long,
        value_enum,
        default_value_t = Format::Text,
        conflicts_with_all = ["text", "short"],
        env = "CERTREQ_FORMAT",
        help_heading = "Output"
    )]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq inspect cert.pem
  certreq inspect -r . --short             a fleet, one line each
  certreq inspect broker:8883              the chain of a server
  certreq inspect cert_a1998e -h HOST -u admin   with the platform's own list
  certreq inspect --check --within 33% cert_a1998e/cert.pem

The platform's own list is used only with the flag -h or --local, so that variables
and profiles do not make a login necessary for a file.

Exit codes: 0 all was read; 1 something could not be read; 2 wrong usage; 4 the
platform refused; 5 it cannot be reached. With --check the worst of: 12 revoked or
on hold, 14 the key or the directory does not match, 11 expired, 13 not yet valid,
15 the revocation lists do not decide, 1 something could not be read, 10 expires
soon. Without any list, revocation is not checked.";
