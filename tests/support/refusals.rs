//! A platform that refuses one thing in eight ways: 401, 403, 404, 409, 429, 500, a web page, and nothing at all.
//!
//! ```ignore
//! Refusals::of("DELETE /x509/v1/certificates", |request| match request.line().as_str() {
//!     "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
//!     line => panic!("unexpected request: {line}"),
//! })
//! .but("404", 0, "already gone")
//! .check(|home| issue_into(home), |home, url| certreq(home).args(["revoke", "-h", url, ...]));
//! ```
//!
//! For each of them: the exit code, the words, no escape sequence, no panic, and a disk as it was before.

use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;

use super::{
    forger,
    platform::workplace,
    scripted::{Reply, Request, Scripted},
    terminal::Call,
};

/// Refusal that the platform sends instead of an answer, and how a verb ends then.
#[derive(Clone)]
struct Refusal {
    name: &'static str,
    reply: Reply,
    code: i32,
    words: &'static str,
}

/// One verb's row of the table. Logins succeed, unless they are what is refused.
pub(crate) struct Refusals {
    refused: &'static str,
    well: Arc<dyn Fn(&Request) -> Reply + Send + Sync>,
    table: Vec<Refusal>,
}

impl Refusals {
    /// Requests whose method and path begin with `refused` get no good answer; `well` answers the others. The table
    /// is that of a request that only reads.
    pub(crate) fn of(refused: &'static str, well: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let row = |name, reply, code, words| Refusal { name, reply, code, words };
        let error = |text: &str| json!({ "error": text });
        let table = vec![
            row("401", Reply::json(401, json!({ "message": "Unauthorized" })), 4, "Unauthorized"),
            row("403", Reply::status(403), 4, "403 Forbidden"),
            row(
                "404",
                Reply::json(404, error("No records found for the following parameters: {\u{1b}[31m}")),
                1,
                r"No records found for the following parameters: {\u{1b}[31m}",
            ),
            row("409", Reply::json(409, error("It already exists.")), 1, "It already exists."),
            // Longer than the patience of any verb: told at once.
            row(
                "429",
                Reply::json(429, json!({ "message": "API rate limit exceeded" })).header("retry-after", "3600"),
                5,
                "API rate limit exceeded",
            ),
            row(
                "500",
                Reply::json(500, error("An unexpected error has occurred.")),
                5,
                "An unexpected error has occurred",
            ),
            row("HTML", Reply::html(200, "<html><title>Log in</title></html>"), 1, "web page"),
            row("nothing", Reply::cut(), 5, "broke off"),
        ];
        Self { refused, well: Arc::new(well), table }
    }

    /// The verb ends otherwise when this happens: with `code`, and `words` on stderr.
    #[track_caller]
    pub(crate) fn but(mut self, name: &str, code: i32, words: &'static str) -> Self {
        let row = self.table.iter_mut().find(|row| row.name == name).expect("a name of the table");
        (row.code, row.words) = (code, words);
        self
    }

    /// For a request that changes something: a web page leaves open what became of it.
    pub(crate) fn of_a_change(
        refused: &'static str,
        well: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::of(refused, well).but("HTML", 5, "web page")
    }

    /// Calls the verb once for each refusal, all at the same time, each in a directory that `prepare` filled.
    #[track_caller]
    pub(crate) fn check(self, prepare: impl Fn(&Path) + Sync, call: impl Fn(&Path, &str) -> Call + Sync) {
        let (prepare, call) = (&prepare, &call);
        let failures: Vec<String> = std::thread::scope(|scope| {
            let cases: Vec<_> = self
                .table
                .iter()
                .map(|row| {
                    let (refused, well) = (self.refused, Arc::clone(&self.well));
                    scope.spawn(move || one(row, refused, well, prepare, call))
                })
                .collect();
            cases.into_iter().filter_map(|case| case.join().expect("a case runs to its end")).collect()
        });
        assert!(failures.is_empty(), "{} refused:\n{}", self.refused, failures.join("\n"));
    }
}

/// Faults of one case, if any.
fn one(
    row: &Refusal,
    refused: &'static str,
    well: Arc<dyn Fn(&Request) -> Reply + Send + Sync>,
    prepare: &(impl Fn(&Path) + Sync),
    call: &(impl Fn(&Path, &str) -> Call + Sync),
) -> Option<String> {
    let reply = row.reply.clone();
    let server = Scripted::start(move |request| {
        let line = request.line();
        match line.as_str() {
            _ if line.starts_with(refused) => reply.clone(),
            "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
            _ => well(request),
        }
    });
    let home = workplace();
    prepare(home.path());
    let before = disk(home.path());
    let ended = call(home.path(), &server.url()).run();
    let mut wrong = Vec::new();
    if ended.code != row.code {
        wrong.push(format!("exit code {}, not {}", ended.code, row.code));
    }
    if !ended.stderr.contains(row.words) {
        wrong.push(format!("{:?} is not said", row.words));
    }
    if ended.stdout.contains('\u{1b}') || ended.stderr.contains('\u{1b}') {
        wrong.push("an escape sequence reaches the terminal".to_owned());
    }
    if !server.requests().iter().any(|request| request.line().starts_with(refused)) {
        wrong.push("it was never asked for".to_owned());
    }
    let after = disk(home.path());
    if after != before {
        wrong.push(format!("the disk changed:\n  before {before:?}\n  after  {after:?}"));
    }
    let said = format!("--- stdout\n{}--- stderr\n{}", ended.stdout, ended.stderr);
    (!wrong.is_empty()).then(|| format!("{}: {}\n{said}", row.name, wrong.join("; ")))
}

/// Every file with its mode and content. The journal and the lock are left out: that something was asked for is
/// written down whatever comes of it.
pub(crate) fn disk(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    collect(root, &mut found);
    found
}

fn collect(directory: &Path, found: &mut BTreeMap<PathBuf, (u32, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        if path.ends_with(".certreq/journal") || path.ends_with(".certreq/lock") {
            continue;
        }
        let metadata = std::fs::symlink_metadata(&path).expect("metadata");
        if metadata.is_dir() {
            if !path.ends_with(".certreq") {
                found.insert(path.clone(), (metadata.mode(), Vec::new()));
            }
            collect(&path, found);
        } else {
            let content = std::fs::read(&path).unwrap_or_default();
            found.insert(path, (metadata.mode(), content));
        }
    }
}
