//! What was read, recognised; a password is asked for only when something turns out to need it.

use crate::pki::{
    facts::private_key::KeyFormat,
    sniff::{self, Found, Item, SniffError},
};

/// Everything in `bytes`, with the password that was `given`, or else with what `ask` gets.
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
        // No password is read for the old encryption: asking for it would be in vain.
        Ok(found) => matches!(&found.item, Item::PrivateKey(facts)
            if facts.encrypted && facts.key.is_none() && facts.format != KeyFormat::LegacyPem),
    }
}
