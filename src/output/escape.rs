//! Text from outside, made harmless before a terminal sees it.

use std::fmt::Write;

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

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) || !(c.is_control() || hides_or_reorders(c)) {
            shown.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
    }
    shown
}

/// Bidirectional controls (UAX #9), zero-width characters, line and paragraph separators, tags.
fn hides_or_reorders(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_and_reordering_are_shown_not_obeyed() {
        assert_eq!(line("a\u{1b}[31mb\u{7}"), r"a\u{1b}[31mb\u{7}");
        assert_eq!(line("x\u{202e}gpj.exe"), r"x\u{202e}gpj.exe");
        assert_eq!(line("one\ntwo"), r"one\u{a}two");
        assert_eq!(block("one\ntwo\u{9b}1m"), "one\ntwo\\u{9b}1m");
        assert_eq!(line("Straße 北"), "Straße 北");
    }
}
