//! `certreq login`, `certreq logout`, `certreq whoami`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Fetch a token and keep it, so that later commands need no secret while it is valid
#[derive(Debug, Args)]
#[command(
    after_help = "The token goes to --token-file, or to a file of its own for each host and user in the \
    state directory,\nreadable by you alone. It is never printed."
)]
pub struct LoginArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Forget the token of a host and user
#[derive(Debug, Args)]
pub struct LogoutArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Say whose certificate a device directory holds; offline
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 said, 1 no certificate there, 6 it is for another key than private.key.\n\
    Whether it is valid is a word in the answer, not the exit code: that is `certreq verify`."
)]
pub struct WhoamiArgs {
    /// The device's directory
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}
