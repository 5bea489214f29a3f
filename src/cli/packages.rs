//! `certreq completions` and `certreq man`, for packagers.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Print the completion script of a shell, or write all
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS, args_override_self = true)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL", required_unless_present = "out", help_heading = "Shell")]
    pub shell: Option<Shell>,

    /// Write the scripts of all shells to this directory
    #[arg(long, value_name = "DIR", conflicts_with = "shell", help_heading = "Output")]
    pub out: Option<PathBuf>,
}

/// Open a manual page, or write all pages
#[derive(Debug, Args)]
#[command(after_help = MAN, args_override_self = true)]
pub struct ManArgs {
    /// Open the page of this verb [default: the page of certreq]
    #[arg(value_name = "VERB", conflicts_with = "out", help_heading = "Page")]
    pub verb: Vec<String>,

    /// Write certreq.1, a page for each verb, certreq.toml.5 and certreq-json.7 to this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub out: Option<PathBuf>,
}

const COMPLETIONS: &str = "\
Examples:
  certreq completions bash > /etc/bash_completion.d/certreq
  certreq completions zsh > ~/.zfunc/_certreq
  certreq completions --out completions

Device ids are completed from the directories cert_<id> in --dir, or in the current
directory (bash, zsh, fish).

Exit codes: 0 written, 1 failed, 2 wrong usage.";

const MAN: &str = "\
Examples:
  certreq man issue
  certreq man > certreq.1
  certreq man --out man && man man/certreq-issue.1

On a terminal the page opens in man; in a pipe or a file its source is written. The
pages hold no date, so that each build of them is the same.

Exit codes: 0 written, 1 failed, 2 wrong usage.";
