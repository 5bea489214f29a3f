//! How wide a line may be, and how text is cut and wrapped to it.

use std::env;

use textwrap::{
    WordSeparator,
    core::{self, Word},
    wrap_algorithms::wrap_first_fit,
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a terminal whose width is not known.
pub const USUAL: usize = 80;

/// Columns of stdout: `COLUMNS`, then the terminal's own; `None` where stdout is no terminal and the variable is not
/// set.
#[must_use]
pub fn of_stdout() -> Option<usize> {
    told_or(terminal_size::terminal_size_of(std::io::stdout()))
}

/// The same of stderr, for a text that is shown before a question.
#[must_use]
pub fn of_stderr() -> Option<usize> {
    told_or(terminal_size::terminal_size_of(std::io::stderr()))
}

fn told_or(terminal: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    const LEAST: usize = 40;
    let told = env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok()).filter(|width| *width > 0);
    told.or_else(|| terminal.map(|(width, _)| usize::from(width.0))).map(|width| width.max(LEAST))
}

/// Columns a text fills.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// At most `columns` of a text; a rest that does not fit is replaced by `...`.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    const MARK: &str = "...";
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut used = MARK.len();
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        shown.push(c);
    }
    shown.push_str(MARK);
    shown
}

/// Lines of at most `columns`; broken after a space, in a word that is wider after a colon or a comma, else anywhere.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let words = WordSeparator::AsciiSpace.find_words(text);
    let pieces = words.flat_map(|word| pieces(word, columns, &[':', ',']));
    lay(&core::break_words(pieces, columns), [columns; 2])
}

/// A word that is wider than `columns` in pieces that end with one of the marks; any other as it is.
pub(super) fn pieces<'a>(word: Word<'a>, columns: usize, marks: &[char]) -> Vec<Word<'a>> {
    if width(word.word) <= columns {
        return vec![word];
    }
    let mut pieces: Vec<Word<'a>> = word.word.split_inclusive(marks).map(Word::from).collect();
    if let Some(last) = pieces.last_mut() {
        last.whitespace = word.whitespace;
    }
    pieces
}

/// Puts words on lines: the first of `widths[0]`, the others of `widths[1]`. A word that is wider stands alone.
pub(super) fn lay(words: &[Word<'_>], widths: [usize; 2]) -> Vec<String> {
    let widths = widths.map(|width| f64::from(u32::try_from(width).unwrap_or(u32::MAX)));
    let joined = |words: &[Word<'_>]| {
        let text: String = words.iter().flat_map(|word| [word.word, word.whitespace]).collect();
        text.trim_end().to_owned()
    };
    wrap_first_fit(words, &widths).into_iter().map(joined).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_where_a_reader_would() {
        assert_eq!(wrap("good, CRL number 42", 10), ["good, CRL", "number 42"]);
        assert_eq!(wrap("AA:BB:CC:DD", 7), ["AA:BB:", "CC:DD"]);
        assert_eq!(wrap("DNS:a, URI:urn:b", 12), ["DNS:a,", "URI:urn:b"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(cut("CN=a1998e", 9), "CN=a1998e");
        assert_eq!(cut("CN=a1998e, O=x", 9), "CN=a19...");
        assert_eq!(cut("北京北京北京", 7), "北京...");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked_and_nothing_is_lost(text in "[a-z北 ,:]{0,80}", columns in 2_usize..40) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns), "{:?}", lines);
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            prop_assert!(width(&cut(&text, columns.max(3))) <= columns.max(3));
        }
    }
}
