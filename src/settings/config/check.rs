//! Everything in the configuration files that would not work.

use clap::{Command, error::ErrorKind};

use super::{ConfigFile, Entry, Problem};
use crate::commands::config::Finding;

/// Faults in the files, file by file and line by line.
pub(crate) fn findings(command: &Command, files: &[ConfigFile]) -> Vec<Finding> {
    files.iter().flat_map(|file| in_file(command, file)).collect()
}

fn in_file(command: &Command, file: &ConfigFile) -> Vec<Finding> {
    let sections = file.profiles.iter();
    let mut problems: Vec<Problem> = file.problems.clone();
    problems.extend(sections.clone().flat_map(|section| section.problems.clone()));
    problems.extend(sections.flat_map(|section| &section.entries).filter_map(|entry| refused(command, entry)));
    problems.sort_by_key(|problem| problem.line);
    let path = file.path.display().to_string();
    let finding = |problem: Problem| Finding {
        path: path.clone(),
        line: problem.line,
        message: problem.message,
        hint: problem.hint,
    };
    problems.into_iter().map(finding).collect()
}

/// Problem of a value that its flag refuses.
fn refused(command: &Command, entry: &Entry) -> Option<Problem> {
    let mut candidates = std::iter::once(command).chain(command.get_subcommands());
    let verb = candidates.find(|verb| {
        let name = if verb.get_name() == command.get_name() { "" } else { verb.get_name() };
        entry.key.concerns(name) && verb.get_arguments().any(|flag| flag.get_id() == entry.key.flag)
    })?;
    let value = entry.value.clone();
    let verb = verb.clone().mut_arg(entry.key.flag, |flag| flag.default_value(value));
    let error = verb.try_get_matches_from([command.get_name()]).err()?;
    let is_value = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
    is_value.then(|| Problem {
        line: entry.line,
        message: format!("{} cannot be {:?}", entry.key.name, entry.value),
        hint: Some(format!("it is the {}", entry.key.about)),
    })
}
