//! Certificates, lists or keys taken out of a file of any form.

use zeroize::Zeroizing;

use super::{Content, Encoding, Piece, SniffError, foreign, object, pieces};
use crate::pki::{
    certificate::Certificate,
    facts::{private_key, tpm_key},
    pkcs8::{self, Pkcs8Error},
    token_key::{self, TokenKey},
};

/// Reasons why a file gives no item of the wanted kind.
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

    /// The file holds these instead.
    fn nothing(what: &'static str, mut others: Vec<&'static str>) -> Self {
        others.dedup();
        others.truncate(3);
        let detail =
            if others.is_empty() { String::new() } else { format!(": it holds {}", others.join(" and ")) };
        Self::Nothing { what, detail }
    }
}

const CERTIFICATE: &str = "certificate";
const LIST: &str = "certificate revocation list";

/// The parts of a file. A key that only its TPM can use becomes an error that names it as such.
fn parts(bytes: &[u8], password: Option<&str>) -> impl Iterator<Item = Result<Piece, SniffError>> {
    pieces(bytes, password).into_iter().map(|piece| match piece {
        Ok(Piece { content: Content::TpmKey(_), .. }) => {
            Err(foreign::labelled(tpm_key::LABEL).unwrap_or(SniffError::Empty))
        }
        piece => piece,
    })
}

/// Every certificate, in order; at least one. A damaged part makes the whole file unusable, because that part may be
/// the one that decides.
///
/// # Errors
/// When there is none, or a part is damaged.
pub fn certificates(bytes: &[u8], password: Option<&str>) -> Result<Vec<Certificate>, PickError> {
    let (mut found, mut others, mut is_ordered) = (Vec::new(), Vec::new(), true);
    for piece in parts(bytes, password) {
        let piece = piece.map_err(PickError::of(CERTIFICATE))?;
        if let Content::Certificate(der) = piece.content {
            is_ordered &= !matches!(piece.encoding, Encoding::Pkcs7 | Encoding::Pkcs12);
            let read = Certificate::from_der(der);
            found.push(read.map_err(|error| {
                PickError::Unusable(SniffError::Malformed { what: CERTIFICATE, why: error.reason() })
            })?);
        } else {
            others.push(piece.content.holds());
        }
    }
    if found.is_empty() {
        return Err(PickError::nothing(CERTIFICATE, others));
    }
    if !is_ordered || is_upside_down(&found) {
        own_first(&mut found);
    }
    Ok(found)
}

/// The DER of every revocation list, in order; at least one.
///
/// # Errors
/// When there is none, or a part is damaged.
pub fn lists(bytes: Vec<u8>, password: Option<&str>) -> Result<Vec<Vec<u8>>, PickError> {
    // Revocation lists are the largest files, so their bytes are not copied.
    if object::is_list(&bytes) {
        return Ok(vec![bytes]);
    }
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for piece in parts(&bytes, password) {
        match piece.map_err(PickError::of(LIST))?.content {
            Content::List(der) => found.push(der),
            other => others.push(other.holds()),
        }
    }
    if found.is_empty() { Err(PickError::nothing(LIST, others)) } else { Ok(found) }
}

/// The first private key, wherever it stands in the file, as PKCS#8.
///
/// # Errors
/// When there is none that can be read.
pub fn private_key(bytes: &[u8], password: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Pkcs8Error> {
    let (mut trouble, mut others) = (None, Vec::new());
    for piece in parts(bytes, password) {
        match piece.map(|piece| piece.content) {
            Ok(Content::PrivateKey(format, der)) => return pkcs8::checked(der, format),
            // An encrypted key, or a bundle that needs a password and usually holds a key, is reported as the reason.
            Ok(Content::LegacyKey) | Err(SniffError::PasswordNeeded) => trouble = Some(Pkcs8Error::Encrypted),
            Ok(Content::EncryptedKey(der)) => {
                let Some(password) = password else {
                    trouble = Some(Pkcs8Error::Encrypted);
                    continue;
                };
                return private_key::opened(&der, password)
                    .map_err(|error| Pkcs8Error::Malformed(error.to_string()));
            }
            Ok(other) => others.push(other.holds()),
            Err(error) => trouble = trouble.or(Some(Pkcs8Error::Unreadable(error.to_string()))),
        }
    }
    others.dedup();
    others.truncate(3);
    Err(trouble.unwrap_or_else(|| Pkcs8Error::Missing(others.join(" and "))))
}

/// The first name of a key in a token, and its public half if that follows; `None` when there is no such name, or a
/// private key stands before it.
pub(crate) fn token_key(bytes: &[u8]) -> Option<Result<TokenKey, String>> {
    let mut pieces = pieces(bytes, None).into_iter().flatten().map(|piece| piece.content);
    let uri = pieces.find_map(|content| match content {
        Content::TokenKey(der) => Some(Some(token_key::uri_of(&der))),
        Content::PrivateKey(..) | Content::EncryptedKey(_) | Content::LegacyKey => Some(None),
        _ => None,
    })??;
    let public_key_info = pieces.find_map(|content| match content {
        Content::PublicKey(der) => Some(der),
        _ => None,
    });
    Some(uri.map(|uri| TokenKey { uri, public_key_info }))
}

/// The root comes first and the device's own last, as some consoles write chains.
fn is_upside_down(chain: &[Certificate]) -> bool {
    chain.first().is_some_and(|first| first.is_ca) && chain.iter().any(|one| !one.is_ca)
}

/// Puts the first certificate that issued no other in front, because bundles have no order.
fn own_first(chain: &mut [Certificate]) {
    let issued_none = |one: &Certificate| {
        !chain.iter().any(|other| other.issuer == one.subject && other.fingerprint() != one.fingerprint())
    };
    if let Some(own) = chain.iter().position(issued_none) {
        chain[..=own].rotate_right(1);
    }
}
