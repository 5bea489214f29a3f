//! The examples of the manual: those of the help, and those that only a page has.

use std::{fs, path::Path};

use super::{
    examples::{examples, holds, path},
    scene::Scene,
};
use crate::help::{help_of, verbs};

/// The listing of a page, as it is shown.
fn listing(page: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("man").join(page);
    let text = fs::read_to_string(file).unwrap();
    let (_, part) = text.split_once(".SH EXAMPLES\n").unwrap_or_else(|| panic!("{page} has no examples"));
    let (_, listing) = part.split_once(".nf\n").unwrap();
    let (listing, _) = listing.split_once(".fi\n").unwrap();
    let lines = listing.lines().map(|line| match line {
        ".sp" => String::new(),
        line => line.replace("\\-", "-").replace("\\*(Aq", "'").replace("\\\\", "\\"),
    });
    lines.collect()
}

#[test]
fn every_page_has_the_examples_of_its_help_and_two_have_their_own() {
    let mut pages = vec![("certreq.1".to_owned(), Vec::new())];
    pages.extend(verbs().into_iter().map(|verb| (format!("certreq-{}.1", verb.join("-")), verb)));
    for (page, verb) in &pages {
        let lines = listing(page).into_iter().map(|line| line.split("   ").next().unwrap().to_owned());
        assert_eq!(lines.collect::<Vec<_>>(), examples(&help_of(verb)), "{page}");
    }
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("man")).unwrap().flatten();
    let others = all.map(|entry| entry.file_name().into_string().unwrap());
    let mut others: Vec<String> = others.filter(|name| pages.iter().all(|(page, _)| page != name)).collect();
    others.sort();
    assert_eq!(others, ["certreq-json.7", "certreq.toml.5"], "the tests below run the examples of these two");
}

#[test]
fn what_jq_is_asked_in_certreq_json_has_an_answer() {
    let scene = Scene::new();
    let place = scene.place("json", "");
    // A fingerprint is another one each time.
    let is_fingerprint = |line: &str| line.split(':').count() == 32;
    let answers: [&dyn Fn(&str) -> bool; 3] =
        [&is_fingerprint, &|line| line == "a1998e", &|line| line.contains("\"valid\": 3")];
    let lines = listing("certreq-json.7");
    assert_eq!(lines.len(), answers.len(), "{lines:?}");
    for (line, answer) in lines.iter().zip(answers) {
        let seen = holds(&scene, &place, line).unwrap_or_else(|why| panic!("{why}"));
        assert!(seen.lines().any(answer), "{line}: {seen}");
    }
}

#[test]
fn the_file_in_certreq_toml_is_understood() {
    let scene = Scene::new();
    let place = scene.place("toml", "mkdir -p ~/.config/certreq");
    let file = place.directory.with_file_name("home").join(".config/certreq/config.toml");
    fs::write(&file, listing("certreq.toml.5").join("\n")).unwrap();
    let said = |line: &str| holds(&scene, &place, line).unwrap_or_else(|why| panic!("{why}"));
    assert!(said("certreq config check").contains("no errors"));
    assert!(said("certreq config show").contains("https://platform.example"));
    let factory = said("certreq config show --profile factory");
    for value in ["http://10.0.0.2:8000", "/etc/certreq/factory.secret", "/var/lib/devices", "128"] {
        assert!(factory.contains(value), "{value}: {factory}");
    }
}

#[test]
fn an_example_is_read_as_it_is_typed() {
    assert_eq!(
        examples("x\n\nExamples:\n  certreq a   does it\n  certreq b\n\nUsage:"),
        ["certreq a", "certreq b"]
    );
    assert_eq!(path("ca trust"), ["ca", "trust"]);
}
