//! `completions/` and `man/` are what the program makes, and every page can be read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    help::verbs,
    support::{terminal::certreq, tools},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a directory, by name.
fn contents(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory).unwrap().flatten();
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

/// A directory with what `certreq VERB --out DIR` writes.
fn made(verb: &str, home: &TempDir) -> PathBuf {
    let out = home.path().join("out");
    certreq(home.path()).args([verb, "--out", "out"]).env("COLUMNS", "60").run().exits(0);
    out
}

#[test]
fn what_is_checked_in_is_what_the_program_makes() {
    for (verb, directory) in [("completions", "completions"), ("man", "man")] {
        let home = tempfile::tempdir().unwrap();
        let (made, held) = (contents(&made(verb, &home)), contents(&root().join(directory)));
        let again = "make them again: cargo run -- completions --out completions; cargo run -- man --out man";
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(&held), "{directory}/ is out of date; {again}");
        for (name, text) in &made {
            assert!(held[name] == *text, "{directory}/{name} is out of date; {again}");
        }
    }
}

#[test]
fn one_script_or_page_goes_to_stdout() {
    let home = tempfile::tempdir().unwrap();
    let script = certreq(home.path()).args(["completions", "fish"]).run().exits(0).stdout;
    assert_eq!(script, fs::read_to_string(root().join("completions/certreq.fish")).unwrap());
    let page = certreq(home.path()).args(["man"]).run().exits(0).stdout;
    assert_eq!(page, fs::read_to_string(root().join("man/certreq.1")).unwrap());
    certreq(home.path()).args(["completions"]).run().exits(2);
    certreq(home.path()).args(["completions", "--out", "/proc/none"]).run().exits(1);
}

#[test]
fn every_verb_has_a_page_with_all_its_sections() {
    let pages = contents(&root().join("man"));
    for verb in verbs() {
        let page = &pages[&format!("certreq-{}.1", verb.join("-"))];
        let sections =
            ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"];
        for section in sections {
            let heading = |line: &str| line.trim_start_matches(".SH ").trim_matches('"') == section;
            assert!(page.lines().any(heading), "{verb:?} has no {section}:\n{page}");
        }
    }
}

#[test]
fn man_renders_every_page_without_a_warning() {
    if !tools::present(&["man", "groff"]) {
        return;
    }
    // Each page is given to man as a file: its name differs from that of an installed page only in the directory.
    for name in contents(&root().join("man")).keys() {
        let read = Command::new("man")
            .args(["--warnings", "--local-file"])
            .arg(root().join("man").join(name))
            .env("MANWIDTH", "80")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("MANROFFOPT")
            .output()
            .unwrap();
        let warnings = String::from_utf8_lossy(&read.stderr);
        assert!(read.status.success() && warnings.is_empty(), "{name}: {warnings}");
        let shown = String::from_utf8_lossy(&read.stdout);
        for line in shown.lines() {
            assert!(line.chars().count() <= 80, "{name} is wider than 80 columns: {line}");
        }
        let title = name.rsplit_once('.').unwrap().0;
        assert!(shown.contains(title), "{name} shows nothing of itself:\n{shown}");
    }
}
