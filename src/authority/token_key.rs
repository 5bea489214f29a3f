//! The CA key in a token: `ca.key` names it, and the token signs.

use std::path::Path;

use super::{error::AuthorityError, keyfile};
use crate::{
    keys::{self, TokenError, TokenStore},
    pki::{
        key::{KeySpec, PrivateKey},
        token_key::TokenKey,
    },
};

/// CKA_LABEL of a CA key that is made here.
const LABEL: &str = "certreq CA";

/// Makes the key in the token, or takes the one that was named. The file is written first, so that a start that is cut
/// leaves no key without a name; see [`is_unmade`].
pub(super) fn create(path: &Path, spec: KeySpec, store: &TokenStore) -> Result<PrivateKey, AuthorityError> {
    let planned = store.plan(LABEL).map_err(|error| refused(path, &error))?;
    let name = TokenKey { uri: planned.uri.clone(), public_key_info: None };
    let text = name.to_pem().map_err(|reason| AuthorityError::Key { path: path.to_owned(), reason })?;
    keyfile::write(path, &text)?;
    planned.make(spec).map(|made| made.key).map_err(|error| {
        // No key was made, so the file must not name one.
        let _ = std::fs::remove_file(path);
        refused(path, &error)
    })
}

/// An earlier start wrote down the name of a key, and was cut before the key was made.
pub(super) fn is_unmade(path: &Path) -> bool {
    let named = std::fs::read(path).ok().and_then(|text| keys::key_of(&text));
    named.is_some_and(|named| matches!(keys::prove(&named), Err(TokenError::NoKey { .. })))
}

/// The key that the file names: it is there, and signs.
pub(super) fn open(path: &Path, named: &TokenKey) -> Result<PrivateKey, AuthorityError> {
    keys::prove(named).and_then(|_| keys::private_key(named)).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &TokenError) -> AuthorityError {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    AuthorityError::Key { path: path.to_owned(), reason: format!("{error}{hint}") }
}
