//! `--json`, `-o`, and a `CERTREQ_FORMAT` that is meant for other verbs.

use std::{env, ffi::OsString};

use clap::{Arg, ArgMatches, Command, builder::Resettable, parser::ValueSource};

use crate::failure::Failure;

const ARG: &str = "format";
pub(super) const VARIABLE: &str = "CERTREQ_FORMAT";

/// The command without a `CERTREQ_FORMAT` that the typed verb cannot have, and a sentence that says so.
pub(super) fn usable(command: Command, arguments: &[OsString]) -> (Command, Option<String>) {
    let Some(value) = env::var(VARIABLE).ok().filter(|value| !value.is_empty()) else { return (command, None) };
    let verb = typed_verb(&command, arguments.get(1..).unwrap_or_default());
    let Some(format) = argument(verb).filter(|format| format.get_env().is_some()) else {
        return (command, None);
    };
    let accepted: Vec<String> =
        format.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if accepted.contains(&value) {
        return (command, None);
    }
    let name = verb.get_name();
    let why = format!("{VARIABLE}={value} is not used: {name} has the formats {}", accepted.join(", "));
    (below(command, arguments.get(1..).unwrap_or_default(), &|format| format.env(Resettable::Reset)), Some(why))
}

fn typed_verb<'a>(command: &'a Command, words: &[OsString]) -> &'a Command {
    match words.first().and_then(|word| command.find_subcommand(word)) {
        Some(verb) => typed_verb(verb, &words[1..]),
        None => command,
    }
}

fn argument(command: &Command) -> Option<&Arg> {
    command.get_arguments().find(|arg| arg.get_id() == ARG)
}

fn below(command: Command, words: &[OsString], change: &dyn Fn(Arg) -> Arg) -> Command {
    let verb =
        words.first().and_then(|word| command.find_subcommand(word)).map(|verb| verb.get_name().to_owned());
    match verb {
        Some(verb) => command.mut_subcommand(verb, |inner| below(inner, &words[1..], change)),
        None if argument(&command).is_some() => command.mut_arg(ARG, change),
        None => command,
    }
}

/// Whether `--json` was typed.
///
/// # Errors
/// The verb has no JSON, or another format was typed, too.
pub(super) fn is_json(matches: &ArgMatches) -> Result<bool, Failure> {
    if !matches.get_flag("json") {
        return Ok(false);
    }
    let (name, inner) = innermost("certreq", matches);
    match inner.try_contains_id(ARG) {
        Err(_) => Err(Failure::usage(format!("certreq {name} has no JSON to print"))),
        Ok(_) if inner.value_source(ARG) == Some(ValueSource::CommandLine) => {
            Err(Failure::usage("--json and --format cannot be combined").hint("use one of them"))
        }
        Ok(_) => Ok(true),
    }
}

fn innermost<'a>(name: &'a str, matches: &'a ArgMatches) -> (&'a str, &'a ArgMatches) {
    matches.subcommand().map_or((name, matches), |(name, inner)| innermost(name, inner))
}

/// The command with JSON as the format of the verb that `matches` names.
pub(super) fn json(command: Command, matches: &ArgMatches) -> Command {
    match matches.subcommand() {
        Some((name, inner)) => command.mut_subcommand(name, |command| json(command, inner)),
        None => command.mut_arg(ARG, |format| format.env(Resettable::Reset).default_value("json")),
    }
}
