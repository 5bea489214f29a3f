//! The rules of the house, so that they stay true without being remembered.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// Every room, and the rooms it may look at. Whatever is not in here is forbidden; ARCHITECTURE.md shows the same.
const ROOMS: [(&str, &[&str]); 20] = [
    (
        "app",
        &["cli", "commands", "enroll", "evidence", "failure", "help", "keys", "output", "platform", "settings"],
    ),
    (
        "settings",
        &[
            "authority",
            "cli",
            "commands",
            "connection",
            "custody",
            "device_id",
            "enroll",
            "evidence",
            "failure",
            "fleet",
            "help",
            "keys",
            "output",
            "pki",
            "platform",
        ],
    ),
    ("help", &["cli", "failure", "output"]),
    ("cli", &["pki"]),
    (
        "commands",
        &[
            "authority",
            "connection",
            "custody",
            "device_id",
            "enroll",
            "evidence",
            "failure",
            "fleet",
            "keys",
            "output",
            "pki",
            "platform",
            "serve",
        ],
    ),
    ("enroll", &["device_id", "failure", "fleet", "keys", "pki", "platform"]),
    ("evidence", &["custody", "device_id", "fleet", "output", "pki", "platform"]),
    ("fleet", &["custody", "device_id", "keys", "lock", "pki"]),
    ("connection", &["pki"]),
    ("serve", &["authority", "pki"]),
    ("output", &["failure", "pki"]),
    ("failure", &["platform"]),
    ("platform", &["authority", "custody", "device_id", "pki"]),
    ("authority", &["custody", "device_id", "keys", "lock", "pki"]),
    ("device_id", &["pki"]),
    ("keys", &["custody", "pki"]),
    ("lock", &["custody"]),
    ("custody", &[]),
    ("pki", &[]),
    ("main", &["app"]),
];

/// The room of a file of `src/`.
fn room_of(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The rooms that a file names: `crate::room`, and each entry of `crate::{...}`.
fn rooms_named_in(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    let word =
        |text: &str| text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if !rest.starts_with('{') {
            found.insert(word(rest));
            continue;
        }
        let mut depth = 0;
        for (at, c) in rest.char_indices() {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if depth == 0 {
                break;
            }
            if depth == 1 && (c == '{' || c == ',') {
                found.insert(word(rest[at + 1..].trim_start()));
            }
        }
    }
    found
}

/// Every pair of rooms of which the first names the second, with a file that does.
fn edges() -> BTreeMap<(String, String), String> {
    let mut edges = BTreeMap::new();
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for path in rust_files(&root().join("src")) {
        let name = path.strip_prefix(root().join("src")).unwrap().display().to_string();
        let room = room_of(&name).to_owned();
        if room == "lib" {
            continue;
        }
        assert!(known.contains(room.as_str()), "the room {room} is in no table: see ROOMS");
        for other in rooms_named_in(&fs::read_to_string(&path).unwrap()) {
            if other != room && known.contains(other.as_str()) {
                edges.entry((room.clone(), other)).or_insert_with(|| name.clone());
            }
        }
    }
    edges
}

#[test]
fn a_room_looks_only_at_the_rooms_of_the_table() {
    let allowed = |room: &str, other: &str| ROOMS.iter().any(|(from, to)| *from == room && to.contains(&other));
    let edges = edges();
    let forbidden: Vec<String> = edges
        .iter()
        .filter(|((room, other), _)| !allowed(room, other))
        .map(|((room, other), file)| format!("{room} looks at {other} in {file}"))
        .collect();
    assert_none("rooms look at rooms they must not know", &forbidden);
    let unused: Vec<String> = ROOMS
        .iter()
        .filter(|(room, _)| *room != "main")
        .flat_map(|(room, others)| others.iter().map(move |other| ((*room).to_owned(), (*other).to_owned())))
        .filter(|edge| !edges.contains_key(edge))
        .map(|(room, other)| format!("{room} no longer looks at {other}"))
        .collect();
    assert_none("the table allows more than is needed", &unused);
}

#[test]
fn rooms_look_down_only() {
    let mut below: BTreeSet<&str> = BTreeSet::new();
    while below.len() < ROOMS.len() {
        let before = below.len();
        for (room, others) in ROOMS {
            if others.iter().all(|other| below.contains(other)) {
                below.insert(room);
            }
        }
        let left: Vec<&str> =
            ROOMS.iter().map(|(room, _)| *room).filter(|room| !below.contains(room)).collect();
        assert!(below.len() > before, "these rooms look at each other: {left:?}");
    }
}

#[test]
fn the_architecture_shows_the_table_of_rooms() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (room, others) in ROOMS.iter().filter(|(room, _)| *room != "main") {
        let row = if others.is_empty() {
            format!("| `{room}` | no other room |")
        } else {
            format!("| `{room}` | {} |", others.join(", "))
        };
        assert!(page.contains(&row), "ARCHITECTURE.md lacks the row\n{row}");
    }
}

#[test]
fn pki_has_no_clock_no_file_and_no_socket() {
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
    // The platform's client (its token, proxy, trust) must not reach the places that certificates name.
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
