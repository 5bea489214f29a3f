//! The examples, taken from the help itself, so that a new one cannot escape.

use std::collections::BTreeSet;

use super::{
    scene::{Place, Scene},
    tables::{COLUMNS, CONFIG, ENDS, GROUPS, OOB, PREPARED, PROOFS, STAYS, THEIRS, TOKEN, WAITING, WORDS},
};
use crate::help::{help_of, verbs};

/// The examples of a help, without what explains them.
pub(super) fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let words = lines.map(|line| line.trim_start().split("   ").next().unwrap().to_owned());
    words.collect()
}

pub(super) fn path(verb: &str) -> Vec<String> {
    verb.split_whitespace().map(str::to_owned).collect()
}

fn prepared(verb: &str) -> String {
    let script = PREPARED.iter().find(|(name, _)| *name == verb).map(|(_, script)| *script).unwrap_or_default();
    let script = script.replace("@THEIRS@", THEIRS).replace("@CONFIG@", CONFIG);
    script.replace("@WAITING@", WAITING).replace("@OOB@", OOB).replace("@TOKEN@", TOKEN)
}

/// Types the examples of the verbs, and tells what did not hold.
fn follow(verbs: &[&str]) {
    let scene = Scene::new();
    let mut followed = BTreeSet::new();
    let mut wrong = Vec::new();
    for verb in verbs {
        let examples = examples(&help_of(&path(verb)));
        // key, csr and join explain each other.
        if !followed.insert(examples.clone()) {
            continue;
        }
        let place = scene.place(verb, &prepared(verb));
        for example in examples {
            if let Err(why) = holds(&scene, &place, &example) {
                wrong.push(format!("certreq {verb}: {example}\n{why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Types an example; what was seen, or what did not hold.
pub(super) fn holds(scene: &Scene, place: &Place, example: &str) -> Result<String, String> {
    let mut line = example.to_owned();
    for (word, value) in WORDS {
        if line.contains(word) {
            line = line.replace(word, &value(scene, place));
        }
    }
    let until = STAYS.iter().find(|(begin, _)| example.starts_with(begin)).map(|(_, until)| *until);
    let seen = scene.tty(place, COLUMNS).types(&line, until);
    let code = ENDS.iter().find(|(ends, _)| *ends == example).map_or(0, |(_, code)| *code);
    if seen.code != code {
        return Err(format!("{line}: it ended with {}, not with {code}:\n{}", seen.code, seen.text));
    }
    let is_for_machines =
        ["json", "csv", "prometheus", "nagios"].iter().any(|form| line.contains(&format!("--format {form}")));
    let wide = seen.too_wide();
    if !is_for_machines && !wide.is_empty() {
        return Err(format!("{line}: wider than {COLUMNS} columns: {wide:#?}"));
    }
    let proof = PROOFS.iter().find(|(proven, _)| *proven == example).map(|(_, proof)| *proof);
    match proof.map(|proof| (proof, scene.shell(place, proof))) {
        Some((proof, output)) if !output.status.success() => {
            Err(format!("{line}: after it, this does not hold: {proof}\n{output:?}\nit said:\n{}", seen.text))
        }
        _ => Ok(seen.text),
    }
}

#[test]
fn getting() {
    follow(GROUPS[0]);
}
#[test]
fn carrying() {
    follow(GROUPS[1]);
}
#[test]
fn knowing() {
    follow(GROUPS[2]);
}
#[test]
fn keeping() {
    follow(GROUPS[3]);
}
#[test]
fn ca() {
    follow(GROUPS[4]);
}
#[test]
fn trust_and_serve() {
    follow(GROUPS[5]);
}

#[test]
fn every_verb_has_its_turn_and_no_word_is_left_over() {
    let mut all: Vec<String> = verbs().iter().map(|verb| verb.join(" ")).collect();
    all.push(String::new());
    let mut followed: Vec<String> = GROUPS.concat().iter().map(|verb| (*verb).to_owned()).collect();
    all.sort();
    followed.sort();
    assert_eq!(all, followed);
    let examples: Vec<String> = all.iter().flat_map(|verb| examples(&help_of(&path(verb)))).collect();
    for example in &examples {
        assert!(
            example.starts_with("certreq ") || example.contains("&& certreq "),
            "{example:?} is not a command"
        );
    }
    let used = |word: &str| examples.iter().any(|example| example.contains(word));
    for word in WORDS.iter().map(|(word, _)| word).chain(STAYS.iter().map(|(begin, _)| begin)) {
        assert!(used(word), "no example has {word:?} any more");
    }
    for example in ENDS.iter().map(|(example, _)| example).chain(PROOFS.iter().map(|(example, _)| example)) {
        assert!(examples.iter().any(|one| one == example), "{example:?} is not an example any more");
    }
    for (verb, _) in PREPARED {
        assert!(all.iter().any(|one| one == verb), "{verb:?} is not a verb any more");
    }
}
