//! Help teaches: every verb, at 80 columns, examples first.

use certreq::help::{GROUPS, command};
use clap::Command;

use crate::support::terminal::certreq;

/// Every verb below certreq, nested ones too, as it is typed.
pub(crate) fn verbs() -> Vec<Vec<String>> {
    fn collect(command: &Command, path: &[String], found: &mut Vec<Vec<String>>) {
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let path = [path, &[verb.get_name().to_owned()]].concat();
            collect(verb, &path, found);
            found.push(path);
        }
    }
    let mut found = Vec::new();
    collect(&command(), &[], &mut found);
    found
}

/// The whole of it, as on a terminal of 80 columns.
pub(crate) fn help_of(verb: &[String]) -> String {
    shown(verb, "--help-all")
}

fn shown(verb: &[String], flag: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let call = certreq(home.path()).args(verb).args([flag]).env("COLUMNS", "80").run();
    assert_eq!(call.stderr, "", "{verb:?}");
    call.exits(0).stdout
}

/// Calls of certreq in the examples of a text: what stands before a comment, a pipe or a redirection.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let block = lines.take_while(|line| line.starts_with("  "));
    let calls = block.filter_map(|line| line.split("&& ").last()?.trim().strip_prefix("certreq "));
    let end = |call: &str| ["   ", " | ", " > "].iter().filter_map(|end| call.find(end)).min();
    calls.map(|call| call[..end(call).unwrap_or(call.len())].to_owned()).collect()
}

#[test]
fn every_verb_teaches_within_80_columns_and_its_examples_can_be_typed() {
    let mut verbs = verbs();
    verbs.push(Vec::new());
    assert!(verbs.len() > 20, "{verbs:?}");
    for verb in verbs {
        let help = help_of(&verb);
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{verb:?} is wider than 80 columns: {line}");
        }
        assert!(help.lines().nth(2) == Some("Examples:"), "examples come first: {help}");
        assert!(help.find("\nUsage:") > help.find("\nExamples:"), "{help}");
        assert!(help.contains("\nExit codes"), "{verb:?} says nothing of its exit codes: {help}");
        assert!(verb.is_empty() || help.contains("\nEnvironment:"), "{verb:?}: {help}");
        let calls = examples(&help);
        assert!(!calls.is_empty(), "{verb:?} has no example: {help}");
        for call in calls {
            let words = shell_words(&call);
            let parsed = command().try_get_matches_from(std::iter::once("certreq".to_owned()).chain(words));
            let parsed = parsed.err().filter(clap::Error::use_stderr);
            assert!(parsed.is_none(), "{verb:?}: certreq {call}: {}", parsed.unwrap());
        }
    }
}

#[test]
fn help_of_every_verb_is_short_and_says_where_the_rest_is() {
    for verb in verbs() {
        let help = shown(&verb, "--help");
        let all = format!("All flags and variables: certreq {} --help-all", verb.join(" "));
        assert_eq!(help.lines().last(), Some(all.as_str()), "{help}");
        let most = if verb == ["issue"] { 60 } else { 100 };
        assert!(help.lines().count() <= most, "{verb:?}: more than {most} lines\n{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{verb:?} is wider than 80 columns: {line}");
        }
        for flag in ["--secret-command", "--jobs", "--color", "[env:"] {
            assert!(!help.contains(flag), "{verb:?}: {flag} is for --help-all\n{help}");
        }
    }
    let whole = help_of(&["issue".to_owned()]);
    for flag in ["--secret-command", "--jobs", "--color", "[env: CERTREQ_JOBS]", "--help-all"] {
        assert!(whole.contains(flag), "{flag}\n{whole}");
    }
}

/// As a shell would take them apart; the examples know single quotes only.
fn shell_words(call: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in call.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn help_and_the_flag_say_the_same_for_nested_verbs_too() {
    let home = tempfile::tempdir().unwrap();
    for verb in [vec!["inspect"], vec!["ca", "trust", "add"]] {
        let asked = certreq(home.path()).args(["help"]).args(&verb).run().exits(0).stdout;
        let flagged = certreq(home.path()).args(&verb).args(["--help"]).run().exits(0).stdout;
        assert_eq!(asked, flagged);
    }
}

#[test]
fn alone_it_shows_every_verb_once_by_what_one_wants_to_do() {
    let home = tempfile::tempdir().unwrap();
    let shown = certreq(home.path()).run().exits(0).stdout;
    let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect();
    for verb in verbs().iter().filter(|verb| verb.len() == 1) {
        let places = grouped.iter().filter(|name| *name == &verb[0]).count();
        assert_eq!(places, 1, "{verb:?} stands in {places} groups of src/help/overview.rs");
        let lines =
            shown.lines().filter(|line| line.get(14..26).is_some_and(|word| word.trim_end() == verb[0]));
        assert_eq!(lines.count(), 1, "{verb:?}: {shown}");
    }
    assert!(!shown.contains("--ids-from"), "the flags of issue are another screen:\n{shown}");
    assert!(shown.lines().count() <= 48, "more than a screen:\n{shown}");
}

#[test]
fn what_is_misspelt_finds_its_neighbour_and_a_lonely_h_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| certreq(home.path()).args(args).run().exits(2).stderr;
    assert!(said(&["isue"]).contains("'issue'"), "{}", said(&["isue"]));
    assert!(said(&["--hsot", "x"]).contains("'--host'"));
    assert!(said(&["inspect", "--chek", "x"]).contains("'--check'"));
    assert!(said(&["ca", "crll"]).contains("'crl'"));
    for lonely in [&["-h"][..], &["issue", "-h"], &["--host"]] {
        let said = said(lonely);
        assert!(said.contains("-h is the host"), "{said}");
        assert!(said.contains("help is --help"), "{said}");
    }
    for early in [&["-q", "issue"][..], &["-q", "--dir", "x", "issue"]] {
        assert!(said(early).contains("no device given"), "{}", said(early));
    }
}

#[test]
fn help_does_not_show_what_variables_hold() {
    let home = tempfile::tempdir().unwrap();
    let help =
        certreq(home.path()).args(["issue", "--help-all"]).env("CERTREQ_HOST", "inner.example").run().exits(0);
    assert!(help.stdout.contains("CERTREQ_HOST") && !help.stdout.contains("inner.example"), "{}", help.stdout);
}
