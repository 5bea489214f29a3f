//! `docs/src/messages.md` names every error with its exit code and its next step, as the source says them.
//!
//! After a change that is meant: `UPDATE_MESSAGES=1 cargo test book::messages`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

const PAGE: &str = "docs/src/messages.md";

const HEAD: &str = "\
# Messages and what to do

Each error has a reason and, in most cases, a next step. `...` stands for a name, a number or a reason. The codes are
explained in [Exit codes](exit-codes.md).
";

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension() == Some("rs".as_ref()) && path.file_name() != Some("tests.rs".as_ref()) {
            found.push(path);
        }
    }
}

/// The text between the parenthesis at the start and the one that closes it, and what follows.
fn argument(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// The first text in an expression, as a reader sees it.
fn literal(expression: &str) -> Option<String> {
    let (_, rest) = expression.split_once('"')?;
    let mut said = String::new();
    let mut signs = rest.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => break,
            '\\' => match signs.next()? {
                '\n' => while signs.next_if(|next| next.is_whitespace()).is_some() {},
                'n' => said.push(' '),
                other => said.push(other),
            },
            '{' if signs.next_if_eq(&'{').is_some() => said.push('{'),
            '}' if signs.next_if_eq(&'}').is_some() => said.push('}'),
            '{' => {
                while signs.next().is_some_and(|inner| inner != '}') {}
                said.push_str("...");
            }
            other => said.push(other),
        }
    }
    // A text without letters is only a place for another message.
    said.chars().any(char::is_alphabetic).then_some(said)
}

fn code(constructor: &str, arguments: &str) -> &'static str {
    match constructor {
        "usage" => "2",
        "failed" => "1",
        _ => {
            let exits = [
                ("Exit::Unsafe", "6"),
                ("Exit::Refused", "4"),
                ("Exit::Unreachable", "5"),
                ("Exit::Usage", "2"),
            ];
            let named = exits.iter().find(|(name, _)| arguments.starts_with(name));
            named.map_or("1", |(_, code)| code)
        }
    }
}

/// Message, exit code and next steps.
type Row = (String, &'static str, Vec<String>);

fn rows(source: &str) -> Vec<Row> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    for part in source.split("Failure::").skip(1) {
        let Some((constructor, _)) = part.split_once('(') else { continue };
        if !["usage", "failed", "new"].contains(&constructor) {
            continue;
        }
        let Some((arguments, mut rest)) = argument(&part[constructor.len()..]) else { continue };
        let Some(message) = literal(arguments) else { continue };
        let mut hints = Vec::new();
        while let Some(more) = rest.trim_start_matches([')', ' ', '\n']).strip_prefix(".hint") {
            let Some((hint, after)) = argument(more) else { break };
            hints.extend(literal(hint));
            rest = after;
        }
        found.push((message, code(constructor, arguments), hints));
    }
    found
}

/// The part of the program that says it, for a heading.
fn part(path: &Path) -> String {
    let below =
        path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().with_extension("");
    let mut names = below.iter().map(|name| name.to_string_lossy().into_owned());
    let first = names.next().unwrap();
    let second = names.next().unwrap_or_default();
    match (first.as_str(), second.as_str()) {
        ("commands" | "settings" | "cli", "mod" | "") => "every verb".to_owned(),
        ("commands" | "settings" | "cli", verb) => verb.replace('_', " "),
        (other, _) => other.to_owned(),
    }
}

fn page() -> String {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut parts: BTreeMap<String, BTreeSet<Row>> = BTreeMap::new();
    for file in files {
        let found = rows(&fs::read_to_string(&file).unwrap());
        if !found.is_empty() {
            parts.entry(part(&file)).or_default().extend(found);
        }
    }
    let cell = |text: &str| text.replace('|', "\\|").replace('<', "\\<").replace('\n', " ");
    let mut page = HEAD.to_owned();
    for (part, rows) in parts {
        let _ = write!(page, "\n## {part}\n\n| message | code | next step |\n|---|---|---|\n");
        for (message, code, hints) in rows {
            let hints: Vec<String> = hints.iter().map(|hint| cell(hint)).collect();
            let _ = writeln!(page, "| {} | {code} | {} |", cell(&message), hints.join("; "));
        }
    }
    page
}

#[test]
fn the_page_of_messages_is_what_the_source_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let now = page();
    assert!(now.lines().count() > 150, "{now}");
    if std::env::var_os("UPDATE_MESSAGES").is_some() {
        fs::write(&file, now).unwrap();
        return;
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == now,
        "{PAGE} is out of date; make it again: UPDATE_MESSAGES=1 cargo test book::messages"
    );
}
