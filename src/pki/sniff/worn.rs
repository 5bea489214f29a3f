//! PEM that lost its shape on the way: line ends as `\n`, empty lines between the lines, quotes, marks of mails.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

/// Takes base64 with or without `=` at its end.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A block that was put right.
pub(super) struct Block {
    pub(super) label: String,
    /// It has the header of an encrypted key (RFC 1421).
    pub(super) encrypted: bool,
    pub(super) content: Zeroizing<Vec<u8>>,
}

/// Reads a block, from its BEGIN line on, that the strict reader refused; `None` when too much is missing.
pub(super) fn mended(block: &[u8]) -> Option<Block> {
    let text = Zeroizing::new(String::from_utf8_lossy(block).into_owned());
    let (label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    if end.split_once("-----")?.0 != label {
        return None;
    }
    let body = unescaped(body);
    let (mut kept, mut encrypted) = (Zeroizing::new(String::with_capacity(body.len())), false);
    for line in body.lines() {
        if line.contains(':') {
            encrypted |= line.contains("ENCRYPTED");
            continue;
        }
        for c in line.chars() {
            match c {
                'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' | '=' => kept.push(c),
                '"' | '\'' | '`' | ',' | ';' | '>' | '|' | '#' | '*' => {}
                _ if c.is_whitespace() || c.is_control() || !c.is_ascii() => {}
                _ => return None,
            }
        }
    }
    Some(Block { label: label.to_owned(), encrypted, content: decoded(&kept)? })
}

/// Base64 without blanks.
pub(super) fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    FORGIVING.decode(text.trim_end_matches('=')).ok().map(Zeroizing::new)
}

/// The text with its escapes put right, as JSON, shells and C write them, once or several times over.
pub(super) fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        plain.push_str(before);
        let escape = escape.trim_start_matches('\\');
        let mut following = escape.chars();
        rest = match following.next() {
            Some('n' | 'r') => {
                plain.push('\n');
                following.as_str()
            }
            Some('t') => following.as_str(),
            Some('u') => match escape.get(1..5).and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
                Some(point) => {
                    plain.extend(char::from_u32(point));
                    &escape[5..]
                }
                None => escape,
            },
            _ => escape,
        };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_json_once_and_twice() {
        assert_eq!(unescaped(r"a\nb\\nc\/d\u002Be\r\n").as_str(), "a\nb\nc/d+e\n\n");
        assert_eq!(unescaped(r"\u00").as_str(), "u00");
        assert_eq!(unescaped("\\").as_str(), "");
    }

    #[test]
    fn only_a_whole_block_is_mended() {
        let content = |text: &str| mended(text.as_bytes()).map(|block| block.content.to_vec());
        assert_eq!(content("-----BEGIN X-----\n\nAQ\n\nID\n-----END X-----"), Some(vec![1, 2, 3]));
        assert_eq!(content(r"-----BEGIN X-----\nAQID\n-----END X-----"), Some(vec![1, 2, 3]));
        assert_eq!(content("-----BEGIN X-----\nAQID\n-----END Y-----"), None);
        assert_eq!(content("-----BEGIN X-----\nAQID\n"), None);
        assert_eq!(content("-----BEGIN X-----\nA$QID\n-----END X-----"), None);
    }
}
