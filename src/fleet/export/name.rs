//! Names of exported files: relative, below the directory, `{id}` for the device.

use std::path::PathBuf;

use crate::{device_id::DeviceId, pki::names::is_hidden};

/// The placeholder that becomes the device id.
pub(super) const ID: &str = "{id}";

/// A path below the export directory. `/` separates; no part is empty, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// Why a text is no such name. It holds the text as it came: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a file name is empty")]
    Empty,
    #[error("the file name {0:?} leads out of the directory")]
    Outside(String),
    #[error("the file name {0:?} has a character that does not belong into one")]
    Character(String),
    #[error("the file name {0:?} has another placeholder than {ID}")]
    Placeholder(String),
    #[error("the file name {0:?} is too long")]
    TooLong(String),
}

impl Name {
    /// Checks a text.
    ///
    /// # Errors
    /// When it could lead anywhere but to a file below the directory.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let shown = || text.chars().take(60).collect::<String>();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > 200 {
            return Err(NameError::TooLong(shown()));
        }
        if text.chars().any(|c| c == '\\' || is_hidden(c)) {
            return Err(NameError::Character(shown()));
        }
        if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(NameError::Outside(shown()));
        }
        if text.replace(ID, "").contains(['{', '}']) {
            return Err(NameError::Placeholder(shown()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The same name with something at its end.
    #[must_use]
    pub(super) fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}{suffix}", self.0))
    }

    pub(super) fn has_id(&self) -> bool {
        self.0.contains(ID)
    }

    /// The path for one device, below the export directory.
    #[must_use]
    pub fn of(&self, id: &DeviceId) -> PathBuf {
        self.0.replace(ID, id.as_str()).into()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_names_are_refused() {
        for text in [
            "",
            "../x",
            "/etc/passwd",
            "a/../b",
            "a//b",
            "./a",
            "a/",
            "..",
            "a\0b",
            "a\nb",
            "a\\..\\b",
            "{tenant}",
            "{id",
        ] {
            assert!(Name::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(Name::parse("tls/{id}.key").unwrap().of(&"a1".parse().unwrap()), Path::new("tls/a1.key"));
    }

    proptest! {
        #[test]
        fn an_accepted_name_stays_below_the_directory(text in "[a-z./{}\\\\]{0,12}|\\PC{0,20}") {
            if let Ok(name) = Name::parse(&text.replace("id", "{id}")) {
                let path = name.of(&"a1998e".parse().unwrap());
                prop_assert!(path.components().count() > 0);
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))));
            }
        }
    }
}
