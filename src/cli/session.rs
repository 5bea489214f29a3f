//! `certreq login`, `certreq logout`, `certreq whoami`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Fetch a token and keep it; no secret is needed while it is valid
#[derive(Debug, Args)]
#[command(after_help = LOGIN)]
pub struct LoginArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Forget the token of a host and user
#[derive(Debug, Args)]
#[command(after_help = LOGOUT)]
pub struct LogoutArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Say whose certificate a device directory holds; offline
#[derive(Debug, Args)]
#[command(after_help = WHOAMI)]
pub struct WhoamiArgs {
    /// The device's directory
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const LOGIN: &str = "\
Examples:
  certreq login -h HOST -u admin
  certreq login -h HOST -u ci --secret-file secret --token-file ci.token

The token goes to --token-file, or to a file of its own for each host and user
in the state directory, readable by you alone. It is never printed.

Exit codes: 0 logged in; 1 the token cannot be kept, or the answer makes no
sense; 2 wrong usage; 4 the platform refused; 5 it cannot be reached.";

const LOGOUT: &str = "\
Examples:
  certreq logout -h HOST -u admin

Exit codes: 0 forgotten, or there was none; 1 it cannot be removed; 2 wrong
usage.";

const WHOAMI: &str = "\
Examples:
  certreq whoami cert_a1998e
  cd cert_a1998e && certreq whoami --format json

Whether it is valid is a word in the answer, not the exit code: that is
`certreq verify`.

Exit codes: 0 said; 1 there is no certificate, or it names no device; 2 wrong
usage; 6 it is for another key than private.key, or for another device than that
of the directory cert_<id>.";
