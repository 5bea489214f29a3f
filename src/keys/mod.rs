//! Where a private key lives: in a file, or in a PKCS#11 token (a TPM 2.0, a secure element, an HSM).
//!
//! A key in a token is made there and never leaves. In the place of `private.key` stands a file that names it
//! ([`crate::pki::token_key`]); the token makes every signature. Login belongs to process and token, not to a caller,
//! so the tokens of a process are kept in one place ([`token`]), and a PIN that was refused is not tried again.

mod error;
mod module;
mod named;
mod object;
mod pin;
mod store;
mod token;

pub use error::TokenError;
pub use named::{Proof, destroy, destroy_begun, is_lost, key_of, private_key, prove, public_key_info};
pub use object::Listed;
pub use pin::{Pins, install, typed};
pub use store::{KeyStore, Made, Planned, TokenStore};
pub use token::{close, listed};
