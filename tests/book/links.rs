//! Links of every page in the repository.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn pages(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_ours = !["target", "fuzz", "node_modules", "book"].iter().any(|other| name == *other);
        if path.is_dir() && is_ours && !name.to_string_lossy().starts_with('.') {
            pages(&path, found);
        } else if path.extension() == Some("md".as_ref()) {
            found.push(path);
        }
    }
}

/// `[text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let prose: String = prose.split('`').step_by(2).collect();
    prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The names by which headings are linked, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let name = |line: &str| -> String {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
        kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect()
    };
    headings.map(name).collect()
}

#[test]
fn every_link_of_every_page_leads_to_a_page_and_a_heading() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    pages(root, &mut all);
    assert!(all.len() > 20, "{all:?}");
    let mut dead = Vec::new();
    for page in &all {
        let text = fs::read_to_string(page).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let is_there = target.exists();
            let has_anchor = anchor.is_empty()
                || fs::read_to_string(&target).is_ok_and(|text| anchors(&text).contains(anchor));
            if !is_there || !has_anchor {
                dead.push(format!("{}: {link}", page.strip_prefix(root).unwrap().display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn every_page_of_the_book_is_in_its_contents_and_the_readme_is_short() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let contents = links(&fs::read_to_string(source.join("SUMMARY.md")).unwrap());
    let mut there: Vec<String> = fs::read_dir(&source)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    there.retain(|name| name != "SUMMARY.md");
    assert_eq!(contents.iter().collect::<BTreeSet<_>>(), there.iter().collect::<BTreeSet<_>>());
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    assert!(readme.lines().count() <= 130, "the README has {} lines", readme.lines().count());
}
