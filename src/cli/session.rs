//! `certreq login`, `certreq logout`, `certreq whoami`.

use std::path::PathBuf;

use clap::Args;

use super::{issue::Format, platform::PlatformArgs};

/// Log in and keep the token; other commands then need no secret
#[derive(Debug, Args)]
#[command(after_help = LOGIN)]
pub struct LoginArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Delete the token of a host and user
#[derive(Debug, Args)]
#[command(after_help = LOGOUT)]
pub struct LogoutArgs {
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Show the device that a directory's certificate is for; offline
#[derive(Debug, Args)]
#[command(after_help = WHOAMI)]
pub struct WhoamiArgs {
    /// The device's directory, or its id
    #[arg(value_name = "DIR", default_value = ".", help_heading = "Directories")]
    pub dir: PathBuf,

    /// Output format: text, or one JSON object
    #[arg(short = 'o', long, value_enum, default_value_t = Format::Text, env = "CERTREQ_FORMAT", help_heading = "Output")]
    pub format: Format,
}

const LOGIN: &str = "\
Examples:
  certreq login -h HOST -u admin
  certreq login -h HOST -u ci --secret-file secret --token-file ci.token

The token is kept in --token-file, or in the state directory in a file for the host
and the user that only you can read. It is never printed.

Exit codes: 0 logged in; 1 the token cannot be kept, or the answer is not valid; 2 wrong usage; 4 the platform refused; 5 it cannot be reached.";

const LOGOUT: &str = "\
Examples:
  certreq logout -h HOST -u admin

Exit codes: 0 deleted, or there was no token; 1 it cannot be deleted; 2 wrong
usage.";

const WHOAMI: &str = "\
Examples:
  certreq whoami cert_a1998e
  cd cert_a1998e && certreq whoami --format json

The answer says whether the certificate is valid; the exit code does not. For an
exit code use `certreq verify`.

Exit codes: 0 shown; 1 there is no certificate, or it names no device; 2 wrong
usage; 6 it does not match private.key, or is not for the device of cert_<id>.";
