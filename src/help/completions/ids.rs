//! Ids of devices, from the directories at hand.
//!
//! The generators know hints for users and addresses, which no argument of certreq has; they mark the places of ids,
//! and the functions for them are put there.

use std::collections::BTreeSet;

use clap::{Arg, Command, ValueHint};

pub(super) const OPTION: ValueHint = ValueHint::Username;
pub(super) const POSITIONAL: ValueHint = ValueHint::EmailAddress;

const BASH: &str = include_str!("ids.bash");
const FISH: &str = include_str!("ids.fish");
const ZSH: &str = include_str!("ids.zsh");

/// Whether it takes ids of devices.
pub(super) fn are_values_of(arg: &Arg) -> bool {
    let names = arg.get_value_names().unwrap_or_default();
    names.iter().any(|name| name.split(['|', '[', ',']).next() == Some("ID")) && arg.get_id() != "client_id"
}

/// The end of the script, which asks the generated part last.
pub(super) fn bash(command: &Command) -> String {
    let mut valued = BTreeSet::new();
    each(command, &mut |command| {
        valued.extend(command.get_arguments().filter(|arg| arg.get_action().takes_values()).flat_map(flags));
    });
    BASH.replace("@OPTIONS@", &options(command).join("|"))
        .replace("@VALUED@", &valued.into_iter().collect::<Vec<_>>().join("|"))
        .replace("@VERBS@", &verbs(command).join("|"))
}

pub(super) fn zsh(script: &str) -> String {
    let script =
        script.replace(":_users'", ":_certreq_ids'").replace(":_email_addresses'", ":_certreq_ids_or_files'");
    // The first line marks the file as a completion for zsh.
    match script.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{ZSH}{rest}"),
        None => script,
    }
}

pub(super) fn fish(script: &str, command: &Command) -> String {
    let mut script = FISH.to_owned() + &script.replace("(__fish_complete_users)", "(__certreq_ids)");
    for verb in verbs(command) {
        script.push_str("complete -c certreq -n \"__fish_certreq_using_subcommand ");
        script.push_str(verb);
        script.push_str("\" -a \"(__certreq_ids)\"\n");
    }
    script
}

/// Flags that take ids.
fn options(command: &Command) -> Vec<String> {
    let mut found = BTreeSet::new();
    each(command, &mut |command| {
        found.extend(command.get_arguments().filter(|arg| are_values_of(arg)).flat_map(flags));
    });
    found.into_iter().collect()
}

/// Verbs that take ids without a flag.
fn verbs(command: &Command) -> Vec<&str> {
    let takes = |verb: &&Command| verb.get_positionals().any(are_values_of);
    command.get_subcommands().filter(takes).map(Command::get_name).collect()
}

fn flags(arg: &Arg) -> impl Iterator<Item = String> + use<> {
    let long = arg.get_long().map(|long| format!("--{long}"));
    arg.get_short().map(|short| format!("-{short}")).into_iter().chain(long)
}

fn each<'a>(command: &'a Command, look: &mut impl FnMut(&'a Command)) {
    look(command);
    for verb in command.get_subcommands() {
        each(verb, look);
    }
}
