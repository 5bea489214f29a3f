//! Things of one kind out of whatever file they are in.

use zeroize::Zeroizing;

use super::{Piece, SniffError, object, pieces};
use crate::pki::{
    certificate::Certificate,
    facts::private_key,
    pkcs8::{self, Pkcs8Error},
};

/// Why a file gives nothing of the kind that is wanted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickError {
    /// The file holds other things, as far as it is known here.
    #[error("there is no {what} in it{detail}")]
    Nothing { what: &'static str, detail: String },
    #[error(transparent)]
    Unusable(SniffError),
}

impl PickError {
    fn of(what: &'static str) -> impl Fn(SniffError) -> Self {
        move |error| match error {
            SniffError::Nothing(detail) => Self::Nothing { what, detail },
            SniffError::Empty => Self::Nothing { what, detail: ": it is empty".to_owned() },
            error => Self::Unusable(error),
        }
    }

    fn nothing(what: &'static str) -> Self {
        Self::Nothing { what, detail: String::new() }
    }
}

const CERTIFICATE: &str = "certificate";
const LIST: &str = "certificate revocation list";

/// Every certificate, in order; at least one. A damaged part makes all of it unusable: it may have been what decides.
///
/// # Errors
/// When there is none, or a part is damaged.
pub fn certificates(bytes: &[u8], password: Option<&str>) -> Result<Vec<Certificate>, PickError> {
    let mut found = Vec::new();
    for piece in pieces(bytes, password) {
        if let Piece::Certificate(der) = piece.map_err(PickError::of(CERTIFICATE))?.0 {
            let read = Certificate::from_der(der);
            found.push(read.map_err(|error| {
                PickError::Unusable(SniffError::Malformed { what: CERTIFICATE, why: error.reason() })
            })?);
        }
    }
    if found.is_empty() { Err(PickError::nothing(CERTIFICATE)) } else { Ok(found) }
}

/// The DER of every revocation list, in order; at least one.
///
/// # Errors
/// When there is none, or a part is damaged.
pub fn lists(bytes: Vec<u8>, password: Option<&str>) -> Result<Vec<Vec<u8>>, PickError> {
    // The largest files there are: not copied.
    if object::is_list(&bytes) {
        return Ok(vec![bytes]);
    }
    let mut found = Vec::new();
    for piece in pieces(&bytes, password) {
        if let Piece::List(der) = piece.map_err(PickError::of(LIST))?.0 {
            found.push(der);
        }
    }
    if found.is_empty() { Err(PickError::nothing(LIST)) } else { Ok(found) }
}

/// The first private key, wherever it stands in the file, as PKCS#8.
///
/// # Errors
/// When there is none that can be read.
pub fn private_key(bytes: &[u8], password: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    let mut trouble = None;
    for piece in pieces(bytes, password) {
        match piece {
            Ok((Piece::PrivateKey(format, der), _)) => return pkcs8::checked(der, format),
            Ok((Piece::SealedPem, _)) => trouble = Some(Pkcs8Error::Encrypted),
            Ok((Piece::SealedKey(der), _)) => {
                let Some(password) = password else {
                    trouble = Some(Pkcs8Error::Encrypted);
                    continue;
                };
                return private_key::opened(&der, password)
                    .map_err(|error| Pkcs8Error::Malformed(error.to_string()));
            }
            Ok(_) => {}
            Err(error) => trouble = trouble.or(Some(Pkcs8Error::Unreadable(error.to_string()))),
        }
    }
    Err(trouble.unwrap_or(Pkcs8Error::Missing))
}
