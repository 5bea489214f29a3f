//! HMAC-SHA256 over canonical bytes, with the secret itself as the key; base64 with padding.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use base64::{Engine, engine::general_purpose::STANDARD};

pub(super) fn sign(secret: &[u8], message: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&Key::new(HMAC_SHA256, secret), message))
}

/// In constant time for a given length.
pub(super) fn verify(secret: &[u8], message: &[u8], signature: &str) -> bool {
    STANDARD
        .decode(signature)
        .is_ok_and(|tag| hmac::verify(&Key::new(HMAC_SHA256, secret), message, &tag).is_ok())
}
