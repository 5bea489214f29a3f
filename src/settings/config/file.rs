//! One configuration file, every line of it accounted for.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Problem,
    keys::{self, KEYS, Key},
};
use crate::{
    custody,
    failure::{Exit, Failure},
};

/// No configuration file is larger.
const LIMIT: u64 = 1024 * 1024;

/// A configuration file that was read.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    pub(crate) path: PathBuf,
    pub(crate) profiles: Vec<Section>,
    /// Problems outside of profiles.
    pub(crate) problems: Vec<Problem>,
}

/// `[profile.NAME]`
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) entries: Vec<Entry>,
    pub(crate) problems: Vec<Problem>,
}

/// `key = value`
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: &'static Key,
    /// As the flag would be given it.
    pub(crate) value: String,
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) line: usize,
}

impl ConfigFile {
    /// `None` when there is no such file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let failed = |error: io::Error| Failure::failed(format!("{}: {error}", path.display()));
        let mut file = match custody::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        safe(path, &file.metadata().map_err(failed)?)?;
        let mut text = String::new();
        file.by_ref().take(LIMIT).read_to_string(&mut text).map_err(failed)?;
        Self::parse(path, &text).map(Some)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Failure> {
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Failure::usage(format!("{}, line {line}: this line is not TOML", path.display()))
                .hint("write [profile.NAME], or KEY = \"VALUE\" with the text in quotes")
        })?;
        let mut file = Self { path: path.to_owned(), profiles: Vec::new(), problems: Vec::new() };
        for (name, value) in table.get_ref() {
            match value.get_ref().as_table() {
                Some(profiles) if name.get_ref() == "profile" => {
                    for (name, value) in profiles {
                        file.section(text, name, value);
                    }
                }
                _ => file.problems.push(Problem {
                    line: line_of(text, name.span().start),
                    message: format!("unknown key {:?}", name.get_ref()),
                    hint: Some(
                        "values stand under [profile.NAME]; [profile.default] is the usual one".to_owned(),
                    ),
                }),
            }
        }
        Ok(file)
    }

    fn section(&mut self, text: &str, name: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let Some(values) = value.get_ref().as_table() else {
            self.problems.push(Problem {
                line: line_of(text, name.span().start),
                message: format!("profile.{} is not a table", name.get_ref()),
                hint: Some(format!("write [profile.{}] and its values below", name.get_ref())),
            });
            return;
        };
        let mut section =
            Section { name: name.get_ref().to_string(), entries: Vec::new(), problems: Vec::new() };
        for (name, value) in values {
            let line = line_of(text, name.span().start);
            match understood(name.get_ref(), value.get_ref()) {
                Ok((key, value)) => {
                    section.entries.push(Entry { key, value, path: self.path.clone(), line });
                }
                Err((message, hint)) => section.problems.push(Problem { line, message, hint }),
            }
        }
        section.problems.sort_by_key(|problem| problem.line);
        section.entries.sort_by_key(|entry| entry.line);
        self.profiles.push(section);
    }
}

/// Refuses a file that other users than this one and root own or may write: its content decides where secrets go.
fn safe(path: &Path, metadata: &fs::Metadata) -> Result<(), Failure> {
    let user = rustix::process::geteuid().as_raw();
    let shown = path.display();
    let refused = |why: String| Failure::new(Exit::Unsafe, format!("{shown} is not used: {why}"));
    if metadata.uid() != user && metadata.uid() != 0 {
        return Err(refused("it belongs to another user".to_owned()).hint(format!("chown it: {shown}")));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(refused("other users can write it".to_owned()).hint(format!("chmod go-w {shown}")));
    }
    Ok(())
}

fn understood(name: &str, value: &DeValue<'_>) -> Result<(&'static Key, String), (String, Option<String>)> {
    let Some(key) = KEYS.iter().find(|key| key.name == name) else {
        if matches!(name, "secret" | "password" | "passwd" | "token") {
            let hint = "name a secret_file, or a secret_command that prints it";
            return Err((format!("{name:?}: a secret does not belong into this file"), Some(hint.to_owned())));
        }
        let hint = keys::nearest(name).map(|near| format!("did you mean {near}?"));
        return Err((format!("unknown key {name:?}"), hint));
    };
    match value {
        DeValue::String(text) => Ok((key, text.to_string())),
        DeValue::Integer(number) if number.radix() == 10 => Ok((key, number.as_str().to_owned())),
        other => Err((format!("{name} is a {}, not a text or a number", other.type_str()), None)),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        let text = "colour = 1\n\n[profile.factory]\nurl = \"https://h\"\njobs = 8\nusr = \"ci\"\n\
                    secret = \"no\"\nport = true\n";
        let file = ConfigFile::parse(Path::new("config.toml"), text).unwrap();
        assert_eq!(file.problems[0].line, 1);
        let factory = &file.profiles[0];
        let values: Vec<_> =
            factory.entries.iter().map(|entry| (entry.key.name, entry.value.as_str(), entry.line)).collect();
        assert!(values.contains(&("url", "https://h", 4)) && values.contains(&("jobs", "8", 5)), "{values:?}");
        let mut problems: Vec<_> =
            factory.problems.iter().map(|problem| (problem.line, problem.hint.as_deref())).collect();
        problems.sort_unstable();
        assert_eq!(
            problems,
            [
                (6, Some("did you mean user?")),
                (7, Some("name a secret_file, or a secret_command that prints it")),
                (8, None)
            ]
        );
        let broken = ConfigFile::parse(Path::new("config.toml"), "a = 1\nb = \n").unwrap_err();
        assert!(broken.message.contains("line 2"), "{broken}");
    }
}
