//! Bytes as upper-case hex.

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Pairs with colons between them, as serial numbers and key identifiers are written.
#[must_use]
pub(crate) fn pairs(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            text.push(':');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
