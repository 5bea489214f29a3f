//! Which database keeps an authority's records: the one place that knows the choices.

use std::path::Path;

use super::{
    repository::{Reply, Repository},
    sqlite,
};

/// The kinds of database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// One file in the authority's directory.
    #[default]
    Embedded,
}

impl Database {
    /// Opens the records of the authority in `dir`, making empty ones when there are none.
    ///
    /// # Errors
    /// When they are not ours, or cannot be used.
    pub fn open<'a>(&'a self, dir: &'a Path) -> Reply<'a, Box<dyn Repository>> {
        Box::pin(async move {
            match self {
                Self::Embedded => Ok(Box::new(sqlite::Sqlite::open(dir)?) as Box<dyn Repository>),
            }
        })
    }

    /// Records of an authority were made in `dir`.
    #[must_use]
    pub fn exists(&self, dir: &Path) -> bool {
        match self {
            Self::Embedded => sqlite::exists(dir),
        }
    }

    /// Name and version of the software, as a report shows them.
    #[must_use]
    pub fn software(&self) -> (&'static str, &'static str) {
        match self {
            Self::Embedded => sqlite::software(),
        }
    }
}
