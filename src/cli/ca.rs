//! `certreq ca`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{issue::Format, platform::PlatformArgs};

/// Show and fetch the root, the revocation list and the trusted CAs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CaArgs {
    #[command(subcommand)]
    pub verb: CaVerb,
}

#[derive(Debug, Subcommand)]
pub enum CaVerb {
    Show(ShowArgs),
    Fetch(FetchArgs),
    Crl(CrlArgs),
    Bundle(BundleArgs),
    Trust(TrustArgs),
}

impl CaVerb {
    pub(super) fn platform_mut(&mut self) -> &mut PlatformArgs {
        match self {
            Self::Show(args) => &mut args.platform,
            Self::Fetch(args) => &mut args.platform,
            Self::Crl(args) => &mut args.platform,
            Self::Bundle(args) => &mut args.platform,
            Self::Trust(args) => match &mut args.verb {
                TrustVerb::Add { platform, .. }
                | TrustVerb::List { platform, .. }
                | TrustVerb::Remove { platform, .. }
                | TrustVerb::AutoRegistration { platform, .. } => platform,
            },
        }
    }
}

/// Compare the root on disk with the platform's
#[derive(Debug, Args)]
#[command(after_help = SHOW)]
pub struct ShowArgs {
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Write ca/ca.pem and ca/crl.pem
#[derive(Debug, Args)]
#[command(after_help = FETCH)]
pub struct FetchArgs {
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Write ca/crl.pem for a broker
#[derive(Debug, Args)]
#[command(after_help = CRL)]
pub struct CrlArgs {
    /// Keep running: fetch the next list before this one expires
    #[arg(long, help_heading = "Output")]
    pub watch: bool,
    /// Write ca/crl-K-of-N.pem, the list of part K of N, in place of the whole one (can be repeated)
    #[arg(long, value_name = "K/N", conflicts_with = "watch", help_heading = "Output")]
    pub part: Vec<String>,
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Print the platform's root and all trusted CAs of the tenant as one PEM file
#[derive(Debug, Args)]
#[command(after_help = BUNDLE)]
pub struct BundleArgs {
    /// Write the bundle to a file, in one step [default: stdout]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Manage other CAs whose certificates the tenant's devices may use
#[derive(Debug, Args)]
#[command(after_help = TRUST)]
pub struct TrustArgs {
    #[command(subcommand)]
    pub verb: TrustVerb,
}

#[derive(Debug, Subcommand)]
pub enum TrustVerb {
    /// Trust the self-signed CA certificate in a file
    #[command(after_help = TRUST_ADD)]
    Add {
        /// One PEM or DER certificate
        #[arg(help_heading = "Trusted CA")]
        file: PathBuf,
        /// Let certificates of this CA register themselves
        #[arg(long, help_heading = "Trusted CA")]
        auto_registration: bool,
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// List the trusted CAs
    #[command(after_help = TRUST_LIST)]
    List {
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Stop trusting a CA
    #[command(after_help = TRUST_REMOVE)]
    Remove {
        /// SHA-256 fingerprint of the CA
        #[arg(help_heading = "Trusted CA")]
        fingerprint: String,
        /// Remove it; without this flag, only show what would be removed
        #[arg(short, long, help_heading = "Trusted CA")]
        yes: bool,
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Set whether a CA's certificates may register themselves
    #[command(after_help = TRUST_AUTO)]
    AutoRegistration {
        /// SHA-256 fingerprint of the CA
        #[arg(help_heading = "Trusted CA")]
        fingerprint: String,
        /// Allow it, or stop it
        #[arg(value_enum, help_heading = "Trusted CA")]
        state: Switch,
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
pub struct WhereArgs {
    /// Directory with ca/ and cert_<id>/
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Directories")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Output format: text, or one JSON object per line
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq ca show -h HOST -u admin
  certreq ca crl --watch -h HOST -u admin --dir /etc/fleet
  certreq ca bundle -h HOST -u admin --out cabundle.pem
  certreq ca trust add their-root.pem -h HOST -u admin

Exit codes: 0 done; 1 failed; 2 wrong usage; 4 the platform refused; 5 it cannot
be reached; 6 stopped by a safety check: another root, or an older list.";

const SHOW: &str = "\
Examples:
  certreq ca show -h HOST -u admin
  certreq ca show --local --format json

Exit codes: 0 both are the same, or there is no root on disk; 1 failed; 2 wrong
usage; 4 the platform refused; 5 it cannot be reached; 6 they differ.";

const FETCH: &str = "\
Examples:
  certreq ca fetch -h HOST -u admin --dir /etc/fleet
  certreq ca fetch --local

A root that differs from the one on disk needs --accept-new-ca.

Exit codes: 0 both are written; 1 failed; 2 wrong usage; 4 the platform refused;
5 it cannot be reached; 6 the root differs from the one on disk, or the list is
older.";

const CRL: &str = "\
Examples:
  certreq ca crl -h HOST -u admin --dir /etc/fleet
  certreq ca crl --watch -h HOST -u admin --dir /etc/fleet

The list is verified first, and replaced in one step, never by an older one. A server
with --crl-partitions divides its list: a certificate that names /crl/8/3.der is in
part 3/8, and the list of that part holds no other. The whole list holds all.

Exit codes: 0 the newest list is written, or --watch was stopped; 1 failed; 2
wrong usage; 4 the platform refused; 5 it cannot be reached; 6 the list is older than
the one on disk, or is not signed by the root.";

const BUNDLE: &str = "\
Examples:
  certreq ca bundle -h HOST -u admin --out cabundle.pem
  certreq ca bundle --local

Exit codes: 0 printed or written; 1 failed; 2 wrong usage; 4 the platform
refused; 5 it cannot be reached; 6 the root differs from the one on disk.";

const TRUST: &str = "\
Examples:
  certreq ca trust list -h HOST -u admin
  certreq ca trust add their-root.pem -h HOST -u admin

Exit codes: 0 done; 1 failed; 2 wrong usage; 4 the platform refused; 5 it cannot
be reached.";

const TRUST_ADD: &str = "\
Examples:
  certreq ca trust add their-root.pem -h HOST -u admin
  certreq ca trust add their-root.pem --auto-registration --local

Exit codes: 0 the CA is trusted, or was before; 1 the certificate cannot be
trusted, or the command failed; 2 wrong usage; 4 the platform refused; 5 it cannot be
reached.";

const TRUST_LIST: &str = "\
Examples:
  certreq ca trust list -h HOST -u admin
  certreq ca trust list --local --format json

Exit codes: 0 listed, even if the list is empty; 1 failed; 2 wrong usage; 4 the platform refused; 5 it cannot be reached.";

const TRUST_REMOVE: &str = "\
Examples:
  certreq ca trust remove FINGERPRINT -h HOST -u admin     only shows it
  certreq ca trust remove FINGERPRINT --yes -h HOST -u admin

Exit codes: 0 removed, or gone already; 1 failed; 2 without --yes, or wrong usage; 4 the platform refused; 5 it cannot be reached.";

const TRUST_AUTO: &str = "\
Examples:
  certreq ca trust auto-registration FINGERPRINT on -h HOST -u admin
  certreq ca trust auto-registration FINGERPRINT off -h HOST -u admin

Exit codes: 0 done; 1 the CA is not trusted, or the command failed; 2 wrong usage;
4 the platform refused; 5 it cannot be reached.";
