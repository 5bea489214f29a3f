//! The help of every verb, short and whole, at 60, 80 and 132 columns, as it was read.
//!
//! A group of flags that several verbs have alike stands at the first of them.

use std::collections::BTreeMap;

use super::terminal;
use crate::{help::verbs, support::terminal::certreq};

fn shown(verb: &[String], flag: &str, columns: usize) -> String {
    let home = tempfile::tempdir().unwrap();
    let columns = columns.to_string();
    let call = certreq(home.path()).args(verb).args([flag]).env("COLUMNS", columns).run();
    assert_eq!(call.stderr, "", "{verb:?}");
    call.exits(0).stdout
}

/// The help of all verbs; a paragraph that was seen before is named, not repeated.
fn all(flag: &str, columns: usize) -> String {
    let mut drawn = String::new();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut all = vec![Vec::new()];
    all.extend(verbs());
    for verb in all {
        let name = verb.join(" ");
        let help = shown(&verb, flag, columns);
        for line in help.lines() {
            let width = line.chars().count();
            assert!(width <= columns || is_unbreakable(line), "{name}: {width} columns: {line}");
        }
        drawn.extend(["\n$ certreq ", name.as_str(), " ", flag, "\n"]);
        for paragraph in help.split("\n\n") {
            let first = seen.entry(paragraph.to_owned()).or_insert_with(|| name.clone());
            let heading = paragraph.lines().next().unwrap_or_default();
            if *first == name || paragraph.lines().count() < 4 {
                drawn.extend([paragraph, "\n\n"]);
            } else {
                drawn.extend([heading, " as in certreq ", first.as_str(), "\n\n"]);
            }
        }
    }
    drawn
}

/// A command to copy, or one word.
fn is_unbreakable(line: &str) -> bool {
    let line = line.trim();
    line.split_whitespace().count() == 1
        || ["certreq ", "cd "].iter().any(|begin| line.starts_with(begin))
        || line.contains(" = ")
}

#[test]
fn help_is_as_it_was_read_at_each_width() {
    for (flag, name) in [("--help", "help"), ("--help-all", "help-all")] {
        for columns in [60, 80] {
            terminal::equals(&format!("{name}-{columns}"), &all(flag, columns));
        }
        // Long lines are hard to read: help is never wider than 80 columns.
        assert_eq!(all(flag, 132), all(flag, 80), "{flag}");
    }
}

#[test]
fn headings_name_things() {
    for verb in verbs() {
        for line in shown(&verb, "--help-all", 80).lines().filter(|line| line.ends_with(':')) {
            let word = line.split([' ', ':']).next().unwrap_or_default();
            let asks = ["What", "Where", "When", "How", "Who", "Why", "Which", "Arguments", "Options"];
            assert!(!asks.contains(&word), "{verb:?}: {line}");
        }
    }
}
