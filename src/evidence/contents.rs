//! Contents of bytes that were read: recognised, and a password asked for only when an encrypted part needs one.

use crate::pki::{
    facts::private_key::KeyFormat,
    sniff::{self, Found, Item, SniffError},
};

/// Everything in `bytes`: opened with the password `given`, and where that is missing or opens too little, once
/// more with the password that `ask` returns.
pub fn recognise<'a>(
    bytes: &[u8],
    given: Option<&str>,
    ask: impl FnOnce() -> Option<&'a str>,
) -> Vec<Result<Found, SniffError>> {
    let results = sniff::sniff(bytes, given);
    if results.iter().any(is_locked)
        && let Some(typed) = ask()
    {
        return sniff::sniff(bytes, Some(typed));
    }
    results
}

fn is_locked(result: &Result<Found, SniffError>) -> bool {
    match result {
        Err(error) => *error == SniffError::PasswordNeeded,
        // Keys encrypted by PEM headers (RFC 1421) are not decrypted here, so a password would not help.
        Ok(found) => matches!(&found.item, Item::PrivateKey(facts)
            if facts.encrypted && facts.key.is_none() && facts.format != KeyFormat::LegacyPem),
    }
}
