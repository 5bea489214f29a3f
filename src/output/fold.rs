//! Lines of talk, folded to a terminal. Unlike a field's value, a word that is copied from them stays in one piece.

use textwrap::{
    WordSeparator,
    core::{Word, display_width},
};

use super::columns;

/// The most columns that later lines are indented by.
const DEEPEST: usize = 24;

/// One line, folded at its spaces; later lines are indented by the text it begins with and `hang` columns more. A word
/// (a path, a URL) and a command (`: certreq ...`, to the end; a line that begins with `certreq` or `--`) stay whole:
/// one that is wider than the terminal stands on a line of its own. A fingerprint is broken after a colon, as it is
/// everywhere else. Styles have no width.
#[must_use]
pub fn line(text: &str, room: usize, hang: usize) -> String {
    if display_width(text) <= room || text.starts_with("certreq ") || text.starts_with("--") {
        return text.to_owned();
    }
    let lead = text.len() - text.trim_start_matches(' ').len();
    let indent = (lead + hang).min(DEEPEST).min(room / 3);
    let rest = room.saturating_sub(indent);
    let lines = columns::lay(&words(&text[lead..], rest), [room.saturating_sub(lead), rest]);
    format!("{:lead$}{}", "", lines.join(&format!("\n{:indent$}", "")))
}

/// Each line of a text, the first with `hang`.
#[must_use]
pub fn block(text: &str, columns: Option<usize>, hang: usize) -> String {
    let Some(columns) = columns else { return text.to_owned() };
    let lines = text.split('\n').enumerate();
    let folded = lines.map(|(number, text)| line(text, columns, if number == 0 { hang } else { 0 }));
    folded.collect::<Vec<_>>().join("\n")
}

/// Octets in hexadecimal with colons, as of a digest.
fn is_fingerprint(word: &str) -> bool {
    const FEW: usize = 20;
    let mut octets = word.trim_end_matches([',', ';', ')']).split(':');
    word.len() > 3 * FEW
        && octets.all(|octet| octet.len() == 2 && octet.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Pieces of a text that are not broken any further, with the spaces after them.
fn words(text: &str, room: usize) -> Vec<Word<'_>> {
    const COMMAND: &str = ": certreq ";
    let split = text.rfind(COMMAND).map_or(text.len(), |at| at + ": ".len());
    let (prose, command) = text.split_at(split);
    let prose = WordSeparator::AsciiSpace.find_words(prose);
    let broken = prose
        .flat_map(|word| if is_fingerprint(&word) { columns::pieces(word, room, &[':']) } else { vec![word] });
    broken.chain((!command.is_empty()).then(|| Word::from(command))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::columns::width, *};

    #[test]
    fn words_and_commands_stay_whole() {
        assert_eq!(line("error: it is not there", 14, 7), "error: it is\n    not there");
        assert_eq!(line("a1998e  issued  until 2027", 20, 2), "a1998e  issued\n  until 2027");
        assert_eq!(
            line("hint: fetch it: certreq ca crl --dir x", 26, 6),
            "hint: fetch it:\n      certreq ca crl --dir x"
        );
        assert_eq!(line("--ca-fingerprint 284d", 12, 0), "--ca-fingerprint 284d");
        assert_eq!(line("see /a/very/long/path/to/it now", 12, 0), "see\n/a/very/long/path/to/it\nnow");
        assert_eq!(line("\u{1b}[31merror:\u{1b}[0m it is so", 15, 7), "\u{1b}[31merror:\u{1b}[0m it is so");
    }

    #[test]
    fn a_fingerprint_fits_as_well() {
        let text = format!("added  {}", ["A7"; 32].join(":"));
        let folded = line(&text, 60, 2);
        assert!(folded.lines().all(|line| line.len() <= 60), "{folded}");
        assert_eq!(folded.replace("\n  ", ""), text);
    }

    #[test]
    fn later_lines_of_a_text_are_judged_on_their_own() {
        assert_eq!(block("one two\n  three four", Some(9), 2), "one two\n  three\n  four");
        assert_eq!(block("one two three", None, 2), "one two three");
    }

    proptest! {
        #[test]
        fn only_a_single_word_is_wider(text in "[a-z北 ]{0,90}", columns in 8_usize..60, hang in 0_usize..9) {
            let folded = line(text.trim_end(), columns, hang);
            for line in folded.lines() {
                prop_assert!(width(line) <= columns || !line.trim().contains(' '), "{:?}", line);
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&folded), letters(&text));
        }
    }
}
