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

/// Show the root on disk and on the platform, and whether they agree (6: they do not)
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Write ca/ca.pem and ca/crl.pem; another root than the one there needs --accept-new-ca
#[derive(Debug, Args)]
pub struct FetchArgs {
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Write ca/crl.pem for a broker: verified, in one step, never an older list over a newer one
#[derive(Debug, Args)]
pub struct CrlArgs {
    /// Keep running: fetch the next list before this one ends
    #[arg(long, help_heading = "What")]
    pub watch: bool,
    #[command(flatten)]
    pub place: WhereArgs,
    #[command(flatten)]
    pub platform: PlatformArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Print the platform's root, and every trusted CA of the tenant, as one PEM file
#[derive(Debug, Args)]
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
pub struct TrustArgs {
    #[command(subcommand)]
    pub verb: TrustVerb,
}

#[derive(Debug, Subcommand)]
pub enum TrustVerb {
    /// Trust the self-signed CA certificate in a file
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
    List {
        #[command(flatten)]
        platform: Box<PlatformArgs>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Stop trusting a CA
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
  certreq ca trust add their-root.pem -h HOST -u admin";
