//! `certreq ca`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{issue::Format, platform::PlatformArgs};

/// Root certificate, revocation list, bundle, trusted CAs
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

/// Show the root on disk and on the platform, and whether they agree
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
    /// Keep running: fetch the next list before this one ends
    #[arg(long, help_heading = "What")]
    pub watch: bool,
    /// Write ca/crl-K-of-N.pem, the list of part K of N, in place of the whole one (can be repeated)
    #[arg(long, value_name = "K/N", conflicts_with = "watch", help_heading = "What")]
    pub part: Vec<String>,
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Print the platform's root, and every trusted CA of the tenant, as one PEM file
#[derive(Debug, Args)]
#[command(after_help = BUNDLE)]
pub struct BundleArgs {
    /// Write it to a file, in one step [default: stdout]
    #[arg(short, long, value_name = "FILE", help_heading = "Where")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// CAs of others whose certificates devices of the tenant may use
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
        file: PathBuf,
        /// Let its certificates register themselves
        #[arg(long, help_heading = "What")]
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
        /// Its SHA-256 fingerprint
        fingerprint: String,
        /// Do it; without this, only say what would be removed
        #[arg(short, long, help_heading = "What")]
        yes: bool,
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Say whether a CA's certificates may register themselves
    #[command(after_help = TRUST_AUTO)]
    AutoRegistration {
        /// Its SHA-256 fingerprint
        fingerprint: String,
        #[arg(value_enum)]
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
    #[arg(long, value_name = "DIR", default_value = ".", env = "CERTREQ_DIR", help_heading = "Where")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Output format: text, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  certreq ca show -h HOST -u admin
  certreq ca crl --watch -h HOST -u admin --dir /etc/fleet
  certreq ca bundle -h HOST -u admin --out cabundle.pem
  certreq ca trust add their-root.pem -h HOST -u admin

Exit codes: 0 done; 1 it could not be done; 2 wrong usage; 4 the platform
refused; 5 it cannot be reached; 6 another root, or another list, than may be.";

const SHOW: &str = "\
Examples:
  certreq ca show -h HOST -u admin
  certreq ca show --local --format json

Exit codes: 0 they agree, or none is on disk yet; 1 it could not be done; 2
wrong usage; 4 the platform refused; 5 it cannot be reached; 6 they do not agree.";

const FETCH: &str = "\
Examples:
  certreq ca fetch -h HOST -u admin --dir /etc/fleet
  certreq ca fetch --local

Another root than the one on disk needs --accept-new-ca.

Exit codes: 0 both are there; 1 it could not be done; 2 wrong usage; 4 the platform
refused; 5 it cannot be reached; 6 another root than the one on disk, or an older list.";

const CRL: &str = "\
Examples:
  certreq ca crl -h HOST -u admin --dir /etc/fleet
  certreq ca crl --watch -h HOST -u admin --dir /etc/fleet

The list is verified and replaced in one step, never by an older one. A server with
--crl-partitions divides its list: a certificate that names /crl/8/3.der is in part
3/8, and the list of that part speaks for no other. The whole list speaks for all.

Exit codes: 0 the newest list is there, or --watch was ended; 1 it could not be done; 2
wrong usage; 4 the platform refused; 5 it cannot be reached; 6 the list is older than
the one on disk, or is not signed by the root.";

const BUNDLE: &str = "\
Examples:
  certreq ca bundle -h HOST -u admin --out cabundle.pem
  certreq ca bundle --local

Exit codes: 0 printed or written; 1 it could not be done; 2 wrong usage; 4
the platform refused; 5 it cannot be reached; 6 another root than the one on disk.";

const TRUST: &str = "\
Examples:
  certreq ca trust list -h HOST -u admin
  certreq ca trust add their-root.pem -h HOST -u admin

Exit codes: 0 done; 1 it could not be done; 2 wrong usage; 4 the platform
refused; 5 it cannot be reached.";

const TRUST_ADD: &str = "\
Examples:
  certreq ca trust add their-root.pem -h HOST -u admin
  certreq ca trust add their-root.pem --auto-registration --local

Exit codes: 0 it is trusted, or was before; 1 the certificate cannot be trusted,
or it could not be done; 2 wrong usage; 4 the platform refused; 5 it cannot be
reached.";

const TRUST_LIST: &str = "\
Examples:
  certreq ca trust list -h HOST -u admin
  certreq ca trust list --local --format json

Exit codes: 0 listed, also when there is none; 1 it could not be done; 2 wrong
usage; 4 the platform refused; 5 it cannot be reached.";

const TRUST_REMOVE: &str = "\
Examples:
  certreq ca trust remove FINGERPRINT -h HOST -u admin     says only what it is
  certreq ca trust remove FINGERPRINT --yes -h HOST -u admin

Exit codes: 0 removed, or gone already; 1 it could not be done; 2 without
--yes, or wrong usage; 4 the platform refused; 5 it cannot be reached.";

const TRUST_AUTO: &str = "\
Examples:
  certreq ca trust auto-registration FINGERPRINT on -h HOST -u admin
  certreq ca trust auto-registration FINGERPRINT off -h HOST -u admin

Exit codes: 0 it is so; 1 there is none, or it could not be done; 2 wrong usage;
4 the platform refused; 5 it cannot be reached.";
