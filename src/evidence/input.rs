//! Arguments of the command line: files, `-`, directories, patterns and servers, turned into single sources.

use std::{
    ffi::{OsStr, OsString},
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::fleet;

use super::{
    endpoint::{AddressError, Endpoint},
    read::ReadError,
    walk::Walk,
};

/// One place to read from.
#[derive(Clone, Debug)]
pub enum Source {
    Stdin,
    /// A file that was named or matches a pattern.
    File(PathBuf),
    /// A file found in a directory. Other contents than those that are looked for are no error.
    Found(PathBuf),
    Server(Endpoint),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("stdin"),
            Self::File(path) | Self::Found(path) => path.display().fmt(f),
            Self::Server(endpoint) => endpoint.fmt(f),
        }
    }
}

/// One file, directory or server that an argument stands for. Directories are not opened yet.
#[derive(Clone, Debug)]
pub enum Named {
    Stdin,
    File(PathBuf),
    Directory(PathBuf),
    Server(Endpoint),
}

/// Reasons why an argument, or a file of a directory, gives no source.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("no file matches the pattern")]
    NoMatch,
    #[error("the pattern cannot be used: character {0} is not finished, or not allowed there")]
    Pattern(usize),
    #[error(transparent)]
    Address(#[from] AddressError),
}

/// A source, or the text and the reason of one that cannot be used; with the number of the argument it came from.
pub type Step = (usize, Result<Source, (String, InputError)>);

/// Turns arguments into sources, lazily, in order.
pub fn expand(arguments: Vec<OsString>, recursive: bool) -> impl Iterator<Item = Step> {
    arguments
        .into_iter()
        .enumerate()
        .flat_map(move |(number, argument)| one(&argument, recursive).map(move |step| (number, step)))
}

/// Whether an argument is a directory. A directory without any finding is an error.
#[must_use]
pub fn is_directory(argument: &OsStr) -> bool {
    Path::new(argument).is_dir()
}

type Steps = Box<dyn Iterator<Item = Result<Source, (String, InputError)>> + Send>;
/// Files, directories and servers of one argument, or the text and the reason of one that cannot be used.
pub type Names = Box<dyn Iterator<Item = Result<Named, (String, InputError)>> + Send>;

fn one(argument: &OsStr, recursive: bool) -> Steps {
    Box::new(named(argument, Directories::OnlyByName).flat_map(move |named| -> Steps {
        let source = match named {
            Ok(Named::Directory(path)) => return Box::new(below(path, recursive)),
            Ok(Named::Stdin) => Ok(Source::Stdin),
            Ok(Named::File(path)) => Ok(Source::File(path)),
            Ok(Named::Server(endpoint)) => Ok(Source::Server(endpoint)),
            Err(error) => Err(error),
        };
        Box::new(std::iter::once(source))
    }))
}

/// Whether a pattern stands for directories, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directories {
    Match,
    OnlyByName,
}

/// Resolves an argument: an existing file or directory first, then a device id, a server, a pattern.
#[must_use]
pub fn named(argument: &OsStr, directories: Directories) -> Names {
    let path = PathBuf::from(argument);
    let single = |result| -> Names { Box::new(std::iter::once(result)) };
    if argument == "-" {
        return single(Ok(Named::Stdin));
    }
    // An existing path wins, even when it looks like a server or a pattern.
    let missing = match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => return single(Ok(Named::Directory(path))),
        Ok(_) => return single(Ok(Named::File(path))),
        Err(error) => error,
    };
    if let Some(directory) = fleet::named::of_id(&path, Path::new(".")) {
        return single(Ok(Named::Directory(directory)));
    }
    let text = argument.to_string_lossy().into_owned();
    match text.parse::<Endpoint>() {
        Ok(endpoint) => return single(Ok(Named::Server(endpoint))),
        Err(error @ AddressError::Secret) => {
            // The message must not repeat the password before the `@`.
            let shown = text.rsplit('@').next().unwrap_or_default().to_owned();
            return single(Err((shown, error.into())));
        }
        Err(error) if text.contains("://") => return single(Err((text, error.into()))),
        Err(_) => {}
    }
    if text.contains(['*', '?', '[']) {
        return matches(&text, directories);
    }
    single(Err((text, ReadError::Io(missing).into())))
}

fn below(directory: PathBuf, recursive: bool) -> impl Iterator<Item = Result<Source, (String, InputError)>> {
    Walk::new(directory, recursive).map(|step| match step {
        Ok(path) => Ok(Source::Found(path)),
        Err((path, error)) => Err((path.display().to_string(), ReadError::Io(error).into())),
    })
}

/// Files that match a pattern which the shell did not expand. A hidden file matches only a pattern that begins with
/// a dot, as in a shell.
fn matches(pattern: &str, directories: Directories) -> Names {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
    let paths = match glob::glob_with(pattern, options) {
        Ok(paths) => paths,
        Err(error) => {
            return Box::new(std::iter::once(Err((pattern.to_owned(), InputError::Pattern(error.pos + 1)))));
        }
    };
    let mut found = paths
        .filter(move |entry| {
            directories == Directories::Match || entry.as_ref().map_or(true, |path| !path.is_dir())
        })
        .map(|entry| match entry {
            Ok(path) if path.is_dir() => Ok(Named::Directory(path)),
            Ok(path) => Ok(Named::File(path)),
            Err(error) => {
                let path = error.path().display().to_string();
                Err((path, ReadError::Io(error.into()).into()))
            }
        })
        .peekable();
    if found.peek().is_none() {
        return Box::new(std::iter::once(Err((pattern.to_owned(), InputError::NoMatch))));
    }
    Box::new(found)
}
