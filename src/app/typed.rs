//! The command line, with the values that variables and a profile add to it.

use std::{env, ffi::OsString};

use clap::{ArgMatches, Command, FromArgMatches, builder::Resettable, error::ErrorKind, parser::ValueSource};

use super::{format, order};
use crate::{
    cli::{Cli, Verb},
    failure::Failure,
    help,
    settings::{
        config::{self, Profile},
        est, idprov, place,
    },
};

/// The parsed command line, and the values that a profile adds to it.
pub(super) struct Typed {
    pub(super) cli: Cli,
    /// Without the profile.
    pub(super) matches: ArgMatches,
    pub(super) profile: Profile,
    /// Which configuration file and which variable were passed over, and why.
    pub(super) passed_over: Vec<String>,
}

pub(super) enum Untyped {
    /// Help, version, and command lines that cannot be parsed.
    Clap(clap::Error),
    /// Flags that contradict each other, or a configuration file that cannot be used.
    Config(Failure),
}

pub(super) fn parse(arguments: &[OsString]) -> Result<Typed, Untyped> {
    // A command line without arguments shows the help, even when variables are set.
    let help = [OsString::from("certreq"), OsString::from("--help")];
    let arguments = if arguments.len() < 2 { &help } else { arguments };
    // Putting help in order, and making the flags of every verb, takes longer than a certificate takes to be verified.
    let first = if env::var_os(format::VARIABLE).is_some() { help::bare } else { help::quick };
    match understood(arguments, first, help::bare) {
        Err(Untyped::Clap(error)) if error.kind() != ErrorKind::DisplayVersion => {
            let helped = helped(arguments);
            understood(arguments, helped, helped)
        }
        read => read,
    }
}

/// The command line with the help that is shown if it is asked for.
fn helped(arguments: &[OsString]) -> fn() -> Command {
    if arguments.iter().any(|word| word == "--help-all") { help::command } else { help::short }
}

/// Parses with the first command line, and once more with the second where a profile or `--json` adds defaults.
fn understood(
    arguments: &[OsString],
    first: fn() -> Command,
    second: fn() -> Command,
) -> Result<Typed, Untyped> {
    let command = |tree: fn() -> Command| format::usable(without_variables(tree(), arguments), arguments);
    let (first, unusable) = command(first);
    let matches = first.try_get_matches_from(arguments).map_err(Untyped::Clap)?;
    order::refuse_authority_after_local(arguments).map_err(Untyped::Config)?;
    place::contradiction(&matches).map_err(Untyped::Config)?;
    let checks =
        matches!(matches.subcommand(), Some(("config", inner)) if inner.subcommand_name() == Some("check"));
    let name = matches.get_one::<String>("profile").map(String::as_str);
    let (profile, unread) =
        if checks { (Profile::default(), None) } else { profile(name, &matches).map_err(Untyped::Config)? };
    let json = format::is_json(&matches).map_err(Untyped::Config)?;
    let parsed = if profile.entries.is_empty() && !json {
        Cli::from_arg_matches(&matches)
    } else {
        let command = config::apply(command(second).0, &matches, &profile);
        let command = if json { format::json(command, &matches) } else { command };
        command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches))
    };
    let mut cli = parsed.map_err(|error| match &profile.name {
        // Without the profile it could be understood.
        Some(name) if !profile.entries.is_empty() => Untyped::Config(
            Failure::usage(format!("profile {name}: {}", first_line(&error)))
                .hint("find the line with: certreq config check"),
        ),
        _ => Untyped::Clap(error),
    })?;
    settle(&mut cli, &matches, arguments).map_err(Untyped::Config)?;
    match &mut cli.verb {
        Some(Verb::Inspect(args)) => place::only_if_typed(&mut args.platform, &matches),
        Some(Verb::Verify(args)) => place::only_if_typed(&mut args.platform, &matches),
        _ => {}
    }
    Ok(Typed { cli, matches, profile, passed_over: unread.into_iter().chain(unusable).collect() })
}

/// The profile. Where this user may not read the configuration, and the verb goes to no platform: an empty profile, and
/// the reason. A profile would add only conveniences there.
fn profile(name: Option<&str>, matches: &ArgMatches) -> Result<(Profile, Option<String>), Failure> {
    match config::profile(name) {
        Err(failure) if name.is_none() && config::is_denied() && place::goes_nowhere(matches) => {
            Ok((Profile::default(), Some(format!("{}; the file is not used", failure.message))))
        }
        read => Ok((read?, None)),
    }
}

/// Settles flags whose meaning depends on other flags.
fn settle(cli: &mut Cli, matches: &ArgMatches, arguments: &[OsString]) -> Result<(), Failure> {
    if let Some(platform) = cli.platform_mut() {
        place::settle_local(platform, matches)?;
        est::settle(platform, matches)?;
        idprov::settle(platform, matches)?;
    }
    if cli.verb.is_none() && cli.issue.ids.is_empty() && cli.issue.ids_from.is_none() {
        // The shell tool's own call: without ids it means every device.
        let typed = |flag: &str| matches.value_source(flag) == Some(ValueSource::CommandLine);
        cli.issue.all |= ["host", "port", "user", "secret", "token_file"].into_iter().any(typed);
    }
    if let Some(Verb::Issue(args)) = &cli.verb {
        let named_twice = !args.issue.ids.is_empty() || args.issue.ids_from.is_some();
        let after = order::word_after_local(arguments);
        if let Some(word) = after.filter(|word| named_twice && args.devices.contains(word)) {
            return Err(order::is_it_a_directory(&word));
        }
    }
    Ok(())
}

/// Takes the variables away from the flags without a verb when a verb is given: those flags may not accept the values
/// that are meant for the verb's own.
fn without_variables(command: Command, arguments: &[OsString]) -> Command {
    if arguments.get(1).and_then(|first| command.find_subcommand(first)).is_none() {
        return command;
    }
    command.mut_args(|arg| if arg.is_global_set() { arg } else { arg.env(Resettable::Reset) })
}

/// First line of clap's message, which goes on with usage.
pub(super) fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
