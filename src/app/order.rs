//! Words of a command line in places where clap does not look for them.

use std::{ffi::OsString, path::Path};

use clap::{
    Arg, Command,
    error::{ContextKind, ContextValue, Error, ErrorKind},
};

use crate::{failure::Failure, help, platform::local::Local, settings::place};

/// The same words in clap's order: flags before a verb go behind it, and `version` and a lone `-v` ask for the
/// version.
pub(super) fn arranged(arguments: Vec<OsString>) -> Vec<OsString> {
    match &arguments.get(1..).unwrap_or_default() {
        [only] if only == "version" || only == "-v" => return vec![arguments[0].clone(), "--version".into()],
        [first, ..] if first.as_encoded_bytes().starts_with(b"-") => {}
        _ => return arguments,
    }
    let Some((verb, length)) = verb_behind_flags(&help::bare(), &arguments) else { return arguments };
    let mut arranged = vec![arguments[0].clone()];
    arranged.extend_from_slice(&arguments[verb..verb + length]);
    arranged.extend_from_slice(&arguments[1..verb]);
    arranged.extend_from_slice(&arguments[verb + length..]);
    arranged
}

/// Where the verb is, with how many words, when every word before it is a flag of that verb or a flag's value.
fn verb_behind_flags(command: &Command, arguments: &[OsString]) -> Option<(usize, usize)> {
    (2..arguments.len()).find_map(|at| {
        let mut verb = command.find_subcommand(&arguments[at])?;
        let mut length = 1;
        while let Some(inner) = arguments.get(at + length).and_then(|word| verb.find_subcommand(word)) {
            verb = inner;
            length += 1;
        }
        let mut next = 1;
        while next < at {
            next += words_of_flag(command, verb, arguments[next].to_str()?)?;
        }
        (next == at).then_some((at, length))
    })
}

/// How many words a flag takes, itself included.
fn words_of_flag(command: &Command, verb: &Command, word: &str) -> Option<usize> {
    let find =
        |is: &dyn Fn(&Arg) -> bool| verb.get_arguments().chain(command.get_arguments()).find(|arg| is(arg));
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let is_named = |arg: &Arg| {
            arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|names| names.contains(&name))
        };
        let flag = find(&is_named)?;
        let takes_next = flag.get_action().takes_values() && !flag.is_require_equals_set() && value.is_none();
        return Some(1 + usize::from(takes_next));
    }
    let shorts = word.strip_prefix('-').filter(|shorts| !shorts.is_empty())?;
    for (at, short) in shorts.char_indices() {
        let flag = find(&|arg: &Arg| arg.get_short() == Some(short))?;
        if flag.get_action().takes_values() {
            let is_last = at + short.len_utf8() == shorts.len();
            return Some(1 + usize::from(is_last));
        }
    }
    Some(1)
}

/// The word that `--local` took as its directory until there was `--authority`.
pub(super) fn word_after_local(arguments: &[OsString]) -> Option<String> {
    let at = arguments.iter().position(|word| word == "--local")?;
    let word = arguments.get(at + 1)?.to_str()?;
    (!word.starts_with('-')).then(|| word.to_owned())
}

/// # Errors
/// When an authority is there, or a path that leads nowhere: where one was to be made.
pub(super) fn refuse_authority_after_local(arguments: &[OsString]) -> Result<(), Failure> {
    match word_after_local(arguments) {
        Some(word) if Local::exists(Path::new(&word)) => Err(place::is_authority(&word)),
        Some(word) if is_path(&word) && !Path::new(&word).exists() => Err(is_it_a_directory(&word)),
        _ => Ok(()),
    }
}

/// The word has a character that no device id has.
fn is_path(word: &str) -> bool {
    word.contains(['/', '.', '~'])
}

/// A word after `--local` that clap has no place for.
pub(super) fn old_local(error: &Error, arguments: &[OsString]) -> Option<Failure> {
    let word = word_after_local(arguments)?;
    // Taken for an id, the word contradicts flags that name other devices.
    let contradicts = error.kind() == ErrorKind::ArgumentConflict
        && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(text)) if text.starts_with("[ID]"));
    let is_it = contradicts
        || [ContextKind::InvalidArg, ContextKind::InvalidSubcommand]
            .iter()
            .any(|kind| matches!(error.get(*kind), Some(ContextValue::String(text)) if *text == word));
    is_it.then(|| is_it_a_directory(&word))
}

/// Failure for a word after `--local`, which may be meant as its directory.
pub(super) fn is_it_a_directory(word: &str) -> Failure {
    let failure = Failure::usage(format!("--local takes no value, and {word:?} follows it"))
        .hint(format!("the directory of the authority: --authority {word}"));
    if is_path(word) { failure } else { failure.hint(format!("a device: -i {word}")) }
}
