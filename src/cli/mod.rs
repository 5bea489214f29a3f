//! The command line: types for clap and nothing else. It has no behaviour, and nothing below sees it.

pub mod airgap;
pub mod authority;
pub mod ca;
pub mod config;
pub mod connect;
pub mod devices;
pub mod doctor;
pub mod est;
pub mod export;
pub mod idprov;
pub mod inspect;
pub mod issue;
pub mod key_store;
pub mod late;
pub mod list;
pub mod oob;
pub mod pace;
pub mod packages;
pub mod platform;
pub mod register;
pub mod renew;
pub mod revoke;
pub mod serve;
pub mod session;
pub mod shard;
pub mod status;
pub mod summary;
pub mod verify;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use late::Late;
use platform::PlatformArgs;

/// Device certificates for IoT fleets.
#[derive(Debug, Parser)]
#[command(
    name = "certreq",
    version,
    about = "Device certificates for IoT fleets: issue, renew, inspect, verify, connect",
    long_about = None,
    disable_help_flag = true,
    args_conflicts_with_subcommands = true,
    args_override_self = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs",
)]
pub struct Cli {
    #[command(flatten)]
    pub talk: TalkArgs,

    /// Without a verb: issue.
    #[command(flatten)]
    pub issue: issue::IssueArgs,

    /// Use this profile of the configuration file (see `certreq help config`)
    #[arg(long, global = true, value_name = "NAME", env = "CERTREQ_PROFILE", help_heading = "Platform")]
    pub profile: Option<String>,

    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    Authority(authority::AuthorityArgs),
    Config(Late<config::ConfigArgs>),
    Devices(Late<devices::DevicesArgs>),
    Ca(Late<ca::CaArgs>),
    Completions(packages::CompletionsArgs),
    Issue(Late<issue::IssueVerbArgs>),
    Key(Late<airgap::KeyArgs>),
    Csr(Late<airgap::CsrArgs>),
    Join(Late<airgap::JoinArgs>),
    Connect(Late<connect::ConnectArgs>),
    Discover(oob::DiscoverArgs),
    Doctor(Late<doctor::DoctorArgs>),
    Inspect(Late<inspect::InspectArgs>),
    List(Late<list::ListArgs>),
    Oob(Late<oob::OobArgs>),
    Register(Late<register::RegisterArgs>),
    Revoke(Late<revoke::RevokeArgs>),
    Est(Late<est::EstVerbArgs>),
    Export(Late<export::ExportArgs>),
    Renew(Late<renew::RenewArgs>),
    Login(Late<session::LoginArgs>),
    Logout(Late<session::LogoutArgs>),
    Man(packages::ManArgs),
    Serve(Late<serve::ServeArgs>),
    Status(Late<status::StatusArgs>),
    Summary(summary::SummaryArgs),
    Verify(Late<verify::VerifyArgs>),
    Whoami(Late<session::WhoamiArgs>),
}

impl Cli {
    /// The platform's flags of the verb that was typed, where it has them.
    pub fn platform_mut(&mut self) -> Option<&mut PlatformArgs> {
        Some(match self.verb.as_mut() {
            None => &mut self.issue.platform,
            Some(verb) => match verb {
                Verb::Issue(args) => &mut args.issue.platform,
                Verb::Devices(args) => match &mut args.0.verb {
                    Some(devices::DevicesVerb::Add(args)) => &mut args.platform,
                    None => &mut args.0.platform,
                },
                Verb::Ca(args) => args.verb.platform_mut(),
                Verb::Doctor(args) => &mut args.platform,
                Verb::Inspect(args) => &mut args.platform,
                Verb::List(args) => &mut args.platform,
                Verb::Oob(args) => args.platform_mut(),
                Verb::Register(args) => &mut args.platform,
                Verb::Revoke(args) => &mut args.platform,
                Verb::Renew(args) => &mut args.platform,
                Verb::Login(args) => &mut args.platform,
                Verb::Logout(args) => &mut args.platform,
                Verb::Status(args) => &mut args.platform,
                Verb::Verify(args) => &mut args.platform,
                Verb::Authority(_)
                | Verb::Config(_)
                | Verb::Completions(_)
                | Verb::Key(_)
                | Verb::Csr(_)
                | Verb::Join(_)
                | Verb::Connect(_)
                | Verb::Discover(_)
                | Verb::Est(_)
                | Verb::Export(_)
                | Verb::Man(_)
                | Verb::Serve(_)
                | Verb::Summary(_)
                | Verb::Whoami(_) => return None,
            },
        })
    }
}

/// How much to say.
#[derive(Debug, Args)]
pub struct TalkArgs {
    /// Print more: every device, every decision
    #[arg(short, long, global = true, help_heading = "Output")]
    pub verbose: bool,

    /// Print failures only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Short for --format json
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,

    /// Use colours; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub color: Color,

    /// Print help
    #[arg(long, global = true, action = ArgAction::Help, help_heading = "Output")]
    pub help: Option<bool>,

    /// Print help with all flags and all variables
    #[arg(long, global = true, action = ArgAction::Help, help_heading = "Output")]
    pub help_all: Option<bool>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}
