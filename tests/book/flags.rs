//! Every flag that a page names exists, at the verb that it is named with.

use std::{collections::BTreeSet, fs, path::Path};

use certreq::help::command;
use clap::Command;

/// Long flags of a command, without those that are only understood.
fn own(command: &Command) -> BTreeSet<String> {
    command.get_arguments().filter_map(|arg| arg.get_long()).map(|long| format!("--{long}")).collect()
}

fn all(command: &Command, found: &mut BTreeSet<String>) {
    found.extend(own(command));
    for verb in command.get_subcommands() {
        all(verb, found);
    }
}

/// The flags in a piece of code, without those of the commands behind a pipe.
fn named(code: &str) -> impl Iterator<Item = &str> {
    let ours = code.split(['|', ';', '>', '\'', '"']).next().unwrap_or_default();
    let words = ours.split([' ', '=', '[', ']', ',', '(', ')']);
    words.filter(|word| word.starts_with("--") && word.len() > 2)
}

#[test]
fn every_flag_of_the_book_is_a_flag() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = command();
    command.build();
    let mut known = BTreeSet::from(["--help".to_owned(), "--help-all".to_owned(), "--version".to_owned()]);
    all(&command, &mut known);
    // Names of before, where the page tells them.
    known.extend(["--to", "--output", "--from", "--expires-within", "--device", "--chain"].map(str::to_owned));
    known.extend(["--wait", "--cert", "--key"].map(str::to_owned));
    let mut pages = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    let book = fs::read_dir(root.join("docs/src")).unwrap().flatten().map(|entry| entry.path());
    pages.extend(book.filter(|page| !page.ends_with("messages.md")));
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for span in text.split('`').skip(1).step_by(2).filter(|span| !span.contains('\n')) {
            let mut words = span.split(' ');
            let first = words.next().unwrap_or_default();
            let verb = if first == "certreq" { words.next().unwrap_or_default() } else { first };
            let known = match command.find_subcommand(verb).filter(|verb| !verb.has_subcommands()) {
                Some(verb) if first == "certreq" => &own(verb),
                Some(_) => &known,
                None if first == "certreq" || first.starts_with("--") => &known,
                // A command of another program.
                None => continue,
            };
            for flag in named(span) {
                seen += 1;
                if !known.contains(flag) {
                    wrong.push(format!("{}: {flag} in {span}", page.display()));
                }
            }
        }
    }
    assert!(seen > 60, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
