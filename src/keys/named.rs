//! Keys by their names: read from the file that stands in the place of `private.key`, and asked for only when they
//! sign.

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::object::ObjectHandle;
use rustls::SignatureScheme;

use super::{
    error::TokenError,
    object,
    token::{self, Token},
};
use crate::pki::{held::Signer, key::PrivateKey, token_key::TokenKey, token_uri::TokenUri};

/// A key in a token that was named. The token is asked when it has to sign.
#[derive(Debug)]
struct Named {
    uri: TokenUri,
    found: Mutex<Option<(Arc<Token>, ObjectHandle)>>,
}

/// The key that a file names; the token is not asked while the file has the public half.
///
/// # Errors
/// When the token has to be asked, and does not answer; when the key is of a kind that does not sign here.
pub fn private_key(named: &TokenKey) -> Result<PrivateKey, TokenError> {
    let info = public_key_info(named)?;
    let signer = Named { uri: named.uri.clone(), found: Mutex::default() };
    PrivateKey::held(info, Arc::new(signer)).map_err(|error| TokenError::Unusable {
        token: named.uri.token_words(),
        key: named.uri.object.clone().unwrap_or_default(),
        why: error.to_string(),
    })
}

/// Its public half (SubjectPublicKeyInfo, DER): as the file says, else as the token does.
///
/// # Errors
/// When the token has to be asked, and does not answer.
pub fn public_key_info(named: &TokenKey) -> Result<Vec<u8>, TokenError> {
    match &named.public_key_info {
        Some(info) => Ok(info.clone()),
        None => object::public_of(&*token::look(&named.uri)?, &named.uri),
    }
}

/// How it was shown that a token has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It signed.
    Signed,
    /// It shows the same public half; without a PIN it cannot be asked to sign.
    PublicHalf,
}

/// Asks the token whether it has the key that a file names.
///
/// # Errors
/// When it does not answer, does not have it, or has another one.
pub fn prove(named: &TokenKey) -> Result<Proof, TokenError> {
    let token = match token::open(&named.uri) {
        Err(TokenError::NoPin(_)) => token::look(&named.uri)?,
        opened => opened?,
    };
    let another = |why: &str| TokenError::Unusable {
        token: token.name.clone(),
        key: named.uri.object.clone().unwrap_or_default(),
        why: why.to_owned(),
    };
    if !token.is_logged_in() {
        let there = object::public_of(&token, &named.uri)?;
        let same = public_key_info(named)? == there;
        return same.then_some(Proof::PublicHalf).ok_or_else(|| another("it is another key"));
    }
    // Asked here for its own words.
    object::usable(&token, &named.uri)?;
    let proven = private_key(named)?.prove();
    proven.map(|()| Proof::Signed).map_err(|error| another(&error.to_string()))
}

/// The token was opened and logged in to, and does not have the key; an answer that leaves it open is no loss. A key
/// with an id is looked for by that alone: its label may have been changed.
#[must_use]
pub fn is_lost(named: &TokenKey) -> bool {
    let Ok(token) = token::open(&named.uri) else { return false };
    let by_id = TokenUri { object: None, ..named.uri.clone() };
    let uri = if by_id.id.is_some() { &by_id } else { &named.uri };
    token.is_logged_in() && matches!(object::find(&token, uri), Err(TokenError::NoKey { .. }))
}

/// The key that a text in the place of `private.key` names; `None` when it names none.
#[must_use]
pub fn key_of(text: &[u8]) -> Option<TokenKey> {
    TokenKey::in_file(text)?.ok()
}

/// Removes both halves of a key from its token; a missing half counts as removed.
///
/// # Errors
/// When the token cannot be reached, or refuses.
pub fn destroy(uri: &TokenUri) -> Result<(), TokenError> {
    if !uri.names_key() {
        return Ok(());
    }
    object::destroy(&*token::open(uri)?, uri)
}

/// The same for a key that may not have been made, and for its fragments when its making was cut.
///
/// # Errors
/// When the token cannot be reached, or refuses.
pub fn destroy_begun(uri: &TokenUri) -> Result<(), TokenError> {
    destroy(uri)?;
    object::clear_fragments(&*token::open(uri)?)
}

impl Named {
    fn opened(&self) -> Result<(Arc<Token>, ObjectHandle), TokenError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, key)) = &*found {
            return Ok((Arc::clone(token), *key));
        }
        let token = token::open(&self.uri)?;
        let key = object::usable(&token, &self.uri)?.private;
        *found = Some((Arc::clone(&token), key));
        Ok((token, key))
    }
}

impl Signer for Named {
    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, String> {
        let signed = self
            .opened()
            .and_then(|(token, key)| token.with(|session| object::sign(&token, session, key, scheme, message)));
        signed.map_err(|error| {
            if error.is_gone() {
                *self.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
            match error.hint() {
                Some(hint) => format!("{error}; {hint}"),
                None => error.to_string(),
            }
        })
    }
}
