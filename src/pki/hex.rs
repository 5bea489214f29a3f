//! Bytes as upper-case hex.

use std::fmt::Write;

/// Pairs with colons between them, as serial numbers and key identifiers are written.
#[must_use]
pub(crate) fn pairs(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            text.push(':');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}
