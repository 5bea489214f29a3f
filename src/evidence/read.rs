//! Reading a file whole, but never more than a limit: `/dev/zero` and a forgotten disk image end soon.

use std::{
    io::{self, Read},
    path::Path,
};

use zeroize::Zeroizing;

use crate::custody;

/// Limit of a file in octets, above every file that is expected: a revocation list of a million entries has 40 MB.
pub const LIMIT: u64 = 64 * 1024 * 1024;

/// Reasons why a file or stdin gave no bytes.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{}", plain(.0))]
    Io(#[from] io::Error),
    #[error("it is larger than the limit of {} MiB", .0 / 1024 / 1024)]
    TooLarge(u64),
}

/// A file's bytes. They may be a private key's, so they are wiped.
///
/// # Errors
/// When it cannot be read, or is larger than [`LIMIT`].
pub fn file(path: &Path) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    file_within(path, LIMIT)
}

/// The same with another limit, in octets.
///
/// # Errors
/// As [`file`].
pub fn file_within(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let file = custody::open(path)?;
    let length = file.metadata()?.len();
    if length > limit {
        return Err(ReadError::TooLarge(limit));
    }
    all(file, usize::try_from(length).unwrap_or(0), limit)
}

/// The bytes of stdin.
///
/// # Errors
/// As [`file`].
pub fn stdin() -> Result<Zeroizing<Vec<u8>>, ReadError> {
    stdin_within(LIMIT)
}

/// The same with another limit, in octets.
///
/// # Errors
/// As [`file`].
pub fn stdin_within(limit: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    all(io::stdin().lock(), 0, limit)
}

fn all(from: impl Read, expected: usize, limit: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    // One octet of spare room lets the last read find the end without growing the buffer: growing leaves copies of a
    // secret in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

/// The system's words without its error number.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
