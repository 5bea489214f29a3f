//! Why a token gives no key or no signature, in words for people.

use cryptoki::error::{Error, RvError};

/// Fault of a token, of a key in it, or of the way there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this build of certreq is static and cannot load PKCS#11 modules")]
    Static,
    #[error("no PKCS#11 module is named for {0}")]
    NoModule(String),
    #[error("the PKCS#11 module {path} is not used: {why}")]
    Untrusted { path: String, why: String },
    #[error("the PKCS#11 module {path} cannot be loaded: {why}")]
    Load { path: String, why: String },
    #[error("{token} is not there{others}")]
    Missing { token: String, others: String },
    #[error("{token} is there {count} times: {serials}")]
    Ambiguous { token: String, count: usize, serials: String },
    #[error("{0} needs a PIN, and no PIN was given")]
    NoPin(String),
    #[error("the PIN of {token} cannot be had: {why}")]
    Pin { token: String, why: String },
    #[error("{token} refused the PIN; it was tried once{left}")]
    WrongPin { token: String, left: &'static str },
    #[error("{0} is locked: too many wrong PINs")]
    Locked(String),
    #[error("{token} has no key {key}")]
    NoKey { token: String, key: String },
    #[error("{token} has {count} keys {key}: {ids}")]
    ManyKeys { token: String, key: String, count: usize, ids: String },
    #[error("the key {key} in {token} cannot be used: {why}")]
    Unusable { token: String, key: String, why: String },
    #[error("{token} makes no {kind} keys")]
    Kind { token: String, kind: String },
    #[error("{0} is full: it takes no further key")]
    Full(String),
    #[error("{0} is write-protected: no key can be made in it")]
    ReadOnly(String),
    #[error("{0} is gone: it was removed, or its driver ended")]
    Gone(String),
    #[error("{0} has no memory left for this")]
    Memory(String),
    #[error("{token}: {why}")]
    Other { token: String, why: String },
}

impl TokenError {
    /// Next step for the user.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Static => "install the package of your system, or build certreq for it: cargo install",
            Self::NoModule(_) => "name it: --key-store 'pkcs11:token=NAME?module-path=/usr/lib/.../module.so'",
            Self::Untrusted { .. } => {
                "name it yourself if it is right: --key-store or CERTREQ_KEY_STORE with module-path="
            }
            Self::Load { .. } => "the module comes with the token's software: softhsm2, libtpm2-pkcs11-1, ...",
            Self::Missing { .. } => "list the content: pkcs11-tool --module MODULE --list-slots",
            Self::Ambiguous { .. } => "name one by its serial number: pkcs11:serial=NUMBER",
            Self::NoPin(_) => "CERTREQ_PIN, or pin-source=/FILE in the URI",
            Self::Pin { .. } => "the first line of the file is the PIN",
            Self::WrongPin { .. } => {
                "it is not tried again in this run; look it up before the token locks itself"
            }
            Self::Locked(_) => {
                "the security officer unlocks it: pkcs11-tool --module MODULE --init-pin --so-pin ..."
            }
            Self::NoKey { .. } => "list the content: pkcs11-tool --module MODULE --login --list-objects",
            Self::ManyKeys { .. } => "name one by its id: id=%01%02",
            Self::Unusable { .. } => {
                "keys here are P-256, P-384 or RSA from 2048 bits, and may sign (CKA_SIGN)"
            }
            Self::Kind { .. } => "use another kind: --key p256",
            Self::Full(_) => {
                "remove keys that are not used any more; certreq doctor lists those no directory names"
            }
            Self::ReadOnly(_) => "make the key where it can be written, then name it: object=NAME or id=...",
            Self::Gone(_) => "plug it in again, or start its service, then run the same command again",
            Self::Memory(_) => {
                "a TPM without a resource manager keeps the objects of killed programs: use /dev/tpmrm0, or tpm2_flushcontext -t; tpm2_flushcontext -l"
            }
            Self::Other { .. } => return None,
        })
    }

    /// The token was reached, and it is the key that is wrong.
    #[must_use]
    pub fn is_about_the_key(&self) -> bool {
        matches!(self, Self::NoKey { .. } | Self::ManyKeys { .. } | Self::Unusable { .. })
    }

    /// The token may be well again, or another one, when it is opened anew.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Gone(_))
    }

    /// Fault for the error that a module returned.
    pub(super) fn of(error: &Error, token: &str) -> Self {
        let named = || token.to_owned();
        let Error::Pkcs11(code, function) = error else {
            return Self::Other { token: named(), why: error.to_string() };
        };
        match code {
            RvError::PinLocked => Self::Locked(named()),
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => {
                Self::WrongPin { token: named(), left: "" }
            }
            RvError::TokenWriteProtected | RvError::SessionReadOnly => Self::ReadOnly(named()),
            RvError::DeviceRemoved
            | RvError::DeviceError
            | RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed
            | RvError::SlotIdInvalid
            | RvError::CryptokiNotInitialized => Self::Gone(named()),
            RvError::DeviceMemory | RvError::HostMemory => Self::Memory(named()),
            // The module for TPMs has no better code for a TPM that is full of objects of other programs.
            RvError::GeneralError if module_is_for_tpm(token) => Self::Memory(named()),
            other => Self::Other {
                token: named(),
                why: format!("{function} failed: {}", first_words(&other.to_string())),
            },
        }
    }
}

fn module_is_for_tpm(token: &str) -> bool {
    token.ends_with(super::token::OF_TPM)
}

/// The library explains each code in several sentences.
fn first_words(text: &str) -> String {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned()
}
