//! `certreq inspect`.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Tell what certificates, keys, requests and lists say
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InspectArgs {
    /// Files (PEM, DER, PKCS#7, PKCS#12), directories, patterns, - for stdin,
    /// or servers: host:port, https://host, mqtts://host
    #[arg(value_name = "FILE|DIR|-|HOST:PORT", required = true)]
    pub inputs: Vec<OsString>,

    /// Look into directories below directories, too
    #[arg(short, long, help_heading = "What")]
    pub recursive: bool,

    /// Look from another day: a date, or a time as in RFC 3339
    #[arg(long, value_name = "TIME", env = "CERTREQ_AT", help_heading = "What")]
    pub at: Option<String>,

    /// Time left that counts as "expires soon", or part of the lifetime left [default: 30d, at most a third of the
    /// lifetime]
    #[arg(long, value_name = "TIME|PERCENT", env = "CERTREQ_WITHIN", help_heading = "What")]
    pub within: Option<String>,

    /// End with the code of the worst state
    #[arg(long, help_heading = "What")]
    pub check: bool,

    /// Read the password of PKCS#12 files and encrypted keys from a file, or from stdin with -
    /// (CERTREQ_PASSWORD works too)
    #[arg(long, value_name = "FILE|-", env = "CERTREQ_PASSWORD_FILE", help_heading = "What")]
    pub password_file: Option<PathBuf>,

    /// Revocation lists: file, bundle, directory or URL (can be repeated) [default: crl.pem beside ca.pem]
    #[arg(long, value_name = "FILE|URL", help_heading = "Revocation")]
    pub crl: Vec<String>,

    /// Certificates of authorities that sign the lists: file, bundle or directory (can be repeated) [default:
    /// ca/ca.pem beside the device directory]
    #[arg(long, value_name = "FILE", help_heading = "Revocation")]
    pub ca: Vec<PathBuf>,

    /// Ask the OCSP responders and distribution points that the certificates name
    #[arg(long, help_heading = "Revocation")]
    pub online: bool,

    /// With --online, ask addresses in private networks, too
    #[arg(long, requires = "online", help_heading = "Revocation")]
    pub online_private: bool,

    /// Ask a server for this name instead of its host's (SNI)
    #[arg(long, value_name = "NAME", help_heading = "Servers")]
    pub servername: Option<String>,

    /// Show a server this client certificate
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

    /// A platform that is named is asked for its revocation list
    #[command(flatten)]
    pub platform: PlatformArgs,

    /// Every extension, decoded
    #[arg(long, conflicts_with = "short", help_heading = "Output")]
    pub text: bool,

    /// One line each
    #[arg(long, help_heading = "Output")]
    pub short: bool,

    /// Include the PEM
    #[arg(long, conflicts_with = "short", help_heading = "Output")]
    pub pem: bool,

    /// Output format: text, or one JSON object a line
    #[arg(
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
  certreq inspect -r . --short             a whole fleet, one line each
  certreq inspect broker:8883              what a server presents
  certreq inspect cert_a1998e -h HOST -u admin   with the platform's own list
  certreq inspect --check --within 33% cert_a1998e/cert.pem

The platform's own list counts only when -h or --local is typed: no variable and
no profile makes looking at a file need a login.

Exit codes: 0 everything was read; 1 something could not be read; 2 wrong usage;
4 the platform that was named refused; 5 it cannot be reached. With --check the
worst of: 12 revoked or on hold, 14 the key or the directory does not match, 11
expired, 13 not yet valid, 15 the revocation lists at hand cannot tell, 1
something could not be read, 10 expires soon. Without any list, revocation does
not count.";
