//! Profiles: values for flags, kept in the user's or the system's configuration file, never in the current directory.
//!
//! A profile's values become the defaults of the flags they stand for, so the order flag, variable, profile, default
//! is the parser's own.

mod check;
mod defaults;
mod file;
mod keys;
mod origin;

use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

pub(crate) use check::findings;
pub(crate) use defaults::apply;
use etcetera::BaseStrategy;
pub(crate) use file::{ConfigFile, Entry};
pub(crate) use keys::KEYS;
pub(crate) use origin::settings;

use crate::{custody, failure::Failure};

/// The profile that is used without a name.
const USUAL: &str = "default";

/// The values of one profile.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Its name; `None` without a profile.
    pub(crate) name: Option<String>,
    /// The strongest value of each key, and where it stands.
    pub(crate) entries: Vec<Entry>,
}

/// Where configuration may be, the strongest first: the user's file, then the system's.
pub(crate) fn places() -> Vec<PathBuf> {
    let own = etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir());
    let shared = env::var_os("XDG_CONFIG_DIRS").unwrap_or_default();
    let shared = env::split_paths(&shared).filter(|path| path.is_absolute()).chain([PathBuf::from("/etc")]);
    own.into_iter().chain(shared).map(|directory| directory.join("certreq").join("config.toml")).collect()
}

/// Every configuration file that exists, the strongest first.
///
/// # Errors
/// A file that cannot be read, is no TOML, or that others than its owner may write.
pub(crate) fn files() -> Result<Vec<ConfigFile>, Failure> {
    places().iter().filter_map(|path| ConfigFile::read(path).transpose()).collect()
}

/// One of the files is there, and this user may not read it, as with the HOME of another user.
pub(crate) fn is_denied() -> bool {
    let denied = |path: &PathBuf| {
        custody::open(path).is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    };
    places().iter().any(denied)
}

/// The profile of this name, or the usual one. The user's values are stronger than the system's.
///
/// # Errors
/// As [`files`]; a profile that no file has; an entry in it that is not understood.
pub(crate) fn profile(name: Option<&str>) -> Result<Profile, Failure> {
    let files = files()?;
    let wanted = name.unwrap_or(USUAL);
    let mut found = false;
    let mut entries: Vec<Entry> = Vec::new();
    for file in &files {
        let Some(section) = file.profiles.iter().find(|section| section.name == wanted) else { continue };
        found = true;
        if let Some(problem) = section.problems.first() {
            return Err(problem.failure(&file.path));
        }
        for entry in &section.entries {
            if !entries.iter().any(|stronger| stronger.key.name == entry.key.name) {
                entries.push(entry.clone());
            }
        }
    }
    match (found, name) {
        (true, _) => Ok(Profile { name: Some(wanted.to_owned()), entries }),
        (false, None) => Ok(Profile::default()),
        (false, Some(name)) => Err(unknown(name, &files)),
    }
}

fn unknown(name: &str, files: &[ConfigFile]) -> Failure {
    let failure = Failure::usage(format!("there is no profile {name:?}"));
    let sections = files.iter().flat_map(|file| &file.profiles);
    let known: Vec<&str> =
        sections.map(|section| section.name.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    if known.is_empty() {
        let place = places().first().map(|path| path.display().to_string()).unwrap_or_default();
        return failure.hint(format!("write [profile.{name}] in {place}"));
    }
    failure.hint(format!("there are: {}", known.join(", ")))
}

/// A fault in a configuration file.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Problem {
    fn failure(&self, path: &Path) -> Failure {
        let failure = Failure::usage(format!("{}, line {}: {}", path.display(), self.line, self.message));
        match &self.hint {
            Some(hint) => failure.hint(hint.clone()),
            None => failure,
        }
    }
}
