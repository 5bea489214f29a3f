//! Which database keeps an authority's records: the one place that knows the choices.

use std::path::Path;

use zeroize::Zeroizing;

use super::{
    postgres,
    repository::{Reply, Repository},
    sqlite,
};

pub use postgres::{Address, AddressError};

/// The kinds of database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// One file in the authority's directory.
    #[default]
    Embedded,
    /// A Postgres database, which several instances may share.
    Postgres(Box<Address>),
}

impl Database {
    /// A database by its address; `password` is asked for host, port, database and user when the address has none.
    ///
    /// # Errors
    /// When it is no address.
    pub fn at<E: From<AddressError>>(
        address: &str,
        password: impl FnOnce(&[String; 4]) -> Result<Option<Zeroizing<String>>, E>,
    ) -> Result<Self, E> {
        let mut address: Address = address.parse()?;
        if !address.has_password()
            && let Some(password) = password(&address.key())?
        {
            address = address.with_password(&password);
        }
        Ok(Self::Postgres(Box::new(address)))
    }

    /// Opens the records of the authority in `dir`, making empty ones when there are none.
    ///
    /// # Errors
    /// When they are not ours, or cannot be used.
    pub fn open<'a>(&'a self, dir: &'a Path) -> Reply<'a, Box<dyn Repository>> {
        Box::pin(async move {
            match self {
                Self::Embedded => Ok(Box::new(sqlite::Sqlite::open(dir)?) as Box<dyn Repository>),
                Self::Postgres(address) => {
                    Ok(Box::new(postgres::Postgres::open(address).await?) as Box<dyn Repository>)
                }
            }
        })
    }

    /// Records of an authority were made in `dir`.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        sqlite::exists(dir)
    }

    /// The place of the records as people read it, where it is not the authority's directory.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            Self::Embedded => None,
            Self::Postgres(address) => Some(address.place()),
        }
    }

    /// Name and version of the software, as a report shows them.
    #[must_use]
    pub fn software(&self) -> (&'static str, &'static str) {
        match self {
            Self::Embedded => sqlite::software(),
            Self::Postgres(_) => ("PostgreSQL", "15 or later"),
        }
    }
}
