//! JSON byte for byte as Go's `encoding/json` writes it: that is what the signatures are made over.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

/// Compact, fields in their order, and `<`, `>`, `&`, U+2028 and U+2029 written as escapes.
pub(super) fn to_bytes(message: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Strings and numbers into memory: neither can fail.
    let _ = message.serialize(&mut Serializer::with_formatter(&mut bytes, Canonical));
    bytes
}

struct Canonical;

impl Formatter for Canonical {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, escape)) = next_special(rest) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            writer.write_all(escape.as_bytes())?;
            rest = after.strip_prefix(|_: char| true).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Backspace => writer.write_all(b"\\u0008"),
            CharEscape::FormFeed => writer.write_all(b"\\u000c"),
            other => CompactFormatter.write_char_escape(writer, other),
        }
    }
}

fn next_special(text: &str) -> Option<(usize, &'static str)> {
    text.char_indices().find_map(|(at, c)| {
        let escape = match c {
            '<' => "\\u003c",
            '>' => "\\u003e",
            '&' => "\\u0026",
            '\u{2028}' => "\\u2028",
            '\u{2029}' => "\\u2029",
            _ => return None,
        };
        Some((at, escape))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_go_writes_it() {
        let text = "a/b<c>&\u{2028}\u{2029}\u{8}\u{c}\n\r\t\"\\\u{1}\u{7f}é<";
        let bytes = to_bytes(&text);
        let expected = concat!(
            r#""a/b\u003cc\u003e\u0026\u2028\u2029\u0008\u000c\n\r\t\"\\\u0001"#,
            "\u{7f}é",
            r#"\u003c""#
        );
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
