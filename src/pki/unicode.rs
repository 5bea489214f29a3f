//! Text as Windows programs save it: UTF-16, with or without a byte order mark.

use zeroize::Zeroizing;

/// The text, when the bytes are UTF-16; `None` for everything else.
#[must_use]
pub fn of_utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (unit, from): (fn([u8; 2]) -> u16, usize) = match bytes {
        [0xff, 0xfe, ..] => (u16::from_le_bytes, 2),
        [0xfe, 0xff, ..] => (u16::from_be_bytes, 2),
        // Without a mark the first characters are all of ASCII, each beside a zero octet.
        _ if is_wide(bytes, 0) => (u16::from_le_bytes, 0),
        _ if is_wide(bytes, 1) => (u16::from_be_bytes, 0),
        _ => return None,
    };
    let units = bytes[from..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    // Room for all of it: a text that grows leaves copies of a secret behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3 / 2 + 3));
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(text)
}

/// The text without the byte order mark of UTF-8.
#[must_use]
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn is_wide(bytes: &[u8], zero_first: usize) -> bool {
    const LOOKED_AT: usize = 16;
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    bytes.len() >= LOOKED_AT
        && bytes[..LOOKED_AT].chunks_exact(2).all(|pair| pair[1 - zero_first] == 0 && is_text(pair[zero_first]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_with_and_without_a_mark() {
        let text = "-----BEGIN CERTIFICATE-----";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (mark, bytes) in [(&[0xff, 0xfe][..], &little), (&[0xfe, 0xff], &big), (&[], &little), (&[], &big)]
        {
            assert_eq!(of_utf16(&[mark, bytes].concat()).unwrap().as_str(), text);
        }
        assert!(of_utf16(text.as_bytes()).is_none());
        assert!(of_utf16(&[0x30, 0x82, 0, 0, 0x30, 0, 0, 0, 0x30, 0, 0, 0, 0x30, 0, 0, 0]).is_none());
    }
}
