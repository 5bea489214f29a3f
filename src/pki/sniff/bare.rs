//! Base64 without BEGIN and END: files of consoles, values of JSON, YAML and XML, PEM that was encoded once more.

use super::{Depth, Piece, SniffError, object, pieces_at, worn};

/// How base64 of `-----BEGIN` begins.
const OF_PEM: &str = "LS0tLS1CRUdJT";

/// Shorter texts count as words, not as base64.
const SHORTEST: usize = 40;

/// The pieces that stand in the text as base64; `None` when there are none.
pub(super) fn pieces(
    text: &str,
    password: Option<&str>,
    depth: Depth,
) -> Option<Vec<Result<Piece, SniffError>>> {
    let depth = depth.deeper()?;
    let plain = if text.contains('\\') { worn::unescaped(text) } else { text.to_owned().into() };
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let mut found = Vec::new();
    for run in plain.split(|c: char| !is_base64(c) && !c.is_whitespace()) {
        let words: Vec<&str> = run.split_whitespace().collect();
        let mut at = 0;
        while at < words.len() {
            if !may_begin(words[at]) {
                at += 1;
                continue;
            }
            let length = lines(&words[at..]);
            found.extend(of_lines(&words[at..at + length], password, depth).into_iter().flatten());
            at += length;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A SEQUENCE of DER, or a BEGIN line.
fn may_begin(word: &str) -> bool {
    word.starts_with(OF_PEM) || (word.starts_with('M') && word.len() >= 4)
}

/// Lines of one length, and a shorter one at the end.
fn lines(words: &[&str]) -> usize {
    let full = words.iter().take_while(|word| word.len() == words[0].len()).count();
    let is_last = words.get(full).is_some_and(|word| word.len() < words[0].len());
    full + usize::from(is_last)
}

/// Decodes the lines. The shorter line at the end may be the next word of the text, so they are also tried without it.
fn of_lines(words: &[&str], password: Option<&str>, depth: Depth) -> Option<Vec<Result<Piece, SniffError>>> {
    let whole = words.concat();
    let without_last = words.split_last().map(|(_, before)| before.concat());
    [Some(whole), without_last].into_iter().flatten().filter(|text| text.len() >= SHORTEST).find_map(|text| {
        let bytes = worn::decoded(&text)?;
        let is_meant = text.starts_with(OF_PEM) || object::is_whole(&bytes);
        is_meant.then(|| pieces_at(&bytes, password, depth))
    })
}
