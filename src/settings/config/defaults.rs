//! A profile's values as the defaults of flags.

use std::env;

use clap::{ArgMatches, Command, parser::ValueSource};

use super::Profile;

/// The command with the profile's values as defaults of the verb that `matches` names. Sources of the secret are
/// left out when a stronger one was given.
pub(crate) fn apply(command: Command, matches: &ArgMatches, profile: &Profile) -> Command {
    at(command, matches, profile, "")
}

fn at(command: Command, matches: &ArgMatches, profile: &Profile, verb: &str) -> Command {
    match matches.subcommand() {
        Some((name, inner)) => {
            // `certreq ca crl` is a matter of `ca`.
            let verb = if verb.is_empty() { name.to_owned() } else { verb.to_owned() };
            command.mut_subcommand(name, |command| at(command, inner, profile, &verb))
        }
        None => with_defaults(command, matches, profile, verb),
    }
}

fn with_defaults(mut command: Command, matches: &ArgMatches, profile: &Profile, verb: &str) -> Command {
    let secret = secret_is_given(matches);
    for entry in &profile.entries {
        let is_source = SECRET_FLAGS.contains(&entry.key.flag);
        let known = command.get_arguments().any(|flag| flag.get_id() == entry.key.flag);
        if known && entry.key.concerns(verb) && !(is_source && secret) {
            let value = entry.value.clone();
            command = command.mut_arg(entry.key.flag, |flag| flag.default_value(value));
        }
    }
    command
}

const SECRET_FLAGS: [&str; 3] = ["secret", "secret_file", "secret_command"];

/// By a flag, a variable or a credential, all of which are stronger than a profile.
fn secret_is_given(matches: &ArgMatches) -> bool {
    let given = |flag: &str| {
        let source = matches.try_contains_id(flag).ok().and_then(|_| matches.value_source(flag));
        matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
    };
    SECRET_FLAGS.iter().any(|flag| given(flag))
        || env::var_os("CERTREQ_SECRET").is_some_and(|secret| !secret.is_empty())
        || env::var_os("CREDENTIALS_DIRECTORY")
            .is_some_and(|directory| std::path::Path::new(&directory).join("certreq.secret").exists())
}
