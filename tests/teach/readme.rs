//! Commands that the README tells its reader to type besides the recipes, which tests/readme.rs follows.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::{
    examples::holds,
    scene::{Place, Scene},
};
use crate::support::tools;

/// Substitutes for the reader's own words, and for commands that take minutes: the program is built already.
type Word = (&'static str, fn(&Scene, &Place) -> String);
const WORDS: &[Word] = &[
    ("cargo run --release --locked -- ", |_, _| "certreq ".to_owned()),
    ("cargo bench --bench ", |_, _| format!("ls {}/benches/", env!("CARGO_MANIFEST_DIR"))),
    ("mqtts://localhost:8883", |scene, _| format!("mqtts://{}", scene.broker())),
    ("HOST -p PORT", |scene, _| scene.platform().replace("http://", "").replace(':', " -p ")),
    ("ID[,ID...]", |_, _| "d4e5f6,e5f6a7".to_owned()),
    ("[-s SECRET] [-t TOKEN_FILE]", |_, _| "-s 'a secret for tests' -t token.jwt".to_owned()),
    ("VERB", |_, _| "issue".to_owned()),
    ("man certreq", |_, _| "man man/certreq".to_owned()),
];

/// Where a command without a host goes to.
const TO_THE_PLATFORM: &[&str] = &["certreq login", "certreq doctor", "certreq list"];

/// Not typed here, and why.
const LEFT: &[(&str, &str)] = &[
    ("cargo test --locked", "it is what runs this"),
    ("cargo install --locked --path .", "it builds a release, which takes minutes"),
    ("certreq issue", "names the verb"),
    ("certreq serve", "names the verb"),
    ("certreq status", "names what was measured"),
    ("certreq --key rsa2048", "names what was measured"),
    ("certreq inspect --short", "names what was measured"),
    ("openssl x509 -noout -subject -dates", "names what it was measured beside"),
    ("openssl x509 -checkend", "names what it was measured beside"),
];

/// Words that a command begins with.
const PROGRAMS: [&str; 6] = ["certreq ", "cargo ", "openssl ", "man ", "curl ", "jq "];

/// The README and the pages of the book that hold commands besides the recipes and the tutorial.
fn page() -> String {
    const PAGES: [&str; 7] =
        ["README.md", "recipes", "from-certreq-sh", "security", "install", "exit-codes", "performance"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = |name: &str| match name {
        "README.md" => root.join(name),
        name => root.join("docs/src").join(name).with_extension("md"),
    };
    PAGES.iter().map(|name| fs::read_to_string(file(name)).unwrap() + "\n").collect()
}

/// Lines of `console` blocks, and commands in the text, in their order; those that stand there twice once.
fn commands(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut prose = String::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 0 {
            prose.push_str(&part.replace('\n', " "));
            let inline = prose.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            found.extend(inline.into_iter().filter(|code| PROGRAMS.iter().any(|name| code.starts_with(name))));
            prose.clear();
        } else if let Some(lines) = part.strip_prefix("console\n") {
            found.extend(lines.lines().map(str::to_owned));
        } else {
            let kind = part.lines().next().unwrap();
            assert!(["sh", "sh background", "text"].contains(&kind), "nobody knows what to do with {kind:?}");
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|command| seen.insert(command.clone()));
    found
}

#[test]
fn what_the_readme_says_to_type_works_in_its_order() {
    if !tools::present(&["mosquitto", "man"]) {
        return;
    }
    let scene = Scene::new();
    let fresh = scene.place("readme", "rm -r cert_* ca .certreq; mkdir -p $ROOT/bash_completion.d");
    let lab = scene.place("readme lab", "cp -r $MANUAL man");
    let all = commands(&page());
    assert!(all.len() > 15, "{all:?}");
    let mut unused: Vec<&str> =
        WORDS.iter().map(|(word, _)| *word).chain(LEFT.iter().map(|(line, _)| *line)).collect();
    unused.extend(TO_THE_PLATFORM);
    let mut wrong = Vec::new();
    for command in &all {
        unused.retain(|word| {
            !command.contains(word) || LEFT.iter().any(|(line, _)| line == word) && command != word
        });
        if LEFT.iter().any(|(line, _)| line == command) {
            continue;
        }
        // Commands that need a fleet, a broker or the manual come later than the first steps.
        let place = if ["broker", "mqtts", "man c", "doctor"].iter().any(|word| command.contains(word)) {
            &lab
        } else {
            &fresh
        };
        let mut line = command.clone();
        for (word, value) in WORDS {
            if line.contains(word) {
                line = line.replace(word, &value(&scene, place));
            }
        }
        if TO_THE_PLATFORM.contains(&command.as_str()) {
            line = format!("{line} -h {}", scene.platform());
        }
        // Behind `--` come parts of the bench.
        let bench = line.split(" -- ").next().unwrap_or(&line);
        let line = if command.starts_with("cargo bench") { format!("{bench}.rs") } else { line };
        let line = if command.starts_with("man ") { format!("{line}.*") } else { line };
        if let Err(why) = holds(&scene, place, &line) {
            wrong.push(why);
        }
        if command.starts_with("cargo run") {
            wrote(&fresh.directory);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(unused.is_empty(), "the README has no {unused:?} any more");
}

/// The files that the README lists, with their modes.
fn wrote(directory: &Path) {
    let page = page();
    let (_, list) = page.split_once("The first one wrote:\n\n```text\n").unwrap();
    let (list, _) = list.split_once("```").unwrap();
    for line in list.lines() {
        let (name, rest) = line.split_once(' ').unwrap();
        let mode = u32::from_str_radix(rest.split_whitespace().next_back().unwrap(), 8).unwrap();
        let is = fs::metadata(directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(is.permissions().mode() & 0o777, mode, "{name}");
    }
    assert_eq!(list.lines().count(), 5);
}
