//! The rules of the house, so that they stay true without anybody remembering them.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Lines of `src/` that hold one of `words` in a file `relevant` says yes to, as `path:line: text`.
fn lines_with(words: &[&str], relevant: impl Fn(&str) -> bool) -> Vec<String> {
    let mut hits = Vec::new();
    for path in rust_files(&root().join("src")) {
        let name = path.strip_prefix(root().join("src")).unwrap().display().to_string();
        if !relevant(&name) {
            continue;
        }
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if !is_comment && words.iter().any(|word| line.contains(word)) {
                hits.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    hits
}

#[track_caller]
fn assert_none(rule: &str, hits: &[String]) {
    assert!(hits.is_empty(), "{rule}:\n{}", hits.join("\n"));
}

#[test]
fn pki_looks_at_no_other_room_no_clock_no_file_and_no_socket() {
    let upwards = [
        "crate::cli",
        "crate::settings",
        "crate::commands",
        "crate::fleet",
        "crate::enroll",
        "crate::platform",
        "crate::authority",
        "crate::serve",
        "crate::output",
        "crate::failure",
        "crate::app",
        "crate::evidence",
        "crate::connection",
    ];
    assert_none("pki imports another room", &lines_with(&upwards, |name| name.starts_with("pki/")));
    let effects = ["std::fs", "std::net", "std::env", "SystemTime::now", "Instant::now", "tokio::", "now_utc"];
    assert_none("pki has effects", &lines_with(&effects, |name| name.starts_with("pki/")));
}

#[test]
fn commands_know_neither_the_command_line_nor_http() {
    let words = ["clap::", "reqwest", "crate::cli"];
    assert_none("commands imports clap or reqwest", &lines_with(&words, |name| name.starts_with("commands/")));
    let above = ["cli/", "help/", "settings/", "app.rs", "app/"];
    let below = |name: &str| !above.iter().any(|room| name.starts_with(room));
    assert_none(
        "below settings somebody sees what was typed",
        &lines_with(&["crate::cli", "clap::"], |name| below(name) && !name.starts_with("lib.rs")),
    );
}

#[test]
fn one_module_builds_the_platforms_http_client_and_one_the_other() {
    let builders = ["Client::builder", "ClientBuilder::new", "reqwest::Client::new", "reqwest::get"];
    // Nothing of the platform's client (token, proxy, trust) may reach the places certificates name.
    let allowed = ["platform/dojot/http.rs", "evidence/online/http.rs"];
    assert_none("another HTTP client", &lines_with(&builders, |name| !allowed.contains(&name)));
}

#[test]
fn one_room_writes_device_files_and_one_decides_exit_codes() {
    assert_none(
        "device files outside fleet",
        &lines_with(&["\"private.key\"", "\"cert.pem\""], |name| !name.starts_with("fleet/")),
    );
    assert_none(
        "exit codes outside failure.rs, app.rs and main.rs",
        &lines_with(&["ExitCode"], |name| !["failure.rs", "app.rs", "main.rs"].contains(&name)),
    );
}

#[test]
fn only_output_writes_to_the_terminal() {
    let writers = ["println!", "eprintln!", "io::stdout()", "anstream::"];
    assert_none(
        "somebody else writes to the terminal",
        &lines_with(&writers, |name| !name.starts_with("output/")),
    );
}

#[test]
fn one_file_decides_about_a_stdout_that_cannot_be_written() {
    let elsewhere = |name: &str| name.starts_with("commands/") && name != "commands/stdout.rs";
    assert_none("another way to see a closed pipe", &lines_with(&["BrokenPipe"], elsewhere));
}

#[test]
fn every_room_has_a_name() {
    let drawers: Vec<String> = rust_files(&root().join("src"))
        .iter()
        .map(|path| path.display().to_string())
        .filter(|path| {
            ["utils", "util", "helpers", "helper", "common", "misc"]
                .iter()
                .any(|word| path.ends_with(&format!("/{word}.rs")) || path.contains(&format!("/{word}/")))
        })
        .collect();
    assert_none("rooms without a name", &drawers);
}

#[test]
fn no_test_file_is_forgotten() {
    let main = fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for entry in fs::read_dir(root().join("tests")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        let is_module = Path::new(&name).extension().is_some_and(|extension| extension == "rs")
            || entry.path().join("mod.rs").exists();
        if is_module && module != "main" {
            assert!(main.contains(&format!("mod {module};")), "tests/main.rs does not list {module}");
        }
    }
}
