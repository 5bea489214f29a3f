//! Help that fits a screen: flags that every verb has, and flags that most calls never type, are one line;
//! `--help-all` shows them.

use clap::{Arg, Command};

/// Groups of flags that are one line.
const GROUPS: [&str; 4] = ["Platform", "Limits", "EST", "IDProv"];
/// Flags of those groups that most calls type.
const KEPT: [&str; 4] = ["host", "user", "secret_file", "local"];
/// Flags of every verb.
const EVERYWHERE: [&str; 6] = ["verbose", "quiet", "json", "color", "help", "help_all"];

/// The command as `--help` shows it; it parses the same flags.
pub(crate) fn folded(command: Command) -> Command {
    command
        .mut_args(|arg| {
            let hide = arg.is_hide_set() || is_folded(&arg);
            arg.hide(hide).hide_env(true)
        })
        .mut_subcommands(folded)
}

fn is_folded(arg: &Arg) -> bool {
    let id = arg.get_id().as_str();
    let is_in_group = arg.get_help_heading().is_some_and(|heading| GROUPS.contains(&heading));
    EVERYWHERE.contains(&id) || is_in_group && !KEPT.contains(&id)
}

/// The line that stands for them.
pub(super) fn line(path: &str) -> String {
    format!("All flags and variables: {path} --help-all")
}
