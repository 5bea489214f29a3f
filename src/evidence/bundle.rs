//! Certificates and revocation lists from files, bundles and directories, PEM or DER, recognised by content.

use std::{fs, io, path::Path};

use zeroize::Zeroizing;

use super::read::{self, ReadError};
use crate::pki::{
    certificate::Certificate,
    crl::{Crl, CrlError},
    sniff::{self, PickError, SniffError},
};

/// Limit of one file, in octets. The longest revocation lists have some tens of megabytes, so a larger file holds
/// something else.
const LIMIT: u64 = 256 << 20;

/// Reasons why a place gave no certificates or no lists.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{0}")]
    Nothing(String),
    #[error("{0}")]
    Unreadable(String),
}

/// Items that were read from a place, and the files that could not be read.
#[derive(Debug)]
pub struct Bundle<T> {
    pub items: Vec<T>,
    /// Files of a directory that could not be read, each with its name and why. A file that was named itself is an
    /// error instead.
    pub unread: Vec<String>,
}

impl<T> Bundle<T> {
    /// The items, where nothing may be missing.
    fn whole(self) -> Result<Vec<T>, BundleError> {
        match self.unread.into_iter().next() {
            Some(why) => Err(BundleError::Unreadable(why)),
            None => Ok(self.items),
        }
    }
}

/// Like [`certificates`]; files of a directory that cannot be read do not hide the others.
///
/// # Errors
/// When no item could be read.
pub fn readable_certificates(path: &Path) -> Result<Bundle<Certificate>, BundleError> {
    gather(path, &of_certificates)
}

/// Like [`lists`]; files of a directory that cannot be read do not hide the others.
///
/// # Errors
/// When no item could be read.
pub fn readable_lists(path: &Path) -> Result<Bundle<Crl>, BundleError> {
    gather(path, &of_lists)
}

/// Every certificate of a file, of stdin for `-`, or of the files right in a directory; at least one.
///
/// # Errors
/// When a file cannot be read, or one that should be a certificate is none.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, BundleError> {
    gather(path, &of_certificates)?.whole()
}

/// Every revocation list of a file, or of the files right in a directory; at least one.
///
/// # Errors
/// When a file cannot be read, or one that should be a list is none.
pub fn lists(path: &Path) -> Result<Vec<Crl>, BundleError> {
    gather(path, &of_lists)?.whole()
}

impl From<io::Error> for BundleError {
    fn from(error: io::Error) -> Self {
        Self::Read(error.into())
    }
}

impl From<PickError> for BundleError {
    fn from(error: PickError) -> Self {
        match error {
            PickError::Nothing { .. } => Self::Nothing(error.to_string()),
            // Trusted certificates and revocation lists are public and need no password, so none is asked for.
            PickError::Unusable(SniffError::PasswordNeeded) => Self::Unreadable(format!(
                "{}, which is not asked for here; write what is in it to a file of its own: \
                 openssl pkcs12 -in FILE -nokeys -out FILE.pem",
                SniffError::PasswordNeeded
            )),
            PickError::Unusable(error) => Self::Unreadable(error.to_string()),
        }
    }
}

type Parse<'a, T> = &'a dyn Fn(Zeroizing<Vec<u8>>) -> Result<Vec<T>, BundleError>;

#[expect(clippy::needless_pass_by_value, reason = "both kinds of parser are called alike, and lists are kept")]
fn of_certificates(bytes: Zeroizing<Vec<u8>>) -> Result<Vec<Certificate>, BundleError> {
    Ok(sniff::certificates(&bytes, None)?)
}

fn of_lists(mut bytes: Zeroizing<Vec<u8>>) -> Result<Vec<Crl>, BundleError> {
    let unreadable = |error: CrlError| BundleError::Unreadable(error.to_string());
    // Revocation lists are the largest files, so their bytes are moved and not copied.
    sniff::lists(std::mem::take(&mut *bytes), None)?
        .into_iter()
        .map(|der| Crl::from_der(der).map_err(unreadable))
        .collect()
}

fn gather<T>(path: &Path, parse: Parse<'_, T>) -> Result<Bundle<T>, BundleError> {
    if !path.is_dir() {
        let items = parse(bytes(path)?)?;
        return Ok(Bundle { items, unread: Vec::new() });
    }
    let (mut items, mut unread) = (Vec::new(), Vec::new());
    let mut paths =
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.is_file()) {
        match bytes(path).map_err(BundleError::from).and_then(parse) {
            Ok(read) => items.extend(read),
            // Other files of the directory, such as keys and readmes, were not requested.
            Err(BundleError::Nothing(_)) => {}
            Err(error) => unread.push(format!("{}: {error}", path.display())),
        }
    }
    match unread.first() {
        Some(why) if items.is_empty() => Err(BundleError::Unreadable(why.clone())),
        None if items.is_empty() => Err(BundleError::Nothing("there is none in it".to_owned())),
        _ => Ok(Bundle { items, unread }),
    }
}

/// The whole file, or stdin for `-`, up to [`LIMIT`].
fn bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    if path == Path::new("-") { read::stdin_within(LIMIT) } else { read::file_within(path, LIMIT) }
}
