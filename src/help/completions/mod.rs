//! Completion scripts: clap's, and in those of bash, zsh and fish the ids of the devices at hand.

mod ids;

use clap::{Command, ValueHint};
use clap_complete::Shell;

use crate::help;

/// Every shell there is a script for.
pub(crate) const SHELLS: [Shell; 5] = [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh];

/// The name of the file in which a shell looks for the script.
pub(crate) fn file_name(shell: Shell) -> String {
    use clap_complete::Generator;
    shell.file_name("certreq")
}

/// The script for a shell.
pub(crate) fn script(shell: Shell) -> String {
    let mut command = hinted(help::command());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "certreq", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        Shell::Bash => script + &ids::bash(&command),
        Shell::Fish => ids::fish(&script, &command),
        Shell::Zsh => ids::zsh(&script),
        _ => script,
    }
}

/// Gives the shell the kind of values (ids, directories, commands) of every argument whose type does not tell it.
fn hinted(command: Command) -> Command {
    command
        .mut_args(|arg| {
            let hint = match arg.get_value_names() {
                _ if ids::are_values_of(&arg) && arg.is_positional() => ids::POSITIONAL,
                _ if ids::are_values_of(&arg) => ids::OPTION,
                Some([name]) if name == "DIR" => ValueHint::DirPath,
                Some([name]) if name == "CMD" => ValueHint::CommandString,
                _ => return arg,
            };
            arg.value_hint(hint)
        })
        .mut_subcommands(hinted)
}
