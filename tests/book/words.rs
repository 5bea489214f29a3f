//! Plain words: no text for a person has a pronoun such as "none", "who" or "what" as its subject, has a phrase that
//! makes a reader stop, or shows how a program sees an error.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Words that make a reader stop, wherever they stand.
const NOWHERE: [&str; 6] = ["nobody", "whoever", "whom", "whosoever", "whatever", "everybody"];
/// Phrases that have to be read twice; each was on a screen once.
const PHRASES: [&str; 34] = [
    "a line each",
    "one a line",
    "at hand",
    "asked for from",
    "ask for so long",
    "came along",
    "come along",
    "believed",
    "besides",
    "brought to",
    "does not speak",
    "for so long",
    "goes on where",
    "that is none",
    "is spoken",
    "it is so",
    "lives when",
    "makes no sense",
    "mend",
    "none is",
    "not asked about",
    "once told to",
    "only so often",
    "says which it is",
    "shall be",
    "speaks no",
    "stands before",
    "stands in",
    "stands there",
    "take it away",
    "taken into use",
    "takes it",
    "that live",
    "was asked for",
];
/// Words that are no subject of a sentence; a question may begin with them.
const NOT_FIRST: [&str; 3] = ["none", "who", "what"];
/// How a program sees an error.
const OF_PROGRAMS: [&str; 17] = [
    "{error:?}",
    "{err:?}",
    "{e:?}",
    "{why:?}",
    "{reason:?}",
    "{failure:?}",
    "{cause:?}",
    "{self:?}",
    "{state:?}",
    "{status:?}",
    "{kind:?}",
    "{:#?}",
    "Some(",
    "None)",
    "Ok(",
    "Err(",
    "unwrap",
];

fn files(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension() == Some(ending.as_ref()) && path.file_name() != Some("tests.rs".as_ref()) {
            found.push(path);
        }
    }
}

/// The texts of a Rust source outside of its tests; with `comments`, what its doc comments say, too.
fn texts(source: &str, comments: bool) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    let mut signs = source.chars().peekable();
    let mut before = ' ';
    while let Some(sign) = signs.next() {
        match sign {
            '/' if signs.peek() == Some(&'/') => {
                let line: String = signs.by_ref().take_while(|sign| *sign != '\n').collect();
                if let Some(said) = line.strip_prefix("//").filter(|_| comments) {
                    found.push(said.trim().to_owned());
                }
            }
            '"' if before == '\'' => {}
            '"' => {
                let mut text = String::new();
                while let Some(inner) = signs.next() {
                    match inner {
                        '"' => break,
                        '\\' if signs.peek() == Some(&'\n') => {
                            while signs.next_if(|next| next.is_whitespace()).is_some() {}
                        }
                        '\\' => text.extend(signs.next().filter(|next| *next != 'n')),
                        other => text.push(other),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
        before = sign;
    }
    found
}

/// The first word that a person should not read.
fn odd(text: &str) -> Option<&'static str> {
    if let Some(form) = OF_PROGRAMS.iter().find(|form| text.contains(**form)) {
        return Some(form);
    }
    let lower = text.to_lowercase();
    let places = |word: &'static str| {
        lower
            .match_indices(word)
            .map(|(at, _)| at)
            .filter(|at| {
                let is_part =
                    |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '{' | '`' | '/');
                !lower[..*at].ends_with(is_part) && !lower[at + word.len()..].starts_with(is_part)
            })
            .collect::<Vec<_>>()
    };
    if let Some(phrase) = PHRASES.into_iter().find(|phrase| !places(phrase).is_empty()) {
        return Some(phrase);
    }
    if let Some(word) = NOWHERE.into_iter().find(|word| !places(word).is_empty()) {
        return Some(word);
    }
    NOT_FIRST.into_iter().find(|word| {
        places(word).into_iter().any(|at| {
            let is_first =
                lower[..at].trim_end().is_empty() || lower[..at].trim_end().ends_with(['.', ':', ';', '!']);
            let rest = &lower[at + word.len()..];
            let sentence = rest.split_inclusive(['.', '?', ';']).next().unwrap_or_default();
            is_first && rest.starts_with(' ') && !sentence.ends_with('?')
        })
    })
}

#[test]
fn texts_for_people_name_the_thing_first() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, mut pages) = (Vec::new(), vec![root.join("README.md"), root.join("CHANGELOG.md")]);
    files(&root.join("src"), "rs", &mut sources);
    files(&root.join("docs/src"), "md", &mut pages);
    files(&root.join("src/help"), "txt", &mut pages);
    for section in ["1", "5", "7"] {
        files(&root.join("man"), section, &mut pages);
    }
    files(&root.join("src/commands/status/html"), "html", &mut pages);
    let mut wrong = Vec::new();
    for file in &sources {
        let is_help = file.starts_with(root.join("src/cli"));
        let said = texts(&fs::read_to_string(file).unwrap(), is_help);
        // A single word is a name for programs.
        let said = said.into_iter().filter(|text| text.contains(' ')).map(|text| (file, text));
        wrong.extend(said.filter_map(|(file, text)| Some((file, odd(&text)?, text))));
    }
    for file in &pages {
        let text = fs::read_to_string(file).unwrap();
        let prose: Vec<&str> = text.split("```").step_by(2).flat_map(str::lines).collect();
        wrong.extend(prose.iter().filter_map(|line| {
            // Not the marks of Markdown, of the manual and of a table of fields.
            let said = line.trim_start_matches(['|', '-', ' ', '#', '*']);
            Some((file, odd(said)?, (*line).to_owned()))
        }));
    }
    let shown: Vec<String> = wrong
        .iter()
        .map(|(file, word, text)| format!("{}: {word:?}: {text}", file.strip_prefix(root).unwrap().display()))
        .collect();
    assert!(shown.is_empty(), "{} texts:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn odd_words_are_found_and_plain_ones_are_not() {
    for (text, word) in [
        ("nobody said which root certificate is trusted", Some("nobody")),
        ("What is found is kept", Some("what")),
        ("the key is kept. None is lost", Some("none is")),
        ("what shall be spoken to it?", Some("shall be")),
        ("the answer is Some(\\\"x\\\")", Some("Some(")),
        ("carry it on: who reads it is trusted", Some("who")),
        ("What is a shard?", None),
        ("the root certificate is missing: give --ca FILE", None),
        ("the user whose token expired", None),
    ] {
        assert_eq!(odd(text), word, "{text}");
    }
}

/// Words that no comment begins with.
const NO_COMMENT_BEGINS: [&str; 13] = [
    "What",
    "Who",
    "Whom",
    "Whose",
    "Whoever",
    "Whatever",
    "Nobody",
    "Nothing",
    "None",
    "Somebody",
    "Someone",
    "Anybody",
    "Everybody",
];
/// Words that no comment has.
const IN_NO_COMMENT: [&str; 5] = ["nobody", "whoever", "somebody", "anybody", "everybody"];

#[test]
fn comments_name_the_thing_first() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in ["src", "tests", "benches"] {
        files(&root.join(folder), "rs", &mut sources);
    }
    let mut wrong = Vec::new();
    // This file has them as words to look for.
    for file in sources.iter().filter(|file| !file.ends_with("book/words.rs")) {
        let source = fs::read_to_string(file).unwrap();
        let comments = source.lines().filter_map(|line| {
            let line = line.trim_start();
            ["/// ", "//! ", "// "].into_iter().find_map(|marks| line.strip_prefix(marks))
        });
        let odd = comments.filter(|comment| {
            let first = comment.split([' ', ':', '.']).next().unwrap_or_default();
            let lower = comment.to_lowercase();
            let mut words = lower.split(|sign: char| !sign.is_alphanumeric());
            NO_COMMENT_BEGINS.contains(&first) || words.any(|word| IN_NO_COMMENT.contains(&word))
        });
        wrong.extend(odd.map(|comment| format!("{}: {comment}", file.strip_prefix(root).unwrap().display())));
    }
    assert!(wrong.is_empty(), "{} comments:\n{}", wrong.len(), wrong.join("\n"));
}
