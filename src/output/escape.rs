//! Text from outside, made harmless before a terminal sees it.

use std::fmt::Write;

use crate::pki::names::is_hidden;

/// Control characters, and the marks that reorder or hide text, become `\u{..}`; line feeds and tabs too.
#[must_use]
pub fn line(text: &str) -> String {
    escape(text, |_| false)
}

/// Like [`line`], but line feeds stay.
#[must_use]
pub fn block(text: &str) -> String {
    escape(text, |c| c == '\n')
}

/// A JSON text, the same characters written as JSON escapes: the data stays what it is, and a terminal is safe.
#[must_use]
pub fn json(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii() && byte != 0x7f) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // serde_json escapes the characters below the space, and line feeds separate the records.
        if c >= '\u{7f}' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) || !is_hidden(c) {
            shown.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_value() {
        let value = "a\u{202e}b\u{9b}c\u{e0041}\u{7f}Straße";
        let text = serde_json::to_string(value).unwrap();
        let shown = json(&text);
        assert_eq!(shown, r#""a\u202eb\u009bc\udb40\udc41\u007fStraße""#);
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), value);
    }

    #[test]
    fn terminal_sequences_and_reordering_are_shown_not_obeyed() {
        assert_eq!(line("a\u{1b}[31mb\u{7}"), r"a\u{1b}[31mb\u{7}");
        assert_eq!(line("x\u{202e}gpj.exe"), r"x\u{202e}gpj.exe");
        assert_eq!(line("one\ntwo"), r"one\u{a}two");
        assert_eq!(block("one\ntwo\u{9b}1m"), "one\ntwo\\u{9b}1m");
        assert_eq!(line("Straße 北"), "Straße 北");
    }
}
