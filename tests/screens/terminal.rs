//! Screens of a real terminal, compared with those that were read: `tests/screens/terminal/NAME.txt`.

use std::{collections::BTreeSet, env, fs, path::Path};

use super::steady::steady;
use crate::support::tty::Seen;

/// One line that was typed, and the screen that it left.
pub(crate) fn screen(line: &str, seen: &Seen, names: &[(&str, &str)]) -> String {
    let mut text = seen.text.clone();
    for (from, to) in names {
        text = text.replace(from, to);
    }
    let shown: Vec<String> = text.lines().map(|line| named(line.trim_end())).collect();
    let shown = in_order(&shown).join("\n");
    format!("\n$ {line}\n{}exit {}\n", steady(&format!("{}\n", shown.trim_end())).trim_start(), seen.code)
}

/// Names texts that differ from run to run and that are cut or folded by a width: ports, octets, sizes.
fn named(line: &str) -> String {
    let words = line.split_inclusive(' ').map(|word| {
        let (bare, space) = (word.trim_end(), &word[word.trim_end().len()..]);
        let hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_lowercase();
        let octets = bare.len() >= 8 && bare.contains(':') && bare.chars().all(|c| hex(c) || ":.,".contains(c));
        let number = bare.chars().all(|c| c.is_ascii_digit() || c == '.') && !bare.is_empty();
        let sized = |rest: &str| ["GiB", "MiB", "KiB", "ms"].iter().any(|unit| rest.starts_with(unit));
        let behind = line.split_at(word.as_ptr() as usize - line.as_ptr() as usize + word.len()).1;
        let named = if octets {
            "<octets>".to_owned()
        } else if number && sized(behind) {
            "<number>".to_owned()
        } else {
            ported(bare)
        };
        named + space
    });
    words.collect()
}

/// A port that the system chose.
fn ported(word: &str) -> String {
    for host in ["127.0.0.1:", "localhost:"] {
        if let Some((before, after)) = word.split_once(host) {
            let port: String = after.chars().take_while(char::is_ascii_digit).collect();
            if port.len() >= 4 && port != "8000" && port != "8883" {
                return format!("{before}{host}<port>{}", &after[port.len()..]);
            }
        }
    }
    word.to_owned()
}

/// Devices are done in any order: what is said of each is put in that of their ids.
fn in_order(lines: &[String]) -> Vec<String> {
    let is_id = |line: &String| {
        let word = line.split(' ').next().unwrap_or_default();
        word.len() == 6 && word.chars().all(|c| c.is_ascii_hexdigit()) || word == "broker"
    };
    let mut parts: Vec<Vec<String>> = Vec::new();
    for line in lines {
        match parts.last_mut().filter(|part| is_id(&part[0]) && line.starts_with(' ')) {
            Some(part) => part.push(line.clone()),
            None => parts.push(vec![line.clone()]),
        }
    }
    for run in parts.chunk_by_mut(|one, next| is_id(&one[0]) && is_id(&next[0])) {
        run.sort();
    }
    parts.concat()
}

/// The words of screens. Devices are done in any order, and a folded time, secret or fingerprint is not known for one, so
/// only words in small letters count, without digits and not of a path, and each once.
fn words(text: &str) -> BTreeSet<&str> {
    let counts = |word: &&str| {
        word.contains(|c: char| c.is_ascii_lowercase())
            && !word.contains(|c: char| c.is_ascii_digit() || c == '/')
    };
    text.split_whitespace().filter(counts).collect()
}

/// The text that is checked in; `UPDATE_SCREENS=1` writes it first.
fn checked_in(name: &str, drawn: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens/terminal").join(format!("{name}.txt"));
    if env::var_os("UPDATE_SCREENS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, drawn).unwrap();
    }
    fs::read_to_string(&path).unwrap_or_default()
}

/// Compares it with what is checked in.
pub(crate) fn equals(name: &str, drawn: &str) {
    let expected = checked_in(name, drawn);
    let differs = drawn.lines().zip(expected.lines()).find(|(now, then)| now != then);
    assert!(
        drawn == expected,
        "tests/screens/terminal/{name}.txt is out of date; see the top of tests/screens/mod.rs\n{differs:#?}"
    );
}

/// Compares the words of it with those checked in. That no line is too wide is another test.
pub(crate) fn has_the_same_words(name: &str, drawn: &str) {
    let expected = checked_in(name, drawn);
    let differs: Vec<&str> = words(drawn).symmetric_difference(&words(&expected)).copied().collect();
    assert!(
        differs.is_empty(),
        "tests/screens/terminal/{name}.txt is out of date; see the top of tests/screens/mod.rs\n{differs:#?}"
    );
}
