//! Where new keys are made.

use std::sync::Arc;

use aws_lc_rs::rand;

use super::{error::TokenError, named, object, token};
use crate::pki::{
    key::{KeySpec, PrivateKey},
    token_key::TokenKey,
    token_uri::TokenUri,
};

/// Octets of the CKA_ID of a key made here: random, so that it is known before the key is.
const ID: usize = 16;

/// Where new keys are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyStore {
    /// In a file beside the certificate.
    #[default]
    File,
    Token(TokenStore),
}

/// A token for new keys, or a key in it that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenStore(Arc<TokenUri>);

/// A key that is about to be made: its name is known, so that it can be written down before.
#[derive(Clone, Debug)]
pub struct Planned {
    /// How the key will be named.
    pub uri: TokenUri,
    is_there: bool,
}

/// A key in a token, and the text that stands in the place of `private.key`.
#[derive(Debug)]
pub struct Made {
    pub key: PrivateKey,
    pub text: String,
}

impl TokenStore {
    #[must_use]
    pub fn new(uri: TokenUri) -> Self {
        Self(Arc::new(uri))
    }

    /// The URI it was named by.
    #[must_use]
    pub fn uri(&self) -> &TokenUri {
        &self.0
    }

    /// One key of it was named, which is used as it is; it can be one device's only.
    #[must_use]
    pub fn is_one_key(&self) -> bool {
        self.0.names_key()
    }

    /// Reaches the token and logs in.
    ///
    /// # Errors
    /// When it cannot be reached, or refuses the PIN.
    pub fn open(&self) -> Result<(), TokenError> {
        token::open(&self.0).map(drop)
    }

    /// The name of a new key for `label`, or of the one that was named.
    ///
    /// # Errors
    /// When the token cannot be reached, or has no randomness.
    pub fn plan(&self, label: &str) -> Result<Planned, TokenError> {
        let open = token::open(&self.0)?;
        let (object, id) = if self.is_one_key() {
            (self.0.object.clone(), self.0.id.clone())
        } else {
            let mut id = vec![0; ID];
            rand::fill(&mut id).map_err(|_| TokenError::Other {
                token: open.name.clone(),
                why: "the system gives no randomness for the id of a key".to_owned(),
            })?;
            (Some(label.to_owned()), Some(id))
        };
        let uri = TokenUri { object, id, is_private: true, ..open.uri(self.0.pin_source.clone()) };
        Ok(Planned { uri, is_there: self.is_one_key() })
    }
}

impl Planned {
    /// It is made here, and removed by certreq when its certificate is long gone.
    #[must_use]
    pub fn is_new(&self) -> bool {
        !self.is_there
    }

    /// Makes the key in the token, or takes the one that is there. Some ten milliseconds, longer for RSA.
    ///
    /// # Errors
    /// When the token refuses; it holds no new key then.
    pub fn make(&self, spec: KeySpec) -> Result<Made, TokenError> {
        let open = token::open(&self.uri)?;
        let mut uri = self.uri.clone();
        let info = if self.is_there {
            let found = object::usable(&open, &uri)?;
            uri.id = Some(found.id).filter(|id| !id.is_empty());
            uri.object = Some(found.label).filter(|label| !label.is_empty());
            object::public_of(&open, &uri)?
        } else {
            let label = uri.object.clone().unwrap_or_default();
            object::make(&open, spec, &label, uri.id.as_deref().unwrap_or_default())?
        };
        let key = TokenKey { uri, public_key_info: Some(info) };
        let failed = |why: String| TokenError::Other { token: open.name.clone(), why };
        Ok(Made { text: key.to_pem().map_err(failed)?, key: named::private_key(&key)? })
    }

    /// Removes the key again, if it was made.
    ///
    /// # Errors
    /// When the token refuses.
    pub fn undo(&self) -> Result<(), TokenError> {
        if self.is_there { Ok(()) } else { named::destroy(&self.uri) }
    }
}
